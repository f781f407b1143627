use serde_json::{Map, Value, json};

use super::draft::{Answer, Draft};
use super::openai::text;
use super::sight::{Seen, SeenMedium};
use super::typed;

/// Sees all but the processor, which stands in the address.
pub(super) fn see(body: &Value) -> Result<Seen, String> {
    let document = &body["rawDocument"];
    let medium = match body["gcsDocument"]["gcsUri"].as_str() {
        Some(uri) => SeenMedium::address(uri),
        None => SeenMedium::base64(document["mimeType"].as_str(), &text(&document["content"]))?,
    };
    Ok(Seen { media: vec![medium], ..Seen::default() })
}

/// The address does not say what a processor does; here its name does.
pub(super) fn processed(answer: &Answer<'_>) -> Draft {
    let fields = typed::fields(&answer.text);
    let page = json!({"pageNumber": 1, "dimension": {"width": 100, "height": 100}});
    let mut document = json!({"mimeType": "image/png", "text": answer.text, "pages": [page]});
    let model = &answer.seen.model;
    if model.contains("form") {
        form(&mut document, &fields);
    } else if !model.contains("ocr") {
        let names: &[(&str, &str)] = if model.contains("invoice") { &INVOICE } else { &EXPENSE };
        document["entities"] = entities(&fields, names);
    }
    let body = json!({"document": document, "humanReviewStatus": {"state": "SKIPPED"}});
    Draft { status: 200, headers: Vec::new(), body }
}

const EXPENSE: [(&str, &str); 7] = [
    ("store", "supplier_name"),
    ("date", "receipt_date"),
    ("subtotal", "net_amount"),
    ("tax", "total_tax_amount"),
    ("tip", "tip_amount"),
    ("total", "total_amount"),
    ("payment_method", "payment_type"),
];

const INVOICE: [(&str, &str); 8] = [
    ("sender", "supplier_name"),
    ("recipient", "receiver_name"),
    ("number", "invoice_id"),
    ("date", "invoice_date"),
    ("due_date", "due_date"),
    ("subtotal", "net_amount"),
    ("tax", "total_tax_amount"),
    ("total", "total_amount"),
];

fn entities(fields: &Map<String, Value>, names: &[(&str, &str)]) -> Value {
    let there = |name: &str| fields.get(name).filter(|value| !value.is_null() && !value.is_array());
    let mut entities: Vec<Value> =
        names.iter().filter_map(|(ours, its)| Some(entity(its, there(ours)?))).collect();
    for item in fields.get("items").and_then(Value::as_array).into_iter().flatten() {
        let names = [
            ("name", "line_item/description"),
            ("quantity", "line_item/quantity"),
            ("price", "line_item/amount"),
        ];
        let item = item.as_object().cloned().unwrap_or_default();
        entities
            .push(json!({"type": "line_item", "confidence": 0.9, "properties": entities_of(&item, &names)}));
    }
    Value::Array(entities)
}

fn entities_of(fields: &Map<String, Value>, names: &[(&str, &str)]) -> Vec<Value> {
    names.iter().filter_map(|(ours, its)| Some(entity(its, fields.get(*ours)?))).collect()
}

fn entity(kind: &str, value: &Value) -> Value {
    let words = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let corner = |x: f64, y: f64| json!({"x": x, "y": y});
    let vertices = [corner(0.1, 0.1), corner(0.3, 0.1), corner(0.3, 0.2), corner(0.1, 0.2)];
    let mut entity = json!({
        "type": kind, "mentionText": words, "confidence": 0.9,
        "pageAnchor": {"pageRefs": [{"boundingPoly": {"normalizedVertices": vertices}}]}
    });
    if let (Some(amount), true) = (value.as_f64(), kind.ends_with("amount")) {
        let cents = (amount * 100.0).round() as i64;
        let money = json!({
            "currencyCode": "USD", "units": (cents / 100).to_string(), "nanos": cents % 100 * 10_000_000
        });
        entity["normalizedValue"] = json!({"text": format!("{amount} USD"), "moneyValue": money});
    }
    entity
}

/// Tables and labels point into the text, which is written anew for it.
fn form(document: &mut Value, fields: &Map<String, Value>) {
    let mut text = String::new();
    let mut anchor = |words: &str| {
        let start = text.chars().count();
        text.push_str(words);
        text.push('\n');
        let end = text.chars().count();
        json!({"textAnchor": {"textSegments": [{"startIndex": start.to_string(), "endIndex": end.to_string()}]}, "confidence": 0.9})
    };
    let rows = typed::rows(fields);
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| json!({"cells": row.iter().map(|cell| json!({"layout": anchor(cell)})).collect::<Vec<_>>()}))
        .collect();
    let pairs = typed::simple(fields).into_iter();
    let pairs = pairs.map(
        |(name, value)| json!({"fieldName": anchor(&name.replace('_', " ")), "fieldValue": anchor(&value)}),
    );
    let pairs: Vec<Value> = pairs.collect();
    let page = &mut document["pages"][0];
    page["formFields"] = Value::Array(pairs);
    if let Some((head, body)) = rows.split_first() {
        page["tables"] = json!([{"headerRows": [head], "bodyRows": body}]);
    }
    document["text"] = json!(text);
}
