//! What a coordinator and its workers tell each other: which attempt is to be made, and how it ended.
//!
//! An assignment names a case and never holds its media, a prompt or a key: a worker has the dataset and the plan, and
//! keys from its own environment.

use std::time::Duration;

use eval_record::MediaEntry;
use serde::{Deserialize, Serialize};
use vision_core::{Attempt, Error, ErrorKind, Limits, Response, Result, Usage};

/// One attempt that a worker is to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The place of the candidate in the plan.
    pub candidate: u32,
    /// The place among the candidates of a cascade, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<u32>,
    /// The place of the dataset in the plan.
    pub dataset: u32,
    /// The line of the case in the dataset's `cases.jsonl`, from 1.
    pub line: u32,
    /// The case's id, so that a worker notices when its dataset is another one.
    pub case: String,
    /// From 0.
    pub repeat: u32,
    /// How often the trial was recorded before: a failure that is tried again is another trial to the broker.
    pub round: u32,
    /// The number of the attempt within the trial, from 0. Whoever resumes a run counts the same.
    pub attempt: u32,
    /// The number under which its money is reserved in the record, if it has a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<u64>,
}

impl Assignment {
    /// Tells its trial from all others of a run.
    pub fn trial(&self) -> String {
        format!("{}.{}.{}.{}.{}", self.candidate, self.dataset, self.line, self.repeat, self.round)
    }

    /// Tells it from all others of a run.
    pub fn id(&self) -> String {
        format!("{}.{}", self.trial(), self.attempt)
    }
}

/// What a worker says of an assignment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// What was sent, and what was done to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<MediaEntry>,
    /// As in the assignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<u64>,
    /// What the host still allows.
    #[serde(default)]
    pub limits: Limits,
    /// How it ended.
    pub ended: Reported,
}

/// How an assignment ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reported {
    /// With an answer.
    Answered(Box<Response>),
    /// It was made, and brought no answer.
    Failed(Box<Failed>),
    /// Nothing was sent, because this can be asked of nobody: the media are broken, or not supported.
    Refused {
        /// The kind of error.
        kind: ErrorKind,
        /// The sentence for the person.
        message: String,
    },
    /// Nothing was sent, for a reason of the worker's: its files, its keys.
    Unable {
        /// The sentence for the person.
        reason: String,
    },
    /// A worker took it and was not heard of again: it may have been made.
    Interrupted,
}

/// An error, in a form that can be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failed {
    pub kind: ErrorKind,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<Duration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub should_retry: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    #[serde(default)]
    pub usage: Usage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    #[serde(default)]
    pub maybe_billed: bool,
}

impl Report {
    /// What became of an attempt that was made.
    pub fn of(outcome: Result<Response>, media: Vec<MediaEntry>) -> Self {
        let limits = match &outcome {
            Ok(response) => response.limits,
            Err(error) => error.details.limits,
        };
        let ended = match outcome {
            Ok(response) => Reported::Answered(Box::new(response)),
            Err(error) => Reported::Failed(Box::new(Failed::of(error))),
        };
        Self { media, limits, ..Self::without_media(ended) }
    }

    /// Says that this report is larger than what can be sent. What it tells of the attempt is lost, but for its cost.
    pub fn too_large(self, bytes: usize, most: usize) -> Self {
        let attempts = match self.ended {
            Reported::Answered(response) => response.attempts,
            Reported::Failed(failed) => failed.attempts,
            _ => Vec::new(),
        };
        let kind = ErrorKind::Config;
        let message = format!(
            "the answer needs a message of {bytes} bytes, and the NATS server takes {most}: raise its max_payload"
        );
        let mut error = Error::new(kind, message);
        error.details.maybe_billed = true;
        error.details.attempts = attempts;
        error.details.attempts.iter_mut().for_each(|attempt| attempt.error = Some(kind));
        Self { reservation: self.reservation, ..Self::of(Err(error), self.media) }
    }

    /// What became of one that was not.
    pub fn without_media(ended: Reported) -> Self {
        Self { media: Vec::new(), reservation: None, limits: Limits::default(), ended }
    }

