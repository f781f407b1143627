use eval_summary::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calibration::Calibration;
use crate::promise::{Accepted, Needed, PromisedToday};
use crate::signal::Signal;

/// The version of this form.
pub const AUTOMATION_VERSION: u32 = 1;

/// What can run unattended.
///
/// Shares are from 0 to 1, money is in US dollars per 1,000 documents. What is not known is missing, never 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Automation {
    /// The version of this form.
    pub v: u32,
    /// The name of the run.
    pub run: String,
    /// What was asked for.
    #[serde(flatten)]
    pub wanted: Wanted,
    /// Every task that has the fields.
    pub tasks: Vec<TaskAutomation>,
}

/// What is promised, and what errors and people cost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Wanted {
    /// The largest acceptable share of wrong documents among those that run unattended.
    pub max_error: f64,
    /// The chance that a promise is broken.
    pub delta: f64,
    /// The people who do the rest.
    pub people: People,
    /// Dollars for a wrong document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong_usd: Option<f64>,
}

/// A person who reads a document.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct People {
    /// Dollars per document.
    pub usd: f64,
    /// The share of documents that come out wrong.
    pub error: f64,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { max_error: 0.01, delta: 0.05, people: People { usd: 0.4, error: 0.01 }, wrong_usd: None }
    }
}

/// What can run unattended in one task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaskAutomation {
    /// Dataset and task.
    pub scope: Scope,
    /// The fields that must be right; empty if the whole answer must be.
    pub on: Vec<String>,
    /// Source documents with a label: what is independent.
    pub documents: u64,
    /// Their cases. A document is right, or runs unattended, only if all of its cases are or do.
    pub cases: u64,
    /// Cases whose label says nothing about the fields.
    pub unlabelled: u64,
    /// Cases without any answer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unanswered: u64,
    /// Dollars for a wrong document: what was asked for, or what the mistakes of wrong answers cost on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrong_usd: Option<f64>,
    /// The cheapest way that keeps the promise although it was chosen among several; missing if none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended: Option<Recommended>,
    /// The smallest error for which there would be such a way; missing if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<RecommendedToday>,
    /// Labeled documents with which one of the lines would keep the promise as the choice among all, if errors go on as
    /// observed; missing where one does already, and where that is never to be expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<u64>,
    /// People alone.
    pub people: Total,
    /// Every candidate with every signal: those that keep the promise first, by total cost.
    pub lines: Vec<AutomationLine>,
}

/// The cheapest way that keeps the promise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Recommended {
    /// The candidate.
    pub provider: String,
    /// The signal.
    pub signal: Signal,
    /// The lines it was chosen from: the chance that its promise is broken is divided by their number.
    pub chosen_from: u64,
    /// What can be promised although it was chosen.
    pub promised: Accepted,
    /// What 1,000 documents cost with the errors that were seen; missing if a price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Total>,
    /// What they cost if as many are wrong as the promise allows; missing if a price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_at_most: Option<Total>,
}

/// What could be recommended with another promise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecommendedToday {
    /// The share of wrong documents among those that run unattended.
    pub error: f64,
    /// What would be recommended.
    #[serde(flatten)]
    pub best: Recommended,
}

/// A candidate whose answers are accepted by a signal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AutomationLine {
    /// The candidate's label.
    pub provider: String,
    /// What decides.
    pub signal: Signal,
    /// Documents it was asked.
    pub documents: u64,
    /// What its answers cost, with those that the signal needs; missing if a price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_per_1000: Option<f64>,
    /// The largest part of the documents for which the promise can be made; missing if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Accepted>,
    /// The smallest error that can be promised with these documents; missing if none can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today: Option<PromisedToday>,
    /// The documents that the promise takes, where it cannot be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<Needed>,
    /// The threshold that looks good enough on these documents. Nothing is promised by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naive: Option<Accepted>,
    /// What 1,000 documents cost with the promise, people included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Total>,
    /// The share of wrong documents if all ran unattended.
    pub error_if_all: f64,
    /// Whether the signal tells right from wrong.
    pub calibration: Calibration,
    /// Upper bounds of the error that hold at all these thresholds at once.
    pub curve: Vec<Accepted>,
}

/// What 1,000 documents cost.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Total {
    /// Answers.
    pub answers: f64,
    /// People, for the documents that are not accepted.
    pub people: f64,
    /// Wrong documents.
    pub wrong: f64,
    /// What they cost, if that is known.
    pub errors: f64,
    /// The sum.
    pub usd: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
