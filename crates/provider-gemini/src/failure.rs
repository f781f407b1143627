use std::time::Duration;

use serde::Deserialize;
use vision_core::{Error, ErrorKind};
use vision_http::{Reply, parse_delay};

/// An error body, alone or as the one element of an array.
#[derive(Deserialize)]
#[serde(untagged)]
enum Failure {
    One { error: Status },
    Many([Wrapped; 1]),
}

#[derive(Deserialize)]
struct Wrapped {
    error: Status,
}

#[derive(Deserialize)]
struct Status {
    message: Option<String>,
    status: Option<String>,
    details: Option<Vec<Detail>>,
}

/// All kinds of details in one: a service may add kinds, and each field says enough for itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    reason: Option<String>,
    retry_delay: Option<String>,
    violations: Option<Vec<Violation>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Violation {
    quota_id: Option<String>,
    quota_value: Option<String>,
}

/// Whether the body is an error, whatever the status says.
pub(crate) fn is_failure(reply: &Reply) -> bool {
    parse(reply).is_some()
}

/// The error that a reply stands for.
pub(crate) fn decode(reply: &Reply, host: &str) -> Error {
    let Some(status) = parse(reply) else { return reply.bare_error(host) };
    let kind = status.kind(reply);
    let mut error = reply.error(kind, status.sentence(kind, reply.status, host));
    error.details.retry_after = status.delay().or(error.details.retry_after);
    error
}

fn parse(reply: &Reply) -> Option<Status> {
    match serde_json::from_slice(&reply.body).ok()? {
        Failure::One { error } | Failure::Many([Wrapped { error }]) => Some(error),
    }
}

impl Status {
    fn details(&self) -> impl Iterator<Item = &Detail> {
        self.details.iter().flatten()
    }

    fn kind(&self, reply: &Reply) -> ErrorKind {
        if self.details().any(Detail::is_about_the_key) {
            return ErrorKind::Auth;
        }
        match self.status.as_deref() {
            Some("UNAUTHENTICATED" | "PERMISSION_DENIED") => ErrorKind::Auth,
            Some("RESOURCE_EXHAUSTED") if self.is_final() => ErrorKind::QuotaExhausted,
            Some("RESOURCE_EXHAUSTED") => ErrorKind::RateLimited,
            Some("INVALID_ARGUMENT") if self.is_about_size() => ErrorKind::TooLarge,
            Some(
                "INVALID_ARGUMENT" | "FAILED_PRECONDITION" | "NOT_FOUND" | "OUT_OF_RANGE" | "UNIMPLEMENTED",
            ) => ErrorKind::InvalidRequest,
            Some("UNAVAILABLE" | "INTERNAL" | "ABORTED" | "CANCELLED") => ErrorKind::Unavailable,
            Some("DEADLINE_EXCEEDED") => ErrorKind::Timeout,
            _ => reply.kind(),
        }
    }

    /// A quota by the day, or one of nothing at all, is not back in a minute, whatever `retryDelay` says.
    fn is_final(&self) -> bool {
        self.details().flat_map(|detail| detail.violations.iter().flatten()).any(|violation| {
            let daily = violation.quota_id.as_deref().is_some_and(|id| id.contains("PerDay"));
            daily || violation.quota_value.as_deref() == Some("0")
        })
    }

    /// Too many bytes or tokens are an `INVALID_ARGUMENT` like any other, so that only the words tell.
    fn is_about_size(&self) -> bool {
        let too_large = ["payload size exceeds", "exceeds the maximum number of tokens"];
        self.message.as_deref().is_some_and(|message| too_large.iter().any(|words| message.contains(words)))
    }

    /// The wait: a detail of its own, or the end of the message. No header says it.
    fn delay(&self) -> Option<Duration> {
        let told = self.details().filter_map(|detail| detail.retry_delay.as_deref()).find_map(parse_delay);
        told.or_else(|| {
            let (_, after) = self.message.as_deref()?.split_once("retry in ")?;
            parse_delay(after.split_whitespace().next()?.trim_end_matches('.'))
        })
    }

    fn sentence(&self, kind: ErrorKind, status: u16, host: &str) -> String {
        let words = self.words();
        match kind {
            ErrorKind::Auth if self.status.as_deref() == Some("PERMISSION_DENIED") => {
                format!("{host} does not allow this key to do this: {words}")
            }
            ErrorKind::Auth => format!("key rejected by {host}: {words}"),
            ErrorKind::QuotaExhausted => format!("no quota left at {host}: {words}"),
            _ if status == 404 => format!("not found at {host}: {words}"),
            _ => format!("{host}: {words}"),
        }
    }

    /// The message on one line. Quota messages are whole lists.
    fn words(&self) -> String {
        const LONGEST: usize = 300;
        let message = self.message.as_deref().unwrap_or("no reason given");
        let mut words = message.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.len() > LONGEST {
            words.truncate(words.floor_char_boundary(LONGEST));
            words.push('…');
        }
        words
    }
}

impl Detail {
    /// A bad key is a 400: only the reason (`API_KEY_INVALID`, `API_KEY_EXPIRED`, …) tells.
    fn is_about_the_key(&self) -> bool {
        self.reason.as_deref().is_some_and(|reason| reason.starts_with("API_KEY_"))
    }
}
