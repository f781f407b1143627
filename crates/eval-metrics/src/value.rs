//! Typed values: what a field means, whatever its spelling.

mod absence;
mod amount;
mod bound;
mod calendar;
mod cardinal;
pub(crate) mod clock;
mod code;
mod contact;
mod counted;
mod currency;
mod decimal;
mod documents;
pub(crate) mod duration;
pub(crate) mod fold;
mod grouping;
pub(crate) mod halves;
mod judge;
mod kanji;
mod labels;
mod magnitude;
pub(crate) mod measure;
mod months;
pub(crate) mod names;
pub(crate) mod numerals;
mod order;
mod payment;
mod remark;
pub(crate) mod scales;
mod signs;
pub(crate) mod spoken;
mod texts;
mod ticks;
pub(crate) mod tongues;
mod truth;
mod typed;
mod wording;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use absence::is_absent;
pub use amount::{money, quantity};
pub(crate) use bound::{bounds_before, bounds_behind};
pub use calendar::dates;
use calendar::month_of_year;
pub(crate) use calendar::order_shown;
pub(crate) use cardinal::{Tongue, german_ordinal, leading as leading_cardinal, whole as whole_cardinal};
pub(crate) use currency::{currency, mark_of, may_be_one};
pub use decimal::Decimal;
pub(crate) use documents::document_names;
pub(crate) use magnitude::{falls_before, falls_behind, fraction, is_fall, with_plain_fractions};
pub use order::DateOrder;
pub(crate) use signs::same_signs;
pub(crate) use texts::with_commas;
pub(crate) use ticks::ticked;
pub use typed::typed;
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
    /// A name of a shop, firm or product: misprints are forgiven, other numbers are not.
    Name,
    /// A name of a person: another letter is another person.
    Person,
    /// A text, equal but for case, accents, blanks and punctuation; entries between `;` in any order.
    Text,
    /// Several texts in any order.
    List,
    /// A number or code that is no quantity: equal in letters and digits.
    Code,
    /// One of a few words: equal but for case, blanks, number and common synonyms.
    Enum,
    /// A phone number: equal in digits, with or without the code of the country.
    Phone,
    /// An e-mail address: equal but for case.
    Email,
    /// Yes or no, true or false, ticked or not.
    Boolean,
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
    /// Right by one of two readings, or in part: counts half unless the metric says otherwise.
    Partly,
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

/// How values are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The similarity from which two names can be the same.
    pub name_threshold: f64,
    /// How the case's country writes dates in numbers, where it is known.
    pub date_order: Option<DateOrder>,
}

/// Whether a value is what was asked for to the letter: no reading was needed.
#[must_use]
pub fn is_same_spelling(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) => a.trim() == b.trim(),
        _ => expected == got,
    }
}

/// A value as text: strings without quotes.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;
