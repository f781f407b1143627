//! Values of items, prepared for many comparisons.

use jiff::civil::Date;
use serde_json::Value;

use crate::distance::similarities;
use crate::value::{Comparison, Decimal, FieldType, code, dates, is_absent, letters, money, quantity, text};

/// Letters of a name that are compared when items are matched.
const LONGEST_NAME: usize = 64;

/// A value of an item, prepared for many comparisons.
#[derive(Debug, PartialEq, Eq, Hash, Clone)]
pub(super) enum Cell {
    /// Not labeled, so it does not count.
    Unlabelled,
    Absent,
    Amount(Option<Decimal>, Weight),
    Days(Vec<Date>),
    /// Letters to be compared all at once.
    Name(String),
    Word(String),
}

/// How much a value tells of which item is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Weight {
    One,
    Two,
}

impl Cell {
    pub(super) fn new(kind: FieldType, value: Option<&Value>, by: &Comparison) -> Self {
        let Some(value) = value else { return Self::Unlabelled };
        if is_absent(value) {
            return Self::Absent;
        }
        match kind {
            FieldType::Money => Self::Amount(money(value), Weight::Two),
            FieldType::Number | FieldType::Quantity => Self::Amount(quantity(value), Weight::One),
            FieldType::Date => Self::Days(dates(&text(value), by.date_order)),
            FieldType::Name | FieldType::Person | FieldType::Text | FieldType::List => {
                Self::Name(letters(&start_of(&text(value))))
            }
            FieldType::Code | FieldType::Enum | FieldType::Phone | FieldType::Email | FieldType::Boolean => {
                Self::Word(code(&text(value)))
            }
        }
    }

    /// Of a list or map inside an item: the beginning of all its texts.
    pub(super) fn group(value: Option<&Value>) -> Self {
        match value {
            None => Self::Unlabelled,
            Some(value) if is_absent(value) => Self::Absent,
            Some(value) => {
                let mut texts = String::new();
                gather(value, &mut texts);
                Self::Name(letters(&start_of(&texts)))
            }
        }
    }

    pub(super) fn weight(&self) -> f64 {
        match self {
            Self::Unlabelled => 0.0,
            Self::Name(_) | Self::Amount(_, Weight::Two) => 2.0,
            Self::Absent | Self::Days(_) | Self::Word(_) | Self::Amount(_, Weight::One) => 1.0,
        }
    }

    /// The similarity, of names only whether they are the same.
    fn similarity(&self, got: &Self) -> f64 {
        match (self, got) {
            (Self::Absent, Self::Absent | Self::Unlabelled) => 1.0,
            (Self::Amount(Some(a), _), Self::Amount(Some(b), _)) if a == b => 1.0,
            // A misread amount still says which item is meant.
            (Self::Amount(Some(a), _), Self::Amount(Some(b), _))
                if b.is_rounding_of(*a) || b.is_shift_of(*a) =>
            {
                0.5
            }
            (Self::Days(a), Self::Days(b)) => f64::from(a.iter().any(|day| b.contains(day))),
            (Self::Word(a), Self::Word(b)) | (Self::Name(a), Self::Name(b)) => f64::from(a == b),
            _ => 0.0,
        }
    }
}

/// Adds the weighted similarity of one member to every pair of items, row by row, names letter by letter.
pub(super) fn add_similarities(expected: &[&Cell], given: &[&Cell], sums: &mut [f64]) {
    // Names are by far the dearest to compare, so they are compared all at once.
    let any_name = expected.iter().any(|cell| matches!(cell, Cell::Name(_)));
    let alike = if any_name { similarities(&names(expected), &names(given)) } else { Vec::new() };
    for (row, a) in expected.iter().enumerate() {
        for (column, b) in given.iter().enumerate() {
            let at = row * given.len() + column;
            sums[at] += a.weight()
                * match (a, b) {
                    (Cell::Name(_), Cell::Name(_)) => alike[at],
                    _ => a.similarity(b),
                };
        }
    }
}

/// The same, where names count as whole.
pub(super) fn add_agreements(expected: &[&Cell], given: &[&Cell], sums: &mut [f64]) {
    for (a, row) in expected.iter().zip(sums.chunks_exact_mut(given.len().max(1))) {
        row.iter_mut().zip(given).for_each(|(sum, b)| *sum += a.weight() * a.similarity(b));
    }
}

/// As much of a text as decides whether it is like a name; comparing more would make floods slow.
fn start_of(text: &str) -> String {
    text.chars().take(LONGEST_NAME).collect()
}

/// The texts inside a value, as far as they are compared.
fn gather(value: &Value, texts: &mut String) {
    if texts.len() > 4 * LONGEST_NAME {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Value::Object(fields) => fields.values().for_each(|value| gather(value, texts)),
        Value::Null => {}
        plain => {
            texts.push(' ');
            texts.push_str(&start_of(&text(plain)));
        }
    }
}

/// The names; what is none is empty.
fn names<'a>(cells: &[&'a Cell]) -> Vec<&'a str> {
    cells.iter().map(|cell| if let Cell::Name(name) = cell { name.as_str() } else { "" }).collect()
}
