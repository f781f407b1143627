//! JSON accuracy of the omni OCR benchmark.

mod difflib;
mod json_diff;

use serde_json::{Map, Value, json};

use super::omni_text::four_decimals;
use crate::arguments::flag_or;
use crate::{MetricError, NamedMetric};

pub(crate) const METRIC: NamedMetric = NamedMetric {
    name: "omni_json_accuracy",
    about: "Share of leaf fields without a difference (getomni-ai benchmark), rounded to 4 decimals.\n\
            Formula: max(0, 1 - (additions + deletions + modifications) / leaf fields expected) on json-diff with sorted arrays;\n\
            params.ignore_cases. Source: getomni-ai/benchmark with json-diff 1.0.6, whose heuristics are ported.\n\
            Flaws: a list that is missing or extra as a whole is not counted at all; a list at the top is not either; keys with __\n\
            are skipped. To compare with published rankings only.",
    score,
};

fn score(expected: &Value, predicted: &Value, params: &Value) -> Result<Value, MetricError> {
    let ignore_cases = flag_or(params, "ignore_cases", false)?;
    let prepare = |value: &Value| if ignore_cases { upper_case(value) } else { value.clone() };
    let (expected, predicted) = (prepare(expected), prepare(predicted));
    let fields = leaf_fields(&expected);
    let mut changes = Changes::default();
    let Some(difference) = json_diff::diff(&expected, &predicted)? else {
        return Ok(changes.score(Some(1.0), fields));
    };
    changes.count(&difference);
    let all = changes.additions + changes.deletions + changes.modifications;
    // As in JavaScript: 0/0 is not a number, and a difference over nothing leaves 0.
    let score = match (all, fields) {
        (0, 0) => None,
        (_, 0) => Some(0.0),
        _ => Some(four_decimals((1.0 - all as f64 / fields as f64).max(0.0))),
    };
    Ok(changes.score(score, fields))
}

/// Upper-cases strings that are values of objects; strings directly in lists stay.
fn upper_case(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(upper_case).collect(),
        Value::Object(fields) => {
            let upper = |value: &Value| match value {
                Value::String(text) => Value::String(text.to_uppercase()),
                other => upper_case(other),
            };
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), upper(value))).collect())
        }
        scalar => scalar.clone(),
    }
}

/// Number of scalars in an object or a list; a bare scalar has none.
fn leaf_fields(value: &Value) -> usize {
    let item = |value: &Value| if value.is_object() || value.is_array() { leaf_fields(value) } else { 1 };
    match value {
        Value::Array(items) => items.iter().map(item).sum(),
        Value::Object(fields) => {
            fields.iter().filter(|(key, _)| !key.contains("__")).map(|(_, value)| item(value)).sum()
        }
        _ => 0,
    }
}

#[derive(Default)]
struct Changes {
    additions: usize,
    deletions: usize,
    modifications: usize,
}

impl Changes {
    fn score(&self, score: Option<f64>, fields: usize) -> Value {
        json!({
            "score": score, "additions": self.additions, "deletions": self.deletions,
            "modifications": self.modifications, "total_fields": fields,
        })
    }

    fn count(&mut self, difference: &Value) {
        match difference {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| self.entry(key, value)),
            Value::Array(items) => items.iter().for_each(|value| self.entry("", value)),
            _ => {}
        }
    }

    fn entry(&mut self, key: &str, value: &Value) {
        let size = |value: &Value| if value.is_object() || value.is_array() { leaf_fields(value) } else { 1 };
        match value {
            Value::Array(operations) => operations.iter().for_each(|operation| self.operation(operation)),
            _ if key.ends_with("__deleted") => self.deletions += size(value),
            _ if key.ends_with("__added") => self.additions += size(value),
            Value::Object(change) => self.change(change, value),
            _ => {}
        }
    }

    /// An entry of a list difference: `["+" | "-" | "~", element]`.
    fn operation(&mut self, operation: &Value) {
        let Some([Value::String(kind), element]) = operation.as_array().map(Vec::as_slice) else { return };
        let nested = element.is_object() || element.is_array();
        let size = if nested { leaf_fields(element) } else { 1 };
        match kind.as_str() {
            "+" => self.additions += size,
            "-" => self.deletions += size,
            "~" if nested => self.count(element),
            _ => {}
        }
    }

    fn change(&mut self, change: &Map<String, Value>, value: &Value) {
        match (change.get("__old"), change.get("__new")) {
            (Some(Value::Null), Some(new)) if !new.is_null() => self.modifications += leaf_fields(new).max(1),
            (Some(old), Some(_)) => self.modifications += leaf_fields(old).max(1),
            _ => self.count(value),
        }
    }
}
