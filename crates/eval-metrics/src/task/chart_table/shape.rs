//! Where the table is in an answer, whatever its JSON looks like.

mod series;

use serde_json::{Map, Value, json};

use crate::task::keys::plain_key;

/// A table as a heading and rows.
pub(super) struct Shape {
    pub(super) title: Option<Value>,
    pub(super) columns: Vec<Value>,
    pub(super) rows: Vec<Vec<Value>>,
    /// It has the keys that were asked for.
    pub(super) in_place: bool,
}

const COLUMNS: [&str; 6] = ["columns", "headers", "header", "columnnames", "heading", "headings"];
const ROWS: [&str; 7] = ["rows", "data", "records", "values", "tablerows", "body", "entries"];
const TITLE: [&str; 3] = ["title", "charttitle", "name"];

/// How deep a table is looked for.
const DEEPEST: usize = 3;

impl Shape {
    pub(super) fn find(value: &Value, most_rows: usize) -> Option<Self> {
        find(value, most_rows, 0)
    }
}

fn find(value: &Value, most: usize, depth: usize) -> Option<Shape> {
    match value {
        Value::Object(fields) => series::in_object(fields, most)
            .or_else(|| in_object(fields, most))
            .or_else(|| {
                let inner = fields.values().take(20).filter(|value| value.is_object() || value.is_array());
                let found = inner
                    .take(if depth < DEEPEST { 20 } else { 0 })
                    .find_map(|value| find(value, most, depth + 1));
                found.map(|shape| Shape {
                    title: shape.title.or_else(|| named(fields, &TITLE).cloned()),
                    ..shape
                })
            })
            .or_else(|| by_name(fields, most)),
        Value::Array(rows) => from_rows(&[], rows, None, most).or_else(|| match rows.as_slice() {
            [only] if depth < DEEPEST => find(only, most, depth + 1),
            _ => None,
        }),
        _ => None,
    }
}

fn named<'a>(fields: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| {
        fields.get(*name).or_else(|| {
            fields.iter().take(50).find(|(key, _)| plain_key(key) == *name).map(|(_, value)| value)
        })
    })
}

fn in_object(fields: &Map<String, Value>, most: usize) -> Option<Shape> {
    let rows = named(fields, &ROWS)?.as_array()?;
    let columns = named(fields, &COLUMNS).and_then(Value::as_array);
    let title = named(fields, &TITLE).cloned();
    let shape = from_rows(columns.map_or(&[][..], Vec::as_slice), rows, title, most)?;
    Some(Shape { in_place: fields.contains_key("rows") && fields.contains_key("columns"), ..shape })
}

fn from_rows(columns: &[Value], rows: &[Value], title: Option<Value>, most: usize) -> Option<Shape> {
    let mut rows = &rows[..rows.len().min(most)];
    let mut columns: Vec<Value> = columns.iter().take(most).map(heading).collect();
    if columns.is_empty() {
        columns = match rows.split_first()? {
            (Value::Object(fields), _) => fields.keys().take(most).map(|key| json!(key)).collect(),
            (Value::Array(header), body) => {
                rows = body;
                header.iter().take(most).cloned().collect()
            }
            _ => return None,
        };
    }
    // A heading that names the values only.
    let widest = rows.iter().filter_map(Value::as_array).map(Vec::len).max();
    if widest == Some(columns.len() + 1) {
        columns.insert(0, json!(""));
    }
    let rows = rows.iter().filter_map(|row| match row {
        Value::Array(cells) => Some(cells.clone()),
        Value::Object(fields) => {
            let cell = |column: &Value| {
                column.as_str().and_then(|name| fields.get(name)).cloned().unwrap_or_default()
            };
            Some(columns.iter().map(cell).collect())
        }
        _ => None,
    });
    Some(Shape { title, rows: rows.collect(), columns, in_place: false })
}

/// `{"name": "2023", "unit": "$K"}` as a heading is its name.
fn heading(column: &Value) -> Value {
    column.get("name").or_else(|| column.get("label")).unwrap_or(column).clone()
}

/// Tables that are keyed by their names: by column `{"Year": [2023, 2024], "Sales": [1, 2]}`, by row
/// `{"Q1": {"2023": 1}}`, or a list of values `{"Q1": 1, "Q2": 2}`.
fn by_name(fields: &Map<String, Value>, most: usize) -> Option<Shape> {
    let title = named(fields, &TITLE).filter(|title| title.is_string()).cloned();
    let is_note = |key: &str, value: &Value| {
        value.is_string() && (TITLE.contains(&key) || key == "unit" || key == "units")
    };
    let entries: Vec<(&String, &Value)> =
        fields.iter().filter(|(key, value)| !is_note(key, value)).take(most).collect();
    if entries.len() < 2 {
        return None;
    }
    let all = |is: fn(&Value) -> bool| entries.iter().all(|(_, value)| is(value));
    if all(Value::is_array) {
        let length = entries.iter().filter_map(|(_, value)| value.as_array()).map(Vec::len).max()?.min(most);
        let cell = |value: &Value, row: usize| value.get(row).cloned().unwrap_or_default();
        let rows =
            (0..length).map(|row| entries.iter().map(|(_, value)| cell(value, row)).collect()).collect();
        return Some(Shape {
            title,
            columns: entries.iter().map(|(key, _)| json!(key)).collect(),
            rows,
            in_place: false,
        });
    }
    if all(Value::is_object) {
        let first = entries[0].1.as_object()?;
        let names: Vec<&String> = first.keys().take(most).collect();
        let columns = std::iter::once(json!("")).chain(names.iter().map(|name| json!(name))).collect();
        let row = |(key, value): &(&String, &Value)| {
            std::iter::once(json!(key)).chain(names.iter().map(|name| value[name.as_str()].clone())).collect()
        };
        return Some(Shape { title, columns, rows: entries.iter().map(row).collect(), in_place: false });
    }
    if all(|value| {
        value.is_number() || value.as_str().is_some_and(|text| text.contains(|c: char| c.is_ascii_digit()))
    }) {
        let rows = entries.iter().map(|(key, value)| vec![json!(key), (*value).clone()]).collect();
        return Some(Shape { title, columns: vec![json!(""), json!("Value")], rows, in_place: false });
    }
    None
}