    /// The outcome of the attempt, as if it had been made here. It took `elapsed` from its assignment to its report.
    pub(crate) fn outcome(self, elapsed: Duration) -> Result<Response> {
        match self.ended {
            Reported::Answered(mut response) => {
                response.limits = self.limits;
                waited(&mut response.attempts, elapsed);
                Ok(*response)
            }
            Reported::Failed(failed) => {
                let mut error = failed.into_error(self.limits);
                waited(&mut error.details.attempts, elapsed);
                Err(error)
            }
            Reported::Refused { kind, message } => Err(Error::new(kind, message)),
            Reported::Unable { reason } => Err(interrupted(reason)),
            Reported::Interrupted => {
                let mut error = interrupted("its worker stopped before it had reported".to_owned());
                error.details.maybe_billed = true;
                error.details.attempts = vec![Attempt {
                    total: elapsed,
                    error: Some(ErrorKind::Unavailable),
                    interrupted: true,
                    ..Attempt::default()
                }];
                Err(error)
            }
        }
    }
}

/// An error that says nothing about the host.
pub(crate) fn interrupted(message: String) -> Error {
    let mut error = Error::new(ErrorKind::Unavailable, message);
    error.details.interrupted = true;
    error
}

/// Waiting for a worker is no time of the provider's.
fn waited(attempts: &mut [Attempt], elapsed: Duration) {
    if let Some(attempt) = attempts.last_mut() {
        attempt.queued = attempt.queued.saturating_add(elapsed.saturating_sub(attempt.total));
    }
}

impl Failed {
    fn of(error: Error) -> Self {
        let (kind, message, details) = (error.kind(), error.chain(), *error.details);
        Self {
            kind,
            message,
            retry_after: details.retry_after,
            should_retry: details.should_retry,
            status: details.status,
            request_id: details.request_id,
            usage: details.usage,
            body: details.body,
            attempts: details.attempts,
            maybe_billed: details.maybe_billed,
        }
    }

    fn into_error(self, limits: Limits) -> Error {
        let mut error = Error::new(self.kind, self.message);
        *error.details = vision_core::Details {
            retry_after: self.retry_after,
            should_retry: self.should_retry,
            status: self.status,
            request_id: self.request_id,
            usage: self.usage,
            body: self.body,
            limits,
            attempts: self.attempts,
            maybe_billed: self.maybe_billed,
            interrupted: false,
        };
        error
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use vision_core::{Allowance, Attempt, Error, ErrorKind, Limits, Response};

    use super::Report;

    fn sent(report: &Report) -> Report {
        serde_json::from_str(&serde_json::to_string(report).unwrap()).unwrap()
    }

    #[test]
    fn what_the_layers_decide_by_arrives_with_an_error() {
        let mut error =
            Error::new(ErrorKind::RateLimited, "slow down").with_source(std::io::Error::other("429"));
        error.details.retry_after = Some(Duration::from_millis(1_500));
        error.details.should_retry = Some(true);
        error.details.maybe_billed = true;
        let none_left =
            Allowance { limit: Some(10), remaining: Some(0), reset: Some(Duration::from_secs(9)) };
        error.details.limits = Limits { requests: Some(none_left), tokens: None };
        error.details.attempts = vec![Attempt { total: Duration::from_millis(40), ..Attempt::default() }];
        let details = error.details.clone();
        let got = sent(&Report::of(Err(error), Vec::new())).outcome(Duration::from_millis(100)).unwrap_err();
        assert_eq!((got.kind(), got.message()), (ErrorKind::RateLimited, "slow down: 429"));
        assert_eq!(got.details.retry_after, details.retry_after);
        assert_eq!(got.details.should_retry, details.should_retry);
        assert_eq!(got.details.limits, details.limits);
        assert!(got.details.maybe_billed && !got.details.interrupted);
        assert_eq!(got.details.attempts[0].queued, Duration::from_millis(60), "the broker's time is waiting");
    }

    #[test]
    fn an_answer_arrives_as_it_was() {
        let answer = Response { text: "TOTAL 12.50".to_owned(), ..Response::default() };
        let got = sent(&Report::of(Ok(answer.clone()), Vec::new())).outcome(Duration::ZERO).unwrap();
        assert_eq!(got, answer);
    }
}
