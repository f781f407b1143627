//! The finding of one value.

use std::collections::HashMap;

use serde_json::Value;

use super::Given;
use super::persons::names_a_person;
use super::structure::Place;
use crate::task::Finding;
use crate::value::{Comparison, FieldType, Judgement, Verdict, is_absent, is_same_spelling, money};

/// How the values of a case are compared.
pub(super) struct By {
    pub(super) comparison: Comparison,
    /// Other readings that are right, by path.
    pub(super) readings: HashMap<String, Vec<Value>>,
}

/// The finding of one value, where another reading than the labelled one may be right.
pub(super) fn finding(
    place: Place,
    kind: FieldType,
    expected: Option<&Value>,
    given: Given<'_>,
    by: &By,
) -> Option<Finding> {
    let readings = by.readings.get(&place.path).map_or(&[][..], Vec::as_slice);
    let mut found = judged(place, kind, expected, given, &by.comparison)?;
    if !matches!(found.verdict, Verdict::Right | Verdict::Unlabelled | Verdict::Missing) {
        let right =
            |reading: &&Value| kind.judge(reading, given.value, &by.comparison).verdict == Verdict::Right;
        if readings.iter().any(|reading| right(&reading)) {
            found.verdict = Verdict::Right;
            found.note = Some("another reading that the label accepts".to_owned());
            found.lenient = !given.in_place;
        }
    }
    Some(found)
}

/// The finding of one value by its label; none if it is neither labelled nor given.
fn judged(
    place: Place,
    kind: FieldType,
    expected: Option<&Value>,
    given: Given<'_>,
    by: &Comparison,
) -> Option<Finding> {
    let kind = if kind == FieldType::Name && names_a_person(&place.field) { FieldType::Person } else { kind };
    let judgement = match expected {
        Some(expected) => no_charge(kind, &place.field, expected, given.value)
            .unwrap_or_else(|| kind.judge(expected, given.value, by)),
        None if is_absent(given.value) => return None,
        None => Verdict::Unlabelled.into(),
    };
    let expected = expected.cloned().unwrap_or_default();
    let is_literal = given.in_place && (is_absent(&expected) || is_same_spelling(&expected, given.value));
    let is_literal =
        is_literal && (judgement.note.is_none() || is_absent(&expected) == is_absent(given.value));
    Some(Finding {
        path: place.path,
        field: place.field,
        expected,
        got: given.value.clone(),
        verdict: judgement.verdict,
        note: judgement.note,
        lenient: judgement.verdict == Verdict::Right && !is_literal,
    })
}

/// A charge of nothing is no charge.
fn no_charge(kind: FieldType, field: &str, expected: &Value, got: &Value) -> Option<Judgement> {
    const CHARGES: [&str; 12] = [
        "tip",
        "tax",
        "discount",
        "shipping",
        "deposit",
        "fee",
        "servicecharge",
        "gratuity",
        "rounding",
        "delivery",
        "surcharge",
        "vat",
    ];
    let last = crate::task::keys::plain_key(field.rsplit('.').next().unwrap_or(field));
    let is_charge = kind == FieldType::Money && CHARGES.contains(&last.as_str());
    let is_zero = |value: &Value| money(value).is_some_and(|amount| amount.to_f64() == 0.0);
    let is_same = is_absent(expected) && is_zero(got) || is_absent(got) && is_zero(expected);
    (is_charge && is_same).then(|| Judgement {
        verdict: Verdict::Right,
        note: Some("no charge and a charge of 0 are one thing".to_owned()),
    })
}
