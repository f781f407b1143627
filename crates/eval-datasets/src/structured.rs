//! A JSON Schema of a user's own, as an answer is asked by it.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::{Problem, Result, files};

/// Reads a file with a JSON Schema.
pub(crate) fn read(folder: &Path, file: &str) -> Result<Value> {
    let text = files::read_text(folder, file)?;
    serde_json::from_str(&text)
        .map_err(|error| Problem::at_line(folder.join(file), error.line(), format!("is not JSON: {error}")))
}

/// The schema with all fields required and others forbidden, as hosts that hold models to a schema want it.
///
/// A field that could be left out can be null instead, which says that it is not in the document; lists can be empty. What says
/// how objects may grow (maps) is kept.
#[must_use]
pub(crate) fn structured(schema: &Value) -> Value {
    match schema {
        Value::Object(keys) => {
            let mut keys: Map<String, Value> = keys.iter().map(|(key, value)| inner(key, value)).collect();
            if let Some(Value::Object(properties)) = keys.get_mut("properties") {
                properties.values_mut().for_each(nullable);
                let required: Vec<Value> = properties.keys().map(|name| json!(name)).collect();
                let is_map = keys.get("additionalProperties").is_some_and(Value::is_object);
                keys.insert("required".to_owned(), required.into());
                keys.entry("type").or_insert_with(|| json!("object"));
                if !is_map {
                    keys.insert("additionalProperties".to_owned(), json!(false));
                }
            }
            keys.into()
        }
        other => other.clone(),
    }
}

/// What stands under a keyword: a schema, several by name or in a list, or no schema at all.
fn inner(key: &str, value: &Value) -> (String, Value) {
    let value = match (key, value) {
        ("properties" | "$defs" | "definitions" | "patternProperties", Value::Object(schemas)) => schemas
            .iter()
            .map(|(name, schema)| (name.clone(), structured(schema)))
            .collect::<Map<_, _>>()
            .into(),
        ("items" | "additionalProperties", schema) => structured(schema),
        ("anyOf" | "oneOf" | "allOf", Value::Array(schemas)) => schemas.iter().map(structured).collect(),
        (_, value) => value.clone(),
    };
    (key.to_owned(), value)
}

/// Lets a field be null, unless it is a list.
fn nullable(schema: &mut Value) {
    let Value::Object(keys) = schema else { return };
    if let Some(Value::Array(choices)) = keys.get_mut("enum")
        && !choices.contains(&Value::Null)
    {
        choices.push(Value::Null);
    }
    match keys.get_mut("type") {
        Some(Value::String(one)) if one != "array" && one != "null" => {
            let kinds = json!([one, "null"]);
            keys.insert("type".to_owned(), kinds);
        }
        Some(Value::Array(kinds)) if !kinds.iter().any(|kind| kind == "null" || kind == "array") => {
            kinds.push(json!("null"));
        }
        Some(_) => {}
        None => {
            for key in ["anyOf", "oneOf"] {
                if let Some(Value::Array(branches)) = keys.get_mut(key) {
                    if !branches.iter().any(|branch| branch["type"] == "null") {
                        branches.push(json!({ "type": "null" }));
                    }
                    return;
                }
            }
            if keys.contains_key("$ref") || keys.contains_key("const") {
                let named = std::mem::take(keys);
                keys.insert("anyOf".to_owned(), json!([named, { "type": "null" }]));
            }
        }
    }
}

/// Whether every object of a schema lists all its fields, so that a host can hold a model to it to the letter.
pub(crate) fn is_closed(schema: &Value) -> bool {
    match schema {
        Value::Object(keys) => {
            let is_object = keys.contains_key("properties")
                || keys.get("type").is_some_and(|kind| {
                    kind == "object" || kind.as_array().is_some_and(|it| it.contains(&json!("object")))
                });
            let grows = ["patternProperties", "allOf", "oneOf", "not", "if", "prefixItems", "propertyNames"]
                .iter()
                .any(|key| keys.contains_key(*key));
            let closed = !is_object
                || keys.get("additionalProperties") == Some(&json!(false)) && keys.contains_key("properties");
            let has_kind =
                ["type", "enum", "const", "$ref", "anyOf"].iter().any(|key| keys.contains_key(*key));
            closed
                && has_kind
                && !grows
                && keys.iter().all(|(key, value)| match (key.as_str(), value) {
                    ("properties" | "$defs" | "definitions", Value::Object(schemas)) => {
                        schemas.values().all(is_closed)
                    }
                    ("items", schema) => is_closed(schema),
                    ("anyOf", Value::Array(schemas)) => schemas.iter().all(is_closed),
                    _ => true,
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{is_closed, structured};

    #[track_caller]
    fn check(schema: Value, expected: Value, closed: bool) {
        let derived = structured(&schema);
        assert_eq!(derived, expected);
        assert_eq!(structured(&derived), derived, "once is enough");
        assert_eq!(is_closed(&derived), closed);
    }

    #[test]
    fn fields_are_required_and_may_be_null() {
        check(
            json!({ "properties": { "a": { "type": "string" }, "b": { "type": ["number", "null"] }, "c": { "enum": ["x"] } } }),
            json!({
                "type": "object", "additionalProperties": false, "required": ["a", "b", "c"],
                "properties": {
                    "a": { "type": ["string", "null"] }, "b": { "type": ["number", "null"] }, "c": { "enum": ["x", null] },
                },
            }),
            true,
        );
    }

    #[test]
    fn lists_may_be_empty_and_references_null() {
        check(
            json!({
                "$defs": { "P": { "properties": { "n": { "type": "string" } } } },
                "properties": { "l": { "type": "array", "items": { "$ref": "#/$defs/P" } }, "p": { "$ref": "#/$defs/P" } },
            }),
            json!({
                "$defs": { "P": {
                    "type": "object", "additionalProperties": false, "required": ["n"],
                    "properties": { "n": { "type": ["string", "null"] } },
                } },
                "type": "object", "additionalProperties": false, "required": ["l", "p"],
                "properties": {
                    "l": { "type": "array", "items": { "$ref": "#/$defs/P" } },
                    "p": { "anyOf": [{ "$ref": "#/$defs/P" }, { "type": "null" }] },
                },
            }),
            true,
        );
    }

    #[test]
    fn maps_stay_maps() {
        let map = json!({ "type": "object", "additionalProperties": { "type": "number" } });
        check(
            json!({ "properties": { "m": map } }),
            json!({
                "type": "object", "additionalProperties": false, "required": ["m"],
                "properties": { "m": { "type": ["object", "null"], "additionalProperties": { "type": "number" } } },
            }),
            false,
        );
        assert!(!is_closed(&json!({ "properties": { "a": {} }, "additionalProperties": false })));
    }
}
