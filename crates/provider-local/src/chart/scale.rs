//! An axis: which value stands at which pixel.

use super::label::Label;

/// A straight or logarithmic axis along y of the (perhaps transposed) picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Value, or its logarithm, at pixel 0.
    offset: f64,
    /// Change for each pixel.
    slope: f64,
    pub log: bool,
}

/// A scale, the labels that made it, and the pixels they span.
#[derive(Debug, Clone)]
pub struct Axis {
    pub scale: Scale,
    /// Indices of its tick labels.
    pub ticks: Vec<usize>,
    /// The smaller and the larger pixel of its ticks.
    pub low: f32,
    pub high: f32,
}

impl Scale {
    fn through((y1, v1): (f64, f64), (y2, v2): (f64, f64), log: bool) -> Option<Self> {
        let (v1, v2) = if log { (v1.log10(), v2.log10()) } else { (v1, v2) };
        let slope = (v2 - v1) / (y2 - y1);
        (slope.is_finite() && slope != 0.0).then_some(Self { offset: v1 - slope * y1, slope, log })
    }

    /// The value at a pixel.
    pub fn value(&self, y: f32) -> f64 {
        let value = self.offset + self.slope * f64::from(y);
        if self.log { 10f64.powf(value) } else { value }
    }

    /// The pixel of a value.
    pub fn pixel(&self, value: f64) -> f32 {
        let value = if self.log { value.max(1e-12).log10() } else { value };
        ((value - self.offset) / self.slope) as f32
    }

    /// The change of value for each pixel; of its logarithm on a logarithmic axis.
    pub fn step(&self) -> f64 {
        self.slope.abs()
    }

    /// Least squares.
    fn fit(points: &[(f64, f64)], log: bool) -> Option<Self> {
        let count = points.len() as f64;
        let values: Vec<(f64, f64)> =
            points.iter().map(|&(y, v)| (y, if log { v.log10() } else { v })).collect();
        let (my, mv) = (
            values.iter().map(|p| p.0).sum::<f64>() / count,
            values.iter().map(|p| p.1).sum::<f64>() / count,
        );
        let spread: f64 = values.iter().map(|(y, _)| (y - my).powi(2)).sum();
        let slope = values.iter().map(|(y, v)| (y - my) * (v - mv)).sum::<f64>() / spread;
        (slope.is_finite() && slope != 0.0).then_some(Self { offset: mv - slope * my, slope, log })
    }
}

/// The axis along y with the most tick labels, each in line with the others.
pub fn axis(labels: &[Label]) -> Option<Axis> {
    let numbers: Vec<usize> =
        (0..labels.len()).filter(|&index| labels[index].value.is_some() && !labels[index].slanted).collect();
    let sides: [fn(&Label) -> f32; 3] =
        [|label| label.rect.right, |label| label.rect.left, |label| label.center().x];
    let mut best: Option<Axis> = None;
    for side in sides {
        for &leader in &numbers {
            let line = side(&labels[leader]);
            let tolerance = 0.5 * labels[leader].height;
            let column: Vec<usize> = numbers
                .iter()
                .copied()
                .filter(|&index| (side(&labels[index]) - line).abs() < tolerance)
                .collect();
            let found = fit_column(labels, &column);
            if let Some(found) = found.filter(|found| best.as_ref().is_none_or(|best| better(found, best))) {
                best = Some(found);
            }
        }
    }
    best
}

fn better(a: &Axis, b: &Axis) -> bool {
    (a.ticks.len(), a.high - a.low) > (b.ticks.len(), b.high - b.low)
}

