//! The chart's title and the titles of its axes.

use super::Chart;
use super::categories::Place;
use super::colour::Key;
use super::label::Label;

/// What the words around the plot say.
#[derive(Debug, Default)]
pub struct Names {
    pub title: Option<String>,
    pub category: Option<String>,
    pub value: Option<String>,
}

/// Sorts the labels that are neither ticks nor categories nor keys.
pub fn find(chart: &Chart, places: &[Place], keys: &[Key]) -> Names {
    let taken = |index: usize| {
        places.iter().any(|place| place.label == index) || keys.iter().any(|key| key.label == index)
    };
    let free: Vec<Label> = chart
        .others()
        .filter(|(index, label)| !taken(*index) && is_words(label))
        .map(|(_, label)| if chart.transposed { label.transposed() } else { label.clone() })
        .collect();
    let title_at = title_index(&free);
    let title = title_at.map(|index| free[index].text.clone());
    let heading = title_at.and_then(|index| subtitle(&free, index, chart, places));
    let standing = free.iter().find(|label| label.vertical).map(|label| label.text.clone());
    let below = below(&free, chart, places);
    let (category, value) = if chart.transposed { (standing, below) } else { (below, standing) };
    Names { title, category, value: value.or(heading) }
}

/// The title of a chart without axes.
pub fn title(labels: &[Label]) -> Option<String> {
    let words: Vec<Label> = labels.iter().filter(|label| is_words(label)).cloned().collect();
    title_index(&words).map(|index| words[index].text.clone())
}

/// The line right under the title, if it says what is measured.
pub fn subtitle_of(labels: &[Label], most: f32) -> Option<String> {
    let words: Vec<Label> =
        labels.iter().filter(|label| is_words(label) && label.rect.bottom < most).cloned().collect();
    let title = title_index(&words)?;
    under(&words, title).map(|label| label.text.clone())
}

fn is_words(label: &Label) -> bool {
    let lower = label.text.to_lowercase();
    label.value.is_none()
        && label.text.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !["source", "quelle", "note:"].iter().any(|word| lower.starts_with(word))
}

/// The topmost line of words, or one right under it in clearly larger print.
fn title_index(labels: &[Label]) -> Option<usize> {
    let level = || labels.iter().enumerate().filter(|(_, label)| !label.vertical && !label.slanted);
    let (first, top) = level().min_by(|a, b| a.1.rect.top.total_cmp(&b.1.rect.top))?;
    let largest = level()
        .filter(|(_, label)| label.rect.top < top.rect.bottom + 2.5 * label.height)
        .max_by(|a, b| a.1.height.total_cmp(&b.1.height))?;
    Some(if largest.1.height > 1.2 * top.height { largest.0 } else { first })
}

fn under(labels: &[Label], title: usize) -> Option<&Label> {
    let above = &labels[title];
    labels
        .iter()
        .enumerate()
        .filter(|(index, label)| *index != title && !label.vertical && !label.slanted)
        .map(|(_, label)| label)
        .find(|label| {
            let gap = label.rect.top - above.rect.bottom;
            let aligned = (label.rect.left - above.rect.left).abs() < 2.0 * above.height
                || (label.center().x - above.center().x).abs() < 2.0 * above.height;
            gap > -0.5 * label.height && gap < 2.0 * above.height && aligned
        })
}

fn subtitle(labels: &[Label], title: usize, chart: &Chart, places: &[Place]) -> Option<String> {
    let top = if chart.transposed { places.first().map_or(0.0, |place| place.x) } else { chart.axis.low };
    under(labels, title).filter(|label| label.rect.top < top).map(|label| label.text.clone())
}

/// The line below everything else, centred under the plot.
fn below(labels: &[Label], chart: &Chart, places: &[Place]) -> Option<String> {
    let (floor, left, right) = if chart.transposed {
        (places.last().map_or(0.0, |place| place.x), chart.axis.low, chart.axis.high)
    } else {
        (
            chart.axis.high,
            places.first().map_or(0.0, |place| place.x),
            places.last().map_or(0.0, |place| place.x),
        )
    };
    let middle = (left + right) / 2.0;
    labels
        .iter()
        .filter(|label| !label.vertical && !label.slanted && label.rect.top > floor)
        .find(|label| (label.center().x - middle).abs() < 0.12 * (right - left).max(100.0))
        .map(|label| label.text.clone())
}
