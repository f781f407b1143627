//! The metric `extract`: what a schema makes of an answer.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::task::{CaseFacts, Evidence, FoundAt, Scored, TaskMetric};
use crate::value::{FieldType, Verdict};

fn invoice() -> Value {
    json!({
        "$defs": {
            "Party": { "type": "object", "properties": {
                "name": { "type": "string" }, "email": { "type": ["string", "null"] }, "phone": { "type": "string" },
            } },
            "Node": { "type": "object", "properties": {
                "label": { "type": "string" },
                "children": { "type": "array", "items": { "$ref": "#/$defs/Node" } },
            } },
        },
        "type": "object",
        "properties": {
            "invoice_number": { "type": "string" },
            "issued": { "type": "string", "format": "date" },
            "paid": { "type": "boolean" },
            "status": { "enum": ["open", "closed", null] },
            "vendor": { "$ref": "#/$defs/Party" },
            "buyer": { "anyOf": [{ "$ref": "#/$defs/Party" }, { "type": "null" }] },
            "items": { "type": "array", "items": { "type": "object", "properties": {
                "description": { "type": "string" },
                "quantity": { "type": "number" },
                "price": { "type": ["number", "null"] },
                "taxes": { "type": "array", "items": { "type": "object", "properties": {
                    "kind": { "type": "string" }, "amount": { "type": "number" },
                } } },
                "tags": { "type": "array", "items": { "type": "string" } },
            } } },
            "rates": { "type": "object", "additionalProperties": { "type": "number" } },
            "offices": { "type": "object", "additionalProperties": { "$ref": "#/$defs/Party" } },
            "matrix": { "type": "array", "items": { "type": "array", "items": { "type": "number" } } },
            "tree": { "$ref": "#/$defs/Node" },
            "total": { "type": "number" },
        },
    })
}

fn metric(settings: Value) -> TaskMetric {
    TaskMetric::from_settings("extract", &settings, &[], Some(&invoice())).unwrap()
}

#[track_caller]
fn score(expected: &Value, answer: &Value) -> Scored {
    metric(json!(null)).score(expected, &answer.to_string()).unwrap()
}

#[track_caller]
fn check(expected: Value, answer: Value, headline: f64) {
    let scored = score(&expected, &answer);
    let found = scored.headline.unwrap();
    assert!((found - headline).abs() < 1e-9, "{found} and not {headline}: {:#?}", scored.explanation);
}

#[track_caller]
fn verdict(scored: &Scored, path: &str) -> Verdict {
    let finding = scored.explanation.iter().find(|finding| finding.path == path);
    finding.unwrap_or_else(|| panic!("no finding {path} in {:#?}", scored.explanation)).verdict
}

#[test]
fn fields_and_their_types_come_from_the_schema() {
    let fields = metric(json!(null)).fields();
    let kind = |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.kind);
    for (name, expected) in [
        ("invoice_number", FieldType::Code),
        ("issued", FieldType::Date),
        ("paid", FieldType::Boolean),
        ("status", FieldType::Enum),
        ("vendor.name", FieldType::Name),
        ("vendor.email", FieldType::Email),
        ("buyer.phone", FieldType::Phone),
        ("items[].description", FieldType::Text),
        ("items[].quantity", FieldType::Quantity),
        ("items[].price", FieldType::Money),
        ("items[].taxes[].amount", FieldType::Money),
        ("items[].tags[]", FieldType::Text),
        ("rates.*", FieldType::Number),
        ("offices.*.name", FieldType::Name),
        ("matrix[][]", FieldType::Number),
        ("tree.children[].children[].label", FieldType::Text),
        ("total", FieldType::Money),
    ] {
        assert_eq!(kind(name), Some(expected), "{name} in {fields:#?}");
    }
}

