use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EffectOn;

/// What worse pictures cost each candidate: paired with the same cases as they are. No headline counts them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Degraded {
    /// By candidate and way of being worse. All are one family, corrected together.
    pub losses: Vec<DegradedLoss>,
    /// What the answers to worse pictures cost, in dollars; missing where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
    /// Trials with worse pictures that are missing in the record.
    #[serde(default, skip_serializing_if = "super::verdict::is_zero")]
    pub missing: u64,
}

/// One candidate's scores on pictures that are worse in one way, against the same pictures as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DegradedLoss {
    /// The candidate's label.
    pub provider: String,
    /// In which way: `rotate=90`.
    pub how: String,
    /// The score: `from` as they are, `difference` what being worse changes.
    pub score: EffectOn,
}
