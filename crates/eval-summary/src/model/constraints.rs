use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the team needs of a provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Constraints {
    /// The lowest acceptable overall score. Like `max_p95_seconds` it excludes who is shown to miss it, and only who is
    /// shown to meet it is recommended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_score: Option<f64>,
    /// The longest acceptable 95th percentile of latency, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_p95_seconds: Option<f64>,
    /// The highest acceptable cost per 1,000 cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_usd_per_1000: Option<f64>,
    /// Capabilities it must have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<String>,
    /// The share of the score that the team would give up for a lower cost (or less time).
    pub tolerance: f64,
    /// The dollars per 1,000 documents that do not matter, where the total cost decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance_usd: Option<f64>,
    /// What decides among candidates within the tolerance.
    pub prefer: Prefer,
}

impl Default for Constraints {
    fn default() -> Self {
        Self {
            min_score: None,
            max_p95_seconds: None,
            max_usd_per_1000: None,
            require: Vec::new(),
            tolerance: 0.01,
            tolerance_usd: None,
            prefer: Prefer::Cost,
        }
    }
}

/// What decides among candidates within the tolerance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Prefer {
    /// The lower cost per 1,000 cases.
    #[default]
    Cost,
    /// The lower median latency.
    Time,
    /// The lower total cost: answers and their mistakes. Scores do not decide then.
    TotalCost,
}
