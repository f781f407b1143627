//! Which rows of two lists belong together: one to one, with the fewest wrong cells.

use std::collections::HashMap;

use serde_json::Value;

use super::equal::{Cell, looseness};
use super::rules::FieldRules;
use crate::MetricError;
use crate::assignment::Weights;

/// For each true row the given one; nothing if there are more true rows than given ones.
pub(super) fn pairs(
    rules: &FieldRules,
    path: &str,
    columns: &[&str],
    expected: &[Value],
    given: &[Value],
) -> Result<Vec<Option<usize>>, MetricError> {
    let mut pairs = vec![None; expected.len()];
    if expected.is_empty() || given.is_empty() {
        return Ok(pairs);
    }
    let columns: Vec<Column<'_>> =
        columns.iter().map(|name| Column::new(rules, path, name, expected, given)).collect();
    // The given rows come first, as in the reference, so that ties fall as there.
    let weights = Weights::new(given.len(), expected.len(), |given, wanted| {
        columns.iter().filter(|column| column.accepts(wanted, given)).count() as f64
    })?;
    for (given, wanted) in weights.best_matching() {
        pairs[wanted] = Some(given);
    }
    Ok(pairs)
}

/// One column of both lists, prepared for many comparisons.
struct Column<'a> {
    name: &'a str,
    wanted: Vec<Wanted<'a>>,
    given: Vec<Given<'a>>,
}

struct Wanted<'a> {
    readings: Vec<(u32, Cell, &'a Value)>,
    path: Option<String>,
    rules: &'a FieldRules,
}

struct Given<'a> {
    key: u32,
    cell: Cell,
    value: &'a Value,
}

impl<'a> Column<'a> {
    fn new(
        rules: &'a FieldRules,
        path: &str,
        name: &'a str,
        expected: &'a [Value],
        given: &'a [Value],
    ) -> Self {
        let mut keys: HashMap<String, u32> = HashMap::new();
        let mut number = |cell: &mut Cell| {
            let next = keys.len() as u32;
            *keys.entry(std::mem::take(&mut cell.key)).or_insert(next)
        };
        let mut prepared = |value: &Value| {
            let mut cell = Cell::of(value, name);
            (number(&mut cell), cell)
        };
        let wanted = expected.iter().enumerate().map(|(at, row)| {
            let path = format!("{path}[{at}].{name}");
            let readings = [&row[name]].into_iter().chain(rules.readings(&path));
            let readings = readings.map(|value| {
                let (key, cell) = prepared(value);
                (key, cell, value)
            });
            let readings = readings.collect();
            let path = (!rules.normalizers(&path).is_empty()).then_some(path);
            Wanted { readings, path, rules }
        });
        let wanted: Vec<Wanted<'_>> = wanted.collect();
        let given = given.iter().map(|row| {
            let value = &row[name];
            let (key, cell) = prepared(value);
            Given { key, cell, value }
        });
        Self { name, wanted, given: given.collect() }
    }

    fn accepts(&self, wanted: usize, given: usize) -> bool {
        let (wanted, given) = (&self.wanted[wanted], &self.given[given]);
        let is_loose = looseness(self.name).is_some();
        let same = |(key, cell, _): &(u32, Cell, &Value)| {
            *key == given.key || is_loose && cell.is_loosely(&given.cell, self.name)
        };
        wanted.readings.iter().any(same)
            || wanted
                .path
                .as_ref()
                .is_some_and(|path| wanted.rules.accepts(path, wanted.readings[0].2, given.value, self.name))
    }
}
