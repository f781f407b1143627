//! Lists of items, matched by assignment.

use jiff::civil::Date;
use serde_json::Value;

use super::{Field, Rules};
use crate::MetricError;
use crate::assignment::{Weights, matched_items};
use crate::distance::{share, similarities};
use crate::task::Finding;
use crate::value::{Decimal, FieldType, Verdict, code, dates, is_absent, letters, money, quantity, text};

/// What became of the items.
#[derive(Default)]
pub(super) struct Outcome {
    findings: Vec<Finding>,
    note: Option<String>,
    labelled: bool,
    expected: usize,
    given: usize,
    /// Items all of whose labelled values are right.
    right: usize,
    pub(super) missing: usize,
    pub(super) invented: usize,
}

impl Outcome {
    pub(super) fn add(&mut self, other: Self, findings: &mut Vec<Finding>, notes: &mut Vec<String>) {
        findings.extend(other.findings);
        notes.extend(other.note);
        self.labelled |= other.labelled;
        self.expected += other.expected;
        self.given += other.given;
        self.right += other.right;
        self.missing += other.missing;
        self.invented += other.invented;
    }

    pub(super) fn f1(&self) -> Option<f64> {
        let f1 = share(2 * self.right, self.expected + self.given);
        f1.or_else(|| self.labelled.then_some(1.0))
    }

    pub(super) fn counted(&self, count: usize) -> Option<f64> {
        self.labelled.then_some(count as f64)
    }
}

impl Rules {
    pub(super) fn items(
        &self,
        list: &str,
        fields: &[Field],
        expected: Option<&Value>,
        got: &Value,
    ) -> Result<Outcome, MetricError> {
        let Some(expected) = expected else { return Ok(Outcome::default()) };
        let expected = match expected {
            Value::Null => &[][..],
            expected => crate::arguments::list(&format!("expected.{list}"), expected)?,
        };
        let (given, note) = match got {
            Value::Array(items) => (items.as_slice(), None),
            got if is_absent(got) => (&[][..], None),
            got => (std::slice::from_ref(got), Some(format!("`{list}` is no list"))),
        };
        let matching = self.matching(fields, expected, given)?;
        let mut outcome = Outcome {
            note,
            labelled: true,
            expected: expected.len(),
            given: given.len(),
            ..Outcome::default()
        };
        let mut taken = vec![false; given.len()];
        for (index, item) in expected.iter().enumerate() {
            let found = matching[index];
            outcome.missing += usize::from(found.is_none());
            if let Some(at) = found {
                taken[at] = true;
            }
            let before = outcome.findings.len();
            self.item(
                list,
                &index.to_string(),
                fields,
                item,
                found.map_or(&Value::Null, |at| &given[at]),
                &mut outcome.findings,
            );
            let right = |finding: &Finding| matches!(finding.verdict, Verdict::Right | Verdict::Unlabelled);
            outcome.right += usize::from(found.is_some() && outcome.findings[before..].iter().all(right));
        }
        for (index, item) in given.iter().enumerate().filter(|(index, _)| !taken[*index]) {
            outcome.invented += 1;
            let nothing = fields.iter().map(|(name, _)| (name.clone(), Value::Null)).collect();
            let mut findings = Vec::new();
            self.item(list, &format!("+{index}"), fields, &Value::Object(nothing), item, &mut findings);
            outcome
                .findings
                .extend(findings.into_iter().filter(|finding| finding.verdict == Verdict::Invented));
        }
        Ok(outcome)
    }

    fn item(
        &self,
        list: &str,
        position: &str,
        fields: &[Field],
        expected: &Value,
        got: &Value,
        findings: &mut Vec<Finding>,
    ) {
        for (name, kind) in fields {
            let path = format!("{list}[{position}].{name}");
            findings.extend(self.field(
                &path,
                &format!("{list}.{name}"),
                *kind,
                expected.get(name),
                &got[name.as_str()],
            ));
        }
    }

    /// For each expected item the given one.
    fn matching(
        &self,
        fields: &[Field],
        expected: &[Value],
        given: &[Value],
    ) -> Result<Vec<Option<usize>>, MetricError> {
        let matched = matched_items(expected.len(), given.len())?;
        let given = &given[..matched];
        let mut sums = vec![0.0; expected.len() * matched];
        let mut weight = vec![0.0; expected.len()];
        for (name, kind) in fields {
            let cells = |items: &[Value]| {
                items.iter().map(|item| Cell::new(*kind, item.get(name))).collect::<Vec<_>>()
            };
            let (left, right) = (cells(expected), cells(given));
            weight.iter_mut().zip(&left).for_each(|(weight, cell)| *weight += cell.weight());
            add_similarities(&left, &right, &mut sums);
        }
        let weights = Weights::new(expected.len(), matched, |row, column| {
            let similarity = if weight[row] > 0.0 { sums[row * matched + column] / weight[row] } else { 0.0 };
            if similarity < self.pair_floor { 0.0 } else { similarity }
        })?;
        let mut matching = vec![None; expected.len()];
        for (row, column) in weights.best_matching() {
            if weights.at(row, column) > 0.0 {
                matching[row] = Some(column);
            }
        }
        Ok(matching)
    }
}

/// A value of an item, prepared for many comparisons.
enum Cell {
    /// Not labelled, so it does not count.
    Unlabelled,
    Absent,
    Amount(Option<Decimal>, f64),
    Days(Vec<Date>),
    /// Letters to be compared all at once.
    Name(String),
    Word(String),
}

impl Cell {
    fn new(kind: FieldType, value: Option<&Value>) -> Self {
        let Some(value) = value else { return Self::Unlabelled };
        if is_absent(value) {
            return Self::Absent;
        }
        match kind {
            FieldType::Money => Self::Amount(money(value), 2.0),
            FieldType::Number | FieldType::Quantity => Self::Amount(quantity(value), 1.0),
            FieldType::Date => Self::Days(dates(&text(value))),
            FieldType::Name | FieldType::Text => Self::Name(letters(&text(value))),
            FieldType::Code | FieldType::Enum => Self::Word(code(&text(value))),
        }
    }

    fn weight(&self) -> f64 {
        match self {
            Self::Unlabelled => 0.0,
            Self::Name(_) => 2.0,
            Self::Amount(_, weight) => *weight,
            Self::Absent | Self::Days(_) | Self::Word(_) => 1.0,
        }
    }

    /// The similarity of anything but two names.
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
            (Self::Word(a), Self::Word(b)) => f64::from(a == b),
            _ => 0.0,
        }
    }
}

/// Adds the weighted similarity of one field to every pair of items, row by row.
fn add_similarities(expected: &[Cell], given: &[Cell], sums: &mut [f64]) {
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

/// The names; what is none is empty.
fn names(cells: &[Cell]) -> Vec<&str> {
    cells.iter().map(|cell| if let Cell::Name(name) = cell { name.as_str() } else { "" }).collect()
}
