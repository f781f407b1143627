//! A label in a cell of a table, and back, without loss.

use eval_metrics::value::{DateOrder, FieldType};
use serde_json::Value;

use crate::event::Label;
use crate::field::{Field, Shape};
use crate::typed::{as_label, shown, understand};

/// There is nothing.
const ABSENT: &str = "null";

/// Decided to be left unlabeled.
const UNLABELED: &str = "unlabeled";

/// What follows is meant as it stands, and is neither a word of ours nor a formula.
const LITERAL: char = '\'';

/// The cell of a label. Reading it gives the label again.
pub fn write(field: &Field, label: &Label) -> String {
    let value = match label {
        Label::Absent => return ABSENT.to_owned(),
        Label::Unlabeled => return UNLABELED.to_owned(),
        Label::Value(value) => value,
    };
    let plain = match value {
        Value::Array(_) => value.to_string(),
        value => shown(value),
    };
    // Spreadsheets carry out what begins like a formula.
    let is_formula = plain.starts_with(['=', '+', '-', '@', '\t', '\r']) && !value.is_number();
    if !is_formula && read(field, &plain, None) == Ok(Some(label.clone())) {
        return plain;
    }
    match value {
        Value::String(text) => format!("{LITERAL}{text}"),
        other => format!("{LITERAL}{other}"),
    }
}

/// The label in a cell; nothing if it is empty.
pub fn read(field: &Field, cell: &str, order: Option<DateOrder>) -> Result<Option<Label>, String> {
    if let Some(text) = cell.strip_prefix(LITERAL) {
        return literal(field, text).map(|value| Some(Label::Value(value)));
    }
    match cell.trim() {
        "" => Ok(None),
        ABSENT if field.nullable => Ok(Some(Label::Absent)),
        ABSENT if matches!(field.shape, Shape::Rows { .. }) => {
            Ok(Some(Label::Value(Value::Array(Vec::new()))))
        }
        ABSENT => Err("cannot be null".to_owned()),
        UNLABELED => Ok(Some(Label::Unlabeled)),
        list if list.starts_with('[') && holds_list(field) => {
            let items: Value = serde_json::from_str(list).map_err(|error| format!("is no list: {error}"))?;
            let label = as_label(field, &items, order);
            label.map(Some).ok_or_else(|| "does not have the columns of the field".to_owned())
        }
        _ => understand(field, cell, order).map(|it| Some(it.label())),
    }
}

fn holds_list(field: &Field) -> bool {
    matches!(field.shape, Shape::Rows { .. } | Shape::One { kind: FieldType::List, .. })
}

fn literal(field: &Field, text: &str) -> Result<Value, String> {
    let json =
        |what: &str| serde_json::from_str::<Value>(text).map_err(|_| format!("`{text}` is not {what}"));
    match &field.shape {
        _ if holds_list(field) => {
            json("a list").and_then(|it| if it.is_array() { Ok(it) } else { Err("is no list".to_owned()) })
        }
        Shape::One { kind: FieldType::Money | FieldType::Number | FieldType::Quantity, .. } => {
            json("a number")
                .and_then(|it| if it.is_number() { Ok(it) } else { Err("is no number".to_owned()) })
        }
        Shape::One { kind: FieldType::Boolean, .. } => json("true or false"),
        Shape::One { choices, .. } if !choices.is_empty() && !choices.iter().any(|choice| choice == text) => {
            Err(format!("`{text}` is none of {}", choices.join(", ")))
        }
        _ => Ok(text.into()),
    }
}
