//! Gives an answer the shape that was asked for.

use serde_json::{Map, Value};
use vision_core::Output;

/// The answer as JSON text. A schema decides which fields there are and their order; what the
/// rules do not know is null.
pub fn json(answer: Map<String, Value>, output: &Output) -> String {
    let answer = Value::Object(answer);
    match output {
        Output::Schema(schema) => fit(&answer, &schema.schema).to_string(),
        Output::Text | Output::Json => answer.to_string(),
    }
}

fn fit(value: &Value, schema: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
                return value.clone();
            };
            let fitted = properties.iter().map(|(name, schema)| {
                let field = fields.get(name).map_or(Value::Null, |field| fit(field, schema));
                (name.clone(), field)
            });
            Value::Object(fitted.collect())
        }
        Value::Array(values) => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            Value::Array(values.iter().map(|value| fit(value, items)).collect())
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use vision_core::Schema;

    use super::*;

    #[track_caller]
    fn check(answer: Value, schema: Option<Value>, wanted: &str) {
        let output = schema.map_or(Output::Json, |schema| {
            Output::Schema(Schema { name: "answer".into(), schema: Arc::new(schema), strict: true })
        });
        let Value::Object(answer) = answer else { panic!("not an object") };
        assert_eq!(super::json(answer, &output), wanted);
    }

    #[test]
    fn a_schema_orders_restricts_and_fills() {
        let schema = json!({"type": "object", "properties": {
            "total": {}, "store": {}, "iban": {},
            "items": {"items": {"properties": {"price": {}}}},
        }});
        let answer = json!({"store": "A", "date": null, "total": 2, "items": [{"name": "x", "price": 2}]});
        check(answer, Some(schema), r#"{"total":2,"store":"A","iban":null,"items":[{"price":2}]}"#);
    }

    #[test]
    fn without_a_schema_everything_known_is_answered() {
        check(json!({"b": 1, "a": [null]}), None, r#"{"b":1,"a":[null]}"#);
    }
}
