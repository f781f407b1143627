//! A cell becomes a value of the label.

use serde_json::Value;

use super::date::{self, DateOrder};
use super::kind::{Reading, flag, is_absent};
use super::names::quoted;
use super::number;

impl Reading {
    /// A value of a column as the label holds it.
    pub(super) fn value(&self, value: &Value, column: &str) -> Result<Value, String> {
        let Value::String(text) = value else {
            return Ok(match (self, value) {
                (Self::Text | Self::Word | Self::Date { .. }, Value::Number(number)) => {
                    number.to_string().into()
                }
                (Self::Text, Value::Bool(flag)) => flag.to_string().into(),
                _ => value.clone(),
            });
        };
        let text = text.trim();
        match self {
            _ if text == "null" => Ok(Value::Null),
            Self::Text => Ok(text.into()),
            _ if is_absent(text) || text.is_empty() => Ok(Value::Null),
            Self::Flag => {
                flag(text).map(Value::from).ok_or_else(|| format!("is neither true nor false: `{text}`"))
            }
            Self::Word => payment(text).map(Value::from),
            Self::Number { decimals, money, .. } => {
                let number = number::read(text).ok_or_else(|| format!("is no number: `{text}`"))?;
                number.marked(*decimals, *money, text, &quoted(column))
            }
            Self::Date { order } => {
                let date = date::read(text).ok_or_else(|| match text.parse::<u32>() {
                    Ok(20_000..80_000) => format!(
                        "is no date: `{text}` (a spreadsheet's count of days? format the column as a date)"
                    ),
                    _ => format!("is no date: `{text}`"),
                })?;
                let all = || DateOrder::ALL.into_iter().find_map(|order| date.by(order));
                let iso = match order {
                    Some(order) => date
                        .by(*order)
                        .ok_or_else(|| format!("`{text}` is no date in the order {}", order.name()))?,
                    None => all().ok_or_else(|| format!("is no date: `{text}`"))?,
                };
                Ok(iso.into())
            }
        }
    }
}

/// The words of our receipts for ways to pay.
fn payment(text: &str) -> Result<&'static str, String> {
    const WAYS: [(&str, &[&str]); 4] = [
        (
            "cash",
            &["cash", "bar", "bargeld", "barzahlung", "efectivo", "contanti", "especes", "espèces", "tunai"],
        ),
        (
            "card",
            &[
                "card",
                "creditcard",
                "debitcard",
                "credit",
                "debit",
                "visa",
                "mastercard",
                "amex",
                "maestro",
                "girocard",
                "ec",
                "eckarte",
                "karte",
                "kartenzahlung",
                "kreditkarte",
                "tarjeta",
                "carta",
                "cartebancaire",
            ],
        ),
        ("mobile", &["mobile", "applepay", "googlepay", "phone", "alipay", "wechatpay", "ewallet"]),
        ("voucher", &["voucher", "giftcard", "gutschein", "mealvoucher"]),
    ];
    let word: String = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let way = WAYS.iter().find(|(_, words)| words.contains(&word.as_str()));
    way.map(|(way, _)| *way).ok_or_else(|| format!("is none of cash, card, mobile and voucher: `{text}`"))
}
