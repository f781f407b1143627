//! Whether a signal tells right from wrong, and whether its numbers are chances.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parts of a reliability table.
const BINS: usize = 5;

/// How well a signal orders answers, and how true its numbers are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Calibration {
    /// The chance that a right document has a higher value than a wrong one (AUROC); missing if all are right, or all
    /// wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auroc: Option<f64>,
    /// The mean distance between the value and the share that is right (ECE), over the parts below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<f64>,
    /// Documents in parts of about one size by value, the lowest first; equal values stay together.
    pub reliability: Vec<Reliability>,
}

/// Documents with about one value of the signal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reliability {
    /// Documents.
    pub documents: u64,
    /// The mean value.
    pub value: f64,
    /// The share that is right.
    pub right: f64,
}

/// Of documents that are right (1) or not (0), by the value of a signal; those without one are left out.
#[must_use]
pub fn calibration(right: &[f64], confidence: &[Option<f64>]) -> Calibration {
    let known = confidence.iter().zip(right).filter_map(|(value, right)| Some(((*value)?, *right)));
    let mut known: Vec<(f64, f64)> = known.collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let reliability = reliability(&known);
    let n = known.len() as f64;
    let distance = |bin: &Reliability| bin.documents as f64 / n * (bin.value - bin.right).abs();
    Calibration {
        auroc: auroc(&known),
        error: (!known.is_empty()).then(|| reliability.iter().map(distance).sum()),
        reliability,
    }
}

/// Sorted by value; a tie counts half.
fn auroc(sorted: &[(f64, f64)]) -> Option<f64> {
    let right: f64 = sorted.iter().map(|it| it.1).sum();
    let wrong = sorted.len() as f64 - right;
    let (mut below, mut pairs) = (0.0, 0.0);
    for tie in sorted.chunk_by(|a, b| a.0 == b.0) {
        let of_tie: f64 = tie.iter().map(|it| it.1).sum();
        let others = tie.len() as f64 - of_tie;
        pairs += of_tie * (below + others / 2.0);
        below += others;
    }
    (right > 0.0 && wrong > 0.0).then(|| pairs / (right * wrong))
}

fn reliability(sorted: &[(f64, f64)]) -> Vec<Reliability> {
    let size = sorted.len().div_ceil(BINS).max(1);
    let mut bins: Vec<(u64, f64, f64)> = Vec::new();
    for tie in sorted.chunk_by(|a, b| a.0 == b.0) {
        if bins.last().is_none_or(|bin| bin.0 as usize >= size) {
            bins.push((0, 0.0, 0.0));
        }
        let Some(bin) = bins.last_mut() else { continue };
        bin.0 += tie.len() as u64;
        bin.1 += tie.iter().map(|it| it.0).sum::<f64>();
        bin.2 += tie.iter().map(|it| it.1).sum::<f64>();
    }
    let one = |(documents, value, right): (u64, f64, f64)| {
        let n = documents as f64;
        Reliability { documents, value: value / n, right: right / n }
    };
    bins.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::calibration;

    #[test]
    fn a_signal_that_tells_all_apart_has_1_and_one_that_tells_nothing_a_half() {
        let right = [1.0, 0.0, 1.0, 0.0];
        let auroc = |values: [f64; 4]| calibration(&right, &values.map(Some)).auroc.unwrap();
        assert_eq!(
            [auroc([0.9, 0.1, 0.8, 0.2]), auroc([0.5; 4]), auroc([0.1, 0.9, 0.2, 0.8])],
            [1.0, 0.5, 0.0]
        );
        assert_eq!(calibration(&[1.0], &[Some(0.5)]).auroc, None);
    }

    #[test]
    fn chances_that_come_true_have_no_error() {
        let right: Vec<f64> = (0..100).map(|at| f64::from(u8::from(at % 10 != 0))).collect();
        let calibration = calibration(&right, &[Some(0.9); 100]);
        assert!(calibration.error.unwrap() < 1e-12);
        assert_eq!(calibration.reliability.len(), 1);
    }
}
