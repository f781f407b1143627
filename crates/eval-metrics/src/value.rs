//! Typed values: what a field means, whatever its spelling.

mod amount;
mod calendar;
mod decimal;
mod wording;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use amount::{money, quantity};
pub use calendar::dates;
pub use decimal::Decimal;
pub(crate) use wording::letters;
pub use wording::{alike, code, plain};

/// What kind of value a field holds, which decides when two values are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// An amount, equal to the cent whatever its spelling.
    Money,
    /// A number, equal in value.
    Number,
    /// A count or weight, equal in value; `2 x` and `2 pcs` are 2.
    Quantity,
    /// A date, equal as a day.
    Date,
    /// A name, similar enough: see `Thresholds`.
    Name,
    /// A text, equal but for case, blanks and outer punctuation.
    Text,
    /// A number or code that is no quantity: equal without blanks, in upper case.
    Code,
    /// One of a few words: equal but for case, blanks, `-` and `_`.
    Enum,
}

/// Whether a value is right, and if not, how it is wrong. The first that fits is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Equal, or rightly absent.
    Right,
    /// Not given.
    Missing,
    /// Given although labelled absent.
    Invented,
    /// The expected number, rounded to a coarser unit. See [`Decimal::is_rounding_of`].
    Rounded,
    /// The expected digits with the point moved, two neighbours swapped or one dropped. See [`Decimal::is_shift_of`].
    Shifted,
    /// Anything else.
    Wrong,
    /// Given, but the case does not say what is right.
    Unlabelled,
    /// The answer is none of those asked for.
    Malformed,
}

/// A verdict and, where it is not plain, the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What a reader could not see from the two values.
    pub note: Option<String>,
}

impl From<Verdict> for Judgement {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, note: None }
    }
}

impl FieldType {
    /// Judges a value. `expected` null is labelled absent; `name_threshold` is the similarity from which names are the same.
    #[must_use]
    pub fn judge(self, expected: &Value, got: &Value, name_threshold: f64) -> Judgement {
        match (is_absent(expected), is_absent(got)) {
            (true, true) => return Verdict::Right.into(),
            (true, false) => return Verdict::Invented.into(),
            (false, true) => return Verdict::Missing.into(),
            (false, false) => {}
        }
        match self {
            Self::Money => judge_numbers(money(expected), money(got), expected, got),
            Self::Number | Self::Quantity => judge_numbers(quantity(expected), quantity(got), expected, got),
            Self::Date => judge_dates(expected, got),
            Self::Name => {
                let similarity = alike(&text(expected), &text(got));
                let note = (similarity < 1.0).then(|| format!("similarity {similarity:.2}"));
                Judgement { verdict: right_if(similarity >= name_threshold), note }
            }
            Self::Text => right_if(plain(&text(expected)) == plain(&text(got))).into(),
            Self::Code => right_if(code(&text(expected)) == code(&text(got))).into(),
            Self::Enum => right_if(word(&text(expected)) == word(&text(got))).into(),
        }
    }
}

/// Null, and the ways models write it.
#[must_use]
pub fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => {
            let text = text.trim().to_lowercase();
            matches!(
                text.as_str(),
                "" | "null" | "none" | "n/a" | "na" | "nan" | "-" | "–" | "—" | "unknown" | "not available"
            )
        }
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A value as text: strings without quotes.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn right_if(right: bool) -> Verdict {
    if right { Verdict::Right } else { Verdict::Wrong }
}

fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn judge_numbers(
    expected: Option<Decimal>,
    got: Option<Decimal>,
    expected_value: &Value,
    got_value: &Value,
) -> Judgement {
    match (expected, got) {
        (Some(expected), Some(got)) if expected == got => Verdict::Right.into(),
        (Some(expected), Some(got)) if got.is_rounding_of(expected) => Verdict::Rounded.into(),
        (Some(expected), Some(got)) if got.is_shift_of(expected) => Verdict::Shifted.into(),
        (Some(expected), Some(got)) if got == -expected => {
            Judgement { verdict: Verdict::Wrong, note: Some("the sign is wrong".to_owned()) }
        }
        (Some(_), Some(_)) => Verdict::Wrong.into(),
        (Some(_), None) => Judgement { verdict: Verdict::Wrong, note: Some("not a number".to_owned()) },
        (None, _) => right_if(plain(&text(expected_value)) == plain(&text(got_value))).into(),
    }
}

fn judge_dates(expected: &Value, got: &Value) -> Judgement {
    let (expected_text, got_text) = (text(expected), text(got));
    let (expected, got) = (dates(&expected_text), dates(&got_text));
    if expected.is_empty() {
        return right_if(plain(&expected_text) == plain(&got_text)).into();
    }
    let right = got.iter().any(|date| expected.contains(date));
    let note = match got.len() {
        0 => Some("not a date".to_owned()),
        1 => None,
        _ if right => Some("day and month could be read either way".to_owned()),
        _ => None,
    };
    Judgement { verdict: right_if(right), note }
}

#[cfg(test)]
mod tests;
