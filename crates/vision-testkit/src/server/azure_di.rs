use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::draft::{Answer, Draft, Problem, ProblemKind};
use super::openai::text;
use super::sight::{Seen, SeenMedium};
use super::typed;
use crate::shared::Shared;

/// Results that wait to be looked at.
#[derive(Debug, Default)]
pub(super) struct Results {
    /// By identifier: how many looks are still in vain, and what there will be to see.
    waiting: Shared<HashMap<u64, (u32, Value)>>,
}

impl Results {
    /// Takes a result in, which can be seen after so many looks.
    pub fn keep(&self, number: u64, looks: u32, result: Value) {
        self.waiting.lock().insert(number, (looks, result));
    }

    pub fn look(&self, id: &str) -> Option<Draft> {
        let mut waiting = self.waiting.lock();
        let (looks, result) = waiting.get_mut(&id.parse().ok()?)?;
        let times =
            json!({"createdDateTime": "2026-11-28T12:00:00Z", "lastUpdatedDateTime": "2026-11-28T12:00:01Z"});
        let mut body = if *looks > 0 { json!({"status": "running"}) } else { result.clone() };
        *looks = looks.saturating_sub(1);
        for (name, value) in times.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        // In hundredths of a second nobody has to wait for a test.
        Some(Draft { status: 200, headers: vec![("retry-after-ms", "100".to_owned())], body })
    }

    pub fn delete(&self, id: &str) -> bool {
        id.parse().is_ok_and(|id: u64| self.waiting.lock().remove(&id).is_some())
    }

    /// Those that were not deleted.
    pub fn count(&self) -> usize {
        self.waiting.lock().len()
    }
}

/// The reply to a document that was handed in: where its result will be.
pub(super) fn accepted(origin: &str, model: &str, number: u64) -> Draft {
    let path = format!("documentintelligence/documentModels/{model}/analyzeResults/{number}");
    let address = format!("{origin}/{path}?api-version=2024-11-30");
    let headers = vec![
        ("operation-location", address),
        ("retry-after-ms", "100".to_owned()),
        ("apim-request-id", format!("req-{number}")),
    ];
    Draft { status: 202, headers, body: json!({}) }
}

/// Bytes as they are, or an address.
pub(super) fn see(content_type: &str, body: &[u8], strict: bool) -> Result<Seen, String> {
    if !content_type.starts_with("application/json") {
        return Ok(Seen { media: vec![SeenMedium::bytes(None, body)?], ..Seen::default() });
    }
    let body: Value = serde_json::from_slice(body).map_err(|error| format!("invalid JSON: {error}"))?;
    if strict {
        crate::validate("azure_di.analyze.request", &body)?;
    }
    let medium = match body["urlSource"].as_str() {
        Some(url) => SeenMedium::address(url),
        None => SeenMedium::base64(None, &text(&body["base64Source"]))?,
    };
    Ok(Seen { media: vec![medium], ..Seen::default() })
}

pub(super) fn analyzed(answer: &Answer<'_>) -> Draft {
    let fields = typed::fields(&answer.text);
    let model = answer.seen.model.as_str();
    let mut result = json!({
        "apiVersion": "2024-11-30", "modelId": model, "stringIndexType": "unicodeCodePoint", "content": answer.text,
        "pages": [{"pageNumber": 1, "width": 100, "height": 100, "unit": "pixel", "spans": []}]
    });
    match model {
        "prebuilt-read" => {}
        "prebuilt-layout" => {
            result["tables"] = tables(&typed::rows(&fields));
            result["keyValuePairs"] = pairs(&fields);
        }
        "prebuilt-receipt" => result["documents"] = document("receipt", typed_fields(&fields, &RECEIPT)),
        "prebuilt-invoice" => result["documents"] = document("invoice", typed_fields(&fields, &INVOICE)),
        _ => result["documents"] = document(model, custom(&fields)),
    }
    Draft { status: 200, headers: Vec::new(), body: json!({"status": "succeeded", "analyzeResult": result}) }
}

/// Our names and the engine's, with the type of the value.
const RECEIPT: [(&str, &str, &str); 6] = [
    ("store", "MerchantName", "string"),
    ("date", "TransactionDate", "date"),
    ("subtotal", "Subtotal", "currency"),
    ("tax", "TotalTax", "currency"),
    ("tip", "Tip", "currency"),
    ("total", "Total", "currency"),
];

const INVOICE: [(&str, &str, &str); 8] = [
    ("sender", "VendorName", "string"),
    ("recipient", "CustomerName", "string"),
    ("number", "InvoiceId", "string"),
    ("date", "InvoiceDate", "date"),
    ("due_date", "DueDate", "date"),
    ("subtotal", "SubTotal", "currency"),
    ("tax", "TotalTax", "currency"),
    ("total", "InvoiceTotal", "currency"),
];

