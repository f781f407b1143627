//! The number in an answer to a question.
//!
//! In a sentence with several numbers, those with the expected unit go first, then those with any unit, then those that
//! do not look like a year, then the rest; among equals the first one is taken.

use serde_json::Value;

use super::chart_table::relative_error;
use crate::MetricError;
use crate::value::{Decimal, FieldType, Verdict, quantity};

/// The right number.
pub(super) struct Expected {
    number: Decimal,
    unit: Unit,
    tolerance: f64,
}

impl Expected {
    pub(super) fn read(expected: &Value, tolerance: f64) -> Result<Self, MetricError> {
        let number = quantity(&expected["value"])
            .ok_or_else(|| MetricError::shape("expected.value", "a number", &expected["value"]))?;
        let unit = match &expected["unit"] {
            Value::Null => Unit::default(),
            unit => Unit::read(crate::arguments::string("expected.unit", unit)?),
        };
        let tolerance = match &expected["tolerance"] {
            Value::Null => tolerance,
            _ => crate::arguments::number_or(expected, "tolerance", tolerance)?,
        };
        Ok(Self { number, unit, tolerance })
    }
}

/// What stands around a number.
#[derive(Default, Clone, PartialEq, Debug)]
struct Unit {
    currency: Option<&'static str>,
    /// 1,000 for K; nothing if none is written.
    scale: Option<f64>,
    percent: bool,
}

impl Unit {
    /// Reads `$K`, `million USD`, `%`.
    fn read(text: &str) -> Self {
        const CURRENCIES: [(&str, &[&str]); 8] = [
            ("USD", &["$", "usd", "us$", "dollar", "dollars"]),
            ("EUR", &["€", "eur", "euro", "euros"]),
            ("GBP", &["£", "gbp", "pound", "pounds"]),
            ("JPY", &["¥", "jpy", "yen"]),
            ("INR", &["₹", "inr", "rupees"]),
            ("CHF", &["chf"]),
            ("RUB", &["₽", "rub"]),
            ("CNY", &["cny", "rmb", "yuan"]),
        ];
        const SCALES: [(f64, &[&str]); 4] = [
            (1e3, &["k", "thousand", "thousands", "tsd"]),
            (1e6, &["m", "mn", "mio", "mln", "million", "millions"]),
            (1e9, &["b", "bn", "mrd", "bln", "billion", "billions"]),
            (1e12, &["t", "tn", "trn", "trillion", "trillions"]),
        ];
        let lower = text.to_lowercase();
        let symbol = |c: char| "$€£¥₹₽%".contains(c);
        let spaced: String =
            lower.chars().flat_map(|c| if symbol(c) { vec![' ', c, ' '] } else { vec![c] }).collect();
        let mut unit = Self::default();
        for word in
            spaced.split(|c: char| !(c.is_alphanumeric() || symbol(c))).filter(|word| !word.is_empty())
        {
            unit.percent |= matches!(word, "%" | "percent" | "pct");
            unit.currency = unit
                .currency
                .or_else(|| CURRENCIES.iter().find(|(_, list)| list.contains(&word)).map(|(name, _)| *name));
            unit.scale = unit
                .scale
                .or_else(|| SCALES.iter().find(|(_, list)| list.contains(&word)).map(|(scale, _)| *scale));
        }
        unit
    }

    fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether two written units cannot mean the same.
    fn contradicts(&self, other: &Self) -> bool {
        let different = |a: Option<&str>, b: Option<&str>| a.is_some() && b.is_some() && a != b;
        different(self.currency, other.currency)
            || (self.percent != other.percent && (self.percent || !self.is_none()))
    }
}

struct Candidate {
    number: Decimal,
    unit: Unit,
    year: bool,
}

