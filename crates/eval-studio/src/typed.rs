//! What a person typed, read as the scorer reads an answer.

use eval_metrics::value::{Comparison, DateOrder, FieldType, Verdict, is_absent, plain, typed};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::event::Label;
use crate::field::{Column, Field, Shape};

/// Longer input is no value.
const LONGEST: usize = 200_000;

/// What typed input was understood as.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Understood {
    /// The value of the label.
    pub value: Value,
    /// The same for a person.
    pub shown: String,
}

/// Reads input by the shape of its field.
///
/// # Errors
/// With a sentence for the person, if it cannot be read, or can be read in two ways.
pub fn understand(field: &Field, text: &str, order: Option<DateOrder>) -> Result<Understood, String> {
    if text.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    let value = match &field.shape {
        Shape::Text => Value::from(text.trim()),
        Shape::Json => serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}"))?,
        Shape::One { kind, choices } => one(*kind, choices, text.trim(), order)?,
        Shape::Rows { columns } => rows(columns, text, order)?,
    };
    match value {
        Value::Null if !field.nullable => Err("cannot be null".to_owned()),
        Value::Null => Ok(Understood { shown: "null (there is nothing)".to_owned(), value }),
        value => Ok(Understood { shown: shown_in(field, &value), value }),
    }
}

impl Understood {
    /// What was typed, as a label.
    #[must_use]
    pub fn label(self) -> Label {
        if self.value.is_null() { Label::Absent } else { Label::Value(self.value) }
    }
}

fn one(kind: FieldType, choices: &[String], text: &str, order: Option<DateOrder>) -> Result<Value, String> {
    if text.is_empty() {
        return Err("empty: type a value, or mark the field as null or not labeled".to_owned());
    }
    let is_word = !matches!(
        kind,
        FieldType::Money
            | FieldType::Number
            | FieldType::Quantity
            | FieldType::Date
            | FieldType::Boolean
            | FieldType::List
    );
    if is_word && !choices.is_empty() { chosen(choices, text) } else { typed(kind, text, order) }
}

/// The choice that the scorer takes the text for, or the only one that begins so.
fn chosen(choices: &[String], text: &str) -> Result<Value, String> {
    let same = |choice: &&String| {
        choice.eq_ignore_ascii_case(text)
            || FieldType::Enum.judge(&choice.as_str().into(), &text.into(), &comparison(None)).verdict
                == Verdict::Right
    };
    let begins: Vec<&String> =
        choices.iter().filter(|it| it.to_lowercase().starts_with(&text.to_lowercase())).collect();
    let only = match begins.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let found = choices.iter().find(same).or(only);
    found
        .map(|choice| choice.as_str().into())
        .ok_or_else(|| format!("`{text}` is none of {}", choices.join(", ")))
}

/// A record a line, its values between tabs or `|`.
fn rows(columns: &[Column], text: &str, order: Option<DateOrder>) -> Result<Value, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let rows: Result<Vec<Value>, String> = lines
        .map(|(at, line)| row(columns, line, order).map_err(|message| format!("line {}: {message}", at + 1)))
        .collect();
    rows.map(Value::from)
}

fn row(columns: &[Column], line: &str, order: Option<DateOrder>) -> Result<Value, String> {
    if let [only] = columns
        && only.name.is_empty()
    {
        return one(only.kind, &[], line.trim(), order);
    }
    let mark = if line.contains('\t') { '\t' } else { '|' };
    let cells: Vec<&str> = line.split(mark).map(str::trim).collect();
    if cells.len() > columns.len() {
        return Err(format!("{} values for {} columns", cells.len(), columns.len()));
    }
    let mut record = Map::new();
    for (at, column) in columns.iter().enumerate() {
        let value = match cells.get(at).copied().unwrap_or_default() {
            "" => Value::Null,
            cell => {
                one(column.kind, &[], cell, order).map_err(|message| format!("{}: {message}", column.name))?
            }
        };
        record.insert(column.name.clone(), value);
    }
    Ok(record.into())
}

/// A value as a person would type it into its field.
#[must_use]
pub fn shown_in(field: &Field, value: &Value) -> String {
    match field.shape {
        Shape::Json => format!("{value:#}"),
        _ => shown(value),
    }
}

/// An entry of a list in a cell.
fn plainly(entry: &Value) -> String {
    entry.as_str().map_or_else(|| entry.to_string(), |text| text.replace(['|', '\t', '\n', ';'], " "))
}

