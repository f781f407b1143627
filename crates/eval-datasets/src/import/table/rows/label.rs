//! Labels as tasks have them.

use serde_json::{Value, json};
use vision_core::Task;

use crate::import::chartqa;
use crate::import::table::number::Mark;
use crate::import::table::role::places;
use crate::import::table::{measured, path};

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

pub(super) fn answer(label: Value, mark: Option<Mark>) -> Result<Value, String> {
    Ok(match label {
        Value::String(text) => match amount(&text, mark)? {
            Some(number) => number,
            None => chartqa::answer(&text),
        },
        Value::Number(number) => chartqa::answer(&number.to_string()),
        Value::Bool(value) => json!({ "type": "yes_no", "value": value }),
        Value::Array(texts) if texts.len() > 1 => {
            json!({ "type": "category", "value": texts[0], "aliases": texts[1..] })
        }
        other => other,
    })
}

/// A number with groups, a currency, a unit or a scale: `1,234.50`, `$12.50`, `45%`, `5 kg`. As near as any number of a chart.
fn amount(text: &str, mark: Option<Mark>) -> Result<Option<Value>, String> {
    let Some(measured) = measured::read(text) else { return Ok(None) };
    let is_plain = text.trim().parse::<f64>().is_ok();
    // A plain number may be a year.
    if is_plain && (mark == Some(Mark::Point) || !measured.number.is_ambiguous()) {
        return Ok(None);
    }
    let value = measured.number.marked(mark, text)?;
    Ok(Some(json!({ "type": "number", "value": value, "unit": measured.unit, "tolerance": 0.05 })))
}

/// The answer to a question about a document. What is printed is read and not measured, so that a number is right or wrong
/// to its last digit.
pub(super) fn printed(label: Value, mark: Option<Mark>) -> Result<Value, String> {
    let text = match &label {
        Value::String(text) => text.trim().to_owned(),
        // A number of JSON is written with a point.
        Value::Number(value) => {
            return Ok(json!({ "type": "number", "value": value, "unit": null, "tolerance": 0.0 }));
        }
        _ => return answer(label, mark),
    };
    Ok(match (measured::read(&text), text.to_lowercase().as_str()) {
        (Some(measured), _) => {
            let value = measured.number.marked(mark, &text)?;
            json!({ "type": "number", "value": value, "unit": measured.unit, "tolerance": 0.0 })
        }
        (None, "yes") => json!({ "type": "yes_no", "value": true }),
        (None, "no") => json!({ "type": "yes_no", "value": false }),
        (None, _) => json!({ "type": "category", "value": text, "aliases": [] }),
    })
}
