use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Against, Scope};

/// Whether a run may pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateReport {
    /// The version of this form.
    pub v: u32,
    /// The worst of all checks.
    pub verdict: GateVerdict,
    /// One sentence.
    pub sentence: String,
    /// The name of the run.
    pub run: String,
    /// The baseline, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// A loss of less than this share of the score is no regression.
    pub margin: f64,
    /// Every check, the worst first.
    pub checks: Vec<Check>,
    /// What changed since the baseline, and which fields and cases broke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
}

/// The outcome of a gate or of one of its checks, the mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GateVerdict {
    /// Nothing got worse, as far as is asked for.
    Pass,
    /// Too few cases to say.
    Inconclusive,
    /// The baseline is about another dataset, prompt, metric or scoring: set it anew.
    Stale,
    /// Trials are missing, so nothing can be promised.
    Incomplete,
    /// Worse than the baseline beyond the margin, or beyond a cutoff.
    Regressed,
}

/// One thing that a gate looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What was asked for: `baseline main`, or the cutoff as it was written.
    pub rule: String,
    /// The provider.
    pub provider: String,
    /// What it is about.
    pub scope: Scope,
    /// The outcome.
    pub verdict: GateVerdict,
    /// The figure of this run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The figure it is held against: the baseline's score or the cutoff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<f64>,
    /// Why, in a sentence.
    pub message: String,
    /// Fields and tags that broke, the worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broke: Vec<String>,
    /// Cases that broke, the largest loss first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<String>,
}
