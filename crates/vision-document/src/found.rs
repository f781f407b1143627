use serde_json::{Value, json};
use vision_core::Evidence;

/// A value and where it was found. The path of the evidence is filled in when the answer is put together.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<T> {
    /// The value; nothing if it was not found, or could not be read.
    pub value: Option<T>,
    /// Where it stands.
    pub evidence: Option<Evidence>,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { value: None, evidence: None }
    }
}

impl<T> Found<T> {
    /// A value with its evidence, also where only the latter could be read.
    pub fn new(value: Option<T>, evidence: Evidence) -> Self {
        Self { value, evidence: Some(evidence) }
    }

    /// This, or the other if there is no value here.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self.value.is_some() { self } else { other }
    }

    /// The same evidence for a value that is read in another way.
    pub fn and_then<U>(self, read: impl FnOnce(T) -> Option<U>) -> Found<U> {
        Found { value: self.value.and_then(read), evidence: self.evidence }
    }

    /// Notes the evidence under its path.
    pub(crate) fn note(&mut self, path: &str, into: &mut Vec<Evidence>) {
        into.extend(self.evidence.take().map(|evidence| Evidence { path: path.to_owned(), ..evidence }));
    }
}

impl Found<String> {
    /// As JSON; null if it was not found.
    pub(crate) fn text(&self) -> Value {
        json!(self.value)
    }
}

impl Found<f64> {
    /// As JSON: whole numbers without a fraction, null if it was not found.
    pub(crate) fn number(&self) -> Value {
        plain(self.value)
    }
}

pub(crate) fn plain(value: Option<f64>) -> Value {
    match value {
        Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => json!(value as i64),
        other => json!(other),
    }
}
