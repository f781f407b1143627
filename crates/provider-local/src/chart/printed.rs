//! Values printed beside their marks are better than measured ones.

use super::Chart;
use super::categories::Place;
use super::colour::Key;
use super::label::Label;
use super::marks::{Form, Grid, Mark};
use super::rounding;

/// A label and its mark: how far apart, and who.
struct Pair {
    cost: f64,
    label: usize,
    series: usize,
    place: usize,
}

/// Gives each printed value to the mark it stands beside; rounds what was only measured.
pub fn snap(grid: &mut Grid, chart: &Chart, places: &[Place], keys: &[Key]) {
    let taken = |index: usize| {
        places.iter().any(|place| place.label == index) || keys.iter().any(|key| key.label == index)
    };
    let labels: Vec<(usize, &Label)> = chart
        .others()
        .filter(|(index, label)| !taken(*index) && label.value.is_some())
        .filter(|(_, label)| {
            label.center().y > chart.axis.low - 40.0 && label.center().y < chart.axis.high + 40.0
        })
        .collect();
    let mut pairs: Vec<Pair> = Vec::new();
    for (index, label) in &labels {
        for (series, marks) in grid.marks.iter().enumerate() {
            for (place, mark) in marks.iter().enumerate() {
                let Some(mark) = mark else { continue };
                let Some(cost) = cost(chart, grid.form, mark, label) else { continue };
                pairs.push(Pair { cost, label: *index, series, place });
            }
        }
    }
    pairs.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    let mut used: Vec<usize> = Vec::new();
    let mut given: Vec<(usize, usize)> = Vec::new();
    for pair in pairs {
        if used.contains(&pair.label) || given.contains(&(pair.series, pair.place)) {
            continue;
        }
        used.push(pair.label);
        given.push((pair.series, pair.place));
        if let (Some(mark), Some(value)) =
            (&mut grid.marks[pair.series][pair.place], chart.labels[pair.label].value)
        {
            mark.value = signed(value, mark.value);
        }
    }
    let measured = |(series, place): &(usize, usize)| !given.contains(&(*series, *place));
    let free: Vec<(usize, usize)> = (0..grid.marks.len())
        .flat_map(|series| (0..places.len()).map(move |place| (series, place)))
        .filter(measured)
        .collect();
    let mut values: Vec<f64> =
        free.iter().filter_map(|&(series, place)| grid.marks[series][place].map(|mark| mark.value)).collect();
    rounding::tidy(&mut values, &chart.axis.scale);
    let marks = free.into_iter().filter(|&(series, place)| grid.marks[series][place].is_some());
    for ((series, place), value) in marks.collect::<Vec<_>>().into_iter().zip(values) {
        if let Some(mark) = &mut grid.marks[series][place] {
            mark.value = value;
        }
    }
}

/// OCR loses the sign of a label; the bar shows it.
fn signed(printed: f64, measured: f64) -> f64 {
    if measured < 0.0 && printed > 0.0 && (measured + printed).abs() < 0.2 * printed {
        -printed
    } else {
        printed
    }
}

/// Near in place and in value, or no pair.
fn cost(chart: &Chart, form: Form, mark: &Mark, label: &Label) -> Option<f64> {
    let value = signed(label.value?, mark.value);
    let across = (f64::from(label.center().x) - f64::from(mark.x)).abs();
    let along = (f64::from(label.center().y) - f64::from(mark.y)).abs();
    let reach = f64::from(label.rect.width().max(label.rect.height())) + 14.0;
    if across > reach || along > reach + 10.0 {
        return None;
    }
    // Compared where it is drawn, so that it means the same on every axis.
    let scale = chart.axis.scale;
    let pixels = match form {
        Form::Stack | Form::Areas => (value - mark.value).abs() / scale.step(),
        _ => f64::from(scale.pixel(value) - scale.pixel(mark.value)).abs(),
    };
    (pixels < 14.0 || (value - mark.value).abs() < 0.02 * value.abs())
        .then_some(across + 0.3 * along + 3.0 * pixels)
}
