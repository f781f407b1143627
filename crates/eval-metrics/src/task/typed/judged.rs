//! The finding of one value.

use serde_json::Value;

use super::Given;
use super::persons::names_a_person;
use crate::task::Finding;
use crate::value::{Comparison, FieldType, Judgement, Verdict, is_absent, is_same_spelling, money};

/// Where a value is.
pub(super) struct Place {
    pub(super) path: String,
    pub(super) field: String,
}

/// The finding of one value; none if it is neither labelled nor given.
pub(super) fn finding(
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
