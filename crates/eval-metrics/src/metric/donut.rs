//! How Donut's evaluator normalises an answer before comparing it.

use serde_json::Value;

use crate::python::{scalar_text, strip};

/// A normalised value: no empty parts, every scalar a list of one text.
pub(super) enum Normal<'a> {
    Object(Vec<(&'a str, Normal<'a>)>),
    Objects(Vec<Normal<'a>>),
    Texts(Vec<String>),
}

impl<'a> Normal<'a> {
    /// The normal form, or nothing if the value is empty.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        let normal = match value {
            Value::Null | Value::Bool(false) => return None,
            Value::Number(number) if number.as_f64() == Some(0.0) => return None,
            Value::String(text) if text.is_empty() => return None,
            Value::Object(fields) => {
                let mut fields: Vec<(&str, Self)> = fields
                    .iter()
                    .filter_map(|(key, value)| Some((key.as_str(), Self::of(value)?.in_list())))
                    .collect();
                fields.sort_by_key(|(key, _)| (key.chars().count(), *key));
                Self::Object(fields)
            }
            Value::Array(items) if items.iter().all(Value::is_object) => {
                Self::Objects(items.iter().filter_map(Self::of).collect())
            }
            Value::Array(items) => {
                let texts = items.iter().filter(|item| item.is_string() || item.is_number());
                let texts = texts.filter_map(scalar_text).map(|text| strip(&text).to_owned());
                Self::Texts(texts.filter(|text| !text.is_empty()).collect())
            }
            Value::Bool(true) | Value::Number(_) | Value::String(_) => {
                let text = scalar_text(value).expect("null, lists and objects are matched above");
                Self::Texts(vec![strip(&text).to_owned()])
            }
        };
        let empty = match &normal {
            Self::Object(fields) => fields.is_empty(),
            Self::Objects(items) => items.is_empty(),
            Self::Texts(texts) => texts.is_empty(),
        };
        (!empty).then_some(normal)
    }

    fn in_list(self) -> Self {
        match self {
            Self::Object(_) => Self::Objects(vec![self]),
            list => list,
        }
    }
}
