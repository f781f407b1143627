//! How well stated confidence matches being right.

use serde_json::{Value, json};

use crate::arguments::{list, number_or, same_length};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "calibration",
    about: "Expected and maximum calibration error, Brier score and AUROC of confidences against being right (0/1).\n\
            Formula: params.bins (10) equal bins (k/B, (k+1)/B], the first with 0; ece = sum n_k/n |mean right - mean confidence|;\n\
            brier = mean squared difference; auroc with half credit for ties, undefined for one class.\n\
            Source: Naeini et al.; scikit-learn. Flaws: ece depends on the bins and is biased upwards with few cases.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let bins = number_or(params, "bins", 10.0)?;
    if !(1.0..=1e6).contains(&bins) || bins.fract() != 0.0 {
        return Err(MetricError::new(format!(
            "`params.bins` should be a whole number from 1 to 1000000, but is {bins}"
        )));
    }
    let (expected, predicted) = (list("expected", expected)?, list("predicted", predicted)?);
    same_length(expected.len(), predicted.len())?;
    let cases = expected.iter().zip(predicted).map(|(right, confidence)| read(right, confidence));
    let cases = cases.collect::<Result<Vec<_>, _>>()?;
    let (ece, mce) = errors(&cases, bins as usize);
    let brier = cases.iter().map(|&(right, confidence)| (confidence - f64::from(right)).powi(2)).sum::<f64>();
    Ok(json!({
        "ece": ece,
        "mce": mce,
        "brier": (!cases.is_empty()).then(|| brier / cases.len() as f64),
        "auroc": auroc(&cases),
    }))
}

fn read(right: &Value, confidence: &Value) -> Result<(bool, f64), MetricError> {
    let right = match right {
        Value::Bool(right) => *right,
        other if other.as_f64() == Some(1.0) => true,
        other if other.as_f64() == Some(0.0) => false,
        other => return Err(MetricError::shape("expected", "a list of 0 and 1", other)),
    };
    let confidence =
        confidence.as_f64().filter(|confidence| (0.0..=1.0).contains(confidence)).ok_or_else(|| {
            MetricError::new(format!("a confidence should be from 0 to 1, but is {confidence}"))
        })?;
    Ok((right, confidence))
}

/// Mean and largest gap between confidence and correctness over the bins.
fn errors(cases: &[(bool, f64)], bins: usize) -> (Option<f64>, Option<f64>) {
    // Per bin: cases, right ones, sum of confidences.
    let mut sums = std::collections::BTreeMap::<usize, (usize, usize, f64)>::new();
    for &(right, confidence) in cases {
        let bin = sums.entry(bin_of(confidence, bins)).or_default();
        *bin = (bin.0 + 1, bin.1 + usize::from(right), bin.2 + confidence);
    }
    let gap = |&(_, right, confidence): &(usize, usize, f64)| (right as f64 - confidence).abs();
    let ece = sums.values().map(gap).sum::<f64>() / cases.len() as f64;
    let mce = sums.values().map(|bin| gap(bin) / bin.0 as f64).reduce(f64::max);
    ((!cases.is_empty()).then_some(ece), mce)
}

/// The bin (k/B, (k+1)/B] of a confidence, decided on its decimal digits: 0.3 · 10 is 3, whatever doubles say.
fn bin_of(confidence: f64, bins: usize) -> usize {
    let text = format!("{confidence:e}");
    let (mantissa, exponent) = text.split_once('e').expect("{:e} always prints an exponent");
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().expect("{:e} prints a small integer exponent");
    let decimals = i32::try_from(digits.len()).unwrap_or(i32::MAX) - 1 - exponent;
    let digits: u128 = digits.parse().expect("a double has at most 17 digits");
    let scale = u32::try_from(decimals).ok().and_then(|decimals| 10_u128.checked_pow(decimals));
    // Below 1e-20 it is in the first bin whatever the scale; a whole number has no negative scale here.
    let Some(scale) = scale else { return 0 };
    let position = (digits * bins as u128).div_ceil(scale);
    usize::try_from(position).unwrap_or(bins).saturating_sub(1).min(bins - 1)
}

/// The chance that a right case has more confidence than a wrong one, ties counting half.
fn auroc(cases: &[(bool, f64)]) -> Option<f64> {
    let mut sorted = cases.to_vec();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (mut wins, mut wrong_below, mut right_total) = (0.0, 0_usize, 0_usize);
    for ties in sorted.chunk_by(|a, b| a.1 == b.1) {
        let right = ties.iter().filter(|case| case.0).count();
        let wrong = ties.len() - right;
        wins += right as f64 * (wrong_below as f64 + wrong as f64 / 2.0);
        wrong_below += wrong;
        right_total += right;
    }
    let pairs = right_total as f64 * wrong_below as f64;
    (pairs > 0.0).then(|| wins / pairs)
}
