//! One case with everything that was said about it, for case browsers and exports.

use std::collections::BTreeMap;

use eval_metrics::task::{Finding, Parse};
use eval_record::Failure;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vision_core::{ErrorKind, Evidence, Person, Stop, Task, TokenProbabilities, Usage};

/// One case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseView {
    /// The dataset's name.
    pub dataset: String,
    /// The dataset's folder, as it was given; `media` is relative to it.
    pub folder: String,
    /// The case's id.
    pub case: String,
    /// What was asked.
    pub task: Task,
    /// The text above the question, filled in.
    pub system: Option<String>,
    /// The question, filled in.
    pub prompt: String,
    /// The label.
    pub expected: Value,
    /// The media, relative to the dataset's folder, or addresses.
    pub media: Vec<String>,
    /// For breakdowns.
    pub tags: BTreeMap<String, String>,
    /// The source document.
    pub source: String,
    /// By provider in the order of the plan, then by repeat.
    pub answers: Vec<AnswerView>,
}

/// What became of a trial: one word in every list, table and file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialStatus {
    /// There is an answer, right or wrong.
    #[default]
    Answered,
    /// It was asked, and there is no answer. It scores 0.
    Failed,
    /// It could not be asked: that says nothing about the provider, and is not scored.
    Skipped,
    /// It was planned, and is not in the record, or was never sent. It is not scored.
    Missing,
}

impl TrialStatus {
    /// The word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Missing => "missing",
        }
    }

    /// Of a recorded trial with this failure, or none.
    pub(crate) fn of(failure: Option<&Failure>) -> Self {
        match failure.map(|failure| failure.kind) {
            None => Self::Answered,
            Some(ErrorKind::Unsupported) => Self::Skipped,
            Some(ErrorKind::Budget) => Self::Missing,
            Some(_) => Self::Failed,
        }
    }
}

/// One trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerView {
    /// The label.
    pub provider: String,
    /// From 0.
    pub repeat: u32,
    /// What became of it.
    #[serde(default)]
    pub status: TrialStatus,
    /// The question, filled in, if it was another than that of the case: where several prompts were tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// What it said; empty if it failed.
    pub text: String,
    /// The headline score; a failed trial has 0. Missing if it is undefined, or the trial could not be asked.
    pub score: Option<f64>,
    /// The figures of the metric; undefined ones are `None`.
    pub values: BTreeMap<String, Option<f64>>,
    /// Whether nothing at all is wrong.
    pub fully_right: bool,
    /// How the answer could be read; missing without an answer.
    pub parse: Option<Parse>,
    /// Whether it is none of the answers asked for.
    pub malformed: bool,
    /// One line per judged value.
    pub findings: Vec<Finding>,
    /// Remarks on the answer as a whole.
    pub notes: Vec<String>,
    /// Why there is no answer.
    pub failure: Option<Failure>,
    /// What the model said instead, if it declined.
    pub refusal: Option<String>,
    /// Why it stopped; missing without an answer.
    pub stop: Option<Stop>,
    /// Seconds; for a hit of the cache those of the first time, which count nowhere.
    pub seconds: Option<f64>,
    /// Seconds to the first token, reasoning included, of an answer that was streamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token_seconds: Option<f64>,
    /// Tokens per second after the first, of an answer that was streamed and counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_per_second: Option<f64>,
    /// Whether it came from the cache.
    pub cached: bool,
    /// Dollars, if known.
    pub usd: Option<f64>,
    /// Tokens.
    pub usage: Usage,
    /// Attempts.
    pub attempts: u32,
    /// The model that answered, in the provider's words.
    pub served: Option<String>,
    /// The provider's mark of the system behind the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// What to quote to the provider's support.
    pub request_id: Option<String>,
    /// Hashes of the media as they were sent.
    pub media: Vec<String>,
    /// The person who reads the case because no answer of a cascade was trusted; the score is that person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred: Option<Person>,
    /// Where the values come from and how sure the provider is of them, as far as it says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// How sure the model was of its tokens, if it was asked and said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_probabilities: Option<TokenProbabilities>,
}
