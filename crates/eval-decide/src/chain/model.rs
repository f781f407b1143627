use eval_summary::{Estimate, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::signal::{ChainModel, ChainSignal};
use crate::automation::People;

/// The version of this form.
pub const CASCADE_VERSION: u32 = 1;

/// What chains of candidates would give.
///
/// Shares are from 0 to 1, money is in US dollars per 1,000 cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChainReport {
    /// The version of this form.
    pub v: u32,
    /// The name of the run.
    pub run: String,
    /// What chains are chosen for.
    pub goal: Goal,
    /// The person at the end of a chain; missing if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<People>,
    /// Every task that has the fields.
    pub tasks: Vec<ChainTask>,
}

/// What a chain is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Goal {
    /// The lowest total cost, with this much for a wrong answer.
    TotalCost {
        /// Dollars.
        wrong_usd: f64,
    },
    /// The cheapest with at least this share of right answers.
    Accuracy {
        /// From 0 to 1.
        least: f64,
    },
    /// The cheapest that is right as often as the best single candidate.
    BestSingle,
}

/// Chains for one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChainTask {
    /// Dataset and task.
    pub scope: Scope,
    /// The fields that must be right; empty if the whole answer must be.
    pub on: Vec<String>,
    /// Cases that every candidate was asked.
    pub cases: u64,
    /// Their source documents.
    pub documents: u64,
    /// Each candidate alone.
    pub singles: Vec<Single>,
    /// What is chosen on all documents: the chain to export; empty for people only. How good it is, `held_out` says.
    pub chosen: Vec<ChainStage>,
    /// Whether a person answers what the last candidate cannot be trusted with.
    pub ends_with_person: bool,
    /// Chosen on other documents than judged on.
    pub held_out: ChainFigures,
    /// What the chain that is chosen on all documents may be expected to give.
    pub promised: ChainPromise,
    /// Against the best single candidate of `singles`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against_single: Option<AgainstSingle>,
    /// The single candidate that does better by the held-out figures: a lower total cost where that is the goal, and else
    /// at least as many right answers for no more money. Missing if the chain holds its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beaten_by: Option<String>,
    /// Of how many parts of the documents the same candidates were chosen in the same order.
    pub same_in_parts: u64,
    /// The parts.
    pub parts: u64,
    /// Whether the chain can be shown to meet the goal: missing where the goal is the total cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meets_goal: Option<bool>,
    /// What other prices of a wrong answer would choose, held out; the cheapest first.
    pub frontier: Vec<FrontierPoint>,
}

/// A candidate alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Single {
    /// Its label.
    pub provider: String,
    /// The share of right answers.
    pub accuracy: Estimate,
    /// Dollars per 1,000 cases.
    pub usd_per_1000: f64,
    /// Answers and mistakes, where mistakes have a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
}

/// One candidate of a chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChainStage {
    /// Its label.
    pub provider: String,
    /// When its answer is taken; missing if it always is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<Accept>,
    /// What a learned signal was learned to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ChainModel>,
}

/// When an answer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Accept {
    /// What is looked at.
    pub signal: ChainSignal,
    /// From which value on.
    pub threshold: f64,
}

/// What a chain gives on documents that it was not chosen on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChainFigures {
    /// The share of right answers, those of people included.
    pub accuracy: Estimate,
    /// Dollars per 1,000 cases for answers.
    pub answers: f64,
    /// Dollars per 1,000 cases for people.
    pub people: f64,
    /// The share of cases that go to a person.
    pub referred: f64,
    /// Answers, people and mistakes, where mistakes have a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<f64>,
}

/// What a chain may be expected to give: its own figures on the documents it was chosen on, corrected by how much chains
/// that were chosen on a part of them lose on the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChainPromise {
    /// The share of right answers, those of people included.
    pub accuracy: Estimate,
    /// Dollars per 1,000 cases for answers.
    pub answers: f64,
    /// Dollars per 1,000 cases for people.
    pub people: f64,
    /// The share of cases that go to a person.
    pub referred: Estimate,
}

/// A chain against the best single candidate, case by case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AgainstSingle {
    /// The single candidate that the goal would choose on all documents.
    pub provider: String,
    /// The accuracy of the chain minus its accuracy.
    pub accuracy: Estimate,
    /// The dollars per 1,000 cases of the chain minus its dollars: people included, and mistakes where they have a price.
    pub usd_per_1000: Estimate,
}

/// What one price of a wrong answer would choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FrontierPoint {
    /// Dollars for a wrong answer.
    pub wrong_usd: f64,
    /// The candidates in their order, most often chosen.
    pub chain: Vec<String>,
    /// Whether a person is at its end.
    pub ends_with_person: bool,
    /// How many parts of the documents chose these candidates; the figures are about what each part chose.
    pub same_in_parts: u64,
    /// The share of right answers, held out.
    pub accuracy: f64,
    /// Dollars per 1,000 cases for answers and people, held out.
    pub usd_per_1000: f64,
}
