//! What a dataset says of fields: type, weight, whether they are critical.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::MetricError;
use crate::value::FieldType;

/// What is said of one field.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Declared {
    #[serde(rename = "type")]
    pub(super) kind: Option<FieldType>,
    pub(super) weight: Option<f64>,
    pub(super) critical: bool,
}

impl Declared {
    pub(super) fn read(name: &str, value: &Value) -> Result<Self, MetricError> {
        let read = match value {
            Value::String(_) => {
                FieldType::deserialize(value).map(|kind| Self { kind: Some(kind), ..Self::default() })
            }
            other => Self::deserialize(other),
        };
        let read =
            read.map_err(|error| MetricError::new(format!("the type of the field `{name}`: {error}")))?;
        match read.weight {
            Some(weight) if !(0.0..=1e6).contains(&weight) => Err(MetricError::new(format!(
                "the weight of the field `{name}` should be from 0 to 1000000, but is {weight}"
            ))),
            _ => Ok(read),
        }
    }
}

/// What is said of fields, by name.
pub(super) type Declarations = Vec<(String, Declared)>;

pub(super) fn declarations(fields: &Map<String, Value>) -> Result<Declarations, MetricError> {
    fields.iter().map(|(name, value)| Ok((name.clone(), Declared::read(name, value)?))).collect()
}