pub(super) fn judge(
    expected: &Expected,
    value: &Value,
    text: &str,
) -> (Verdict, Option<String>, Option<f64>) {
    let candidates = match value {
        Value::Number(_) => quantity(value)
            .map(|number| Candidate { number, unit: Unit::default(), year: false })
            .into_iter()
            .collect(),
        _ => candidates(text),
    };
    let rank = |candidate: &Candidate| match candidate.unit.is_none() {
        false if !candidate.unit.contradicts(&expected.unit) && !expected.unit.is_none() => 0,
        false => 1,
        true if !candidate.year => 2,
        true => 3,
    };
    let Some(answer) = candidates.into_iter().min_by_key(rank) else {
        return (Verdict::Missing, Some("no number".to_owned()), None);
    };
    let note = (!matches!(value, Value::Number(_)) && text.trim() != answer.number.to_string())
        .then(|| format!("read as {}", answer.number));
    if !expected.unit.is_none() && answer.unit.contradicts(&expected.unit) {
        return (Verdict::Wrong, Some("another unit".to_owned()), None);
    }
    let error = errors(expected, &answer).fold(f64::INFINITY, f64::min);
    // 2 % of 620 is 12.4, but 0.02 · 620 in doubles is a little more or less.
    if error <= expected.tolerance + 1e-12 {
        return (Verdict::Right, note, Some(error));
    }
    let number = |number: Decimal| Value::from(number.to_string());
    let verdict = FieldType::Number.judge(&number(expected.number), &number(answer.number), 1.0).verdict;
    let verdict = if verdict == Verdict::Right { Verdict::Wrong } else { verdict };
    (verdict, note, error.is_finite().then_some(error))
}

/// The relative errors of all readings: in the expected unit, and written out.
fn errors(expected: &Expected, answer: &Candidate) -> impl Iterator<Item = f64> {
    let (truth, given) = (expected.number.to_f64(), answer.number.to_f64());
    let full = truth * expected.unit.scale.unwrap_or(1.0);
    let readings = match answer.unit.scale {
        Some(scale) => [Some((full, given * scale)), None],
        None => [Some((truth, given)), Some((full, given))],
    };
    readings.into_iter().flatten().map(|(truth, given)| relative_error(truth, given))
}

/// All numbers in a text with their units.
fn candidates(text: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(|c: char| c.is_ascii_digit()).map(|at| from + at) {
        let end = text[start..]
            .find(|c: char| !(c.is_ascii_digit() || ".,'’_".contains(c)))
            .map_or(text.len(), |at| start + at);
        let digits = text[start..end].trim_end_matches(['.', ',', '\'', '’', '_']);
        from = end.max(start + digits.len());
        let (before, after) = (&text[..start], &text[start + digits.len()..]);
        // `Q4`, `H2O` and `2nd` are names.
        if before.ends_with(|c: char| c.is_alphabetic())
            || after.starts_with(|c: char| c.is_alphabetic()) && Unit::read(word_at(after)).is_none()
        {
            continue;
        }
        let Some(number) = quantity(&Value::from(digits)) else { continue };
        let before = before.trim_end_matches(|c: char| "$€£¥₹₽ ".contains(c));
        let symbols = &text[before.len()..start];
        let unsigned = before.strip_suffix(['-', '−']);
        // In `2019-620` it is a dash.
        let minus = unsigned.is_some_and(|before| !before.ends_with(char::is_alphanumeric));
        let unit = Unit::read(&format!("{symbols} {}", units_after(after)));
        let year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
        found.push(Candidate { number: if minus { -number } else { number }, unit, year });
    }
    found
}

fn word_at(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}

/// Up to two words that are units: `K`, `million USD`, `%`.
fn units_after(text: &str) -> String {
    // A unit is close by; looking further would make long answers slow.
    let near: String = text.chars().take(24).collect();
    let spaced = near.replace('%', " % ");
    let words =
        spaced.split_whitespace().map(|word| word.trim_end_matches(['.', ',', ';', ')', '!', '?', '*']));
    let attached = |word: &&str| !Unit::read(word).is_none();
    words.take(2).take_while(attached).collect::<Vec<_>>().join(" ")
}
