//! Labels as tasks have them.

use serde_json::{Value, json};
use vision_core::Task;

use super::super::chartqa;
use super::measured::{self, Measured};
use super::names::quoted;
use super::number::{Decimals, Mark};
use super::role::places;
use super::{path, yes_no};

/// Checks as people write them: a list, or texts with semicolons between them, which must be said.
pub(super) fn checks(label: Value) -> Value {
    let list = |cell: Value| match cell {
        Value::String(text) => {
            let parts = text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty());
            parts.map(Value::from).collect()
        }
        cell => cell,
    };
    match label {
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, cell)| (key, list(cell))).collect())
        }
        label => json!({ "must": list(label) }),
    }
}

/// The label of a receipt has no other fields than a receipt.
pub(super) fn receipt(mut label: Value) -> Result<Value, String> {
    let known = places(Task::Receipt).unwrap_or_default();
    let mut unknown = None;
    let mut copy = label.clone();
    path::leaves(&mut copy, &mut String::new(), &mut |place, _| {
        let is_known =
            known.iter().any(|(known, _)| *known == place || known.split('.').next() == Some(place));
        if !is_known {
            _ = unknown.get_or_insert_with(|| place.to_owned());
        }
    });
    if let Some(place) = unknown {
        return Err(format!("`{place}` is no field of a receipt"));
    }
    // What an item does not show is not labelled: neither it nor its fields are ever null.
    if let Some(label) = label.as_object_mut() {
        label.retain(|key, value| key != "items" || !value.is_null());
    }
    let items = label.get_mut("items").and_then(Value::as_array_mut);
    for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
        item.retain(|_, value| !value.is_null());
    }
    Ok(label)
}

/// How the answers to questions are read.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// What separates their decimals.
    pub decimals: Decimals,
    /// The name of their column.
    pub column: String,
    /// Whether all of them are yes or no.
    pub yes_no: bool,
}

impl Answers {
    pub(super) fn label(&self, label: Value) -> Result<Value, String> {
        Ok(match label {
            Value::String(text) => match (self.truth(&text), self.amount(&text)?) {
                (Some(truth), _) => yes_no_label(truth),
                (None, Some(number)) => number,
                (None, None) => chartqa::answer(&text),
            },
            Value::Number(number) => chartqa::answer(&number.to_string()),
            Value::Bool(value) => yes_no_label(value),
            Value::Array(texts) if texts.len() > 1 => {
                json!({ "type": "category", "value": texts[0], "aliases": texts[1..] })
            }
            other => other,
        })
    }

    /// The answer to a question about a document. What is printed is read and not measured, so that a number is right or
    /// wrong to its last digit.
    pub(super) fn printed(&self, label: Value) -> Result<Value, String> {
        let text = match &label {
            Value::String(text) => text.trim().to_owned(),
            // A number of JSON is written with a point.
            Value::Number(value) => {
                return Ok(json!({ "type": "number", "value": value, "unit": null, "tolerance": 0.0 }));
            }
            _ => return self.label(label),
        };
        Ok(match (measured::read(&text), self.truth(&text)) {
            (Some(measured), _) => {
                let value = self.number(&measured, &text)?;
                json!({ "type": "number", "value": value, "unit": measured.unit, "tolerance": 0.0 })
            }
            (None, Some(truth)) => yes_no_label(truth),
            (None, None) => json!({ "type": "category", "value": text, "aliases": [] }),
        })
    }

    fn truth(&self, text: &str) -> Option<bool> {
        if self.yes_no { yes_no::letter(text) } else { yes_no::word(text) }
    }

    /// A number with groups, a currency, a unit or a scale: `1,234.50`, `$12.50`, `45%`, `5 kg`. As near as any number of a
    /// chart.
    fn amount(&self, text: &str) -> Result<Option<Value>, String> {
        let Some(measured) = measured::read(text) else { return Ok(None) };
        let is_plain = text.trim().parse::<f64>().is_ok();
        // A plain number may be a year.
        if is_plain && (self.decimals.mark == Some(Mark::Point) || !measured.number.is_ambiguous()) {
            return Ok(None);
        }
        let value = self.number(&measured, text)?;
        Ok(Some(json!({ "type": "number", "value": value, "unit": measured.unit, "tolerance": 0.05 })))
    }

    fn number(&self, measured: &Measured, text: &str) -> Result<Value, String> {
        let money = measured.number.currency.is_some();
        measured.number.marked(self.decimals, money, text, &quoted(&self.column))
    }
}

fn yes_no_label(truth: bool) -> Value {
    json!({ "type": "yes_no", "value": truth })
}