#[test]
fn a_right_answer_is_right_whatever_the_order_of_records() {
    let expected = json!({
        "invoice_number": "A-1", "issued": "2024-03-07", "paid": true, "status": null,
        "vendor": { "name": "Corner Shop", "email": null, "phone": "+1 212 555 0142" }, "buyer": null,
        "items": [
            { "description": "Tea", "quantity": 1, "price": 2.5, "tags": ["hot", "green"],
              "taxes": [{ "kind": "city", "amount": 0.1 }, { "kind": "state", "amount": 0.2 }] },
            { "description": "Bread", "quantity": 2, "price": null, "tags": [], "taxes": [] },
        ],
        "rates": { "USD": 1.08, "GBP": 0.85 }, "offices": { "berlin": { "name": "Ost", "email": null, "phone": "1" } },
        "matrix": [[1, 2], [3, 4]], "tree": { "label": "a", "children": [{ "label": "b", "children": [] }] }, "total": 2.5,
    });
    check(expected.clone(), expected.clone(), 1.0);
    let mut other = expected.clone();
    other["items"].as_array_mut().unwrap().reverse();
    other["items"][1]["taxes"].as_array_mut().unwrap().reverse();
    other["items"][1]["tags"] = json!(["green", "hot"]);
    other["issued"] = json!("March 7, 2024");
    other["paid"] = json!("yes");
    other["vendor"]["phone"] = json!("(212) 555-0142");
    let scored = score(&expected, &other);
    assert_eq!(scored.headline, Some(1.0), "{:#?}", scored.explanation);
    assert_eq!(scored.values["item_f1"], Some(1.0));
}

#[test]
fn every_mistake_is_found_at_its_path() {
    let expected = json!({
        "vendor": { "name": "Corner Shop", "email": "a@b.test" },
        "items": [{ "description": "Tea", "price": 2.5, "taxes": [{ "kind": "city", "amount": 0.1 }] }],
        "rates": { "USD": 1.08, "GBP": 0.85 },
        "buyer": null,
    });
    let answer = json!({
        "vendor": { "name": "Corner Shop", "email": "a@c.test" },
        "items": [
            { "description": "Tea", "price": 2.5, "taxes": [{ "kind": "city", "amount": 0.3 }] },
            { "description": "Coffee", "price": 3 },
        ],
        "rates": { "USD": 1.08, "CHF": 0.95 },
        "buyer": { "name": "Ada" },
    });
    let scored = score(&expected, &answer);
    for (path, expected) in [
        ("vendor.name", Verdict::Right),
        ("vendor.email", Verdict::Wrong),
        ("items[0].taxes[0].amount", Verdict::Wrong),
        ("items[+1].price", Verdict::Invented),
        ("rates.USD", Verdict::Right),
        ("rates.GBP", Verdict::Missing),
        ("rates.CHF", Verdict::Invented),
        ("buyer.name", Verdict::Invented),
    ] {
        assert_eq!(verdict(&scored, path), expected, "{path}");
    }
    let field = |path: &str| scored.explanation.iter().find(|it| it.path == path).unwrap().field.as_str();
    assert_eq!(field("items[0].taxes[0].amount"), "items[].taxes[].amount");
    assert_eq!(field("rates.USD"), "rates.*");
}

#[test]
fn what_is_not_labelled_is_not_judged_and_nothing_is_right_where_nothing_is() {
    assert_eq!(score(&json!({}), &json!({ "total": 5 })).headline, None);
    check(json!({ "items": [], "buyer": null }), json!({ "items": [], "buyer": null }), 1.0);
    check(json!({ "rates": {} }), json!({ "rates": { "USD": 1 } }), 0.0);
    check(json!({ "total": 5 }), json!({ "total": 5, "invoice_number": "x" }), 1.0);
    check(json!({ "items": [{ "description": "Tea" }] }), json!([]), 0.0);
}

