//! Objects whose keys are values of their own: `{"USD": 1.08, "GBP": 0.85}`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::items::{Item, MOST_EXPLAINED, Outcome, all_absent};
use super::judged::By;
use super::structure::{Group, Place};
use super::{Given, Rules, nested};
use crate::MetricError;
use crate::task::keys::plain_key;
use crate::value::is_absent;

impl Rules {
    /// The entries of a map, each held against the one under its key; a key that is not labelled is invented.
    pub(super) fn entries(
        &self,
        at: &Place,
        map: &Group,
        expected: Option<&Value>,
        got: Given<'_>,
        by: &By,
    ) -> Result<Outcome, MetricError> {
        let Some(expected) = expected else { return Ok(Outcome::default()) };
        let nothing = Map::new();
        let expected = match expected {
            Value::Null => &nothing,
            Value::Object(entries) => entries,
            other => return Err(MetricError::shape(&format!("expected.{}", at.path), "an object", other)),
        };
        let mut outcome = Outcome::default();
        let given = match got.value {
            Value::Object(entries) => entries,
            other => {
                if !is_absent(other) {
                    outcome.notes.push(format!("`{}` is no object", at.path));
                }
                &nothing
            }
        };
        let mut taken = BTreeSet::new();
        for (key, value) in expected {
            let found = get(given, key).filter(|(key, _)| taken.insert(key.as_str()));
            let in_place = got.in_place && found.is_some_and(|(found, _)| found == key);
            let entry = Entry { value: Some(value), given: found.map(|it| it.1), in_place };
            self.entry(&at.entry(key), map, &entry, by, &mut outcome)?;
        }
        let others = given.iter().filter(|(key, value)| !taken.contains(key.as_str()) && !is_absent(value));
        for (number, (key, value)) in others.enumerate() {
            if number >= MOST_EXPLAINED {
                outcome.beyond += 1;
                continue;
            }
            let entry = Entry { value: None, given: Some(value), in_place: got.in_place };
            self.entry(&at.entry(key), map, &entry, by, &mut outcome)?;
        }
        Ok(outcome)
    }

    fn entry(
        &self,
        at: &Place,
        map: &Group,
        entry: &Entry<'_>,
        by: &By,
        outcome: &mut Outcome,
    ) -> Result<(), MetricError> {
        let absent = all_absent(&map.item);
        // Null says that there is nothing under the key.
        let labelled =
            entry.value.filter(|value| !value.is_null()).and_then(|it| nested::item(it, &map.item));
        let given = entry.given.and_then(|value| nested::item(value, &map.item));
        let item = Item::read(given.as_deref(), &map.item, entry.in_place);
        self.record(at, &map.item, labelled.as_deref().unwrap_or(&absent), Some(&item), by, outcome)
    }
}

/// What stands under one key.
struct Entry<'a> {
    /// Nothing where the key is not labelled.
    value: Option<&'a Value>,
    given: Option<&'a Value>,
    in_place: bool,
}

/// The entry of this key, or of one that is spelled alike.
fn get<'a>(entries: &'a Map<String, Value>, key: &str) -> Option<(&'a String, &'a Value)> {
    entries.get_key_value(key).or_else(|| {
        let key = plain_key(key);
        entries.iter().take(MOST_EXPLAINED).find(|(other, _)| !key.is_empty() && plain_key(other) == key)
    })
}
