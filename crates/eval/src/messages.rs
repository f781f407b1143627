//! What a coordinator and its workers send each other, as it is written. How it is sent is another crate's.

use std::time::Duration;

use eval_record::Plan;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::assignment::{Assignment, Report};

/// The version of all messages.
pub const VERSION: u32 = 1;

/// A run that workers may work on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The version of messages.
    pub v: u32,
    /// The run's name at the broker.
    pub run: String,
    /// What is asked of whom; nothing secret is in it.
    pub plan: Plan,
    /// After how many seconds of silence a worker counts as gone.
    pub silence_seconds: f64,
}

/// Workers that are to be heard of more often have time for nothing else.
const SHORTEST_SILENCE: Duration = Duration::from_millis(100);

/// Nobody waits longer for a worker that is gone.
const LONGEST_SILENCE: Duration = Duration::from_secs(24 * 3600);

impl Notice {
    /// After how much silence a worker counts as gone, whatever the message says.
    #[must_use]
    pub fn silence(&self) -> Duration {
        let said = Duration::try_from_secs_f64(self.silence_seconds).unwrap_or(Duration::from_secs(30));
        said.clamp(SHORTEST_SILENCE, LONGEST_SILENCE)
    }
}

/// An assignment on its way.
#[derive(Debug, Serialize, Deserialize)]
pub struct Assigned {
    /// What the broker tells messages apart by: the report has the same.
    pub message: String,
    /// What is to be done.
    #[serde(flatten)]
    pub assignment: Assignment,
}

/// A worker begins with an assignment. Only the first one that says so may.
#[derive(Debug, Serialize, Deserialize)]
pub struct Started {
    /// The assignment's id.
    pub assignment: String,
    /// Who begins; different each time.
    pub by: String,
}

/// A report on its way.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// The assignment's id.
    pub assignment: String,
    /// How it ended.
    #[serde(flatten)]
    pub report: Report,
}

/// Reads `bytes` as each of the messages, and does with it what a coordinator or a worker does.
///
/// # Panics
/// If either would, which is what a fuzz target looks for.
#[doc(hidden)]
pub fn check_messages(bytes: &[u8]) {
    if let Some(notice) = message::<Notice>(bytes) {
        assert!(!(notice.silence() / 3).is_zero(), "a worker beats at intervals");
    }
    if let Some(assigned) = message::<Assigned>(bytes) {
        let id = assigned.assignment.id();
        assert!(id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{id} is part of a subject");
    }
    message::<Started>(bytes);
    if let Some(told) = message::<Told>(bytes) {
        let small = told.report.clone().too_large(bytes.len(), 1024);
        for report in [told.report, small] {
            let _ = report.outcome(Duration::from_secs(5));
        }
    }
}

/// What is read can be written and read again.
fn message<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let message: T = serde_json::from_slice(bytes).ok()?;
    let written = serde_json::to_vec(&message).expect("our own types are plain data");
    assert!(serde_json::from_slice::<T>(&written).is_ok(), "{}", String::from_utf8_lossy(&written));
    Some(message)
}

#[cfg(test)]
mod tests {
    use vision_core::{Attempt, Response};

    use super::*;
    use crate::assignment::Reported;

    #[test]
    fn a_report_of_any_waiting_time_is_taken() {
        let waited = Attempt { queued: Duration::MAX, ..Attempt::default() };
        let response = Response { attempts: vec![waited], ..Response::default() };
        let report = Report::without_media(Reported::Answered(Box::new(response)));
        let outcome = report.outcome(Duration::from_secs(5)).expect("it is an answer");
        assert_eq!(outcome.attempts[0].queued, Duration::MAX);
    }
}