fn field(kind: &str, value: &Value) -> Value {
    let content = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let region = json!([{"pageNumber": 1, "polygon": [10, 10, 30, 10, 30, 20, 10, 20]}]);
    let mut field =
        json!({"type": kind, "content": content, "confidence": 0.9, "boundingRegions": region, "spans": []});
    match kind {
        "currency" => field["valueCurrency"] = json!({"amount": value, "currencyCode": "USD"}),
        "number" => field["valueNumber"] = value.clone(),
        "date" => field["valueDate"] = value.clone(),
        _ => field["valueString"] = value.clone(),
    }
    field
}

fn typed_fields(fields: &Map<String, Value>, names: &[(&str, &str, &str)]) -> Map<String, Value> {
    let there = |name: &str| fields.get(name).filter(|value| !value.is_null() && !value.is_array());
    let known =
        names.iter().filter_map(|(ours, its, kind)| Some(((*its).to_owned(), field(kind, there(ours)?))));
    let mut typed: Map<String, Value> = known.collect();
    if let Some(items) = fields.get("items").and_then(Value::as_array) {
        let item = |item: &Value| {
            let names = [
                ("name", "Description", "string"),
                ("quantity", "Quantity", "number"),
                ("price", "TotalPrice", "currency"),
            ];
            json!({"type": "object", "valueObject": typed_fields(item.as_object().unwrap_or(&Map::new()), &names)})
        };
        typed.insert(
            "Items".to_owned(),
            json!({"type": "array", "valueArray": items.iter().map(item).collect::<Vec<_>>()}),
        );
    }
    if let Some(means) = there("payment_method") {
        let payment = json!({"type": "object", "valueObject": {"Method": field("string", means)}});
        typed.insert("Payments".to_owned(), json!({"type": "array", "valueArray": [payment]}));
    }
    typed
}

fn custom(fields: &Map<String, Value>) -> Map<String, Value> {
    let simple = fields.iter().filter(|(_, value)| value.is_string() || value.is_number());
    let typed = simple.map(|(name, value)| {
        (name.clone(), field(if value.is_number() { "number" } else { "string" }, value))
    });
    typed.collect()
}

fn document(kind: &str, fields: Map<String, Value>) -> Value {
    json!([{"docType": kind, "spans": [], "confidence": 0.95, "fields": fields}])
}

fn tables(rows: &[Vec<String>]) -> Value {
    let cell = |row: usize, column: usize, text: &String| {
        let mut cell = json!({"rowIndex": row, "columnIndex": column, "content": text, "spans": []});
        if row == 0 {
            cell["kind"] = json!("columnHeader");
        }
        cell
    };
    let of_row = |(row, texts): (usize, &Vec<String>)| {
        texts.iter().enumerate().map(|(column, text)| cell(row, column, text)).collect::<Vec<_>>()
    };
    let cells: Vec<Value> = rows.iter().enumerate().flat_map(of_row).collect();
    if cells.is_empty() {
        return json!([]);
    }
    json!([{"rowCount": rows.len(), "columnCount": rows[0].len(), "cells": cells, "spans": []}])
}

fn pairs(fields: &Map<String, Value>) -> Value {
    let pair = |(name, value): (&str, String)| {
        let label = name.replace('_', " ");
        json!({"key": {"content": label, "spans": []}, "value": {"content": value, "spans": []}, "confidence": 0.9})
    };
    typed::simple(fields).into_iter().map(pair).collect()
}

pub(super) fn problem(problem: &Problem) -> Draft {
    let (status, code) = match problem.kind {
        ProblemKind::Invalid | ProblemKind::Status(400) => (400, "InvalidArgument"),
        ProblemKind::BadKey | ProblemKind::Status(401) => (401, "401"),
        ProblemKind::Status(403) => (403, "Forbidden"),
        ProblemKind::NoModel | ProblemKind::Status(404) => (404, "ModelNotFound"),
        ProblemKind::Quota => (403, "QuotaExceeded"),
        ProblemKind::Status(429) => (429, "429"),
        ProblemKind::Status(503) => (503, "ServiceUnavailable"),
        ProblemKind::Status(status @ 400..500) => (status, "InvalidRequest"),
        ProblemKind::Status(status) => (status, "InternalServerError"),
    };
    let headers = super::reply::wait(problem.delay).into_iter().collect();
    Draft { status, headers, body: json!({"error": {"code": code, "message": problem.message}}) }
}
