//! Documents with typed fields and lists of items: the metrics `receipt` and `document`.
//!
//! Formula: every labelled value gets a verdict. Field F1 = 2·right / (expected present + given), over the fields and
//! the fields of matched items; a rightly absent value counts for neither side. Item F1 is the same over whole items.
//! Items are matched one to one so that the weighted similarity (names and amounts 2, others 1) is largest; pairs below
//! `pair_floor` are a missing and an invented item.
//! Known flaws: long item lists outweigh the header fields; one swapped pair of equal items is not noticed.

mod arithmetic;
mod items;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Better, FieldInfo, Finding, Reply, Scored, Tally, ValueInfo, info, read_settings};
use crate::MetricError;
use crate::distance::share;
use crate::value::{FieldType, Verdict, is_absent};

pub(super) const VALUES: [ValueInfo; 17] = [
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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    /// Field → type.
    fields: Map<String, Value>,
    /// List → field → type.
    lists: Map<String, Value>,
    name_threshold: f64,
    pair_floor: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { fields: Map::new(), lists: Map::new(), name_threshold: 0.8, pair_floor: 0.4 }
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
        if settings.fields.is_empty() {
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
        let lists = settings.lists.iter().map(|(name, fields)| match fields {
            Value::Object(fields) => Ok((name.clone(), types(fields)?)),
            other => Err(MetricError::shape(&format!("lists.{name}"), "a table of fields and types", other)),
        });
        let rules = Self {
            fields: types(&settings.fields)?,
            lists: lists.collect::<Result<_, _>>()?,
            critical: critical.to_vec(),
            name_threshold: settings.name_threshold,
            pair_floor: settings.pair_floor,
            arithmetic,
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

    pub(super) fn score(&self, expected: &Value, reply: &Reply<'_>) -> Result<Scored, MetricError> {
        let expected =
            expected.as_object().ok_or_else(|| MetricError::shape("expected", "an object", expected))?;
        let keys: Vec<&str> = self
            .fields
            .iter()
            .map(|field| field.0.as_str())
            .chain(self.lists.iter().map(|list| list.0.as_str()))
            .collect();
        let empty = Map::new();
        let answer = reply.object(&keys).unwrap_or(&empty);
        let mut findings = Vec::new();
        for (name, kind) in &self.fields {
            let got = answer.get(name).unwrap_or(&Value::Null);
            findings.extend(self.field(name, name, *kind, expected.get(name), got));
        }
        let mut items = items::Outcome::default();
        let mut notes = Vec::new();
        for (name, fields) in &self.lists {
            let outcome =
                self.items(name, fields, expected.get(name), answer.get(name).unwrap_or(&Value::Null))?;
            items.add(outcome, &mut findings, &mut notes);
        }
        let arithmetic = if self.arithmetic { arithmetic::check(answer) } else { None };
        if let Some(Err(reason)) = &arithmetic {
            notes.push(reason.clone());
        }
        let arithmetic_ok = arithmetic.map(|outcome| f64::from(outcome.is_ok()));
        Ok(self.figures(findings, &items, arithmetic_ok, reply, notes))
    }

    /// The finding of one value; none if it is neither labelled nor given.
    fn field(
        &self,
        path: &str,
        field: &str,
        kind: FieldType,
        expected: Option<&Value>,
        got: &Value,
    ) -> Option<Finding> {
        let judgement = match expected {
            Some(expected) => kind.judge(expected, got, self.name_threshold),
            None if is_absent(got) => return None,
            None => Verdict::Unlabelled.into(),
        };
        Some(Finding {
            path: path.to_owned(),
            field: field.to_owned(),
            expected: expected.cloned().unwrap_or_default(),
            got: got.clone(),
            verdict: judgement.verdict,
            note: judgement.note,
        })
    }

    fn figures(
        &self,
        findings: Vec<Finding>,
        items: &items::Outcome,
        arithmetic_ok: Option<f64>,
        reply: &Reply<'_>,
        notes: Vec<String>,
    ) -> Scored {
        let tally = Tally::of(&findings);
        let judged = tally.judged();
        let present = |finding: &&Finding| finding.verdict == Verdict::Right && !is_absent(&finding.expected);
        let right = findings.iter().filter(present).count();
        let partly =
            tally.count(Verdict::Wrong) + tally.count(Verdict::Rounded) + tally.count(Verdict::Shifted);
        let given = right + partly + tally.count(Verdict::Invented);
        let labelled = right + partly + tally.count(Verdict::Missing);
        // Nothing expected and nothing given is right, if it was labelled.
        let or_absent =
            |share: Option<f64>| share.or_else(|| (judged > 0 && given + labelled == 0).then_some(1.0));
        let f1 = or_absent(share(2 * right, given + labelled));
        let fully = tally.count(Verdict::Right) == judged;
        let critical = Tally::of(findings.iter().filter(|finding| self.is_critical(&finding.field)));
        let critical_right = share(critical.count(Verdict::Right), critical.judged());
        let mut scored = reply.scored(f1).with_values(tally.values()).with_values([
            ("field_f1", f1),
            ("field_precision", or_absent(share(right, given))),
            ("field_recall", or_absent(share(right, labelled))),
            ("item_f1", items.f1()),
            ("fully_right", (judged > 0).then(|| f64::from(fully))),
            ("critical_right", critical_right),
            ("critical_all_right", critical_right.map(f64::floor)),
            ("items_missing", items.counted(items.missing)),
            ("items_invented", items.counted(items.invented)),
            ("arithmetic_ok", arithmetic_ok),
            ("judged", Some(judged as f64)),
        ]);
        scored.explanation = findings;
        scored.notes = notes;
        scored
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
