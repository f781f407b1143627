//! Believable runs of values along the categories of a subject.

use super::theme::{Categories, Shape, Theme};
use crate::{rng::Rng, svg::count as number};

/// A believable run of values.
pub fn run(theme: &Theme, count: usize, rng: &mut Rng) -> Vec<f64> {
    let (low, high) = theme.range;
    let span = high - low;
    let clamp = |value: f64| value.clamp(low, high);
    let places: Vec<f64> = (0..count).map(|at| ratio(at, count - 1)).collect();
    match theme.shape {
        Shape::Trend => {
            let ends = (rng.between(0.05, 0.35), rng.between(0.6, 0.97));
            let ends = if rng.chance(8) { (ends.1, ends.1) } else { ends };
            let (from, to) = if rng.chance(30) { (ends.1, ends.0) } else { ends };
            let noise = if from == to { 0.004 } else { *rng.pick(&[0.015, 0.06, 0.09]) };
            places
                .iter()
                .map(|at| clamp(low + span * (from + (to - from) * at + noise * rng.bell())))
                .collect()
        }
        Shape::Seasonal => {
            const YEAR: [f64; 12] = [0.02, 0.06, 0.24, 0.45, 0.68, 0.88, 1.0, 0.96, 0.74, 0.48, 0.22, 0.06];
            (0..count).map(|at| clamp(low + span * (YEAR[at % 12] + 0.03 * rng.bell()))).collect()
        }
        Shape::Free if matches!(theme.categories, Categories::Named(_)) => {
            // One from each layer of the range: bars of equal length would make poor questions.
            let mut layers: Vec<usize> = (0..count).collect();
            rng.shuffle(&mut layers);
            layers
                .into_iter()
                .map(|layer| low + span * (number(layer) + rng.unit()) / number(count))
                .collect()
        }
        Shape::Free if rng.chance(50) => {
            let mut at = rng.between(0.2, 0.8);
            let mut step = || {
                let step = 0.16 * rng.bell();
                at += if (0.04..0.98).contains(&(at + step)) { step } else { -step / 2.0 };
                low + span * at.clamp(0.0, 1.0)
            };
            (0..count).map(|_| step()).collect()
        }
        Shape::Free => (0..count).map(|_| rng.between(low, high)).collect(),
        Shape::Signed => {
            let mut values: Vec<f64> = (0..count).map(|_| rng.between(low, high)).collect();
            let at = rng.below(count);
            values[at] = rng.between(low, low / 3.0);
            values
        }
        Shape::Explosive => {
            let growth = libm::log10(high / low);
            let place =
                |at: &f64| libm::exp10(growth * (0.06 + 0.9 * at + 0.015 * rng.bell()).clamp(0.0, 1.0));
            places.iter().map(place).map(|factor| low * factor).collect()
        }
    }
}

/// How far along something is, from 0 to 1.
pub fn ratio(at: usize, of: usize) -> f64 {
    if of == 0 { 0.5 } else { number(at) / number(of) }
}
