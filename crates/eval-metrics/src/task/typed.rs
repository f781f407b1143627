//! Records with typed fields, lists and maps: the metric `extract`, and its presets `receipt` and `document`.
//!
//! Formula: every labelled value gets a verdict. Field F1 = 2·right / (expected present + given), over the fields and
//! the fields of matched items, each with its weight; a rightly absent value counts for neither side. Item F1 is the same
//! over whole items. Items are matched one to one so that the weighted similarity (names and amounts 2, others 1) is
//! largest; pairs below `pair_floor` are a missing and an invented item. Entries of a map belong to their keys.
//! What a record holds comes from a JSON Schema (`extract`) or from a list of fields and types (the presets).
//! Known flaws: long item lists outweigh the header fields; one swapped pair of equal items is not noticed.

mod allowed;
mod arithmetic;
mod cell;
mod declared;
mod figures;
mod items;
mod judged;
mod maps;
mod matching;
mod nested;
mod persons;
pub mod recognized;
mod schema;
mod settings;
mod shape;
mod structure;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::fit::Fit;
use super::keys::{Fields, Found, best_object};
use super::refusal::states_error;
use super::{
    Better, CaseFacts, FieldInfo, Finding, PARTLY, Parse, Reply, STRICT, Scored, Tally, ValueInfo, grounding,
    info,
};
use crate::MetricError;
use crate::value::{Comparison, DateOrder, FieldType, is_absent, order_shown, text};
use items::Outcome;
use judged::{By, finding};
use structure::{Naming, Place, Structure, is_within};

pub(super) use settings::Settings;

pub(super) const VALUES: [ValueInfo; 22] = [
    info("field_f1", "F1 over all labeled values", Better::Higher),
    info("field_precision", "share of the given values that are right", Better::Higher),
    info("field_recall", "share of the labeled values that are right", Better::Higher),
    info("item_f1", "F1 over whole items, all of whose labeled values are right", Better::Higher),
    info("fully_right", "1 if nothing is missing, wrong or invented", Better::Higher),
    info("critical_right", "share of the critical values that are right", Better::Higher),
    info("critical_all_right", "1 if all critical values are right", Better::Higher),
    info("right", "values that are right, or rightly absent", Better::Neither),
    info("missing", "labeled values not given", Better::Lower),
    info("wrong", "values wrong in another way than rounded or shifted", Better::Lower),
    info("invented", "values given where there are none", Better::Lower),
    info("rounded", "numbers rounded to a coarser unit", Better::Lower),
    info("shifted", "numbers with a moved point, swapped or dropped digits", Better::Lower),
    info("items_missing", "items not given", Better::Lower),
    info("items_invented", "items given that are not there", Better::Lower),
    info("arithmetic_ok", "1 if the answer's own amounts add up", Better::Higher),
    info("judged", "values judged", Better::Neither),
    PARTLY,
    STRICT,
    info("value_f1", "F1 of ExtractBench over cells, where evidence is labeled", Better::Higher),
    info("grounding_f1", "F1 of ExtractBench over right values with the right box", Better::Higher),
    info("page_f1", "F1 of ExtractBench over right values with the right page", Better::Higher),
];

#[derive(Debug, Clone)]
pub(super) struct Rules {
    structure: Structure,
    naming: Naming,
    critical: Vec<String>,
    /// By the name of a field, or of what holds it.
    weights: HashMap<String, f64>,
    name_threshold: f64,
    pair_floor: f64,
    arithmetic: bool,
    date_order: Option<DateOrder>,
    /// Where it comes from one.
    schema: Option<Arc<Value>>,
}

impl Rules {
    pub(super) fn fields(&self) -> Vec<FieldInfo> {
        let mut fields = Vec::new();
        self.structure.describe(&Place::root(self.naming), &mut |name, kind| {
            fields.push(FieldInfo { critical: self.is_critical(&name), name, kind });
        });
        fields
    }

    /// A critical list or object makes its fields critical.
    fn is_critical(&self, field: &str) -> bool {
        self.critical.iter().any(|name| is_within(field, name))
    }

    /// How many of its fields an object in an answer has.
    fn known(&self, value: &Value) -> usize {
        let value = match value {
            Value::Array(items) => items.first().unwrap_or(value),
            value => value,
        };
        best_object(value, &self.tops()).1
    }

    /// The names that stand at the top of an answer.
    fn tops(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let names = self.structure.names().map(|name| match self.naming {
            Naming::Plain => name,
            Naming::Marked => name.split('.').next().unwrap_or(name),
        });
        names.filter(|name| seen.insert(*name)).collect()
    }

    /// Scores the text of an answer.
    pub(super) fn score_text(
        &self,
        expected: &Value,
        answer: &str,
        schema: Option<Fit<'_>>,
        facts: &CaseFacts,
    ) -> Result<Scored, MetricError> {
        let known = |value: &Value| self.known(value);
        self.score(expected, &Reply::new(answer, schema, Some(&known)), facts)
    }

