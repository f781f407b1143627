use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vision_core::Task;

use super::{Bounds, Opinion};

/// What came of trying several ways of asking the same models.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tried {
    /// What each setting buys: per model and factor, every value against the first one.
    pub effects: Vec<Effect>,
    /// The models of which several ways of asking were tried, with all of them.
    pub models: Vec<TriedModel>,
    /// The prompts that were tried, by dataset and task, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<TriedPrompt>,
}

/// One value of a factor against another, within a model: the mean over everything else that was tried with both.
///
/// All figures of all effects are corrected together: scores may use three quarters of the error, the rest a quarter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// The label of the model.
    pub model: String,
    /// What was varied: `detail`, `prompt`, …
    pub factor: String,
    /// The value that was tried first.
    pub from: String,
    /// The other value.
    pub to: String,
    /// Pairs of candidates that differ in nothing else.
    pub pairs: u64,
    /// The score, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<EffectOn>,
    /// Dollars per case; missing where a cost is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_case: Option<EffectOn>,
    /// Tokens per case, in and out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<EffectOn>,
    /// Seconds per answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<EffectOn>,
}

/// A paired difference, `to` − `from`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EffectOn {
    /// Cases that both have.
    pub n: u64,
    /// The mean of `from`.
    pub from: f64,
    /// The mean difference.
    pub difference: f64,
    /// Where all true differences probably lie together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Bounds>,
    /// p after correction for all effects.
    pub p_adjusted: f64,
    /// What may be said: for the score, more is better; for the others, better means more of it.
    pub opinion: Opinion,
}

/// One model and the ways it was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TriedModel {
    /// Its label.
    pub model: String,
    /// Its candidates, the cheapest first.
    pub ways: Vec<Way>,
    /// The way that is recommended under the constraints, if that is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended: Option<String>,
    /// The way that the figures as they are speak for, where it is not settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<String>,
}

/// One way of asking a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Way {
    /// The label of the candidate.
    pub provider: String,
    /// What was tried, by factor.
    pub factors: BTreeMap<String, String>,
    /// Its mean score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Its cost, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_1000: Option<f64>,
    /// Its median time in seconds, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_seconds: Option<f64>,
    /// Whether no candidate of the run, of whatever model, scores as high for less.
    pub on_frontier: bool,
}

/// The text of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TriedPrompt {
    /// The dataset.
    pub dataset: String,
    /// The task.
    #[schemars(with = "String")]
    pub task: Task,
    /// What it is called.
    pub name: String,
    /// The system prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The question.
    pub text: String,
}
