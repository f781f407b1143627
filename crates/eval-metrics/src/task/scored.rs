//! What a task metric says about an answer.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::Repair;
use crate::value::{FieldType, Verdict};

/// The score of one answer, with everything needed to explain and to aggregate it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// The figure reports rank by, from 0 to 1, higher is better; undefined if the case labels nothing.
    pub headline: Option<f64>,
    /// All figures by name; undefined ones are `None`. [`TaskMetric::values`](crate::task::TaskMetric::values) explains them.
    pub values: BTreeMap<String, Option<f64>>,
    /// How the answer could be read.
    pub parse: Parse,
    /// Whether the value fits the schema; nothing without a schema or a value.
    pub schema_valid: Option<bool>,
    /// What was unusual about the JSON.
    pub repairs: BTreeSet<Repair>,
    /// The answer is none of those asked for: counted apart, not as wrong.
    pub malformed: bool,
    /// The pair of labels of a classification, for a confusion matrix over cases.
    pub labels: Option<LabelPair>,
    /// One line per judged value.
    pub explanation: Vec<Finding>,
    /// Remarks on the answer as a whole.
    pub notes: Vec<String>,
}

/// What a classification expected and got; nothing if no label was recognised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelPair {
    /// The right label.
    pub expected: String,
    /// The label of the answer.
    pub predicted: Option<String>,
}

/// How an answer could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parse {
    /// Valid JSON that fits the schema.
    SchemaValid,
    /// Valid JSON that does not fit the schema.
    SchemaInvalid,
    /// Valid JSON; there is no schema.
    Valid,
    /// JSON with mistakes that could be repaired.
    Repaired,
    /// JSON that ends too early; what was complete is scored.
    Truncated,
    /// No JSON where there should be some.
    Unreadable,
    /// The task needs no JSON.
    NotNeeded,
}

/// What became of one value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Where it is: `total`, `items[2].price` by the expected list, `items[+4].price` by the answer's list if invented.
    pub path: String,
    /// The path without positions, to aggregate by: `items.price`.
    pub field: String,
    /// The right value; null if labelled absent.
    pub expected: Value,
    /// The value of the answer; null if absent.
    pub got: Value,
    /// The verdict.
    pub verdict: Verdict,
    /// What cannot be seen from the two values.
    pub note: Option<String>,
    /// Right only because it was read leniently: another spelling, key or place than was asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lenient: bool,
}

/// A field that a metric judges, for reports per field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldInfo {
    /// As in [`Finding::field`].
    pub name: String,
    /// How its values are compared.
    pub kind: FieldType,
    /// Whether a mistake in it matters most.
    pub critical: bool,
}

/// A figure in [`Scored::values`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueInfo {
    /// Its name.
    pub name: &'static str,
    /// What it says, in a few words.
    pub about: &'static str,
    /// Which direction is better.
    pub better: Better,
}

/// Which direction of a figure is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither: a count to aggregate with.
    Neither,
}

impl Scored {
    pub(super) fn with_values<const N: usize>(mut self, values: [(&str, Option<f64>); N]) -> Self {
        self.values.extend(values.map(|(name, value)| (name.to_owned(), value)));
        self
    }
}

/// How often each verdict occurs.
#[derive(Default)]
pub(super) struct Tally(BTreeMap<Verdict, usize>);

impl Tally {
    pub(super) fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut counts = BTreeMap::new();
        for finding in findings {
            *counts.entry(finding.verdict).or_insert(0) += 1;
        }
        Self(counts)
    }

    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.0.get(&verdict).copied().unwrap_or(0)
    }

    /// Everything judged, right or not.
    pub(super) fn judged(&self) -> usize {
        self.0.values().sum::<usize>() - self.count(Verdict::Unlabelled)
    }

    pub(super) fn values(&self) -> [(&'static str, Option<f64>); 7] {
        let count = |verdict| Some(self.count(verdict) as f64);
        [
            ("right", count(Verdict::Right)),
            ("missing", count(Verdict::Missing)),
            ("wrong", count(Verdict::Wrong)),
            ("invented", count(Verdict::Invented)),
            ("rounded", count(Verdict::Rounded)),
            ("shifted", count(Verdict::Shifted)),
            ("partly", count(Verdict::Partly)),
        ]
    }
}

/// The value that every task gives beside its headline.
pub(super) const STRICT: ValueInfo =
    info("strict", "the score if nothing had been read leniently", Better::Higher);

pub(super) const PARTLY: ValueInfo =
    info("partly", "values that are right by one of two readings, or in part", Better::Lower);

pub(super) const fn info(name: &'static str, about: &'static str, better: Better) -> ValueInfo {
    ValueInfo { name, about, better }
}
