//! An answer, read once for all metrics.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fit::Fit;
use super::keys::best_object;
use super::scored::{Parse, Scored};
use crate::answer::{self, Answer, Repair, State};

/// An answer, read once for all metrics.
pub(super) struct Reply<'a> {
    pub(super) text: &'a str,
    pub(super) json: Answer,
    schema_valid: Option<bool>,
    has_schema: bool,
}

impl<'a> Reply<'a> {
    /// Reads an answer; of several objects in it the one with the fields that `known` counts is taken.
    pub(super) fn new(
        text: &'a str,
        schema: Option<Fit<'_>>,
        known: Option<&dyn Fn(&Value) -> usize>,
    ) -> Self {
        let mut json = known.map_or_else(|| answer::read(text), |known| answer::read_for(text, known));
        // JSON in a JSON text, as some hosts send it.
        if let Some(Value::String(inner)) = &json.value
            && inner.trim_start().starts_with(['{', '['])
        {
            let inner = answer::read(inner);
            if inner.value.is_some() {
                json = Answer {
                    repairs: inner.repairs.iter().copied().chain([Repair::Escape]).collect(),
                    ..inner
                };
            }
        }
        // `{"output": "{…}"}`
        if let Some(Value::Object(fields)) = &json.value
            && fields.len() == 1
            && let Some(Value::String(inner)) = fields.values().next()
            && inner.trim_start().starts_with('{')
        {
            let inner = answer::read(inner);
            if matches!(inner.value, Some(Value::Object(_))) {
                json = Answer {
                    repairs: inner.repairs.iter().copied().chain([Repair::Escape]).collect(),
                    ..inner
                };
            }
        }
        let schema_valid = schema.zip(json.value.as_ref()).map(|(schema, value)| schema.fits(value));
        Self { text, json, schema_valid, has_schema: schema.is_some() }
    }

    /// Whether the answer is the JSON that was asked for and nothing else; a fence around it is no harm.
    pub(super) fn is_bare(&self) -> bool {
        self.json.state == State::Valid && self.json.repairs.iter().all(|repair| *repair == Repair::Fence)
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

    /// The object of the answer that has most of the `keys`, however it is wrapped.
    pub(super) fn object(&self, keys: &[&str]) -> Option<&Map<String, Value>> {
        best_object(self.json.value.as_ref()?, keys).0
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