/// The scale that agrees with most labels of a column, if at least three do.
fn fit_column(labels: &[Label], column: &[usize]) -> Option<Axis> {
    if column.len() < 3 {
        return None;
    }
    let point = |index: usize| (f64::from(labels[index].center().y), labels[index].value.unwrap_or_default());
    let mut best: Vec<usize> = Vec::new();
    let mut best_log = false;
    for log in [false, true] {
        for (at, &a) in column.iter().enumerate() {
            for &b in &column[at + 1..] {
                if log && (point(a).1 <= 0.0 || point(b).1 <= 0.0) {
                    continue;
                }
                let Some(scale) = Scale::through(point(a), point(b), log) else { continue };
                let agrees = |&index: &usize| {
                    let (y, value) = point(index);
                    (!log || value > 0.0) && (f64::from(scale.pixel(value)) - y).abs() < 3.0
                };
                let inliers: Vec<usize> = column.iter().copied().filter(agrees).collect();
                if inliers.len() > best.len() {
                    (best, best_log) = (inliers, log);
                }
            }
        }
    }
    let points: Vec<(f64, f64)> = best.iter().map(|&index| point(index)).collect();
    let low = points.iter().map(|point| point.0).fold(f64::MAX, f64::min) as f32;
    let high = points.iter().map(|point| point.0).fold(f64::MIN, f64::max) as f32;
    let tall_enough = high - low > 4.0 * labels[column[0]].height;
    if best.len() < 3 || best.len() * 2 < column.len() || !tall_enough || !is_even(&points) {
        return None;
    }
    let scale = Scale::fit(&points, best_log)?;
    let (low, high) = with_zero(&scale, &points, low, high);
    Some(Axis { scale, ticks: best, low, high })
}

/// A lone nought is easily missed: an axis whose next tick would be zero goes down to it.
fn with_zero(scale: &Scale, points: &[(f64, f64)], low: f32, high: f32) -> (f32, f32) {
    let mut values: Vec<f64> = points.iter().map(|point| point.1).collect();
    values.sort_by(f64::total_cmp);
    let step = values.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::MAX, f64::min);
    let starts_late = values.first().is_some_and(|first| (first - step).abs() < 0.05 * step);
    if scale.log || !starts_late {
        return (low, high);
    }
    let zero = scale.pixel(0.0);
    (low.min(zero), high.max(zero))
}

/// Ticks stand at even distances, some labels may be missing.
fn is_even(points: &[(f64, f64)]) -> bool {
    let mut places: Vec<f64> = points.iter().map(|point| point.0).collect();
    places.sort_by(f64::total_cmp);
    let steps: Vec<f64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let smallest = steps.iter().copied().fold(f64::MAX, f64::min).max(1.0);
    steps.iter().all(|step| ((step / smallest).round() * smallest - step).abs() < 0.2 * smallest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Point, Rect};

    fn tick(text: &str, right: f32, y: f32) -> Label {
        Label {
            text: text.into(),
            rect: Rect::new(right - 8.0 * text.len() as f32, y - 6.0, right, y + 6.0),
            vertical: false,
            slanted: false,
            end: Point::new(right, y),
            value: text.parse().ok(),
            height: 12.0,
        }
    }

    #[test]
    fn finds_a_straight_axis_among_other_numbers() {
        let mut labels: Vec<Label> =
            (0..5).map(|i| tick(&(i * 100).to_string(), 50.0, 400.0 - 80.0 * i as f32)).collect();
        labels.push(tick("250", 300.0, 190.0));
        let axis = axis(&labels).expect("there is an axis");
        assert_eq!(axis.ticks.len(), 5);
        assert!((axis.scale.value(200.0) - 250.0).abs() < 0.5);
        assert!((axis.scale.pixel(250.0) - 200.0).abs() < 0.5);
    }

    #[test]
    fn finds_a_logarithmic_axis() {
        let labels: Vec<Label> =
            (0..4).map(|i| tick(&10i32.pow(i).to_string(), 50.0, 400.0 - 100.0 * i as f32)).collect();
        let axis = axis(&labels).expect("there is an axis");
        assert!(axis.scale.log);
        assert!((axis.scale.value(250.0) - 31.62).abs() < 0.1);
    }

    #[test]
    fn a_misread_tick_is_left_out() {
        let texts = ["0", "100", "20", "300", "400"];
        let labels: Vec<Label> =
            texts.iter().zip(0..).map(|(text, i)| tick(text, 50.0, 400.0 - 80.0 * i as f32)).collect();
        let axis = axis(&labels).expect("there is an axis");
        assert_eq!(axis.ticks, [0, 1, 3, 4]);
    }

    #[test]
    fn scattered_numbers_are_no_axis() {
        assert!(axis(&[tick("1", 10.0, 10.0), tick("2", 90.0, 50.0), tick("3", 200.0, 20.0)]).is_none());
        assert!(axis(&[]).is_none());
    }
}
