use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a run that ends when it is decided came to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stopped {
    /// Whether the verdict was settled before the cases were used up.
    pub decided: bool,
    /// Source documents that were asked.
    pub documents: u64,
    /// Source documents of the plan.
    pub of: u64,
    /// Trials that were asked of candidates.
    pub trials: u64,
    /// Trials that asking everyone everything would have taken.
    pub all_trials: u64,
    /// What was spent on them, where all of it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
    /// What all of them would have cost at the same price per trial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_usd: Option<f64>,
    /// The differences of all pairs, with bounds that hold at all looks together.
    pub gaps: Vec<AnytimeGap>,
    /// How the decision grew.
    pub looks: Vec<LookInfo>,
}

/// The score of `a` minus that of `b`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnytimeGap {
    /// One.
    pub a: String,
    /// The other.
    pub b: String,
    /// As seen.
    pub difference: f64,
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

/// One look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LookInfo {
    /// Source documents by then.
    pub documents: u64,
    /// Candidates that were left.
    pub left: u64,
    /// Those that this look has put out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub out: Vec<String>,
    /// The cheapest of those that were left and shown to beat every control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick: Option<String>,
    /// Those of them that were not yet shown to beat every control: while one of them might be chosen instead, the run went on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_above_control: Vec<String>,
    /// The most that the pick may have lost against any of the others that were left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_lose: Option<f64>,
}
