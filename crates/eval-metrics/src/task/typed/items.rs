//! Lists of items, matched by assignment, and the values of records inside of records.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::cell::Cell;
use super::judged::{By, finding};
use super::matching::{Matching, Table};
use super::structure::{Group, Place, Structure};
use super::{Fields, Given, NOTHING, Rules, nested, shape};
use crate::MetricError;
use crate::assignment::matched_items;
use crate::distance::share;
use crate::task::Finding;
use crate::value::{FieldType, Verdict, is_absent, quantity};

/// Invented items that are explained one by one; of more only the number is given.
pub(super) const MOST_EXPLAINED: usize = 1_000;

/// What became of the items.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) findings: Vec<Finding>,
    pub(super) notes: Vec<String>,
    labelled: bool,
    expected: usize,
    given: usize,
    /// Items all of whose labelled values are right.
    right: usize,
    pub(super) missing: usize,
    pub(super) invented: usize,
    /// Values of invented items that are not explained.
    pub(super) beyond: usize,
    /// Something else stood where a list was asked for.
    pub(super) no_list: bool,
}

impl Outcome {
    pub(super) fn add(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.notes.extend(other.notes);
        self.labelled |= other.labelled;
        self.expected += other.expected;
        self.given += other.given;
        self.right += other.right;
        self.missing += other.missing;
        self.invented += other.invented;
        self.beyond += other.beyond;
        self.no_list |= other.no_list;
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
fn is_list(value: &Value) -> bool {
    value.is_array() || value.is_object() || is_absent(value)
}

/// A record of a list or map, its objects flat.
type Record<'a> = Option<Cow<'a, Map<String, Value>>>;

impl Rules {
    /// The items of a list.
    pub(super) fn items(
        &self,
        at: &Place,
        list: &Group,
        expected: Option<&Value>,
        got: Given<'_>,
        by: &By,
    ) -> Result<Outcome, MetricError> {
        let Some(expected) = expected else { return Ok(Outcome::default()) };
        let mut outcome = Outcome { labelled: true, ..Outcome::default() };
        let reshaped = shape::items(got.value, &list.item.fields, Some(expected));
        if reshaped.is_some() {
            outcome.notes.push(format!("`{}` read from another form than a list of objects", at.path));
        }
        let got = reshaped.as_ref().map_or(got, |value| Given { value, in_place: false });
        outcome.no_list = !is_list(got.value);
        let expected = match expected {
            Value::Null => &[][..],
            expected => crate::arguments::list(&format!("expected.{}", at.path), expected)?,
        };
        let given = match got.value {
            Value::Array(items) => items.as_slice(),
            got if is_absent(got) => &[][..],
            got => {
                outcome.notes.push(format!("`{}` is no list", at.path));
                std::slice::from_ref(got)
            }
        };
        (outcome.expected, outcome.given) = (expected.len(), given.len());
        let looked_at = matched_items(expected.len(), given.len())?.max(MOST_EXPLAINED).min(given.len());
        let (given, beyond) = given.split_at(looked_at);
        let wanted: Vec<Record<'_>> = expected.iter().map(|item| nested::item(item, &list.item)).collect();
        let records: Vec<Record<'_>> = given.iter().map(|item| nested::item(item, &list.item)).collect();
        let given: Vec<Item<'_>> =
            records.iter().map(|record| Item::read(record.as_deref(), &list.item, got.in_place)).collect();
        let Matching { partners, is_coarse } = self.matching(&list.item, &wanted, &given, by)?;
        if is_coarse {
            outcome.notes.push(format!(
                "`{}` has too many items that differ to compare their names letter by letter: they were matched by equal values",
                at.path
            ));
        }
        self.matched(at, list, &wanted, &given, &partners, by, &mut outcome)?;
        outcome.invented += beyond.len();
        let most = list.item.names().count();
        let values = |item: &Value| match item {
            Value::Object(map) => map.values().filter(|value| !is_absent(value)).count().min(most),
            _ => 0,
        };
        outcome.beyond += beyond.iter().map(values).sum::<usize>();
        if outcome.beyond > 0 {
            outcome.notes.push(format!(
                "{} more invented values of `{}` are counted, but not listed",
                outcome.beyond, at.path
            ));
        }
        Ok(outcome)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "both lists, how they belong together, and where they stand"
    )]
    fn matched(
        &self,
        at: &Place,
        list: &Group,
        wanted: &[Record<'_>],
        given: &[Item<'_>],
        partners: &[Option<usize>],
        by: &By,
        outcome: &mut Outcome,
    ) -> Result<(), MetricError> {
        let mut taken = vec![false; given.len()];
        let nothing = Map::new();
        for (index, (item, partner)) in wanted.iter().zip(partners).enumerate() {
            outcome.missing += usize::from(partner.is_none());
            if let Some(partner) = partner {
                taken[*partner] = true;
            }
            let before = outcome.findings.len();
            let values = partner.map(|partner| &given[partner]);
            let expected = item.as_deref().unwrap_or(&nothing);
            self.record(&at.item(&index.to_string()), &list.item, expected, values, by, outcome)?;
            let right = |finding: &Finding| matches!(finding.verdict, Verdict::Right | Verdict::Unlabelled);
            outcome.right += usize::from(partner.is_some() && outcome.findings[before..].iter().all(right));
        }
        let nothing = all_absent(&list.item);
        let mut invented = 0;
        for (index, item) in given.iter().enumerate().filter(|(index, _)| !taken[*index]) {
            outcome.invented += 1;
            invented += 1;
            if invented > MOST_EXPLAINED {
                outcome.beyond += item.0.iter().filter(|given| !is_absent(given.value)).count();
                continue;
            }
            let before = outcome.findings.len();
            self.record(&at.item(&format!("+{index}")), &list.item, &nothing, Some(item), by, outcome)?;
            let found = outcome.findings.split_off(before);
            outcome.findings.extend(found.into_iter().filter(|finding| finding.verdict == Verdict::Invented));
        }
        Ok(())
    }

    /// For each expected item the given one.
    fn matching(
        &self,
        structure: &Structure,
        expected: &[Record<'_>],
        given: &[Item<'_>],
        by: &By,
    ) -> Result<Matching, MetricError> {
        let matched = matched_items(expected.len(), given.len())?;
        let given = &given[..matched];
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for (at, (name, kind)) in structure.fields.iter().enumerate() {
            left.push(
                expected.iter().map(|item| Cell::new(*kind, member(item, name), &by.comparison)).collect(),
            );
            right.push(
                given.iter().map(|item| Cell::new(*kind, Some(item.0[at].value), &by.comparison)).collect(),
            );
        }
        for (at, name) in structure.names().enumerate().skip(structure.fields.len()) {
            left.push(expected.iter().map(|item| Cell::group(member(item, name))).collect());
            right.push(given.iter().map(|item| Cell::group(Some(item.0[at].value))).collect());
        }
        let (rows, floor) = (expected.len(), self.pair_floor);
        Table { expected: left, given: right, rows, columns: matched, floor }.matching()
    }

    /// The values of a record inside of a list or map, and of the lists and maps in it.
    pub(super) fn record(
        &self,
        at: &Place,
        structure: &Structure,
        expected: &Map<String, Value>,
        given: Option<&Item<'_>>,
        by: &By,
        outcome: &mut Outcome,
    ) -> Result<(), MetricError> {
        let mut values = (0..).map(|member| given.map_or(NOTHING, |item| item.0[member]));
        let mut next = || values.next().unwrap_or(NOTHING);
        for (name, kind) in &structure.fields {
            let mut found = finding(at.inside(name), *kind, expected.get(name), next(), by);
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
            outcome.findings.extend(found);
        }
        for list in &structure.lists {
            let inner = self.items(&at.inside(&list.name), list, expected.get(&list.name), next(), by)?;
            outcome.add(inner);
        }
        for map in &structure.maps {
            let inner = self.entries(&at.inside(&map.name), map, expected.get(&map.name), next(), by)?;
            outcome.add(inner);
        }
        Ok(())
    }
}

fn member<'a>(record: &'a Record<'_>, name: &str) -> Option<&'a Value> {
    record.as_deref().and_then(|map| map.get(name))
}

/// A record in which everything is labelled absent.
pub(super) fn all_absent(structure: &Structure) -> Map<String, Value> {
    structure.names().map(|name| (name.to_owned(), Value::Null)).collect()
}

/// The members of a record of an answer, in the order of its structure.
pub(super) struct Item<'a>(Vec<Given<'a>>);

impl<'a> Item<'a> {
    pub(super) fn read(
        record: Option<&'a Map<String, Value>>,
        structure: &Structure,
        in_place: bool,
    ) -> Self {
        let Some(map) = record else { return Self(vec![NOTHING; structure.names().count()]) };
        let keys = Fields::of(map);
        let value = |name: &str| match keys.get(name, structure.names().filter(|other| *other != name)) {
            Some(found) => Given { value: found.value, in_place: in_place && found.key == name },
            None => NOTHING,
        };
        Self(structure.names().map(value).collect())
    }
}
