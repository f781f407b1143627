//! Average normalised Levenshtein similarity, the metric of DocVQA.

use serde_json::{Value, json};

use crate::arguments::{number_or, one_or_more, string};
use crate::distance::{between, length, ratio};
use crate::python::squeeze_lower;
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "anls",
    about: "Edit similarity of the closest accepted answer, 0 below a threshold (DocVQA).\n\
            Formula: trim, lower-case, squeeze blanks; 1 - lev/max length if lev/max length < threshold (0.5), else 0; best answer.\n\
            Source: package anls 0.0.2. Flaws: money is graded like prose (105 for 100 gets 0.67); lengths are taken after\n\
            upper-casing, so ß counts twice; a similarity of exactly 0.5 scores 0.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let accepted = one_or_more("expected", expected)?;
    let predicted = string("predicted", predicted)?;
    Ok(json!({ "anls": anls(&accepted, predicted, number_or(params, "threshold", 0.5)?) }))
}

/// The similarity to the closest accepted answer; undefined without one.
#[must_use]
pub fn anls(accepted: &[&str], predicted: &str, threshold: f64) -> Option<f64> {
    let predicted = squeeze_lower(predicted);
    accepted.iter().map(|answer| similarity(&squeeze_lower(answer), &predicted, threshold)).reduce(f64::max)
}

fn similarity(expected: &str, predicted: &str, threshold: f64) -> f64 {
    let longest = length(&expected.to_uppercase()).max(length(&predicted.to_uppercase()));
    let distance = if longest == 0 { 0.0 } else { ratio(between(expected, predicted), longest) };
    if distance < threshold { 1.0 - distance } else { 0.0 }
}
