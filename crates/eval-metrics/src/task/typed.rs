//! Documents with typed fields and lists of items: the metrics `receipt` and `document`.
//!
//! Formula: every labelled value gets a verdict. Field F1 = 2·right / (expected present + given), over the fields and
//! the fields of matched items; a rightly absent value counts for neither side. Item F1 is the same over whole items.
//! Items are matched one to one so that the weighted similarity (names and amounts 2, others 1) is largest; pairs below
//! `pair_floor` are a missing and an invented item.
//! Known flaws: long item lists outweigh the header fields; one swapped pair of equal items is not noticed.

mod arithmetic;
mod items;
mod judged;
mod nested;
mod persons;
mod shape;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::keys::{Fields, Found, best_object};
use super::refusal::states_error;
use super::{
    Better, CaseFacts, FieldInfo, Finding, PARTLY, Parse, Reply, STRICT, Scored, Tally, ValueInfo, info,
    read_settings,
};
use crate::MetricError;
use crate::distance::share;
use crate::value::{Comparison, DateOrder, FieldType, Verdict, is_absent, order_shown, text};
use judged::{Place, finding};

pub(super) const VALUES: [ValueInfo; 19] = [
    info("field_f1", "F1 over all labelled values", Better::Higher),
    info("field_precision", "share of the given values that are right", Better::Higher),
    info("field_recall", "share of the labelled values that are right", Better::Higher),
    info("item_f1", "F1 over whole items, all of whose labelled values are right", Better::Higher),
    info("fully_right", "1 if nothing is missing, wrong or invented", Better::Higher),
    info("critical_right", "share of the critical values that are right", Better::Higher),
    info("critical_all_right", "1 if all critical values are right", Better::Higher),
    info("right", "values that are right, or rightly absent", Better::Neither),
    info("missing", "labelled values not given", Better::Lower),
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
];

/// A field and how it is compared.
type Field = (String, FieldType);

#[derive(Debug, Clone)]
pub(super) struct Rules {
    fields: Vec<Field>,
    lists: Vec<(String, Vec<Field>)>,
    critical: Vec<String>,
    name_threshold: f64,
    pair_floor: f64,
    arithmetic: bool,
    date_order: Option<DateOrder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    /// Field → type.
    fields: Map<String, Value>,
    /// List → field → type; or list → type, for items that are no objects.
    lists: Map<String, Value>,
    name_threshold: f64,
    pair_floor: f64,
    /// How dates in numbers are written where a case is not tagged: `dmy`, `mdy`, `ymd`, a country or a locale.
    date_order: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { fields: Map::new(), lists: Map::new(), name_threshold: 0.8, pair_floor: 0.4, date_order: None }
    }
}

impl Rules {
    pub(super) fn receipt(settings: &Value, critical: &[String]) -> Result<Self, MetricError> {
        let mut settings: Settings = read_settings(settings)?;
        let fields = json!({
            "store": "name", "date": "date", "subtotal": "money", "tax": "money", "tip": "money", "total": "money",
            "payment_method": "enum",
        });
        let items = json!({ "items": { "name": "name", "quantity": "quantity", "price": "money" } });
        for (defaults, given) in [(fields, &mut settings.fields), (items, &mut settings.lists)] {
            let Value::Object(mut defaults) = defaults else { continue };
            defaults.extend(std::mem::take(given));
            *given = defaults;
        }
        Self::new(settings, critical, true)
    }

    pub(super) fn document(settings: &Value, critical: &[String]) -> Result<Self, MetricError> {
        let settings: Settings = read_settings(settings)?;
        if settings.fields.is_empty() && settings.lists.is_empty() {
            return Err(MetricError::new(
                "the metric `document` needs settings: `fields` says the type of each field, as in `total = \"money\"`",
            ));
        }
        Self::new(settings, critical, false)
    }

