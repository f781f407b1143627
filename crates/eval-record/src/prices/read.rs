//! Values that TOML and JSON can hold and a price cannot. Errors of a deserializer carry their place.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Error};

use super::day::days;

/// Reads an amount of dollars: no loss and no infinity.
pub fn dollars<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let amount = Option::<f64>::deserialize(from)?;
    match amount {
        Some(amount) if !(amount >= 0.0 && amount.is_finite()) => {
            Err(D::Error::custom(format!("a price is an amount of dollars of 0 or more, not {amount}")))
        }
        _ => Ok(amount),
    }
}

/// Reads what tiers and places cost in times the usual price.
pub(super) fn factors<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, f64>, D::Error> {
    let factors = BTreeMap::<String, f64>::deserialize(from)?;
    match factors.iter().find(|(_, times)| !(**times > 0.0 && times.is_finite())) {
        Some((name, times)) => {
            Err(D::Error::custom(format!("`{name}` is in times the usual price: more than 0, not {times}")))
        }
        None => Ok(factors),
    }
}

/// The same where there must be one.
pub(super) fn price_of_unit<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    dollars(from)?.ok_or_else(|| D::Error::custom("a unit needs its price: `usd`"))
}

/// How many units are billed together.
pub(super) fn group<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    match Option::<u64>::deserialize(from)? {
        Some(0) => Err(D::Error::custom("`per` is how many units are billed together: 1 or more")),
        group => Ok(group),
    }
}

pub(super) fn currency<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let currency = String::deserialize(from)?;
    match currency.as_str() {
        "USD" => Ok(currency),
        _ => Err(D::Error::custom(format!(
            "currency `{currency}` is not supported: convert the prices to USD, so that they can be compared"
        ))),
    }
}

pub(super) fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let day = Option::<String>::deserialize(from)?;
    match &day {
        Some(text) if text.len() != 10 || days(text).is_none() => {
            Err(D::Error::custom(format!("`{text}` is not a day such as 2026-12-31")))
        }
        _ => Ok(day),
    }
}
