use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Map, Value};
use vision_core::{Error, ErrorKind, Result};

use crate::{Pieces, body};

/// Further fields of a request body, as the host's documentation names them, for settings that have no name here.
///
/// A table is put into the table of the same name, so that one field of it can be set; anything else takes the
/// place of what stands there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra(Map<String, Value>);

/// Fields that decide what is asked, in how many answers, or how long one may be: the bill is bounded by them.
const TAKEN: [&str; 21] = [
    "model",
    "messages",
    "input",
    "contents",
    "system",
    "instructions",
    "system_instruction",
    "systemInstruction",
    "stream",
    "n",
    "best_of",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "maxOutputTokens",
    "maxTokens",
    "candidateCount",
    "background",
    // These decide what a token costs.
    "serviceTier",
    "speed",
    "inference_geo",
];

/// Tables in which such fields can stand as well.
const NESTED: [&str; 3] = ["generationConfig", "inferenceConfig", "additionalModelRequestFields"];

impl Extra {
    /// Fails if a field is among those that are set from the question and the configuration.
    pub fn new(fields: Map<String, Value>) -> Result<Self> {
        let inner = NESTED.iter().filter_map(|name| fields.get(*name)).filter_map(Value::as_object);
        let mut names = fields.keys().chain(inner.flat_map(Map::keys));
        match names.find(|name| TAKEN.contains(&name.as_str())) {
            Some(name) => Err(Error::new(
                ErrorKind::Config,
                format!(
                    "`extra` must not set `{name}`: it is set for every request, and the budget relies on it"
                ),
            )),
            None => Ok(Self(fields)),
        }
    }

    /// A field that holds a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Sets a field that is not set yet.
    pub fn or_set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.entry(name).or_insert_with(|| value.into());
    }

    /// Sets a field, also inside of a table, if there is a value for it.
    pub fn set(&mut self, path: &[&str], value: Option<impl Into<Value>>) {
        let Some(value) = value else { return };
        let nested = path
            .iter()
            .rev()
            .fold(value.into(), |value, name| Value::Object(Map::from_iter([((*name).to_owned(), value)])));
        if let Value::Object(fields) = nested {
            merge(&mut self.0, &fields);
        }
    }

    /// The fields that can stand in a form, as text.
    pub fn texts(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().filter_map(|(name, value)| match value {
            Value::String(text) => Some((name.as_str(), text.clone())),
            Value::Number(number) => Some((name.as_str(), number.to_string())),
            Value::Bool(yes) => Some((name.as_str(), yes.to_string())),
            _ => None,
        })
    }

    /// Writes a request body with these fields in it, as [`json`](crate::json) does.
    pub fn json<T: Serialize>(&self, body: &T) -> Result<Pieces> {
        if self.0.is_empty() {
            return body::json(body);
        }
        let (text, media) = body::apart(body)?;
        let text = match serde_json::from_str(&text) {
            Ok(Value::Object(mut fields)) => {
                merge(&mut fields, &self.0);
                Value::Object(fields).to_string()
            }
            _ => text,
        };
        Ok(body::together(text, VecDeque::from(media)))
    }
}

fn merge(fields: &mut Map<String, Value>, extra: &Map<String, Value>) {
    for (name, value) in extra {
        match (fields.get_mut(name), value) {
            (Some(Value::Object(inner)), Value::Object(more)) => merge(inner, more),
            (Some(old), value) => *old = value.clone(),
            (None, value) => {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use vision_core::{ErrorKind, Facts, Media};

    use super::Extra;
    use crate::DataUrl;

    fn extra(fields: &Value) -> Result<Extra, vision_core::Error> {
        Extra::new(fields.as_object().unwrap().clone())
    }

    #[test]
    fn fields_go_where_they_belong_and_media_stay() {
        let png = Media::new("a", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), Facts::default()).unwrap();
        let body = json!({"top_p": 1, "image": serde_json::to_value(DataUrl(&png)).unwrap(), "text": {"format": "x"}});
        let extra = extra(&json!({"top_p": 0.1, "text": {"verbosity": "low"}, "more": [1]})).unwrap();
        let read: Value = serde_json::from_slice(&extra.json(&body).unwrap().whole()).unwrap();
        let image = format!("data:image/png;base64,{}", png.base64());
        let expected =
            json!({"top_p": 0.1, "image": image, "text": {"format": "x", "verbosity": "low"}, "more": [1]});
        assert_eq!(read, expected);
        let written = extra.json(&(DataUrl(&png), 1)).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&written.whole()).unwrap(), json!([image, 1]));
    }

    #[test]
    fn what_bounds_the_bill_cannot_be_set() {
        for fields in [
            json!({"n": 9}),
            json!({"stream": true}),
            json!({"generationConfig": {"candidateCount": 8}}),
            json!({"serviceTier": "priority"}),
            json!({"speed": "fast"}),
            json!({"inference_geo": "us"}),
        ] {
            assert_eq!(extra(&fields).unwrap_err().kind(), ErrorKind::Config, "{fields}");
        }
    }
}
