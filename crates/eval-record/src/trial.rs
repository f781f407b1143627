use std::time::Duration;

use serde::{Deserialize, Serialize};
use vision_core::{Attempt, ErrorKind, Response, Task, Usage, Usd};

use crate::{Price, Sent};

/// One case × one provider × one repeat, as it went: a line of `trials.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// The version of this line's form.
    pub v: u32,
    /// Which trial it is.
    #[serde(flatten)]
    pub key: TrialKey,
    /// What was asked.
    pub task: Task,
    /// From the start of the run to the moment the trial was begun, in milliseconds.
    pub at_ms: u64,
    /// How the answer's form was asked for.
    pub output: OutputMode,
    /// Hashes of the media as they were sent, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<String>,
    /// What hosts bill of them, where that is not one picture each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
    /// The answer, or why there is none.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// What it cost by the price book of the plan; missing where that cannot be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Usd>,
    /// Whether nobody measured how long it took: the time in it is none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub untimed: bool,
}

/// How a trial ended. Its attempts are in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "OutcomeFields")]
#[expect(clippy::large_enum_variant, reason = "nearly every trial has an answer")]
pub enum Outcome {
    /// With an answer, right or wrong.
    #[serde(rename = "response")]
    Answered(Response),
    /// Without one. [`ErrorKind::Unsupported`] stands for a case that was skipped: nothing was sent.
    #[serde(rename = "failure")]
    Failed(Failure),
}

/// The two fields of a line that say how its trial ended; one of them is there.
#[derive(Deserialize)]
struct OutcomeFields {
    response: Option<Response>,
    failure: Option<Failure>,
}

impl TryFrom<OutcomeFields> for Outcome {
    type Error = &'static str;

    fn try_from(fields: OutcomeFields) -> Result<Self, Self::Error> {
        let failed = || fields.failure.map(Self::Failed);
        fields.response.map(Self::Answered).or_else(failed).ok_or("neither `response` nor `failure`")
    }
}

/// What tells one trial of a run from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TrialKey {
    /// The dataset's name.
    pub dataset: String,
    /// The case's id.
    pub case: String,
    /// The provider's label in the plan.
    pub provider: String,
    /// From 0.
    #[serde(default)]
    pub repeat: u32,
}

/// How an answer's form was asked for: as firmly as the provider can be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputMode {
    /// In the prompt only.
    #[default]
    Text,
    /// The provider was held to JSON.
    Json,
    /// The provider was held to the schema.
    Schema,
}

/// Why a trial has no answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The kind.
    pub kind: ErrorKind,
    /// The sentence for the person, with its causes.
    pub message: String,
    /// The HTTP status, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What to quote to the provider's support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What was counted all the same.
    #[serde(default)]
    pub usage: Usage,
    /// The reply as it came, where it could not be understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Every attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
}

impl Trial {
    /// The answer, if there is one.
    pub fn response(&self) -> Option<&Response> {
        match &self.outcome {
            Outcome::Answered(response) => Some(response),
            Outcome::Failed(_) => None,
        }
    }

    /// Why there is no answer, if there is none.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.outcome {
            Outcome::Answered(_) => None,
            Outcome::Failed(failure) => Some(failure),
        }
    }

    /// Every attempt, whether there is an answer or not.
    pub fn attempts(&self) -> &[Attempt] {
        match &self.outcome {
            Outcome::Answered(response) => &response.attempts,
            Outcome::Failed(failure) => &failure.attempts,
        }
    }

    /// The same, to be written anew.
    pub fn attempts_mut(&mut self) -> &mut [Attempt] {
        match &mut self.outcome {
            Outcome::Answered(response) => &mut response.attempts,
            Outcome::Failed(failure) => &mut failure.attempts,
        }
    }

    /// What the budget counted for it: more than its cost where an attempt was lost on the way.
    pub fn charged(&self) -> Usd {
        // Whoever edits a record cannot make money of it.
        self.attempts().iter().map(|attempt| attempt.charged).filter(|charged| charged.0 > 0.0).sum()
    }

    /// How many times its worst case an attempt cost, if more than once.
    pub fn overrun(&self) -> Option<f64> {
        self.attempts().iter().filter_map(|attempt| attempt.overrun).reduce(f64::max)
    }

    /// What it cost by this price.
    ///
    /// A failed call costs what was counted for it; nothing, if it was refused before anything was done; and else an
    /// amount that is not known, because the host may have billed it.
    pub fn cost_by(&self, price: Option<&Price>) -> Option<Usd> {
        match (&self.outcome, price) {
            (Outcome::Answered(response), Some(price)) => price.cost_of(response, self.sent()),
            (Outcome::Answered(response), None) => {
                response.cost.filter(|cost| cost.0 >= 0.0 && cost.0.is_finite())
            }
            (Outcome::Failed(failure), Some(price)) => {
                let counted = || price.counted_without_answer(&failure.usage, self.sent());
                let unbilled = failure.attempts.iter().all(|attempt| attempt.charged.is_zero());
                counted().or_else(|| unbilled.then_some(Usd::ZERO))
            }
            (Outcome::Failed(_), None) => None,
        }
    }

    /// What hosts bill of its media.
    pub fn sent(&self) -> Sent {
        self.sent.unwrap_or_else(|| Sent::pictures(self.media.len() as u64))
    }

    /// What was counted.
    pub fn usage(&self) -> Usage {
        match &self.outcome {
            Outcome::Answered(response) => response.usage,
            Outcome::Failed(failure) => failure.usage,
        }
    }

    /// The provider's time for the answer. `None` for failures, where nobody measured it, and for hits of the cache, whose
    /// time was spent in another run.
    pub fn latency(&self) -> Option<Duration> {
        self.response()
            .filter(|response| !response.cached && !self.untimed)
            .map(|response| response.timing.total)
    }

    /// The time to the first token, reasoning included, where the answer was streamed and its time counts.
    pub fn first_token(&self) -> Option<Duration> {
        self.latency().and(self.response()?.timing.first_token)
    }

    /// How fast a streamed answer was written, where its time counts.
    pub fn tokens_per_second(&self) -> Option<f64> {
        self.latency().and(self.response()?.tokens_per_second())
    }

    /// Whether a resumed run should try again: what failed for a while, and what a key or an account spoilt that may
    /// have been mended since.
    pub fn is_worth_repeating(&self) -> bool {
        self.failure().is_some_and(|failure| match failure.kind {
            ErrorKind::Auth | ErrorKind::QuotaExhausted | ErrorKind::Budget | ErrorKind::Config => true,
            kind => kind.is_transient(),
        })
    }
}
