//! The similarities of all pairs of items, as far as they are needed.

use serde_json::Value;

use super::Field;
use crate::assignment::Weights;
use crate::distance::similarities;
use crate::python::{parse_float, push_squeezed_lower, scalar_text};

/// The partner of an item and their similarity.
pub(super) struct Matched {
    pub(super) partner: usize,
    pub(super) similarity: f64,
}

/// The fields of two lists of items, prepared for many comparisons.
pub(super) struct Table {
    columns: Vec<Column>,
    total_weight: f64,
    /// A similarity below is none.
    floor: f64,
    items: usize,
    partners: usize,
}

impl Table {
    /// The shorter list comes first.
    pub(super) fn new(fields: &[Field<'_>], floor: f64, items: &[Value], partners: &[Value]) -> Self {
        Self {
            columns: fields.iter().map(|field| Column::new(field, items, partners)).collect(),
            total_weight: fields.iter().map(|field| field.weight).sum(),
            floor,
            items: items.len(),
            partners: partners.len(),
        }
    }

    /// The matching with the largest total, by item.
    ///
    /// An item with an identical partner can have no better one. What it has in common with all others is looked at only if
    /// several items want the same partner: most items of most answers are right, and measuring names is most of the work.
    pub(super) fn best_matching(&self) -> Vec<Matched> {
        if self.items == 0 {
            return Vec::new();
        }
        let all: Vec<usize> = (0..self.items).collect();
        let cells = self.rows(&all, identities);
        let is_open = |item: &usize| !cells[item * self.partners..][..self.partners].contains(&1.0);
        let open: Vec<usize> = (0..self.items).filter(is_open).collect();
        let mut weights = Weights::from_cells(self.items, self.partners, cells);
        self.measure(&open, &mut weights);
        let pairs = weights.undisputed_matching().unwrap_or_else(|| {
            let settled: Vec<usize> =
                all.into_iter().filter(|item| open.binary_search(item).is_err()).collect();
            self.measure(&settled, &mut weights);
            weights.best_matching()
        });
        let matched = |(item, partner)| Matched { partner, similarity: weights.at(item, partner) };
        pairs.into_iter().map(matched).collect()
    }

    fn measure(&self, items: &[usize], weights: &mut Weights) {
        let rows = self.rows(items, similarities);
        items
            .iter()
            .zip(rows.chunks_exact(self.partners))
            .for_each(|(&item, row)| weights.set_row(item, row));
    }

    /// The similarities of these items to all partners, where `compare` says how alike texts are.
    fn rows(&self, items: &[usize], compare: Compare) -> Vec<f64> {
        let mut cells = vec![0.0; items.len() * self.partners];
        for column in &self.columns {
            column.add(items, compare, &mut cells);
        }
        for cell in &mut cells {
            let similarity = *cell / self.total_weight;
            *cell = if similarity >= self.floor { similarity } else { 0.0 };
        }
        cells
    }
}

/// How alike the texts on the left and on the right are, row by row; 1 if and only if they are the same.
type Compare = fn(&[&str], &[&str]) -> Vec<f64>;

fn identities(left: &[&str], right: &[&str]) -> Vec<f64> {
    let mut cells = Vec::with_capacity(left.len() * right.len());
    for a in left {
        cells.extend(right.iter().map(|b| f64::from(a == b)));
    }
    cells
}

/// One field of both lists: of the items, of their partners, and how it counts.
struct Column {
    weight: f64,
    values: Values,
}

enum Values {
    Texts(Texts, Texts),
    Numbers(Vec<Number>, Vec<Number>, f64),
}

impl Column {
    fn new(field: &Field<'_>, items: &[Value], partners: &[Value]) -> Self {
        let values = match field.tolerance {
            None => Values::Texts(Texts::of(field, items), Texts::of(field, partners)),
            Some(tolerance) => Values::Numbers(numbers(field, items), numbers(field, partners), tolerance),
        };
        Self { weight: field.weight, values }
    }