    fn new(settings: Settings, critical: &[String], arithmetic: bool) -> Result<Self, MetricError> {
        for (name, share) in
            [("name_threshold", settings.name_threshold), ("pair_floor", settings.pair_floor)]
        {
            if !(0.0..=1.0).contains(&share) {
                return Err(MetricError::new(format!("`{name}` should be from 0 to 1, but is {share}")));
            }
        }
        let date_order = settings.date_order.as_deref().map(|name| {
            DateOrder::of(name).ok_or_else(|| {
                MetricError::new(format!(
                    "`date_order` should be `dmy`, `mdy`, `ymd`, a country or a locale, but is `{name}`"
                ))
            })
        });
        let lists = settings.lists.iter().map(|(name, fields)| match fields {
            Value::Object(fields) => Ok((name.clone(), types(fields)?)),
            kind @ Value::String(_) => {
                let fields = Map::from_iter([(nested::PLAIN_ITEM.to_owned(), kind.clone())]);
                Ok((name.clone(), types(&fields)?))
            }
            other => Err(MetricError::shape(&format!("lists.{name}"), "a table of fields and types", other)),
        });
        let rules = Self {
            fields: types(&settings.fields)?,
            lists: lists.collect::<Result<_, _>>()?,
            critical: critical.to_vec(),
            name_threshold: settings.name_threshold,
            pair_floor: settings.pair_floor,
            arithmetic,
            date_order: date_order.transpose()?,
        };
        let fields = rules.fields();
        for name in critical {
            let known =
                |field: &FieldInfo| field.name == *name || field.name.starts_with(&format!("{name}."));
            if !fields.iter().any(known) {
                return Err(MetricError::new(format!(
                    "the critical field `{name}` is no field of the metric"
                )));
            }
        }
        Ok(rules)
    }

    pub(super) fn fields(&self) -> Vec<FieldInfo> {
        let info = |name: String, kind| FieldInfo { critical: self.is_critical(&name), name, kind };
        let own = self.fields.iter().map(|(name, kind)| info(name.clone(), *kind));
        let nested = self.lists.iter().flat_map(|(list, fields)| {
            fields.iter().map(move |(name, kind)| info(format!("{list}.{name}"), *kind))
        });
        own.chain(nested).collect()
    }

    /// A critical list makes its fields critical.
    fn is_critical(&self, field: &str) -> bool {
        self.critical.iter().any(|name| {
            field == name || field.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'))
        })
    }

    /// How many of its fields an object in an answer has.
    pub(super) fn known(&self, value: &Value) -> usize {
        let value = match value {
            Value::Array(items) => items.first().unwrap_or(value),
            value => value,
        };
        best_object(value, &self.names()).1
    }

    fn names(&self) -> Vec<&str> {
        let fields = self.fields.iter().map(|field| field.0.as_str());
        fields.chain(self.lists.iter().map(|list| list.0.as_str())).collect()
    }

    pub(super) fn score(
        &self,
        expected: &Value,
        reply: &Reply<'_>,
        facts: &CaseFacts,
    ) -> Result<Scored, MetricError> {
        let expected =
            expected.as_object().ok_or_else(|| MetricError::shape("expected", "an object", expected))?;
        let expected = nested::flat(expected, self);
        let names = self.names();
        let replied = self.is_answer(reply, &names);
        let empty = Map::new();
        let mut notes = Vec::new();
        let other = self.in_another_shape(reply, &names);
        if other.is_some() {
            notes.push("the fields were read from lines or entries of names and values".to_owned());
        }
        let given = other.as_ref().or_else(|| reply.object(&names)).unwrap_or(&empty);
        // Inside a wrapper nothing is where it was asked for.
        let is_bare = reply.is_bare()
            && reply
                .json
                .value
                .as_ref()
                .and_then(Value::as_object)
                .is_some_and(|whole| std::ptr::eq(whole, given));
        let answer = nested::flat(given, self);
        let answered = Answered { fields: Fields::of(&answer), map: &answer, names, is_bare };
        let by = Comparison {
            name_threshold: self.name_threshold,
            date_order: facts.date_order.or(self.date_order).or_else(|| self.order_in(&answered)),
        };
        let mut findings = Vec::new();
        for (name, kind) in &self.fields {
            let found = answered.get(name, &mut notes);
            let place = Place { path: name.clone(), field: name.clone() };
            findings.extend(finding(place, *kind, expected.get(name), found, &by));
        }
        let mut items = items::Outcome::default();
        let mut answered_lists = true;
        for (name, fields) in &self.lists {
            let found = answered.get(name, &mut notes);
            let reshaped = shape::items(found.value, fields, expected.get(name));
            if reshaped.is_some() {
                notes.push(format!("`{name}` read from another form than a list of objects"));
            }
            let found = reshaped.as_ref().map_or(found, |value| Given { value, in_place: false });
            answered_lists &= expected.get(name).is_none() || items::is_list(found.value);
            let outcome = self.items(name, fields, expected.get(name), found, &by)?;
            items.add(outcome, &mut findings, &mut notes);
        }
        let arithmetic = if self.arithmetic { arithmetic::check(&answer) } else { None };
        if let Some(Err(reason)) = &arithmetic {
            notes.push(reason.clone());
        }
        let arithmetic_ok = arithmetic.map(|outcome| f64::from(outcome.is_ok()));
        let is_answer = answered_lists && (other.is_some() || replied);
        let mut scored = self.figures(findings, &items, arithmetic_ok, reply, notes, is_answer);
        if other.is_some() {
            scored.parse = Parse::Repaired;
            scored.values.insert("strict".to_owned(), Some(0.0));
        }
        Ok(scored)
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
        let dates = self.fields.iter().filter(|(_, kind)| *kind == FieldType::Date);
        let mut orders = dates.filter_map(|(name, _)| order_shown(&text(answered.map.get(name)?)));
        let first = orders.next()?;
        orders.all(|order| order == first).then_some(first)
    }