/// The cells of a row without empty ones at its end. A row of nothing is a row all the same.
fn joined(cells: &[String]) -> String {
    match cells.iter().rposition(|cell| !cell.is_empty()) {
        Some(last) => cells[..=last].join(" | "),
        None if cells.len() > 1 => "|".to_owned(),
        None => String::new(),
    }
}

/// A value as a person would type it.
#[must_use]
pub fn shown(value: &Value) -> String {
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.replace(['|', '\t', '\n'], " "),
        Value::Array(entries) => entries.iter().map(plainly).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    };
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(truth) => if *truth { "yes" } else { "no" }.to_owned(),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let line = |item: &Value| match item {
                Value::Object(cells) => joined(&cells.values().map(cell).collect::<Vec<_>>()),
                other => cell(other),
            };
            items.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// What a candidate answered for a field, as a label; nothing if it cannot be one.
#[must_use]
pub fn as_label(field: &Field, answer: &Value, order: Option<DateOrder>) -> Option<Label> {
    match &field.shape {
        Shape::Text => answer.as_str().map(|text| Label::Value(text.trim().into())),
        // What is asked for and how it is judged are two things here.
        Shape::Json => None,
        Shape::Rows { .. } if is_absent(answer) => Some(Label::Value(Value::Array(Vec::new()))),
        _ if is_absent(answer) && !answer.is_array() => field.nullable.then_some(Label::Absent),
        Shape::One { kind, choices } => single(*kind, choices, answer, order).map(Label::Value),
        Shape::Rows { columns } => {
            let record = |item: &Value| match columns.as_slice() {
                [only] if only.name.is_empty() => single(only.kind, &[], item, order),
                _ => {
                    let of = |column: &Column| {
                        let cell = item.get(&column.name).unwrap_or(&Value::Null);
                        (column.name.clone(), single(column.kind, &[], cell, order).unwrap_or(Value::Null))
                    };
                    let bare = item.as_str().and_then(|text| row(columns, text, order).ok());
                    item.is_object().then(|| columns.iter().map(of).collect::<Map<_, _>>().into()).or(bare)
                }
            };
            let items: Option<Vec<Value>> = answer.as_array()?.iter().map(record).collect();
            items.map(|items| Label::Value(items.into()))
        }
    }
}

fn single(kind: FieldType, choices: &[String], answer: &Value, order: Option<DateOrder>) -> Option<Value> {
    match (kind, answer) {
        (FieldType::Boolean, Value::Bool(_)) | (FieldType::List, Value::Array(_)) => Some(answer.clone()),
        (FieldType::Money | FieldType::Number | FieldType::Quantity, Value::Number(_)) => {
            Some(answer.clone())
        }
        (_, Value::String(text)) => one(kind, choices, text.trim(), order).ok(),
        (_, Value::Number(number)) => one(kind, choices, &number.to_string(), order).ok(),
        _ => None,
    }
}

/// Whether two labels say the same, as the scorer sees it; names and texts must be the same but for case and blanks.
#[must_use]
pub fn same(field: &Field, one: &Label, other: &Label) -> bool {
    match (one, other) {
        (Label::Value(one), Label::Value(other)) => same_value(field, one, other),
        (one, other) => one == other,
    }
}

fn same_value(field: &Field, one: &Value, other: &Value) -> bool {
    match &field.shape {
        Shape::Text => same_words(one, other),
        Shape::Json => one == other,
        Shape::One { kind, .. } => same_single(*kind, one, other),
        Shape::Rows { columns } => {
            let (Some(ones), Some(others)) = (one.as_array(), other.as_array()) else { return false };
            ones.len() == others.len()
                && ones.iter().zip(others).all(|(one, other)| {
                    columns.iter().all(|column| match column.name.as_str() {
                        "" => same_single(column.kind, one, other),
                        name => same_single(column.kind, &one[name], &other[name]),
                    })
                })
        }
    }
}

fn same_single(kind: FieldType, one: &Value, other: &Value) -> bool {
    match kind {
        FieldType::Name | FieldType::Person | FieldType::Text | FieldType::Code => same_words(one, other),
        _ => kind.judge(one, other, &comparison(None)).verdict == Verdict::Right,
    }
}

fn same_words(one: &Value, other: &Value) -> bool {
    let words = |value: &Value| value.as_str().map_or_else(|| value.to_string(), plain);
    words(one) == words(other)
}

fn comparison(date_order: Option<DateOrder>) -> Comparison {
    Comparison { name_threshold: 1.0, date_order }
}

#[cfg(test)]
mod tests;
