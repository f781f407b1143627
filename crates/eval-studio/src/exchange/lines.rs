//! A document a line: `{"file": …, "expected": {…}}`, where null says that there is nothing.

use serde_json::{Map, Value, json};

use super::{Found, Row};
use crate::event::Label;
use crate::field::Field;
use crate::file_column;
use crate::studio::Studio;
use crate::typed::as_label;

/// Writes a line for each document.
pub fn write(rows: &[Row<'_>]) -> String {
    let line = |row: &Row<'_>| {
        let mut expected = Map::new();
        let mut unlabeled: Vec<&str> = Vec::new();
        for (field, label) in &row.labels {
            match label {
                Label::Value(value) => _ = expected.insert(field.name.clone(), value.clone()),
                Label::Absent => _ = expected.insert(field.name.clone(), Value::Null),
                Label::Unlabeled => unlabeled.push(&field.name),
            }
        }
        let mut line = json!({ "file": row.document, "expected": expected });
        if !unlabeled.is_empty() {
            line["unlabeled"] = json!(unlabeled);
        }
        format!("{line}\n")
    };
    rows.iter().map(line).collect()
}

/// Reads the lines; names that are no field are passed over.
pub fn read(studio: &Studio, paths: &[String], text: &str) -> Result<Vec<Found>, String> {
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let place = format!("line {}", at + 1);
        let line: Value = serde_json::from_str(line).map_err(|error| format!("{place}: {error}"))?;
        let document = file(paths, &line).map_err(|error| format!("{place} {error}"))?;
        let unlabeled = |field: &&Field| {
            line["unlabeled"].as_array().is_some_and(|names| names.iter().any(|name| *name == field.name))
        };
        let order = studio.project().date_order();
        let labeled = studio.fields().iter().filter_map(|field| {
            let value = line["expected"].get(&field.name)?;
            let label = match value {
                // As it stands: `null` and the empty text are different labels.
                Value::String(text) if text.is_empty() || is_plain_text(field) => {
                    Ok(Label::Value(value.clone()))
                }
                value => as_label(field, value, order).ok_or_else(|| format!("`{value}` cannot be read")),
            };
            Some((field.name.clone(), label))
        });
        let left =
            studio.fields().iter().filter(unlabeled).map(|field| (field.name.clone(), Ok(Label::Unlabeled)));
        rows.push(Found { place, document, labels: labeled.chain(left).collect() });
    }
    Ok(rows)
}

/// The entry with the file, by its name or because its value is a document of the folder.
fn file(paths: &[String], line: &Value) -> Result<String, String> {
    let entries = line.as_object().into_iter().flatten();
    let (names, texts): (Vec<&str>, Vec<&str>) =
        entries.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).unzip();
    let is_file = |text: &str| super::document(paths, text).is_some();
    match file_column::find(&names, std::iter::once(texts.clone()), is_file) {
        Ok(at) => Ok(texts[at].to_owned()),
        Err(_) => Err(format!(
            "has no entry `file`, and none that alone names a document of this folder; it has {}",
            names.join(", ")
        )),
    }
}

fn is_plain_text(field: &Field) -> bool {
    use crate::field::Shape;
    use eval_metrics::value::FieldType::{Code, Email, Name, Person, Phone, Text};
    match &field.shape {
        Shape::Text => true,
        Shape::One { kind, choices } => {
            choices.is_empty() && matches!(kind, Code | Email | Name | Person | Phone | Text)
        }
        Shape::Rows { .. } | Shape::Json => false,
    }
}
