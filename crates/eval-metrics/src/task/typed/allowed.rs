//! What a subschema allows.

use serde_json::{Map, Value};

/// Whether a schema names a type, among others or alone.
pub(super) fn is_type(schema: &Value, name: &str) -> bool {
    match &schema["type"] {
        Value::String(one) => one == name,
        Value::Array(several) => several.iter().any(|one| one == name),
        _ => false,
    }
}

/// The words of a closed set, without null.
pub(super) fn choices(schema: &Value) -> Vec<&Value> {
    let listed = schema["enum"].as_array().into_iter().flatten();
    listed
        .chain(schema.as_object().and_then(|schema: &Map<_, _>| schema.get("const")))
        .filter(|it| !it.is_null())
        .collect()
}