    fn figures(
        &self,
        findings: Vec<Finding>,
        items: &items::Outcome,
        arithmetic_ok: Option<f64>,
        reply: &Reply<'_>,
        notes: Vec<String>,
        is_answer: bool,
    ) -> Scored {
        let tally = Tally::of(&findings);
        let judged = tally.judged() + items.beyond;
        let invented = tally.count(Verdict::Invented) + items.beyond;
        let present = |finding: &&Finding| finding.verdict == Verdict::Right && !is_absent(&finding.expected);
        let right = findings.iter().filter(present).count();
        let strictly = findings.iter().filter(present).filter(|finding| !finding.lenient).count();
        let partly = tally.count(Verdict::Partly);
        let wrong =
            tally.count(Verdict::Wrong) + tally.count(Verdict::Rounded) + tally.count(Verdict::Shifted);
        let given = right + partly + wrong + invented;
        let labelled = right + partly + wrong + tally.count(Verdict::Missing);
        // What is right by one of two readings counts half.
        let credit = |whole: usize| (whole > 0).then(|| (right as f64 + partly as f64 / 2.0) / whole as f64);
        // Nothing expected and nothing given is right, if it was labelled.
        let or_absent = |share: Option<f64>| {
            let is_empty = (judged > 0 || items.f1().is_some()) && given + labelled == 0;
            share.or_else(|| is_empty.then(|| f64::from(is_answer)))
        };
        let f1 = or_absent(credit(given + labelled).map(|half| 2.0 * half));
        let strict = or_absent(share(2 * strictly, given + labelled));
        let strict = strict.map(|strict| if reply.is_bare() { strict } else { 0.0 });
        let fully = tally.count(Verdict::Right) == judged && (is_answer || given > 0);
        let critical = Tally::of(findings.iter().filter(|finding| self.is_critical(&finding.field)));
        let critical_right = share(critical.count(Verdict::Right), critical.judged());
        let mut scored = reply.scored(f1).with_values(tally.values()).with_values([
            ("field_f1", f1),
            ("invented", Some(invented as f64)),
            ("field_precision", or_absent(credit(given))),
            ("field_recall", or_absent(credit(labelled))),
            ("item_f1", items.f1()),
            ("fully_right", (judged > 0).then(|| f64::from(fully))),
            ("critical_right", critical_right),
            ("critical_all_right", critical_right.map(f64::floor)),
            ("items_missing", items.counted(items.missing)),
            ("items_invented", items.counted(items.invented)),
            ("arithmetic_ok", arithmetic_ok),
            ("judged", Some(judged as f64)),
            ("strict", strict),
        ]);
        scored.explanation = findings;
        scored.notes = notes;
        scored
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
        let groups = self.map.iter().filter(|(key, _)| !self.names.contains(&key.as_str())).take(20);
        let mut inner = groups.filter_map(|(group, value)| Some((group, value.as_object()?)));
        let found = inner.find_map(|(group, map)| Some((group, map.get(name)?)));
        let Some((group, value)) = found else { return NOTHING };
        notes.push(format!("`{group}.{name}` read as `{name}`"));
        Given { value, in_place: false }
    }
}

fn types(fields: &Map<String, Value>) -> Result<Vec<Field>, MetricError> {
    fields
        .iter()
        .map(|(name, kind)| match FieldType::deserialize(kind) {
            Ok(kind) => Ok((name.clone(), kind)),
            Err(error) => Err(MetricError::new(format!("the type of the field `{name}`: {error}"))),
        })
        .collect()
}
