use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{ErrorKind, Evidence, Surcharge, TokenProbabilities, Usage, Usd};

/// One answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// The answer; empty where the model gave none.
    pub text: String,
    /// What the model said instead, if it declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Why it stopped.
    pub stop: Stop,
    /// What it counted.
    pub usage: Usage,
    /// The model that answered, in the provider's words: often a dated snapshot of the alias asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The provider's mark of the system behind the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The service tier that was used; what else changes the price, such as a region, follows a `+`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_tier: Option<String>,
    /// What to quote to the provider's support.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What the provider says it charged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Usd>,
    /// Parameters of the request that this model refuses and that were left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dropped_params: Vec<String>,
    /// How long the provider took; waiting in our own queues never counts.
    pub timing: Timing,
    /// What the provider still allows, as its headers say.
    #[serde(skip)]
    pub limits: Limits,
    /// Where the answer's values come from, as far as the provider says; empty for most models.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// How sure the model was of its tokens, if it was asked and said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_probabilities: Option<TokenProbabilities>,
    /// Every attempt that led here, this one last. Filled by the layers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// The person who reads the case, where no answer of a cascade was trusted.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "person")]
    pub referred: Option<Person>,
    /// Whether this came from the cache, with the timing and cost of the first time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cached: bool,
}

impl Response {
    /// The same with what made it dearer.
    #[must_use]
    pub fn served(mut self, surcharge: Surcharge) -> Self {
        let tier = self.service_tier.as_deref().unwrap_or("standard");
        self.service_tier = Some(format!("{tier}+{}", surcharge.name()));
        self
    }

    /// How fast it was written, where it was streamed and counted: tokens after the first for each second after the first.
    ///
    /// Reasoning that is counted apart is not in it, and the time begins with the answer. Where it is not counted apart,
    /// all output is in it, and the time begins with the first token of any kind.
    pub fn tokens_per_second(&self) -> Option<f64> {
        let output = self.usage.output?;
        let (tokens, begun) = match self.usage.reasoning {
            Some(reasoning) => (output.checked_sub(reasoning)?, self.timing.first_text?),
            None => (output, self.timing.first_token?),
        };
        let seconds = self.timing.total.checked_sub(begun)?.as_secs_f64();
        // What comes in one piece has no speed.
        (tokens > 1 && seconds > 0.0).then(|| (tokens - 1) as f64 / seconds)
    }
}

/// A person who reads a case instead of a model: what is known of that before it is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Dollars per case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usd: Option<Usd>,
    /// The share of cases that come out wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<f64>,
}

/// Older records only say whether there is one.
fn person<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Person>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        Whether(bool),
        Who(Person),
    }
    Ok(Option::<Said>::deserialize(from)?.and_then(|said| match said {
        Said::Whether(is_there) => is_there.then(Person::default),
        Said::Who(person) => Some(person),
    }))
}

/// Why a model stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It had said everything.
    Complete,
    /// It reached the token limit: the answer is cut.
    Length,
    /// The context window was full.
    ContextWindow,
    /// A filter of the provider cut in; with its category, if it named one.
    Filtered(Option<String>),
    /// It declined.
    Refused,
    /// It wanted to call a tool.
    ToolUse,
    /// The provider did not say.
    #[default]
    Unknown,
    /// Something this crate does not know, kept as it came.
    Other(String),
}

/// Where the time of one answer went. Queueing and retries are not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// From sending to the first token of any kind, reasoning included; known where the answer was streamed.
    #[serde(skip_serializing_if = "Option::is_none", with = "micros::option", default)]
    pub first_token: Option<Duration>,
    /// From sending to the first token of the answer itself; known where the answer was streamed.
    #[serde(skip_serializing_if = "Option::is_none", with = "micros::option", default)]
    pub first_text: Option<Duration>,
    /// From sending to the last byte of the answer.
    #[serde(with = "micros")]
    pub total: Duration,
}

/// One attempt at a request, as the layers saw it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// From the moment the request was handed in to the moment this attempt was sent.
    #[serde(with = "micros")]
    pub start: Duration,
    /// Waiting for a free place under the concurrency limit.
    #[serde(with = "micros", default, skip_serializing_if = "Duration::is_zero")]
    pub queued: Duration,
    /// Waiting because of a rate limit.
    #[serde(with = "micros", default, skip_serializing_if = "Duration::is_zero")]
    pub limited: Duration,
    /// From sending to the answer or the failure.
    #[serde(with = "micros")]
    pub total: Duration,
    /// How it failed; `None` for the attempt that brought the answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<ErrorKind>,
    /// The HTTP status, where there was one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<u16>,
    /// The wait before the next attempt.
    #[serde(with = "micros", default, skip_serializing_if = "Duration::is_zero")]
    pub wait: Duration,
    /// What the budget counted for it: its cost, or the most it can have cost where that is not known.
    #[serde(default, skip_serializing_if = "Usd::is_zero")]
    pub charged: Usd,
    /// The number of the reservation that was written down for it before it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<u64>,
    /// How many times its worst case it cost, where the host did not keep to the limits of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overrun: Option<f64>,
    /// Whether the worker that made it stopped before it ended. It may have been billed, and was made again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
}

