//! Answers that are one number in the way of an amount or of a length of time: `1 h 30 min`, `99 cents`, `1.2 × 10^3`.

use serde_json::Value;

use super::candidate::Candidate;
use super::found::claimed;
use super::unit::Unit;
use crate::value::duration::stated_duration;
use crate::value::fold::narrow;
use crate::value::measure::measure;
use crate::value::{Decimal, currency, money, quantity};

/// The number of an answer that the reader of sentences would take apart; nothing where it does as well.
pub(super) fn read(text: &str, expected: &Unit) -> Option<Vec<Candidate>> {
    let second = measure("s");
    let is_time = expected.measure.map(|(kind, _)| kind) == second.map(|(kind, _)| kind);
    if is_time && let Some(seconds) = stated_duration(text) {
        let unit = Unit { measure: second, ..Unit::default() };
        return Some(vec![Candidate { unit, ..Candidate::plain(Decimal::from_f64(seconds)?) }]);
    }
    power(text).or_else(|| paid(text))
}

/// A number times a power of ten, which has other digits than the number.
fn power(text: &str) -> Option<Vec<Candidate>> {
    const LONGEST: usize = 40;
    let plain = narrow(text.trim());
    let is_power = plain.contains(|c: char| "^⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c)) && plain.contains("10");
    if text.len() > LONGEST || !is_power {
        return None;
    }
    let whole = if plain.starts_with("10") { format!("1 x {plain}") } else { plain };
    Some(vec![Candidate::plain(quantity(&Value::from(whole))?)])
}

/// An amount of money in parts or in cents: `20€50`, `99 cents`.
fn paid(text: &str) -> Option<Vec<Candidate>> {
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return None;
    }
    let amount = money(&Value::from(text))?;
    let found = claimed(text);
    let cents = in_cents(text);
    match found.as_slice() {
        // Whether the label counts dollars or cents is not known.
        [one] if cents => Some(vec![Candidate {
            other: Some(amount),
            unit: Unit::default(),
            ..Candidate::plain(one.number)
        }]),
        [] | [_] => None,
        _ => {
            let lower = text.to_lowercase();
            let is_word = |it: &&str| !it.is_empty();
            let mut words = lower.split(|c: char| c.is_ascii_digit() || " .,".contains(c)).filter(is_word);
            let unit = words.find(|word| currency(word).is_some()).map(Unit::read)?;
            Some(vec![Candidate { unit, ..Candidate::plain(amount) }])
        }
    }
}

/// Whether a number counts hundredths of a currency.
fn in_cents(text: &str) -> bool {
    let lower = text.to_lowercase();
    let unit = lower
        .trim()
        .trim_end_matches('.')
        .trim_start_matches(|c: char| c.is_ascii_digit() || " .,".contains(c));
    matches!(unit.trim(), "¢" | "cent" | "cents" | "ct" | "cts" | "p" | "pence" | "centimes" | "rappen")
}
