//! Values that TOML and JSON can hold and a price cannot. Errors of a deserializer carry their place.

use serde::de::{Deserialize, Deserializer, Error};

use super::days;

/// Dollars: no loss and no infinity.
pub(super) fn amount<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let amount = Option::<f64>::deserialize(from)?;
    match amount {
        Some(amount) if !(amount >= 0.0 && amount.is_finite()) => {
            Err(D::Error::custom(format!("a price is an amount of dollars of 0 or more, not {amount}")))
        }
        _ => Ok(amount),
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
