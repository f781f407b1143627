use std::borrow::Cow;

use eval_metrics::task::TASK_METRICS;
use eval_metrics::{NamedMetric, named};
use jsonschema::Validator;
use serde_json::Value;

use super::tasks::{TaskRules, forgiving};

/// Checks a label against what its metric can judge; every fault is told.
pub(super) fn check(
    rules: &TaskRules,
    expected: &Value,
    own: Option<&Validator>,
    refuse: &mut dyn FnMut(String),
) {
    match rules.metric.as_str() {
        "chart-question" => question(expected, refuse),
        "transcribe" | "text" => {
            if !expected.is_string() {
                refuse(format!("`expected` should be a text, but is {}", kind(expected)));
            }
        }
        "checks" => checks(expected, refuse),
        _ => {
            if let Some(schema) = own.or(rules.schema.as_ref()) {
                let labelled =
                    if rules.own_schema { without_null(expected) } else { Cow::Borrowed(expected) };
                for error in schema.iter_errors(&labelled) {
                    let place = error.instance_path().to_string();
                    refuse(format!("`expected{place}`: {}", short(&error.to_string())));
                }
            } else if let Some(metric) = other_metric(rules) {
                // What a run will say of it.
                let answer = if expected.is_string() { Value::from("") } else { expected.clone() };
                if let Err(error) = (metric.score)(expected, &answer, &rules.settings) {
                    refuse(error.to_string());
                }
            } else if !expected.is_object() {
                refuse(format!("`expected` should be an object, but is {}", kind(expected)));
            }
        }
    }
    if rules.metric == "classify" {
        label(rules, expected, refuse);
    }
    if rules.metric == "chart-table" {
        table(expected, refuse);
    }
}

/// A metric of the field's, which has its own form of label.
fn other_metric(rules: &TaskRules) -> Option<&'static NamedMetric> {
    if TASK_METRICS.contains(&rules.metric.as_str()) { None } else { named(&rules.metric) }
}

/// A check is a text, or an object with one.
fn checks(expected: &Value, refuse: &mut dyn FnMut(String)) {
    let Some(lists) = expected.as_object() else {
        return refuse(format!(
            "`expected` should be an object with `must` and `must_not`, but is {}",
            kind(expected)
        ));
    };
    for (key, list) in lists {
        if !["must", "must_not"].contains(&key.as_str()) {
            refuse(format!("`expected.{key}` is neither `must` nor `must_not`"));
        }
        let Some(list) = list.as_array() else {
            refuse(format!("`expected.{key}` should be a list of checks, but is {}", kind(list)));
            continue;
        };
        for (at, check) in list.iter().enumerate() {
            let text = check.as_str().or_else(|| check["text"].as_str()).unwrap_or_default();
            if !text.contains(char::is_alphanumeric) {
                refuse(format!("`expected.{key}[{at}]` should be a text, or an object with `text`"));
            }
        }
    }
}

/// How a label fails to follow a schema of the user's own, if it does.
pub(crate) fn misfit(schema: &Value, expected: &Value) -> Option<String> {
    let Some(validator) = forgiving(schema) else { return Some("it is no JSON Schema".to_owned()) };
    let labelled = without_null(expected);
    let fault = validator.iter_errors(&labelled).next();
    fault.map(|error| format!("{}: {}", error.instance_path(), short(&error.to_string())))
}

/// A label without what it labels absent, whatever its schema says of null.
fn without_null(expected: &Value) -> Cow<'_, Value> {
    fn prune(value: &mut Value) {
        match value {
            Value::Object(keys) => {
                keys.retain(|_, value| !value.is_null());
                keys.values_mut().for_each(prune);
            }
            Value::Array(items) => items.iter_mut().for_each(prune),
            _ => {}
        }
    }
    let mut pruned = expected.clone();
    prune(&mut pruned);
    Cow::Owned(pruned)
}

/// Whether there is nothing that an answer could be held against.
pub(super) fn is_empty(expected: &Value) -> bool {
    match expected {
        Value::Null => true,
        Value::Object(keys) => keys.is_empty(),
        _ => false,
    }
}

fn label(rules: &TaskRules, expected: &Value, refuse: &mut dyn FnMut(String)) {
    match (&expected["label"], &rules.labels) {
        (Value::String(label), Some(labels)) if !labels.contains(label) => {
            refuse(format!("the label `{label}` is not among the settings' `labels`: {}", labels.join(", ")));
        }
        (Value::String(_), _) => {}
        (other, _) => refuse(format!("`expected.label` should be a text, but is {}", kind(other))),
    }
}

/// A ragged table passes its schema, and still cannot be judged.
fn table(expected: &Value, refuse: &mut dyn FnMut(String)) {
    let (Some(columns), Some(rows)) = (expected["columns"].as_array(), expected["rows"].as_array()) else {
        return;
    };
    for (at, row) in rows.iter().enumerate() {
        let cells = row.as_array().map_or(0, Vec::len);
        if cells != columns.len() {
            refuse(format!("`expected.rows` {}: {cells} cells for {} columns", at + 1, columns.len()));
        }
    }
}

fn question(expected: &Value, refuse: &mut dyn FnMut(String)) {
    let value = &expected["value"];
    let mut wants = |right: bool, what: &str| {
        if !right {
            refuse(format!("`expected.value` should be {what}, but is {}", kind(value)));
        }
    };
    match expected["type"].as_str() {
        Some("number") => {
            wants(value.is_number(), "a number");
            for (key, right) in [
                ("unit", expected["unit"].is_string() || expected["unit"].is_null()),
                ("tolerance", tolerance(&expected["tolerance"])),
            ] {
                if !right {
                    refuse(format!("`expected.{key}` is not right for a number"));
                }
            }
        }
        Some("category") => {
            wants(value.is_string(), "a text");
            let texts = |list: &Vec<Value>| list.iter().all(Value::is_string);
            if !(expected["aliases"].is_null() || expected["aliases"].as_array().is_some_and(texts)) {
                refuse("`expected.aliases` should be a list of texts".to_owned());
            }
        }
        Some("trend") => {
            let known = ["up", "down", "flat", "mixed"];
            wants(value.as_str().is_some_and(|value| known.contains(&value)), "up, down, flat or mixed");
        }
        Some("yes_no") => wants(value.is_boolean(), "true or false"),
        _ => refuse("`expected.type` should be number, category, trend or yes_no".to_owned()),
    }
}

fn tolerance(value: &Value) -> bool {
    value.is_null() || value.as_f64().is_some_and(|share| (0.0..=1.0).contains(&share))
}

fn kind(value: &Value) -> String {
    match value {
        Value::Null => "missing or null".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        other => format!("`{}`", short(&other.to_string())),
    }
}

/// Labels may be pages long.
fn short(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
