//! Relative number set similarity.

use serde_json::{Value, json};

use super::deplot_rms::relative_error;
use crate::arguments::string;
use crate::assignment::Weights;
use crate::python::parse_float;
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "rnss",
    about: "Similarity of the sets of numbers in two tables, wherever they stand (DePlot RNSS).\n\
            Formula: 1 - sum of min(1, |t - p| / |t|) over matched pairs / max(#t, #p).\n\
            Source: google-research deplot/metrics.py. Flaws: for t = 0 the reference has it the wrong way round (`score`;\n\
            `score_zero_fixed` is right); unmatched numbers cost nothing, so one right number of twenty scores 1. Not for use alone.",
    score,
};

fn score(expected: &Value, predicted: &Value, _params: &Value) -> Result<Value, MetricError> {
    let (expected, predicted) =
        (numbers(string("expected", expected)?), numbers(string("predicted", predicted)?));
    let reference = similarity(&expected, &predicted, |p| if p == 0.0 { 1.0 } else { 0.0 })?;
    let fixed = similarity(&expected, &predicted, |p| if p == 0.0 { 0.0 } else { 1.0 })?;
    Ok(json!({ "score": reference, "score_zero_fixed": fixed }))
}

fn numbers(table: &str) -> Vec<f64> {
    table.split('\n').flat_map(|line| line.split(" | ")).filter_map(parse_float).collect()
}

fn similarity(expected: &[f64], predicted: &[f64], zero: impl Fn(f64) -> f64) -> Result<f64, MetricError> {
    if expected.is_empty() || predicted.is_empty() {
        return Ok(f64::from(expected.is_empty() && predicted.is_empty()));
    }
    let closeness = Weights::new(expected.len(), predicted.len(), |row, column| {
        let (t, p) = (expected[row], predicted[column]);
        1.0 - if t == 0.0 { zero(p) } else { relative_error(t, p) }
    })?;
    let cost: f64 =
        closeness.best_matching().into_iter().map(|(row, column)| 1.0 - closeness.at(row, column)).sum();
    Ok(1.0 - cost / expected.len().max(predicted.len()) as f64)
}
