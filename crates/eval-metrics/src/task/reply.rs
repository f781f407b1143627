//! An answer, read once for all metrics.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::scored::{Parse, Scored};
use crate::answer::{self, Answer, State};

/// An answer, read once for all metrics.
pub(super) struct Reply<'a> {
    pub(super) text: &'a str,
    pub(super) json: Answer,
    schema_valid: Option<bool>,
    has_schema: bool,
}

impl<'a> Reply<'a> {
    pub(super) fn new(text: &'a str, schema: Option<&jsonschema::Validator>) -> Self {
        let json = answer::read(text);
        let schema_valid = schema.zip(json.value.as_ref()).map(|(schema, value)| schema.is_valid(value));
        Self { text, json, schema_valid, has_schema: schema.is_some() }
    }

    pub(super) fn parse(&self) -> Parse {
        match (self.json.state, self.schema_valid) {
            (State::Valid, Some(true)) => Parse::SchemaValid,
            (State::Valid, Some(false)) => Parse::SchemaInvalid,
            (State::Valid, None) => Parse::Valid,
            (State::Repaired, _) => Parse::Repaired,
            (State::Truncated, _) => Parse::Truncated,
            (State::Unreadable, _) => Parse::Unreadable,
        }
    }

    /// How a task that also takes prose sees the answer.
    pub(super) fn parse_or_prose(&self) -> Parse {
        match self.parse() {
            Parse::Unreadable if !self.has_schema => Parse::NotNeeded,
            parse => parse,
        }
    }

    /// The object of the answer. `{"receipt": {…}}` and `[{…}]` are taken as the object inside, if it has `keys`.
    pub(super) fn object(&self, keys: &[&str]) -> Option<&Map<String, Value>> {
        let known = |fields: &Map<String, Value>| keys.iter().any(|key| fields.contains_key(*key));
        let value = self.json.value.as_ref()?;
        let only = match value {
            Value::Array(items) if items.len() == 1 => items.first(),
            Value::Object(fields) if fields.len() == 1 && !known(fields) => fields.values().next(),
            _ => None,
        };
        only.and_then(Value::as_object).filter(|fields| known(fields)).or_else(|| value.as_object())
    }

    pub(super) fn scored(&self, headline: Option<f64>) -> Scored {
        Scored {
            headline,
            values: BTreeMap::new(),
            parse: self.parse(),
            schema_valid: self.schema_valid,
            repairs: self.json.repairs.clone(),
            malformed: false,
            labels: None,
            explanation: Vec::new(),
            notes: Vec::new(),
        }
    }
}
