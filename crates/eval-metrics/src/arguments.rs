//! Reading the loosely typed `expected`, `predicted` and `params` of a case.

use serde_json::Value;

use crate::MetricError;

pub(crate) fn string<'a>(what: &str, value: &'a Value) -> Result<&'a str, MetricError> {
    value.as_str().ok_or_else(|| MetricError::shape(what, "a string", value))
}

pub(crate) fn list<'a>(what: &str, value: &'a Value) -> Result<&'a [Value], MetricError> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| MetricError::shape(what, "a list", value))
}

pub(crate) fn strings<'a>(what: &str, value: &'a Value) -> Result<Vec<&'a str>, MetricError> {
    list(what, value)?
        .iter()
        .enumerate()
        .map(|(index, item)| string(&format!("{what}[{index}]"), item))
        .collect()
}

/// One string, or a list of them.
pub(crate) fn one_or_more<'a>(what: &str, value: &'a Value) -> Result<Vec<&'a str>, MetricError> {
    match value {
        Value::String(text) => Ok(vec![text]),
        Value::Array(_) => strings(what, value),
        _ => Err(MetricError::shape(what, "a string or a list of strings", value)),
    }
}

/// The expected and predicted side must be equally long, or pairs would be dropped in silence.
pub(crate) fn same_length(expected: usize, predicted: usize) -> Result<(), MetricError> {
    if expected == predicted {
        return Ok(());
    }
    Err(MetricError::new(format!(
        "`expected` and `predicted` should be equally long, but have {expected} and {predicted} entries"
    )))
}

pub(crate) fn number_or(params: &Value, key: &str, default: f64) -> Result<f64, MetricError> {
    match &params[key] {
        Value::Null => Ok(default),
        value => {
            value.as_f64().ok_or_else(|| MetricError::shape(&format!("params.{key}"), "a number", value))
        }
    }
}

/// A switch, written as `true`/`false` or 1/0.
pub(crate) fn flag_or(params: &Value, key: &str, default: bool) -> Result<bool, MetricError> {
    match &params[key] {
        Value::Null => Ok(default),
        Value::Bool(flag) => Ok(*flag),
        Value::Number(number) if number.as_f64() == Some(0.0) => Ok(false),
        Value::Number(number) if number.as_f64() == Some(1.0) => Ok(true),
        value => Err(MetricError::shape(&format!("params.{key}"), "true or false", value)),
    }
}

pub(crate) fn string_or<'a>(params: &'a Value, key: &str, default: &'a str) -> Result<&'a str, MetricError> {
    match &params[key] {
        Value::Null => Ok(default),
        value => string(&format!("params.{key}"), value),
    }
}
