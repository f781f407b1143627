//! The unit of a heading or a cell, and numbers times a scale.

use serde_json::Value;

use crate::task::question_number::Unit;
use crate::value::measure::{Measure, measured};
use crate::value::{currency, quantity, text};

/// The scale of a heading: 1,000 for `($K)`, 1 for `($)`; nothing if it states no unit.
pub(super) fn stated(label: &str) -> Option<f64> {
    let unit = Unit::read(&unit_part(label)?);
    (unit.scale.is_some() || unit.currency.is_some()).then(|| unit.scale.unwrap_or(1.0))
}

/// The unit of measure that a heading states.
pub(super) fn measure_of(label: &str) -> Option<Measure> {
    Unit::read(&unit_part(label)?).measure
}

/// The currency, or the percent, that a heading states.
pub(super) fn unit_name(label: &str) -> Option<String> {
    let unit = Unit::read(&unit_part(label)?);
    let kind = || unit.measure.map(|(kind, _)| kind.name.to_owned());
    let percent = unit.percent.then(|| "percent".to_owned());
    let code = unit.currency.map(|mark| currency(mark).unwrap_or(mark).to_owned());
    code.or(percent).or_else(kind)
}

/// How many of the unit of a heading one of the unit beside a number is: a thousandth for `10 g` below `kg`.
pub(super) fn share_of(value: &Value, of: Option<Measure>) -> Option<f64> {
    let (text, (kind, size)) = (value.as_str().filter(|text| text.len() <= 60)?, of?);
    measured(text).filter(|(_, own, _)| *own == kind).map(|(_, _, own)| own / size)
}

/// What stands in brackets, behind "in" or beside a sign of a currency. Elsewhere `K` and `M` are names.
fn unit_part(label: &str) -> Option<String> {
    if let Some((open, close)) = bracket(label) {
        return Some(label[open + 1..close].to_owned());
    }
    let lower = label.to_lowercase();
    if let Some(at) = lower.rfind(" in ") {
        return Some(lower[at + 4..].to_owned());
    }
    let signed = label.split([' ', ',']).find(|word| word.contains(['$', '€', '£', '¥', '₹']));
    signed.map(str::to_owned)
}

fn bracket(label: &str) -> Option<(usize, usize)> {
    let open = label.rfind(['(', '['])?;
    let close = open + label[open..].find([')', ']'])?;
    Some((open, close))
}

/// A heading without the unit in its brackets.
pub(super) fn without_unit(label: &str) -> String {
    match bracket(label).filter(|(open, close)| !Unit::read(&label[open + 1..*close]).is_none()) {
        Some((open, close)) => format!("{}{}", label[..open].trim_end(), &label[close + 1..]),
        None => label.to_owned(),
    }
}

/// A number times a factor, without the dust of binary fractions; a scale of its own (`$620K`) goes before the heading's.
///
/// Where no heading states a scale, `620K` may be the full amount or 620 of what the chart counts in.
pub(super) fn times(value: &Value, factor: f64, wanted: Option<f64>, in_full: bool) -> Option<Value> {
    let own = own_scale(value);
    let number = match own {
        Some(_) => quantity(&Value::from(digits(&text(value))))?.to_f64(),
        None => quantity(value)?.to_f64(),
    };
    let factor = match (own, wanted) {
        (Some(own), Some(wanted)) => own / wanted,
        (Some(own), None) if in_full => own,
        (Some(_), None) => 1.0,
        (None, _) => factor,
    };
    if factor == 1.0 && own.is_none() {
        return None;
    }
    let product = if factor < 1.0 { number / (1.0 / factor).round() } else { number * factor };
    let digits = format!("{product:.10}").parse::<f64>().ok()?;
    Some(Value::from(digits))
}

/// The scale that a cell states beside its number.
pub(super) fn own_scale(value: &Value) -> Option<f64> {
    let text =
        value.as_str().filter(|text| text.len() <= 60 && text.contains(|c: char| c.is_ascii_digit()))?;
    Unit::read(&signs(text)).scale
}

/// The number in a cell, without its unit.
fn digits(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_digit() || ".,-−".contains(*c)).collect()
}

/// A cell without its digits.
fn signs(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_ascii_digit() || ".,".contains(c) { ' ' } else { c }).collect()
}
