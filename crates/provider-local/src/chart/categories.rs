//! The categories of a chart: a row of labels outside the plot, at even distances.

use super::Chart;
use super::colour::Key;
use super::label::Label;

/// A category and where along x its marks stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub name: String,
    pub x: f32,
    /// The index of its label.
    pub label: usize,
}

/// The categories in the order shown.
pub fn find(chart: &Chart, keys: &[Key]) -> Vec<Place> {
    let is_key = |index: usize| keys.iter().any(|key| key.label == index);
    let candidates: Vec<(usize, &Label)> = chart
        .others()
        .filter(|(index, label)| !is_key(*index) && !label.text.is_empty())
        .filter(|(_, label)| !label.vertical && !is_beside(chart, label))
        .collect();
    let before = row(chart, &candidates, true);
    let after = row(chart, &candidates, false);
    let chosen = if before.len() > after.len() { before } else { after };
    let mut places: Vec<Place> = chosen
        .into_iter()
        .map(|index| {
            let label = &chart.labels[index];
            Place { name: label.text.clone(), x: place(chart, label), label: index }
        })
        .collect();
    places.sort_by(|a, b| a.x.total_cmp(&b.x));
    even_out(&mut places);
    quarters(&mut places);
    places
}

/// In the column of the axis' own labels.
fn is_beside(chart: &Chart, label: &Label) -> bool {
    let ticks = || chart.axis.ticks.iter().map(|&tick| chart.labels[tick].rect);
    let left = ticks().map(|rect| rect.left).fold(f32::MAX, f32::min);
    let right = ticks().map(|rect| rect.right).fold(f32::MIN, f32::max);
    (left..right).contains(&label.center().x)
}

/// OCR takes the Q of a quarter for a nought.
fn quarters(places: &mut [Place]) {
    let is_quarter = |name: &str| matches!(name.as_bytes(), [b'0' | b'O' | b'Q', b'1'..=b'4', ..]);
    if places.len() >= 2 && places.iter().all(|place| is_quarter(&place.name)) {
        for place in places {
            place.name.replace_range(..1, "Q");
        }
    }
}

/// Half the distance between neighbours is each category's room.
pub fn step(places: &[Place]) -> f32 {
    let mut steps: Vec<f32> = places.windows(2).map(|pair| pair[1].x - pair[0].x).collect();
    steps.sort_by(f32::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(80.0)
}

/// A slanted label ends at its tick.
fn place(chart: &Chart, label: &Label) -> f32 {
    if label.slanted && !chart.transposed { label.end.x + 0.15 * label.height } else { label.center().x }
}

/// The labels of the row nearest to the plot on one side of it.
fn row(chart: &Chart, candidates: &[(usize, &Label)], before: bool) -> Vec<usize> {
    let (low, high) = (chart.axis.low, chart.axis.high);
    // The side of a label that looks at the plot.
    let edge = |label: &Label| match before {
        true => label.rect.bottom,
        false if label.slanted && !chart.transposed => label.end.y - 0.5 * label.height,
        false => label.rect.top,
    };
    let away = |label: &Label| if before { low - edge(label) } else { edge(label) - high };
    let outside: Vec<&(usize, &Label)> =
        candidates.iter().filter(|(_, label)| away(label) > -0.4 * label.height).collect();
    let mut best: Vec<usize> = Vec::new();
    let mut nearest = f32::MAX;
    for (_, leader) in &outside {
        let line = edge(leader);
        let members: Vec<usize> = outside
            .iter()
            .filter(|(_, label)| (edge(label) - line).abs() < 0.7 * label.height)
            .map(|(index, _)| *index)
            .collect();
        let distance = away(leader);
        let reach = 6.0 * leader.height;
        if members.len() >= 2
            && distance < reach
            && (members.len() > best.len() || (members.len() == best.len() && distance < nearest))
        {
            nearest = distance;
            best = members;
        }
    }
    best
}

/// Categories stand at even distances: moves each to its place in the row.
fn even_out(places: &mut [Place]) {
    if places.len() < 3 {
        return;
    }
    let step = step(places);
    if step <= 1.0 {
        return;
    }
    let origin = places[places.len() / 2].x;
    let slot = |x: f32| ((x - origin) / step).round();
    let count = places.len() as f32;
    let (sum, sum_x) = places.iter().fold((0.0, 0.0), |(s, x), place| (s + slot(place.x), x + place.x));
    let (mean, mean_x) = (sum / count, sum_x / count);
    let above: f32 = places.iter().map(|place| (slot(place.x) - mean) * (place.x - mean_x)).sum();
    let below: f32 = places.iter().map(|place| (slot(place.x) - mean).powi(2)).sum();
    if below > 0.0 {
        let fitted = above / below;
        for place in places.iter_mut() {
            let wanted = mean_x + fitted * (slot(place.x) - mean);
            if (wanted - place.x).abs() < 0.25 * fitted {
                place.x = wanted;
            }
        }
    }
}
