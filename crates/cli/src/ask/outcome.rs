use serde_json::{Map, Value, json};
use vision_core::{Error, ErrorKind, Response, Stop, Usd};

use crate::exit::{Exit, Failure};
use crate::said;

/// What came of asking one provider.
pub(super) type Outcome = Result<Answered, Unanswered>;

/// An answer, whole or not.
#[derive(Debug)]
pub(super) struct Answered {
    pub response: Response,
    /// As the provider says, or by the price list.
    pub cost: Option<Usd>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Unanswered {
    kind: &'static str,
    exit: Exit,
    message: String,
    /// The same for a person: of what a host says, no more than a line.
    said: String,
    request_id: Option<String>,
}

impl Unanswered {
    /// What is said of a provider whose task ended without an outcome.
    pub fn lost() -> Self {
        let message = "internal error while asking".to_owned();
        Self { kind: "internal", exit: Exit::Unexpected, said: message.clone(), message, request_id: None }
    }

    /// The same with the name of the provider before it.
    pub fn about(mut self, label: &str) -> Self {
        self.message = format!("{label}: {}", self.message);
        self.said = format!("{label}: {}", self.said);
        self
    }

    /// For a command that asked one provider.
    pub fn failure(&self) -> Failure {
        Failure::new(self.exit, &self.said)
    }
}

impl From<Failure> for Unanswered {
    fn from(failure: Failure) -> Self {
        let message = failure.to_string();
        Self { kind: "config", exit: failure.exit(), said: message.clone(), message, request_id: None }
    }
}

impl From<&Error> for Unanswered {
    /// What the provider said, and what to quote to its support.
    fn from(error: &Error) -> Self {
        let mut about = String::new();
        if let Some(id) = &error.details.request_id {
            about.push_str(&format!(" [request {id}]"));
        }
        let attempts = error.details.attempts.len();
        if attempts > 1 {
            about.push_str(&format!(" [after {attempts} attempts]"));
        }
        let (words, from_host) = (error.chain(), error.details.status.is_some());
        let said = if from_host { said::line("", &words, &about) } else { format!("{words}{about}") };
        let exit = match error.kind() {
            ErrorKind::Auth
            | ErrorKind::Config
            | ErrorKind::Unsupported
            | ErrorKind::TooLarge
            | ErrorKind::QuotaExhausted => Exit::Setup,
            ErrorKind::Refused => Exit::Incomplete,
            _ => Exit::Unexpected,
        };
        let request_id = error.details.request_id.clone();
        Self { kind: error.kind().name(), exit, message: words + &about, said, request_id }
    }
}

impl Answered {
    /// Whether the model said what it had to say, and was trusted. An unknown reason for stopping is no promise that it
    /// did.
    fn is_whole(&self) -> bool {
        let is_complete = matches!(self.response.stop, Stop::Complete | Stop::Unknown);
        is_complete && self.response.refusal.is_none() && self.response.referred.is_none()
    }

    fn entry(&self) -> Value {
        let Self { response, cost } = self;
        let mut entry = Map::new();
        entry.insert("text".to_owned(), response.text.clone().into());
        entry.insert("complete".to_owned(), self.is_whole().into());
        entry.insert("stop".to_owned(), json!(response.stop));
        let optional = [
            ("refusal", response.refusal.clone().map(Value::from)),
            ("referred", response.referred.map(|person| json!(person))),
            ("model", response.model.clone().map(Value::from)),
            ("usage", response.usage.is_known().then(|| json!(response.usage))),
            ("cost_usd", cost.map(|cost| json!(cost))),
            ("request_id", response.request_id.clone().map(Value::from)),
            ("left_out", (!response.dropped_params.is_empty()).then(|| json!(response.dropped_params))),
        ];
        let known = optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        entry.extend(known);
        entry.insert("seconds".to_owned(), json!(response.timing.total.as_secs_f64()));
        Value::Object(entry)
    }
}

/// The exit code of a command that asked one provider.
pub(super) fn exit(outcome: &Outcome) -> Exit {
    match outcome {
        Ok(answered) if answered.is_whole() => Exit::Pass,
        Ok(_) => Exit::Incomplete,
        Err(unanswered) => unanswered.exit,
    }
}

/// For programs.
pub(super) fn entry(outcome: &Outcome) -> Value {
    match outcome {
        Ok(answered) => answered.entry(),
        Err(Unanswered { kind, message, request_id, .. }) => {
            json!({"error": {"kind": kind, "message": message, "request_id": request_id}})
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_only_where_it_stopped_as_it_should() {
        let exits =
            |stop| exit(&Ok(Answered { response: Response { stop, ..Response::default() }, cost: None }));
        for stop in [Stop::Complete, Stop::Unknown] {
            assert_eq!(exits(stop), Exit::Pass);
        }
        let broken = ["OTHER", "MALFORMED_RESPONSE", "pause_turn", "partial: pages 2 unread"];
        let broken = broken.map(|word| Stop::Other(word.to_owned()));
        for stop in broken.into_iter().chain([Stop::Length, Stop::ToolUse, Stop::Filtered(None)]) {
            assert_eq!(exits(stop.clone()), Exit::Incomplete, "{stop:?}");
        }
    }
}
