//! The metric `extract`: the fields of a JSON Schema, which a dataset has or each of its cases.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::fit::{Fit, validator};
use super::typed::{self, Settings};
use super::{CaseFacts, FieldInfo, Scored, read_settings};
use crate::MetricError;

#[derive(Debug, Clone)]
pub(super) struct Rules {
    settings: Settings,
    critical: Vec<String>,
    /// Of the schema that all cases have which name none.
    shared: Option<typed::Rules>,
    /// Of the last case with a schema of its own: such cases often follow each other.
    last: Arc<Mutex<Option<Known>>>,
}

/// A schema and what it says.
type Known = (Arc<Value>, Arc<Own>);

/// What a case's own schema says.
#[derive(Debug)]
struct Own {
    rules: typed::Rules,
    validator: jsonschema::Validator,
}

impl Rules {
    pub(super) fn read(
        settings: &Value,
        critical: &[String],
        schema: Option<&Value>,
    ) -> Result<Self, MetricError> {
        let settings: Settings = read_settings(settings)?;
        let shared =
            schema.map(|schema| typed::Rules::extract(&settings, critical, schema, true)).transpose()?;
        // What is wrong with the settings themselves is told before the first case.
        typed::Rules::extract(&settings, critical, &serde_json::json!({ "properties": { "a": {} } }), false)?;
        Ok(Self { settings, critical: critical.to_vec(), shared, last: Arc::default() })
    }

    pub(super) fn fields(&self) -> Vec<FieldInfo> {
        self.shared.as_ref().map(typed::Rules::fields).unwrap_or_default()
    }

    pub(super) fn score(
        &self,
        expected: &Value,
        answer: &str,
        schema: Option<Fit<'_>>,
        facts: &CaseFacts,
    ) -> Result<Scored, MetricError> {
        match (&facts.schema, &self.shared) {
            (Some(schema), _) => {
                let own = self.own(schema, facts.own_schema.as_ref())?;
                let fit = Fit { validator: &own.validator, was_held: facts.was_held };
                own.rules.score_text(expected, answer, Some(fit), facts)
            }
            (None, Some(shared)) => shared.score_text(expected, answer, schema, facts),
            (None, None) => Err(MetricError::new(
                "`extract` needs a JSON Schema: `schema` in the task of dataset.toml, or in the line of the case",
            )),
        }
    }

    /// `written` is the schema as its author wrote it, if it is another one.
    fn own(&self, schema: &Arc<Value>, written: Option<&Arc<Value>>) -> Result<Arc<Own>, MetricError> {
        let written = written.unwrap_or(schema);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, own)) = &*last
            && known == written
        {
            return Ok(own.clone());
        }
        let validator = validator(written)?;
        let rules = typed::Rules::extract(&self.settings, &self.critical, schema, false)?;
        let own = Arc::new(Own { rules, validator });
        *last = Some((written.clone(), own.clone()));
        Ok(own)
    }
}