/// What a provider still allows, for the rate-limit layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Requests.
    pub requests: Option<Allowance>,
    /// Tokens.
    pub tokens: Option<Allowance>,
}

/// One limit of a provider.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// How many per window.
    pub limit: Option<u64>,
    /// How many are left in this window.
    pub remaining: Option<u64>,
    /// When the window is full again.
    pub reset: Option<Duration>,
}

/// Durations as whole microseconds: exact, compact and readable by any tool.
mod micros {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_micros)
    }

    pub mod option {
        use std::time::Duration;

        use serde::{Deserialize, Deserializer, Serializer};

        pub fn serialize<S: Serializer>(
            duration: &Option<Duration>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match duration {
                Some(duration) => super::serialize(duration, serializer),
                None => serializer.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
            Ok(Option::<u64>::deserialize(deserializer)?.map(Duration::from_micros))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Attempt, Person, Response, Stop, Timing};
    use crate::{Bounds, ErrorKind, Evidence, Usage, Usd};

    #[test]
    fn records_that_only_say_whether_a_person_reads_it_can_still_be_read() {
        let read = |text: &str| serde_json::from_str::<Response>(text).unwrap().referred;
        assert_eq!(read(r#"{"referred":true}"#), Some(Person::default()));
        assert_eq!((read(r#"{"referred":false}"#), read("{}")), (None, None));
        let person = Person { usd: Some(Usd(0.4)), error: Some(0.01) };
        let written = serde_json::to_string(&Response { referred: Some(person), ..Response::default() });
        assert_eq!(read(&written.unwrap()), Some(person));
    }

    #[test]
    fn survives_a_trip_through_json() {
        let response = Response {
            evidence: vec![Evidence {
                path: "items[0].price".to_owned(),
                text: Some("12.50 €".to_owned()),
                confidence: Some(0.98),
                page: Some(1),
                bounds: Some(Bounds { left: 0.5, top: 0.25, right: 0.75, bottom: 0.375 }),
            }],
            text: "TOTAL 12.50 €".to_owned(),
            stop: Stop::Filtered(Some("violence".to_owned())),
            timing: Timing {
                first_token: Some(Duration::from_micros(1_500)),
                first_text: Some(Duration::from_micros(1_700)),
                total: Duration::from_millis(2),
            },
            attempts: vec![Attempt {
                start: Duration::ZERO,
                queued: Duration::ZERO,
                limited: Duration::from_secs(1),
                total: Duration::from_millis(3),
                error: Some(ErrorKind::RateLimited),
                status: Some(429),
                wait: Duration::from_secs(2),
                charged: Usd(0.01),
                ..Attempt::default()
            }],
            ..Response::default()
        };
        let json = serde_json::to_string(&response).unwrap();
        assert_eq!(serde_json::from_str::<Response>(&json).unwrap(), response);
    }

    #[test]
    fn speed_is_of_the_tokens_after_the_first() {
        let millis = |number| Some(Duration::from_millis(number));
        let timing =
            Timing { first_token: millis(500), first_text: millis(1_000), total: Duration::from_secs(3) };
        let usage = Usage { output: Some(151), ..Usage::default() };
        let speed = |usage, timing| Response { usage, timing, ..Response::default() }.tokens_per_second();
        assert_eq!(speed(usage, timing), Some(60.0));
        assert_eq!(speed(Usage { reasoning: Some(50), ..usage }, timing), Some(50.0));
        assert_eq!(speed(Usage { reasoning: Some(150), ..usage }, timing), None);
        assert_eq!(speed(Usage::default(), timing), None);
        assert_eq!(speed(usage, Timing { first_token: None, ..timing }), None);
        assert_eq!(speed(usage, Timing { total: Duration::from_millis(500), ..timing }), None);
    }

    #[test]
    fn an_older_record_with_fewer_fields_is_read() {
        let response: Response = serde_json::from_str(r#"{"text":"hi"}"#).unwrap();
        assert_eq!((response.text.as_str(), response.stop), ("hi", Stop::Unknown));
    }
}
