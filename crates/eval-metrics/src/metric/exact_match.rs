//! Exact match.

use serde_json::{Value, json};

use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "exact_match",
    about: "Whether both sides are the same JSON value; strings are trimmed first.\n\
            Formula: 1 if equal, else 0. Flaws: 12.5 and \"12.50\" differ; one wrong letter is as bad as no answer.",
    score,
};

fn score(expected: &Value, predicted: &Value, _params: &Value) -> Result<Value, MetricError> {
    let equal = match (expected, predicted) {
        (Value::String(expected), Value::String(predicted)) => expected.trim() == predicted.trim(),
        _ => expected == predicted,
    };
    Ok(json!({ "correct": equal }))
}
