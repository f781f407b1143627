//! Labels that are probably wrong: fields where good candidates agree with each other against the label.
//!
//! For each value of a label: who says what the label says, and who says something else? A candidate's word counts by how
//! often it is right in that field on other documents. How often labels are wrong, and how often two mistakes are the
//! same, is estimated on other documents, too.

mod annotators;
mod audit;
mod belief;
mod copies;
mod decided;
mod votes;

use eval_summary::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use annotators::{Annotation, AnnotatorAgreement, annotator_agreement};
pub use audit::{Effect, LABELS_VERSION, LabelAudit, NamedRecord, VerdictShift, as_label, audit, set};
pub use decided::{
    Decided, Ruling, also, clear, corrected, events, next_version, outstanding, put, value_at,
};
pub use votes::{Vote, VotedLabel, votes};

use belief::Beliefs;

/// A value of a label that is probably wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Suspect {
    /// Dataset and task.
    pub scope: Scope,
    /// The case's id.
    pub case: String,
    /// The field.
    pub field: String,
    /// What the label says; null if it says that there is nothing.
    pub label: Value,
    /// What the candidates say instead; null if they say that there is nothing.
    pub suggestion: Value,
    /// The chance that the label is wrong.
    pub probability: f64,
    /// Who says what the suggestion says.
    pub against: Vec<String>,
    /// Who says what the label says.
    pub in_favor: Vec<String>,
    /// Candidates that say something else.
    pub others: u64,
}

/// All values of labels with the chance that each is wrong, the most doubtful first.
#[must_use]
pub fn suspects(labels: &[VotedLabel], candidates: &[String]) -> Vec<Suspect> {
    let mut found: Vec<Suspect> = Beliefs::cross_fitted(labels, candidates.len())
        .into_iter()
        .zip(labels)
        .filter_map(|(belief, label)| {
            let value = belief.instead?;
            let who = |says: &dyn Fn(&Vote) -> bool| -> Vec<String> {
                let of = label.votes.iter().enumerate().filter(|(_, vote)| vote.as_ref().is_some_and(says));
                of.map(|(at, _)| candidates[at].clone()).collect()
            };
            let against = who(&|vote| vote.key == value);
            let in_favor = who(&|vote| vote.key.is_none());
            let voted = label.votes.iter().flatten().count();
            let suggestion = label.votes.iter().flatten().find(|vote| vote.key == value)?.value.clone();
            Some(Suspect {
                scope: label.scope.clone(),
                case: label.case.clone(),
                field: label.field.clone(),
                label: label.value.clone(),
                suggestion,
                probability: belief.wrong,
                others: (voted - against.len() - in_favor.len()) as u64,
                against,
                in_favor,
            })
        })
        .collect();
    found.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.case.cmp(&b.case)));
    found
}
