//! Field-level F1 as used for CORD.

use serde_json::{Value, json};

use super::donut::Normal;
use super::squad::common_sorted;
use crate::arguments::{flag_or, list, same_length};
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "donut_f1",
    about: "F1 over (key path, text) pairs of nested answers (Donut, CORD).\n\
            Formula: tp / (tp + (left over on both sides)/2), tp = multiset intersection; params.corpus sums the counts of a list of\n\
            documents first. Undefined if both sides are empty. Source: Donut JSONParseEvaluator.cal_f1.\n\
            Flaws: list positions are ignored, so a price on the wrong line item counts; 12.0 and 12 differ; false and 0 are dropped.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let (mut common, mut left_over) = (0, 0);
    let mut add = |expected: &Value, predicted: &Value| {
        let (expected, predicted) = (pairs(expected), pairs(predicted));
        let shared = common_sorted(&expected, &predicted);
        common += shared;
        left_over += expected.len() + predicted.len() - 2 * shared;
    };
    if flag_or(params, "corpus", false)? {
        let (expected, predicted) = (list("expected", expected)?, list("predicted", predicted)?);
        same_length(expected.len(), predicted.len())?;
        for (expected, predicted) in expected.iter().zip(predicted) {
            add(expected, predicted);
        }
    } else {
        add(expected, predicted);
    }
    let all = common as f64 + left_over as f64 / 2.0;
    Ok(json!({ "f1": (all > 0.0).then(|| common as f64 / all) }))
}

/// Sorted (key path, text) pairs.
fn pairs(value: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    if let Some(normal) = Normal::of(value) {
        flatten(normal, "", &mut pairs);
    }
    pairs.sort_unstable();
    pairs
}

fn flatten(normal: Normal<'_>, path: &str, pairs: &mut Vec<(String, String)>) {
    match normal {
        Normal::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                flatten(value, &path, pairs);
            }
        }
        Normal::Objects(items) => items.into_iter().for_each(|item| flatten(item, path, pairs)),
        Normal::Texts(texts) => pairs.extend(texts.into_iter().map(|text| (path.to_owned(), text))),
    }
}
