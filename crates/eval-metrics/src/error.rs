//! What can go wrong when a metric is asked to score something.

use std::fmt;

/// The input of a metric has the wrong shape.
///
/// A wrong *answer* is never an error: it is a low score. This says that the case itself cannot be scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetricError(String);

impl MetricError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// `what` should have been `wanted`, but is `got`.
    pub(crate) fn shape(what: &str, wanted: &str, got: &serde_json::Value) -> Self {
        let kind = match got {
            serde_json::Value::Null => "null or missing",
            serde_json::Value::Bool(_) => "a boolean",
            serde_json::Value::Number(_) => "a number",
            serde_json::Value::String(_) => "a string",
            serde_json::Value::Array(_) => "a list",
            serde_json::Value::Object(_) => "an object",
        };
        Self(format!("`{what}` should be {wanted}, but is {kind}"))
    }
}

impl fmt::Display for MetricError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MetricError {}
