use serde_json::{Map, Value, json};

use super::{MOST_OPTIONAL, MOST_UNIONS, closed, optional, unions};

#[track_caller]
fn sends(schema: Value, expected: Value) {
    assert_eq!(closed(&schema), Ok(expected));
}

#[track_caller]
fn refuses(schema: Value, words: &str) {
    let why = closed(&schema).unwrap_err();
    assert!(why.contains(words), "{why}");
}

#[test]
fn what_a_grammar_cannot_hold_becomes_words() {
    sends(
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["rate", "codes"],
            "properties": {
                "rate": { "type": "number", "minimum": 0, "description": "In percent" },
                "codes": { "type": "array", "uniqueItems": true, "minItems": 2, "items": { "type": "string", "pattern": "^A", "maxLength": 4 } },
                "day": { "type": "string", "format": "date", "default": "x" },
                "phone": { "type": "string", "format": "phone" },
            },
        }),
        json!({
            "type": "object", "additionalProperties": false, "required": ["rate", "codes"],
            "properties": {
                "rate": { "type": "number", "description": "In percent (minimum: 0)" },
                "codes": {
                    "type": "array", "description": "(uniqueItems: true, minItems: 2)",
                    "items": { "type": "string", "description": "(pattern: \"^A\", maxLength: 4)" },
                },
                "day": { "type": "string", "format": "date" },
                "phone": { "type": "string", "description": "(format: \"phone\")" },
            },
        }),
    );
}

#[test]
fn references_are_followed_and_parts_joined() {
    sends(
        json!({
            "$defs": { "Party": { "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] } },
            "type": "object", "required": ["seller", "both"],
            "properties": {
                "seller": { "$ref": "#/$defs/Party", "description": "Who sells" },
                "both": { "allOf": [{ "$ref": "#/$defs/Party" }, { "properties": { "vat": { "type": "string" } }, "required": ["vat"] }] },
                "kind": { "oneOf": [{ "const": "a" }, { "type": "null" }] },
            },
        }),
        json!({
            "type": "object", "additionalProperties": false, "required": ["seller", "both"],
            "properties": {
                "seller": {
                    "type": "object", "additionalProperties": false, "description": "Who sells",
                    "properties": { "name": { "type": "string" } }, "required": ["name"],
                },
                "both": {
                    "type": "object", "additionalProperties": false, "required": ["name", "vat"],
                    "properties": { "name": { "type": "string" }, "vat": { "type": "string" } },
                },
                "kind": { "anyOf": [{ "const": "a" }, { "type": "null" }] },
            },
        }),
    );
}

#[test]
fn a_schema_that_no_grammar_holds_says_why() {
    let of = |field: Value| json!({ "type": "object", "properties": { "a": field } });
    refuses(of(json!({ "type": "object", "additionalProperties": { "type": "number" } })), "(a map)");
    refuses(of(json!({ "type": ["object", "null"], "patternProperties": { "^x": {} } })), "(a map)");
    refuses(of(json!({ "type": "object" })), "fields are not named");
    refuses(of(json!({})), "any kind");
    refuses(of(json!(true)), "everything");
    refuses(of(json!({ "$ref": "#" })), "contains itself");
    refuses(of(json!({ "$ref": "other.json" })), "another file");
    let tree = json!({ "type": "object", "properties": { "next": { "anyOf": [{ "$ref": "#/$defs/T" }, { "type": "null" }] } } });
    refuses(json!({ "$defs": { "T": tree }, "$ref": "#/$defs/T" }), "contains itself");
}

fn many(count: usize, kind: &Value) -> Value {
    let fields: Map<_, _> = (0..count).map(|n| (format!("f{n:02}"), json!({ "type": kind }))).collect();
    let required: Vec<_> = fields.keys().cloned().collect();
    json!({ "type": "object", "properties": fields, "required": required })
}

#[test]
fn fields_above_a_limit_may_be_missing_instead_of_null() {
    let nullable = json!(["string", "null"]);
    let few = closed(&many(MOST_UNIONS, &nullable)).unwrap();
    assert_eq!((unions(&few), optional(&few)), (MOST_UNIONS, 0));
    let more = closed(&many(MOST_UNIONS + 5, &nullable)).unwrap();
    assert_eq!((unions(&more), optional(&more)), (MOST_UNIONS, 5));
    assert_eq!(more.pointer("/properties/f00/type"), Some(&json!("string")));
    refuses(many(MOST_UNIONS + MOST_OPTIONAL + 1, &nullable), "too many fields");
    refuses(many(MOST_UNIONS + 1, &json!(["string", "number"])), "several kinds");
}
