use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Estimate, Scope};

/// Where providers fail on one task of one dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Failings {
    /// What it is about.
    pub scope: Scope,
    /// Per provider and field, in the order of the plan and of the metric. Answers only.
    pub fields: Vec<FieldCounts>,
    /// Per provider, tag and value of the tag. Tags with more than 40 different values are left out.
    pub tags: Vec<TagScore>,
    /// Per provider, for classifications.
    pub confusion: Vec<Confusion>,
    /// The cases with the worst mean score over all providers but controls.
    pub worst: Vec<CaseScores>,
    /// The cases on which the providers differ most.
    pub disagreed: Vec<CaseScores>,
}

/// What became of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldCounts {
    /// The label.
    pub provider: String,
    /// The field; positions in lists are left out: `items.price`.
    pub field: String,
    /// Whether a mistake in it matters most.
    pub critical: bool,
    /// Values that were judged.
    pub judged: u64,
    /// Right, or rightly absent.
    pub right: u64,
    /// Labelled, but not given.
    pub missing: u64,
    /// Wrong in another way than the following.
    pub wrong: u64,
    /// Given, but not there.
    pub invented: u64,
    /// Rounded to a coarser unit.
    pub rounded: u64,
    /// The right digits in the wrong places.
    pub shifted: u64,
    /// None of the answers asked for.
    pub malformed: u64,
    /// Right by one of two readings, or in part.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub partly: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The score on the cases with one tag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TagScore {
    /// The label.
    pub provider: String,
    /// The tag.
    pub tag: String,
    /// Its value.
    pub value: String,
    /// The headline score over all trials.
    pub score: Estimate,
}

/// What was answered for what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Confusion {
    /// The label of the provider.
    pub provider: String,
    /// The labels of the classes, sorted.
    pub labels: Vec<String>,
    /// `matrix[expected][predicted]`, answers with a known label only.
    pub matrix: Vec<Vec<u64>>,
    /// Answers without a known label, by expected label; not in the figures below.
    pub malformed: Vec<u64>,
    /// Share of right answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// Mean recall over the classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balanced_accuracy: Option<f64>,
    /// Mean F1 over the classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub macro_f1: Option<f64>,
    /// Cohen's kappa.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kappa: Option<f64>,
    /// Matthews correlation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mcc: Option<f64>,
}

/// One case with the scores of all providers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseScores {
    /// Its id.
    pub case: String,
    /// The mean over the providers but controls.
    pub mean: f64,
    /// By provider, the mean over repeats; failed trials are 0.
    pub scores: BTreeMap<String, f64>,
}