    /// Adds the weighted similarities of these items to all partners, row by row.
    fn add(&self, items: &[usize], compare: Compare, cells: &mut [f64]) {
        match &self.values {
            Values::Texts(left, right) => {
                let names: Vec<&str> = items.iter().map(|&item| left.at(item)).collect();
                let others: Vec<&str> = (0..right.ends.len()).map(|partner| right.at(partner)).collect();
                let alike = compare(&names, &others);
                let rows = cells.chunks_exact_mut(others.len()).zip(alike.chunks_exact(others.len()));
                for ((cells, alike), &item) in rows.zip(items) {
                    let is_present = left.present[item];
                    for ((cell, alike), &other) in cells.iter_mut().zip(alike).zip(&right.present) {
                        // Two absent ones are alike, as two empty ones.
                        *cell += if is_present == other { self.weight * alike } else { 0.0 };
                    }
                }
            }
            Values::Numbers(left, right, tolerance) => {
                for (cells, &item) in cells.chunks_exact_mut(right.len()).zip(items) {
                    let item = &left[item];
                    for (cell, other) in cells.iter_mut().zip(right) {
                        *cell += if item.is_like(other, *tolerance) { self.weight } else { 0.0 };
                    }
                }
            }
        }
    }
}

/// The texts of a field, one behind the other, since one for each would cost an allocation.
struct Texts {
    joined: String,
    ends: Vec<usize>,
    /// Absent texts are empty and marked.
    present: Vec<bool>,
}

impl Texts {
    fn of(field: &Field<'_>, items: &[Value]) -> Self {
        let mut joined = String::with_capacity(16 * items.len());
        let (ends, present) = items
            .iter()
            .map(|item| {
                let text = value(field, item).and_then(scalar_text);
                text.iter().for_each(|text| push_squeezed_lower(&mut joined, text));
                (joined.len(), text.is_some())
            })
            .unzip();
        Self { joined, ends, present }
    }

    fn at(&self, index: usize) -> &str {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.joined[start..self.ends[index]]
    }
}

/// What is no number is like nothing, not even itself.
struct Number {
    value: f64,
    is_absent: bool,
}

impl Number {
    fn of(value: Option<&Value>) -> Self {
        let given = value.filter(|value| !value.is_null());
        let number = given.and_then(|value| value.as_f64().or_else(|| parse_float(value.as_str()?)));
        Self { value: number.unwrap_or(f64::NAN), is_absent: given.is_none() }
    }

    /// Without a branch, because it cannot be predicted which numbers of two receipts are equal.
    fn is_like(&self, other: &Self, tolerance: f64) -> bool {
        ((self.value - other.value).abs() <= tolerance) | (self.is_absent & other.is_absent)
    }
}

fn numbers(field: &Field<'_>, items: &[Value]) -> Vec<Number> {
    items.iter().map(|item| Number::of(value(field, item))).collect()
}

/// The value in an item. Items have few fields, so looking at each is faster than hashing the name.
fn value<'i>(field: &Field<'_>, item: &'i Value) -> Option<&'i Value> {
    item.as_object()?.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn items(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Value>> {
        let item = ("[ab]{0,3}", 0..3, 0..3).prop_map(|(name, qty, price)| match price {
            0 => json!({ "name": name, "qty": qty }),
            _ => json!({ "name": name, "qty": qty, "price": price }),
        });
        proptest::collection::vec(item, count)
    }

    proptest! {
        #[test]
        fn finds_what_the_whole_table_says(items in items(0..6), others in items(6..9), right in 0..6_usize, floor in 0.0..1.2) {
            let partners: Vec<Value> = items.iter().rev().take(right).chain(&others[right..]).cloned().collect();
            let table = Table::new(&super::super::fields(&Value::Null).unwrap(), floor, &items, &partners);
            let all: Vec<usize> = (0..items.len()).collect();
            let whole = Weights::from_cells(all.len(), partners.len(), table.rows(&all, similarities));
            let expected: Vec<f64> =
                whole.best_matching().into_iter().map(|(row, column)| whole.at(row, column)).collect();
            let found: Vec<f64> = table.best_matching().iter().map(|matched| matched.similarity).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
