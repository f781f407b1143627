//! ChartQA relaxed accuracy.

use serde_json::{Value, json};

use crate::arguments::{number_or, string};
use crate::python::parse_float;
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "chartqa_relaxed",
    about: "Whether a number is within 5 % or a text is equal (ChartQA).\n\
            Formula: |p - t| / |t| <= params.max_relative_change (0.05); 45% = 0.45; otherwise equal after lower-casing.\n\
            Source: pix2struct metrics.relaxed_correctness. Flaws: 2020 passes for 2019; $12 and 1,234 are text; a target of 0 is\n\
            compared as text; blanks count. Numbers are read as Python's float() reads them (1_000, nan, ١٢).",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let tolerance = number_or(params, "max_relative_change", 0.05)?;
    let correct = relaxed(string("expected", expected)?, string("predicted", predicted)?, tolerance);
    Ok(json!({ "correct": correct }))
}

/// Whether the prediction is close enough.
#[must_use]
pub fn relaxed(expected: &str, predicted: &str, tolerance: f64) -> bool {
    match (number(expected), number(predicted)) {
        (Some(expected), Some(predicted)) if expected != 0.0 => {
            (predicted - expected).abs() / expected.abs() <= tolerance
        }
        _ => expected.to_lowercase() == predicted.to_lowercase(),
    }
}

/// A number, or a percentage as its fraction.
pub(crate) fn number(text: &str) -> Option<f64> {
    if text.ends_with('%') {
        return parse_float(text.trim_end_matches('%')).map(|number| number / 100.0);
    }
    parse_float(text)
}
