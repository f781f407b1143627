//! What is labeled about a field beside its value: other readings, and where it stands.

use std::collections::HashMap;

use serde_json::Value;

use super::normalizer::Normalizer;
use super::places::{Places, bounds, page};
use super::{dates, equal};
use crate::MetricError;
use crate::arguments::{list, string};

/// The rules of a document's fields, by path.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldRules {
    readings: HashMap<String, Vec<Value>>,
    normalizers: HashMap<String, Vec<Normalizer>>,
    pub(super) places: Places,
    paths: Vec<String>,
}

impl FieldRules {
    /// From an object of rules by path, or a list of rules with a `field_path`.
    pub(crate) fn read(rules: &Value) -> Result<Self, MetricError> {
        let mut read = Self::default();
        match rules {
            Value::Object(rules) => rules.iter().try_for_each(|(path, rule)| read.add(path, rule))?,
            Value::Array(rules) => {
                for rule in rules {
                    let path = string("field_rules.field_path", &rule["field_path"])?;
                    read.add(path, rule)?;
                }
            }
            Value::Null => {}
            other => {
                return Err(MetricError::shape(
                    "field_rules",
                    "an object of rules by path, or a list",
                    other,
                ));
            }
        }
        Ok(read)
    }

    fn add(&mut self, path: &str, rule: &Value) -> Result<(), MetricError> {
        self.paths.push(path.to_owned());
        for name in rule["normalizers"].as_array().into_iter().flatten() {
            let normalizer = Normalizer::of(string("field_rules.normalizers", name)?)?;
            self.normalizers.entry(path.to_owned()).or_default().push(normalizer);
        }
        match &rule["evidence"] {
            // The older form: one value, and boxes where it stands.
            Value::Null => {
                for at in rule["bboxes"].as_array().into_iter().flatten() {
                    self.add_evidence(path, &rule["expected_value"], at);
                }
            }
            evidence => {
                for entry in list("field_rules.evidence", evidence)? {
                    self.add_evidence(path, &entry["value"], entry);
                }
            }
        }
        Ok(())
    }

    fn add_evidence(&mut self, path: &str, value: &Value, at: &Value) {
        if !value.is_null() {
            self.readings.entry(path.to_owned()).or_default().push(dates::normalized(value));
        }
        self.places.add(path, page(&at["page"]), bounds(&at["bbox"]));
    }

    /// The paths that have rules.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Other readings of a field.
    pub(super) fn readings(&self, path: &str) -> &[Value] {
        self.readings.get(path).map_or(&[], Vec::as_slice)
    }

    /// The readings that a field allows beside the exact one.
    pub(super) fn normalizers(&self, path: &str) -> &[Normalizer] {
        self.normalizers.get(path).map_or(&[], Vec::as_slice)
    }

    /// Whether a value is right for a field.
    pub(super) fn accepts(&self, path: &str, expected: &Value, got: &Value, name: &str) -> bool {
        let readings = [expected].into_iter().chain(self.readings(path));
        let normalizers = self.normalizers(path);
        readings.into_iter().any(|reading| {
            equal::equal(reading, got, name)
                || normalizers.iter().any(|normalizer| normalizer.accepts(reading, got, name))
        })
    }
}