#[test]
fn weights_and_critical_fields_are_said_by_path() {
    let settings = json!({ "fields": {
        "items[].price": { "weight": 3, "critical": true }, "vendor": { "weight": 0 }, "invoice_number": "text",
    } });
    let metric = metric(settings);
    let expected = json!({
        "vendor": { "name": "Corner Shop" }, "items": [{ "description": "Tea", "price": 2.5 }], "invoice_number": "A-1",
    });
    let answer = json!({ "vendor": { "name": "x" }, "items": [{ "description": "Tea", "price": 9 }], "invoice_number": "A1" });
    let scored = metric.score(&expected, &answer.to_string()).unwrap();
    // Right: the description; wrong: the price, three times, and the number as text or not, once.
    let fields = metric.fields();
    assert!(fields.iter().any(|field| field.name == "items[].price" && field.critical));
    assert!(fields.iter().any(|field| field.name == "invoice_number" && field.kind == FieldType::Text));
    assert_eq!(scored.values["critical_right"], Some(0.0));
    let right = if verdict(&scored, "invoice_number") == Verdict::Right { 2.0 } else { 1.0 };
    assert_eq!(scored.headline, Some(right / 5.0), "{:#?}", scored.explanation);
}

#[test]
fn a_field_that_the_schema_lacks_is_a_mistake() {
    #[track_caller]
    fn refused(settings: Value, critical: &[&str], schema: Option<Value>, says: &str) {
        let critical: Vec<String> = critical.iter().map(|&name| name.to_owned()).collect();
        let error = TaskMetric::from_settings("extract", &settings, &critical, schema.as_ref()).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    refused(json!({ "fields": { "totl": "money" } }), &[], Some(invoice()), "`totl` is no field");
    refused(json!(null), &["totl"], Some(invoice()), "critical field `totl`");
    refused(json!({ "fields": { "total": { "weight": -1 } } }), &[], None, "weight");
    refused(json!({ "fields": { "total": "cash" } }), &[], None, "the type of the field `total`");
    refused(json!({ "lists": { "items": "text" } }), &[], None, "takes its lists from the JSON Schema");
    refused(json!(null), &[], Some(json!({ "type": "array", "items": {} })), "an object with `properties`");
}

#[test]
fn a_case_may_have_a_schema_of_its_own() {
    let metric = TaskMetric::from_settings("extract", &json!(null), &[], None).unwrap();
    let error = metric.score(&json!({ "a": 1 }), "{}").unwrap_err().to_string();
    assert!(error.contains("needs a JSON Schema"), "{error}");
    for (schema, right) in [(json!({ "properties": { "a": { "type": "number" } } }), 1.0), (invoice(), 0.0)] {
        let facts = CaseFacts { schema: Some(Arc::new(schema)), ..CaseFacts::default() };
        let scored = metric.score_case(&json!({ "a": 1 }), r#"{"a": 1.0}"#, &facts).unwrap();
        assert_eq!(scored.headline.unwrap_or(0.0), right);
        assert_eq!(scored.schema_valid, Some(true));
    }
}

#[test]
fn evidence_gives_other_readings_and_grounding() {
    let metric = metric(json!(null));
    let expected = json!({ "invoice_number": "A-1", "total": 12.5 });
    let place = json!({ "left": 0.1, "top": 0.1, "right": 0.3, "bottom": 0.2 });
    let evidence = json!({
        "invoice_number": [{ "value": "B-2" }],
        "total": [{ "text": "12.50", "page": 1, "box": place }],
    });
    let facts = |found_at| CaseFacts {
        evidence: Evidence::read(&evidence).unwrap(),
        found_at,
        ..CaseFacts::default()
    };
    let answer = r#"{"invoice_number": "B-2", "total": 12.5}"#;
    let scored = metric.score_case(&expected, answer, &facts(Vec::new())).unwrap();
    assert_eq!(scored.headline, Some(1.0));
    assert_eq!((scored.values["value_f1"], scored.values["grounding_f1"]), (Some(1.0), None));
    let total = Evidence::read(&evidence).unwrap().pop().unwrap();
    let found = |page| FoundAt { path: "total".to_owned(), page: Some(page), bounds: total.bounds };
    let right = metric.score_case(&expected, answer, &facts(vec![found(1)])).unwrap();
    assert_eq!((right.values["grounding_f1"], right.values["page_f1"]), (Some(1.0), Some(1.0)));
    let wrong = metric.score_case(&expected, answer, &facts(vec![found(2)])).unwrap();
    assert_eq!((wrong.values["grounding_f1"], wrong.headline), (Some(0.0), Some(1.0)));
    assert!(Evidence::read(&json!({ "total": [{ "pages": 1 }] })).is_err());
}

#[test]
fn answers_in_other_shapes_are_read() {
    let expected = json!({ "vendor": { "name": "Corner Shop" }, "total": 12.5 });
    check(expected.clone(), json!({ "vendor_name": "Corner Shop", "total": "12,50 €" }), 1.0);
    check(
        expected.clone(),
        json!({ "invoice": { "Vendor": { "Name": "Corner Shop" }, "Total": 12.5 } }),
        1.0,
    );
    // A name inside of something else is not the vendor's.
    check(expected, json!({ "buyer": { "name": "Corner Shop" }, "total": 12.5 }), 2.0 / 3.0);
}

/// Any schema makes a metric or says why not, and any answer gets a score.
#[test]
fn odd_schemas_and_answers_are_survived() {
    let odd = [
        json!({ "properties": { "a": true, "b": false, "c": [], "d": "x", "e": null } }),
        json!({ "properties": { "a": { "$ref": "#/properties/a" } } }),
        json!({ "properties": { "a": { "$ref": "https://example.test/x" }, "b": { "$ref": "#/nowhere" } } }),
        json!({ "$ref": "#/$defs/A", "$defs": { "A": { "allOf": [{ "properties": { "a": {} } }, { "$ref": "#/$defs/A" }] } } }),
        json!({ "properties": { "a": { "anyOf": [{ "type": "string" }, { "type": "array", "items": {} }, { "type": "null" }] } } }),
        json!({ "properties": { "a": { "type": "array" }, "b": { "type": "array", "items": false, "prefixItems": [{}] } } }),
        json!({ "properties": { "a.b": { "type": "string" }, "a": { "properties": { "b": { "type": "number" } } }, "": {} } }),
        json!({ "properties": { "value": { "type": "array", "items": { "properties": { "value": { "type": "string" } } } } } }),
        json!({ "properties": { "a": { "patternProperties": { "^x": { "type": "array", "items": { "type": "array" } } } } } }),
    ];
    let values = [
        json!({ "a": null }),
        json!({ "a": "x", "b": [1] }),
        json!({ "a": ["x", ["y"], {}], "value": [{ "value": "z" }] }),
        json!({ "a": { "b": 1, "x": [[1]] }, "": 2 }),
        json!([]),
        json!({}),
    ];
    for schema in &odd {
        for settings in [json!(null), json!({ "fields": { "a": { "weight": 0 } } })] {
            let Ok(metric) = TaskMetric::from_settings("extract", &settings, &[], Some(schema)) else {
                continue;
            };
            for (expected, answer) in values.iter().flat_map(|a| values.iter().map(move |b| (a, b))) {
                if let Ok(scored) = metric.score(expected, &answer.to_string()) {
                    assert!(
                        scored.headline.is_none_or(|share| (0.0..=1.0).contains(&share)),
                        "{schema} {expected} {answer}"
                    );
                }
            }
        }
    }
}

#[test]
fn two_thousand_records_are_scored_and_five_thousand_refused() {
    let schema = json!({ "properties": { "rows": { "type": "array", "items": { "properties": {
        "name": { "type": "string" }, "code": { "type": "string" }, "price": { "type": "number" },
    } } } } });
    let metric = TaskMetric::from_settings("extract", &json!(null), &[], Some(&schema)).unwrap();
    let rows = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|at| json!({ "name": format!("Article {at}"), "code": format!("c-{at}"), "price": at }))
            .collect()
    };
    let expected = json!({ "rows": rows(2_000) });
    let mut answer = rows(2_000);
    answer.reverse();
    answer[7]["price"] = json!(5.25);
    let scored = metric.score(&expected, &json!({ "rows": answer }).to_string()).unwrap();
    assert_eq!((scored.values["right"], scored.values["wrong"]), (Some(5_999.0), Some(1.0)));
    let error = metric.score(&json!({ "rows": rows(5_000) }), "{}").unwrap_err().to_string();
    assert!(error.contains("at most 16000000"), "{error}");
}
