//! Lists of items, matched by assignment.

use jiff::civil::Date;
use serde_json::Value;

use super::judged::{Place, finding};
use super::{Field, Fields, Given, NOTHING, Rules};
use crate::MetricError;
use crate::assignment::{Weights, matched_items};
use crate::distance::{share, similarities};
use crate::task::Finding;
use crate::value::{
    Comparison, Decimal, FieldType, Verdict, code, dates, is_absent, letters, money, quantity, text,
};

/// Letters of a name that are compared when items are matched.
const LONGEST_NAME: usize = 64;

/// Invented items that are explained one by one; of more only the number is given.
const MOST_EXPLAINED: usize = 1_000;

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
    /// Values of invented items that are not explained.
    pub(super) beyond: usize,
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
        self.beyond += other.beyond;
    }

    pub(super) fn f1(&self) -> Option<f64> {
        let f1 = share(2 * self.right, self.expected + self.given);
        f1.or_else(|| self.labelled.then_some(1.0))
    }

    pub(super) fn counted(&self, count: usize) -> Option<f64> {
        self.labelled.then_some(count as f64)
    }
}

/// Whether a value can stand in the place of a list: a list, an item, or nothing.
pub(super) fn is_list(value: &Value) -> bool {
    value.is_array() || value.is_object() || is_absent(value)
}

impl Rules {
    pub(super) fn items(
        &self,
        list: &str,
        fields: &[Field],
        expected: Option<&Value>,
        got: Given<'_>,
        by: &Comparison,
    ) -> Result<Outcome, MetricError> {
        let Some(expected) = expected else { return Ok(Outcome::default()) };
        let expected = match expected {
            Value::Null => &[][..],
            expected => crate::arguments::list(&format!("expected.{list}"), expected)?,
        };
        let in_place = got.in_place;
        let (given, note) = match got.value {
            Value::Array(items) => (items.as_slice(), None),
            got if is_absent(got) => (&[][..], None),
            got => (std::slice::from_ref(got), Some(format!("`{list}` is no list"))),
        };
        let looked_at = matched_items(expected.len(), given.len())?.max(MOST_EXPLAINED).min(given.len());
        let beyond = &given[looked_at..];
        let given: Vec<Item<'_>> =
            given[..looked_at].iter().map(|item| Item::read(item, fields, in_place)).collect();
        let matching = self.matching(fields, expected, &given, by)?;
        let mut outcome = Outcome {
            note,
            labelled: true,
            expected: expected.len(),
            given: given.len() + beyond.len(),
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
            let values = found.map(|at| &given[at]);
            item_findings(list, &index.to_string(), fields, item, values, by, &mut outcome.findings);
            let right = |finding: &Finding| matches!(finding.verdict, Verdict::Right | Verdict::Unlabelled);
            outcome.right += usize::from(found.is_some() && outcome.findings[before..].iter().all(right));
        }
        for (index, item) in given.iter().enumerate().filter(|(index, _)| !taken[*index]) {
            outcome.invented += 1;
            if outcome.invented > MOST_EXPLAINED {
                outcome.beyond += item.0.iter().filter(|given| !is_absent(given.value)).count();
                continue;
            }
            let nothing = fields.iter().map(|(name, _)| (name.clone(), Value::Null)).collect();
            let mut findings = Vec::new();
            let nothing = Value::Object(nothing);
            item_findings(list, &format!("+{index}"), fields, &nothing, Some(item), by, &mut findings);
            outcome
                .findings
                .extend(findings.into_iter().filter(|finding| finding.verdict == Verdict::Invented));
        }
        outcome.invented += beyond.len();
        let values = |item: &Value| match item {
            Value::Object(map) => map.values().filter(|value| !is_absent(value)).count().min(fields.len()),
            _ => 0,
        };
        outcome.beyond += beyond.iter().map(values).sum::<usize>();
        if outcome.beyond > 0 {
            outcome.note = Some(format!(
                "{} more invented values of `{list}` are counted, but not listed",
                outcome.beyond
            ));
        }
        Ok(outcome)
    }

    /// For each expected item the given one.
    fn matching(
        &self,
        fields: &[Field],
        expected: &[Value],
        given: &[Item<'_>],
        by: &Comparison,
    ) -> Result<Vec<Option<usize>>, MetricError> {
        let matched = matched_items(expected.len(), given.len())?;
        let given = &given[..matched];
        let mut sums = vec![0.0; expected.len() * matched];
        let mut weight = vec![0.0; expected.len()];
        for (at, (name, kind)) in fields.iter().enumerate() {
            let left: Vec<Cell> = expected.iter().map(|item| Cell::new(*kind, item.get(name), by)).collect();
            let right: Vec<Cell> =
                given.iter().map(|item| Cell::new(*kind, Some(item.0[at].value), by)).collect();
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

/// The values of an item of an answer, field by field.
struct Item<'a>(Vec<Given<'a>>);

impl<'a> Item<'a> {
    fn read(item: &'a Value, fields: &[Field], in_place: bool) -> Self {
        let Some(map) = item.as_object() else { return Self(vec![NOTHING; fields.len()]) };
        let keys = Fields::of(map);
        let names = || fields.iter().map(|field| field.0.as_str());
        let value = |name: &str| match keys.get(name, names().filter(|other| *other != name)) {
            Some(found) => Given { value: found.value, in_place: in_place && found.key == name },
            None => NOTHING,
        };
        Self(names().map(value).collect())
    }
}

fn item_findings(
    list: &str,
    position: &str,
    fields: &[Field],
    expected: &Value,
    given: Option<&Item<'_>>,
    by: &Comparison,
    findings: &mut Vec<Finding>,
) {
    for (at, (name, kind)) in fields.iter().enumerate() {
        let place = Place { path: format!("{list}[{position}].{name}"), field: format!("{list}.{name}") };
        let value = given.map_or(NOTHING, |item| item.0[at]);
        let mut found = finding(place, *kind, expected.get(name), value, by);
        // An item that was found and has no quantity is one.
        if let Some(found) =
            found.as_mut().filter(|found| given.is_some() && found.verdict == Verdict::Missing)
            && *kind == FieldType::Quantity
            && quantity(&found.expected).is_some_and(|count| count.to_f64() == 1.0)
        {
            found.verdict = Verdict::Right;
            found.note = Some("not given, so read as 1".to_owned());
            found.lenient = true;
        }
        findings.extend(found);
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
    fn new(kind: FieldType, value: Option<&Value>, by: &Comparison) -> Self {
        let Some(value) = value else { return Self::Unlabelled };
        if is_absent(value) {
            return Self::Absent;
        }
        match kind {
            FieldType::Money => Self::Amount(money(value), 2.0),
            FieldType::Number | FieldType::Quantity => Self::Amount(quantity(value), 1.0),
            FieldType::Date => Self::Days(dates(&text(value), by.date_order)),
            FieldType::Name | FieldType::Person | FieldType::Text | FieldType::List => {
                Self::Name(letters(&start_of(&text(value))))
            }
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

/// As much of a text as decides whether it is like a name; comparing more would make floods slow.
fn start_of(text: &str) -> String {
    text.chars().take(LONGEST_NAME).collect()
}

/// The names; what is none is empty.
fn names(cells: &[Cell]) -> Vec<&str> {
    cells.iter().map(|cell| if let Cell::Name(name) = cell { name.as_str() } else { "" }).collect()
}