    fn score(&self, expected: &Value, reply: &Reply<'_>, facts: &CaseFacts) -> Result<Scored, MetricError> {
        let expected =
            expected.as_object().ok_or_else(|| MetricError::shape("expected", "an object", expected))?;
        let label = expected;
        let expected = nested::flat(label, &self.structure);
        let tops = self.tops();
        let replied = self.is_answer(reply, &tops);
        let empty = Map::new();
        let mut notes = Vec::new();
        let other = self.in_another_shape(reply, &tops);
        if other.is_some() {
            notes.push("the fields were read from lines or entries of names and values".to_owned());
        }
        let given = other.as_ref().or_else(|| reply.object(&tops)).unwrap_or(&empty);
        // Inside a wrapper nothing is where it was asked for.
        let is_bare = reply.is_bare()
            && reply
                .json
                .value
                .as_ref()
                .and_then(Value::as_object)
                .is_some_and(|whole| std::ptr::eq(whole, given));
        let answer = nested::flat(given, &self.structure);
        let names = self.structure.names().collect();
        let answered = Answered { fields: Fields::of(&answer), map: &answer, names, is_bare };
        let comparison = Comparison {
            name_threshold: self.name_threshold,
            date_order: facts.date_order.or(self.date_order).or_else(|| self.order_in(&answered)),
        };
        let by = By { comparison, readings: grounding::readings(&facts.evidence) };
        let mut outcome = self.members(&expected, &answered, &by, &mut notes)?;
        notes.append(&mut outcome.notes);
        let arithmetic = if self.arithmetic { arithmetic::check(&answer) } else { None };
        if let Some(Err(reason)) = &arithmetic {
            notes.push(reason.clone());
        }
        let arithmetic_ok = arithmetic.map(|outcome| f64::from(outcome.is_ok()));
        let is_answer = !outcome.no_list && (other.is_some() || replied);
        let schema = self.schema.as_deref();
        let grounded = grounding::figures(label, given, &facts.evidence, &facts.found_at, schema);
        let mut scored = self.figures(outcome, arithmetic_ok, reply, notes, is_answer).with_values(grounded);
        if other.is_some() {
            scored.parse = Parse::Repaired;
            scored.values.insert("strict".to_owned(), Some(0.0));
        }
        Ok(scored)
    }

    /// The fields, lists and maps at the top.
    fn members(
        &self,
        expected: &Map<String, Value>,
        answered: &Answered<'_>,
        by: &By,
        notes: &mut Vec<String>,
    ) -> Result<Outcome, MetricError> {
        let root = Place::root(self.naming);
        let mut outcome = Outcome::default();
        for (name, kind) in &self.structure.fields {
            let found = answered.get(name, notes);
            outcome.findings.extend(finding(root.inside(name), *kind, expected.get(name), found, by));
        }
        for list in &self.structure.lists {
            let found = answered.get(&list.name, notes);
            outcome.add(self.items(&root.inside(&list.name), list, expected.get(&list.name), found, by)?);
        }
        for map in &self.structure.maps {
            let found = answered.get(&map.name, notes);
            outcome.add(self.entries(&root.inside(&map.name), map, expected.get(&map.name), found, by)?);
        }
        Ok(outcome)
    }

    /// The fields where the answer has none of them in an object.
    fn in_another_shape(&self, reply: &Reply<'_>, names: &[&str]) -> Option<Map<String, Value>> {
        let value = reply.json.value.as_ref();
        let has_fields = value.is_some_and(|value| best_object(value, names).1 > 0);
        if has_fields { None } else { shape::fields(value, reply.text, names) }
    }

    /// Whether an answer may be right where nothing is labelled: it has one of the fields, or nothing at all in it.
    ///
    /// `{"error": "cannot read"}` and a refusal are no answer.
    fn is_answer(&self, reply: &Reply<'_>, names: &[&str]) -> bool {
        let Some(value) = reply.json.value.as_ref() else { return false };
        !states_error(value) && (best_object(value, names).1 > 0 || is_hollow(value, 0))
    }

    /// The order of day and month that another date of the same answer gives away: `25/12/2024`.
    fn order_in(&self, answered: &Answered<'_>) -> Option<DateOrder> {
        let dates = self.structure.fields.iter().filter(|(_, kind)| *kind == FieldType::Date);
        let mut orders = dates.filter_map(|(name, _)| order_shown(&text(answered.map.get(name)?)));
        let first = orders.next()?;
        orders.all(|order| order == first).then_some(first)
    }
}

/// Whether a value has nothing in it: `{}`, `{"result": {"items": []}}`.
fn is_hollow(value: &Value, depth: usize) -> bool {
    const DEEPEST: usize = 8;
    match value {
        Value::Object(fields) if depth < DEEPEST => fields.values().all(|value| is_hollow(value, depth + 1)),
        value => is_absent(value) && !value.is_null() || value.is_null() && depth > 0,
    }
}

/// The object of an answer and how its fields are called.
struct Answered<'a> {
    fields: Fields<'a>,
    map: &'a Map<String, Value>,
    names: Vec<&'a str>,
    /// It is the whole answer.
    is_bare: bool,
}

/// A value of an answer.
#[derive(Clone, Copy)]
struct Given<'a> {
    value: &'a Value,
    /// It stands where it was asked for.
    in_place: bool,
}

const NOTHING: Given<'static> = Given { value: &Value::Null, in_place: true };

impl<'a> Answered<'a> {
    fn get(&self, name: &str, notes: &mut Vec<String>) -> Given<'a> {
        let others = || self.names.iter().copied().filter(|other| *other != name);
        if let Some(Found { key, value }) = self.fields.get(name, others()) {
            if key != name {
                notes.push(format!("`{key}` read as `{name}`"));
            }
            return Given { value, in_place: self.is_bare && key == name };
        }
        // `{"totals": {"total": 12.5}, …}`
        let is_asked_for = |key: &str| {
            let rest = |name: &'a str| name.strip_prefix(key);
            self.names
                .iter()
                .any(|name| rest(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
        };
        let groups = self.map.iter().filter(|(key, _)| !is_asked_for(key)).take(20);
        let mut inner = groups.filter_map(|(group, value)| Some((group, value.as_object()?)));
        let found = inner.find_map(|(group, map)| Some((group, map.get(name)?)));
        let Some((group, value)) = found else { return NOTHING };
        notes.push(format!("`{group}.{name}` read as `{name}`"));
        Given { value, in_place: false }
    }
}
