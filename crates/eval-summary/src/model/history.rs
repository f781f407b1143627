use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Change, Estimate, Quantile, Scope, Served};

/// How providers did over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct History {
    /// The version of this form.
    pub v: u32,
    /// One line per run × provider × task and overall: by provider, then scope, then data, then time.
    pub lines: Vec<HistoryLine>,
    /// Runs that cannot be read, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<String>,
}

/// One provider on one task in one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryLine {
    /// The run's directory, relative to the folder that was looked through.
    pub run: String,
    /// The run's name.
    pub name: String,
    /// When it was begun.
    pub started: String,
    /// The label of the provider.
    pub provider: String,
    /// What it is about.
    pub scope: Scope,
    /// Which data: lines with another number were scored on other cases and are not to be joined with these.
    #[serde(default)]
    pub data: u32,
    /// The headline score over all trials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Estimate>,
    /// Trials.
    #[serde(default)]
    pub trials: u64,
    /// How many of them failed, or are missing.
    #[serde(default)]
    pub failed: u64,
    /// The median time of an answer, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50: Option<Quantile>,
    /// 95 % of the answers took no longer, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95: Option<Quantile>,
    /// Dollars for a thousand cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_1000: Option<f64>,
    /// Whether that is a lower bound.
    pub at_least: bool,
    /// The models that answered, the most frequent first.
    pub served: Vec<Served>,
    /// What changed since the line before, if that is of the same provider and task: `served model`, `fingerprint`,
    /// `prompt`, `dataset`, `metric`, `scorer`, `prices`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Change>,
}
