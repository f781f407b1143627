//! Answers of engines that know types: made out of the JSON that a task's answer is.

use serde_json::{Map, Value};

/// The fields of an answer; none if it is no JSON.
pub(super) fn fields(text: &str) -> Map<String, Value> {
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// The simple fields that are there, as they would be printed.
pub(super) fn simple(fields: &Map<String, Value>) -> Vec<(&str, String)> {
    let printed = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    fields.iter().filter_map(|(name, value)| Some((name.as_str(), printed(value)?))).collect()
}

/// The rows of a table, its headings first.
pub(super) fn rows(fields: &Map<String, Value>) -> Vec<Vec<String>> {
    let row = |row: &Value| {
        let cells = row.as_array().map(Vec::as_slice).unwrap_or_default();
        cells
            .iter()
            .map(|cell| cell.as_str().map_or_else(|| cell.to_string().replace("null", ""), str::to_owned))
            .collect()
    };
    let rows = fields.get("rows").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let headings = fields.get("columns").map(row);
    headings.into_iter().chain(rows.iter().map(row)).collect()
}
