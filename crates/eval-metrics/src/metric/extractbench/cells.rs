//! The cells of an extraction: what is counted, and what of it is right and well cited.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::pairing::pairs;
use super::places::{Place, Places};
use super::rules::FieldRules;
use crate::MetricError;

/// Metadata that some programs put beside the fields.
const RESERVED: &str = "_provenance";

/// How many cells are labeled, given and right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) expected: usize,
    pub(crate) predicted: usize,
    pub(crate) correct: usize,
    pub(crate) word: Claims,
    pub(crate) page: Claims,
}

/// Cells with a labeled place, those of them with a citation, and those that are right in value and place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) expected: usize,
    pub(crate) claims: usize,
    pub(crate) correct: usize,
}

/// What is known of a document besides its cells.
pub(crate) struct Document<'a> {
    pub(crate) rules: &'a FieldRules,
    pub(crate) citations: &'a Places,
}

/// A list on both sides: where it stands in the label and in the answer, which differ once rows are matched.
struct Lists<'a> {
    labeled: &'a str,
    given: &'a str,
    expected: &'a Value,
    predicted: &'a Value,
}

impl Document<'_> {
    pub(super) fn count(
        &self,
        expected: &Map<String, Value>,
        predicted: &Map<String, Value>,
        schema: &Value,
    ) -> Result<Counts, MetricError> {
        let mut counts = Counts::default();
        let keys: BTreeSet<&String> = expected.keys().chain(predicted.keys()).collect();
        let value = |side: &'_ Map<String, Value>, key: &str| side.get(key).cloned().unwrap_or_default();
        for key in keys.into_iter().filter(|key| *key != RESERVED) {
            let (expected, predicted) = (value(expected, key), value(predicted, key));
            let schema = &schema["properties"][key.as_str()];
            if schema["type"] == "array" || expected.is_array() {
                let lists = Lists { labeled: key, given: key, expected: &expected, predicted: &predicted };
                self.list(&lists, schema, &mut counts)?;
            } else {
                counts.expected += 1;
                counts.predicted += 1;
                self.claim(key, &mut counts);
                self.pair(key, key, &expected, &predicted, key, &mut counts);
            }
        }
        Ok(counts)
    }

    fn list(&self, lists: &Lists<'_>, schema: &Value, counts: &mut Counts) -> Result<(), MetricError> {
        let (expected, predicted) = (rows(lists.expected), rows(lists.predicted));
        let columns = columns(schema, expected);
        if columns.is_empty() {
            return Ok(());
        }
        let (nested, plain): (Vec<&str>, Vec<&str>) = columns
            .iter()
            .copied()
            .partition(|column| expected.iter().any(|row| holds_records(&row[*column])));
        counts.expected += expected.len() * plain.len();
        counts.predicted += predicted.len() * plain.len();
        for at in 0..expected.len() {
            plain.iter().for_each(|column| self.claim(&format!("{}[{at}].{column}", lists.labeled), counts));
        }
        let compared = if plain.is_empty() { &columns } else { &plain };
        let pairs = pairs(self.rules, lists.labeled, compared, expected, predicted)?;
        let items = &schema["items"]["properties"];
        for (at, (row, pair)) in expected.iter().zip(&pairs).enumerate() {
            let place = |column: &str| format!("{}[{at}].{column}", lists.labeled);
            let Some(pair) = pair else {
                nested.iter().for_each(|column| {
                    self.one_side(&place(column), &row[*column], &items[*column], true, counts);
                });
                continue;
            };
            let (given, cited) =
                (&predicted[*pair], |column: &str| format!("{}[{pair}].{column}", lists.given));
            for column in &plain {
                self.pair(&place(column), &cited(column), &row[*column], &given[*column], column, counts);
            }
            for column in &nested {
                let (labeled, cited) = (place(column), cited(column));
                let (expected, predicted) = (&row[*column], &given[*column]);
                let lists = Lists { labeled: &labeled, given: &cited, expected, predicted };
                self.list(&lists, &items[*column], counts)?;
            }
        }
        let taken: BTreeSet<usize> = pairs.into_iter().flatten().collect();
        for (_, row) in predicted.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
            nested.iter().for_each(|column| self.one_side("", &row[*column], &items[*column], false, counts));
        }
        Ok(())
    }

    /// A labeled cell, which may have a labeled place.
    fn claim(&self, path: &str, counts: &mut Counts) {
        if let Some(place) = self.rules.places.get(path) {
            counts.word.expected += usize::from(!place.boxes.is_empty());
            counts.page.expected += 1;
        }
    }

    /// A labeled cell and the one that was given for it.
    fn pair(
        &self,
        labeled: &str,
        given: &str,
        expected: &Value,
        predicted: &Value,
        name: &str,
        counts: &mut Counts,
    ) {
        let right = self.rules.accepts(labeled, expected, predicted, name);
        counts.correct += usize::from(right);
        let (Some(place), Some(cited)) = (self.rules.places.get(labeled), self.citations.get(given)) else {
            return;
        };
        let has_boxes = |place: &Place| !place.boxes.is_empty();
        if has_boxes(place) && has_boxes(cited) {
            counts.word.claims += 1;
            counts.word.correct += usize::from(right && self.citations.meets(place, cited));
        }
        counts.page.claims += 1;
        counts.page.correct += usize::from(right && !place.pages.is_disjoint(&cited.pages));
    }

    /// The cells of what only one side has.
    fn one_side(&self, path: &str, value: &Value, schema: &Value, is_labeled: bool, counts: &mut Counts) {
        match value {
            Value::Array(list) if list.iter().any(Value::is_object) => {
                let items = &schema["items"]["properties"];
                for (at, row) in list.iter().enumerate() {
                    for column in columns(schema, list) {
                        let path = format!("{path}[{at}].{column}");
                        self.one_side(&path, &row[column], &items[column], is_labeled, counts);
                    }
                }
            }
            _ if is_labeled => {
                counts.expected += 1;
                self.claim(path, counts);
            }
            _ => counts.predicted += 1,
        }
    }
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The columns of a list: as its schema says, or those of the rows.
fn columns<'a>(schema: &'a Value, rows: &'a [Value]) -> Vec<&'a str> {
    match schema["items"]["properties"].as_object().filter(|properties| !properties.is_empty()) {
        Some(properties) => properties.keys().map(String::as_str).collect(),
        None => {
            let keys = rows.iter().filter_map(Value::as_object).flat_map(Map::keys);
            keys.map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect()
        }
    }
}

/// Whether a value is a list that begins with an object.
fn holds_records(value: &Value) -> bool {
    value.as_array().and_then(|list| list.first()).is_some_and(Value::is_object)
}
