use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the team needs of a provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Constraints {
    /// The least overall score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_score: Option<f64>,
    /// The most seconds for 95 % of the answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_p95_seconds: Option<f64>,
    /// The most dollars for a thousand cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_usd_per_1000: Option<f64>,
    /// Capabilities it must have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<String>,
    /// A cheaper provider is taken instead of the best one if it is surely not worse by more than this share of the
    /// score.
    pub tolerance: f64,
}

impl Default for Constraints {
    fn default() -> Self {
        Self {
            min_score: None,
            max_p95_seconds: None,
            max_usd_per_1000: None,
            require: Vec::new(),
            tolerance: 0.05,
        }
    }
}

/// Whom to take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// What was asked for.
    pub constraints: Constraints,
    /// What can be said.
    pub decision: Decision,
    /// One sentence.
    pub sentence: String,
    /// Whom to take; missing if that cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
    /// Whom to take otherwise. Without a winner: the candidate with the second best score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<String>,
    /// The candidates that are not shown to be worse than the one with the best score, which is first.
    pub tied: Vec<String>,
    /// Why, in sentences.
    pub reasons: Vec<String>,
    /// What would flip the choice, in sentences.
    pub flips: Vec<String>,
    /// Who is no candidate, and why.
    pub excluded: Vec<Excluded>,
    /// What would settle an open question among the tied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle: Option<Settle>,
}

/// What can be said about whom to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// One candidate is shown to be the best.
    Best,
    /// Several are as good as can be told; one of them is the cheapest and surely not much worse.
    CheapestOfTied,
    /// Too few cases for a choice.
    CannotTellYet,
    /// Nobody fulfils the constraints.
    NoCandidate,
}

/// Somebody who is no candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Excluded {
    /// The label.
    pub provider: String,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// What would settle which of two is better.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settle {
    /// The one with the better score.
    pub best: String,
    /// The other.
    pub rival: String,
    /// Further cases that would probably do, if the difference is as large as seen; missing if none was seen or no
    /// reasonable number would do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases: Option<u64>,
    /// What asking the two would cost; missing if a price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
}
