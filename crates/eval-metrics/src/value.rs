//! Typed values: what a field means, whatever its spelling.

mod amount;
mod calendar;
mod decimal;
pub(crate) mod fold;
pub(crate) mod labels;
pub(crate) mod names;
mod order;
pub(crate) mod spoken;
mod ticks;
mod wording;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use names::Bearer;

pub use amount::{money, quantity};
pub use calendar::dates;
pub(crate) use calendar::order_shown;
pub use decimal::Decimal;
pub use order::DateOrder;
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

impl FieldType {
    /// Judges a value. `expected` null is labelled absent.
    #[must_use]
    pub fn judge(self, expected: &Value, got: &Value, by: &Comparison) -> Judgement {
        let chosen = match self {
            Self::Text | Self::List | Self::Enum if ticks::ticked(expected).is_none() => ticks::ticked(got),
            _ => None,
        };
        if let Some(chosen) = chosen {
            return self.judge_chosen(expected, &chosen, by);
        }
        self.judge_plain(expected, got, by)
    }

    fn judge_plain(self, expected: &Value, got: &Value, by: &Comparison) -> Judgement {
        let got = unwrapped(self, got);
        match (is_absent(expected), is_absent(got)) {
            (true, true) => return Verdict::Right.into(),
            (true, false) => return Verdict::Invented.into(),
            (false, true) => return Verdict::Missing.into(),
            (false, false) => {}
        }
        let name = |bearer| {
            let compared = names::compare(&text(expected), &text(got), by.name_threshold, bearer);
            Judgement { verdict: right_if(compared.same), note: compared.note }
        };
        match self {
            Self::Money => judge_numbers(money(expected), money(got), expected, got),
            Self::Number | Self::Quantity => judge_numbers(quantity(expected), quantity(got), expected, got),
            Self::Date => judge_dates(expected, got, by.date_order),
            Self::Name => name(Bearer::Thing),
            Self::Person => name(Bearer::Person),
            Self::Text | Self::List => judge_texts(self, expected, got),
            Self::Code => right_if(labels::same_code(&text(expected), &text(got))).into(),
            Self::Enum => right_if(labels::same_label(&text(expected), &text(got))).into(),
        }
    }

    /// Judges boxes that were given with their state by those that are ticked.
    fn judge_chosen(self, expected: &Value, chosen: &[String], by: &Comparison) -> Judgement {
        let chosen = match chosen {
            [] => Value::Null,
            [one] => Value::from(one.as_str()),
            // Several of a closed set, where one was asked for.
            _ if self == Self::Enum && !is_absent(expected) => return Verdict::Wrong.into(),
            several => Value::from(several),
        };
        let mut judgement = self.judge_plain(expected, &chosen, by);
        judgement.note.get_or_insert_with(|| "only ticked boxes count".to_owned());
        judgement
    }
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

/// The value in `{"value": 12.5, "currency": "EUR"}`, and the only one of a list.
fn unwrapped(kind: FieldType, got: &Value) -> &Value {
    const KEYS: [&str; 6] = ["value", "amount", "text", "name", "label", "date"];
    match got {
        Value::Object(fields) => KEYS.iter().find_map(|key| fields.get(*key)).unwrap_or(got),
        Value::Array(items) if items.len() == 1 && !matches!(kind, FieldType::Text | FieldType::List) => {
            &items[0]
        }
        _ => got,
    }
}

/// Null, and the ways models write it.
#[must_use]
pub fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => {
            // Nothing that long says that there is nothing.
            if text.len() > 60 {
                return text.trim().is_empty();
            }
            let text = text.trim().trim_end_matches('.').to_lowercase();
            ABSENT.contains(&text.as_str()) || says_nothing_is_there(&text)
        }
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// `not visible on the document`, `none ticked`, `no name visible`.
fn says_nothing_is_there(text: &str) -> bool {
    const PLACES: [&str; 3] = [" on the ", " in the ", " anywhere"];
    const SEEN: [&str; 9] =
        [" visible", " given", " shown", " printed", " found", " stated", " ticked", " checked", " selected"];
    let start = PLACES.iter().find_map(|place| text.find(place)).map_or(text, |at| &text[..at]);
    let is_none = start.starts_with("no ") || start.starts_with("none ");
    start.len() < text.len() && ABSENT.contains(&start)
        || is_none && start.split(' ').count() <= 4 && SEEN.iter().any(|seen| start.ends_with(seen))
}

/// How models write that there is nothing.
const ABSENT: [&str; 34] = [
    "",
    "null",
    "none",
    "n/a",
    "na",
    "n.a",
    "nan",
    "nil",
    "-",
    "--",
    "–",
    "—",
    "unknown",
    "undefined",
    "not available",
    "not applicable",
    "not visible",
    "not printed",
    "not given",
    "not specified",
    "not stated",
    "not provided",
    "not shown",
    "not present",
    "not found",
    "not listed",
    "not mentioned",
    "not readable",
    "not legible",
    "illegible",
    "none given",
    "none visible",
    "none printed",
    "missing",
];

/// A value as text: strings without quotes.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn right_if(right: bool) -> Verdict {
    if right { Verdict::Right } else { Verdict::Wrong }
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
        (None, _) => right_if(labels::same_text(&text(expected_value), &text(got_value))).into(),
    }
}

fn judge_dates(expected: &Value, got: &Value, order: Option<DateOrder>) -> Judgement {
    let (expected_text, got_text) = (text(expected), text(got));
    if plain(&expected_text) == plain(&got_text) {
        return Verdict::Right.into();
    }
    let (expected, readings) = (dates(&expected_text, order), dates(&got_text, order));
    let right = readings.iter().any(|date| expected.contains(date));
    let settled = || order.is_some() && dates(&got_text, None).len() > 1;
    match (right, readings.len()) {
        (_, 0) => Judgement { verdict: Verdict::Wrong, note: Some("not a date".to_owned()) },
        (true, 1) => {
            let note = settled().then(|| "day and month read as the case's country writes them".to_owned());
            Judgement { verdict: Verdict::Right, note }
        }
        (true, _) => Judgement {
            verdict: Verdict::Partly,
            note: Some("day and month could be read either way: counts half".to_owned()),
        },
        (false, _) => {
            let note = settled().then(|| format!("read as {}", readings[0]));
            Judgement { verdict: Verdict::Wrong, note }
        }
    }
}

fn judge_texts(kind: FieldType, expected: &Value, got: &Value) -> Judgement {
    let lines = |value: &Value| match value {
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(";"),
        other => text(other),
    };
    let (expected_text, got_text) = (lines(expected), lines(got));
    if labels::same_text(&expected_text, &got_text) {
        return Verdict::Right.into();
    }
    let is_list =
        kind == FieldType::List || expected.is_array() || got.is_array() || expected_text.contains(';');
    if !is_list {
        return Verdict::Wrong.into();
    }
    let separators: &[char] = if expected_text.contains(';') { &[';'] } else { &['\n', '|'] };
    let same = labels::same_entries(&labels::entries(&expected_text, separators), &got_text);
    Judgement {
        verdict: right_if(same),
        note: same.then(|| "the same entries in another order or form".to_owned()),
    }
}

#[cfg(test)]
mod tests;
