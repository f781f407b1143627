//! The JSON of Label Studio: tasks with annotations.
//!
//! Values stand in controls named like our fields: choices for a closed set, a text area for everything else.

use serde_json::{Value, json};

use super::{Found, Row, cell};
use crate::event::Label;
use crate::field::{Field, Shape};
use crate::studio::Studio;

/// Where Label Studio looks for files of a folder that it was given.
const LOCAL: &str = "/data/local-files/?d=";

/// Writes a task for each document.
pub fn write(rows: &[Row<'_>]) -> String {
    let result = |field: &Field, label: &Label| match (&field.shape, label) {
        (Shape::One { choices, .. }, Label::Value(Value::String(choice))) if !choices.is_empty() => {
            json!({ "from_name": field.name, "to_name": "document", "type": "choices", "value": { "choices": [choice] } })
        }
        _ => {
            let text = cell::write(field, label);
            json!({ "from_name": field.name, "to_name": "document", "type": "textarea", "value": { "text": [text] } })
        }
    };
    let task = |(id, row): (u64, &Row<'_>)| {
        let results: Vec<Value> = row.labels.iter().map(|(field, label)| result(field, label)).collect();
        json!({
            "id": id, "data": { "document": format!("{LOCAL}{}", encoded(row.document)) },
            "annotations": [{ "id": id, "was_cancelled": false, "result": results }],
        })
    };
    let tasks: Vec<Value> = (1..).zip(rows).map(task).collect();
    format!("{:#}\n", Value::from(tasks))
}

/// Reads tasks; the last annotation of each that was not canceled counts.
pub fn read(studio: &Studio, paths: &[String], text: &str) -> Result<Vec<Found>, String> {
    let tasks: Vec<Value> =
        serde_json::from_str(text).map_err(|error| format!("is no list of tasks: {error}"))?;
    let mut rows = Vec::new();
    for (at, task) in (1..).zip(&tasks) {
        let annotations = task["annotations"].as_array().or_else(|| task["completions"].as_array());
        let kept =
            |annotation: &&Value| annotation["was_cancelled"] != true && annotation["result"].is_array();
        let Some(annotation) = annotations.and_then(|all| all.iter().rev().find(kept)) else { continue };
        let place = format!("task {}", task["id"].as_u64().unwrap_or(at));
        let data = task["data"].as_object().ok_or_else(|| format!("{place} has no `data`"))?;
        let files: Vec<String> = data.values().filter_map(Value::as_str).filter_map(file).collect();
        // Other entries may look like files.
        let there = files.iter().find(|name| super::document(paths, name).is_some());
        let Some(document) = there.or(files.first()).cloned() else {
            let names: Vec<String> = data.keys().map(|name| format!("`{name}`")).collect();
            return Err(format!("{place} names no file: its data has {}", names.join(", ")));
        };
        let results = annotation["result"].as_array().into_iter().flatten();
        let labels = results.filter_map(|result| label(studio, result)).collect();
        rows.push(Found { place, document, labels });
    }
    Ok(rows)
}

fn label(studio: &Studio, result: &Value) -> Option<(String, Result<Label, String>)> {
    let name = result["from_name"].as_str()?;
    let field = studio.fields().iter().find(|field| field.name == name)?;
    let value = &result["value"];
    let joined = |texts: &Vec<Value>| texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n");
    let text = value["text"]
        .as_array()
        .or_else(|| value["choices"].as_array())
        .map(joined)
        .or_else(|| value["text"].as_str().map(str::to_owned))
        .or_else(|| value["datetime"].as_str().map(str::to_owned))
        .or_else(|| value["number"].is_number().then(|| value["number"].to_string()))?;
    let read = cell::read(field, &text, studio.project().date_order()).transpose()?;
    Some((name.to_owned(), read))
}

/// The path of a file in an address of Label Studio. What was uploaded has eight letters and a dash before its name.
fn file(address: &str) -> Option<String> {
    if let Some((_, path)) = address.split_once("?d=") {
        return Some(decoded(path));
    }
    let path = decoded(address.split('?').next()?);
    let name = path.rsplit('/').next()?;
    if path.contains("/upload/")
        && let Some((before, name)) = name.split_once('-')
        && before.len() == 8
        && before.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return Some(name.to_owned());
    }
    name.contains('.').then_some(path)
}

fn encoded(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    path.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, others @ ..] = rest {
        let pair = others.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
