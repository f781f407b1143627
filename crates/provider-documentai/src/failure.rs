use serde::Deserialize;
use vision_core::{Error, ErrorKind};
use vision_http::{Reply, parse_delay};

#[derive(Deserialize)]
struct Failure {
    error: Status,
}

/// Google's form of an error.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    message: String,
    status: String,
    details: Vec<Detail>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Detail {
    reason: String,
    retry_delay: String,
}

/// Whether the body is an error, whatever the status says.
pub(crate) fn is_failure(reply: &Reply) -> bool {
    serde_json::from_slice::<Failure>(&reply.body).is_ok()
}

/// The error that a reply stands for.
pub(crate) fn decode(reply: &Reply, host: &str) -> Error {
    let Ok(Failure { error: status }) = serde_json::from_slice::<Failure>(&reply.body) else {
        return reply.bare_error(host);
    };
    let usual = if reply.is_success() { ErrorKind::Unavailable } else { reply.kind() };
    let kind = status.kind().unwrap_or(usual);
    let words = if status.message.is_empty() { "no reason given" } else { &status.message };
    let message = match (kind, status.status.as_str()) {
        (ErrorKind::Auth, "PERMISSION_DENIED") => {
            format!("{host} does not allow this account to do this: {words}")
        }
        (ErrorKind::Auth, _) => format!("token rejected by {host}: {words}"),
        (ErrorKind::QuotaExhausted, _) => format!("no quota left at {host}: {words}"),
        (_, "NOT_FOUND") => format!("not found at {host}: {words} (is the processor in this location?)"),
        _ => format!("{host}: {words}"),
    };
    let mut error = reply.error(kind, message);
    let delay = status.details.iter().find_map(|detail| parse_delay(&detail.retry_delay));
    error.details.retry_after = error.details.retry_after.or(delay);
    error
}

impl Status {
    fn kind(&self) -> Option<ErrorKind> {
        let reason = |name: &str| self.details.iter().any(|detail| detail.reason == name);
        Some(match self.status.as_str() {
            _ if reason("BILLING_DISABLED") => ErrorKind::QuotaExhausted,
            _ if reason("PAGE_LIMIT_EXCEEDED") || self.message.contains("pages exceed the limit") => {
                ErrorKind::TooLarge
            }
            "INVALID_ARGUMENT" | "NOT_FOUND" | "FAILED_PRECONDITION" => ErrorKind::InvalidRequest,
            "UNAUTHENTICATED" | "PERMISSION_DENIED" => ErrorKind::Auth,
            "RESOURCE_EXHAUSTED" if self.message.contains("per day") => ErrorKind::QuotaExhausted,
            "RESOURCE_EXHAUSTED" => ErrorKind::RateLimited,
            "UNAVAILABLE" | "INTERNAL" => ErrorKind::Unavailable,
            "DEADLINE_EXCEEDED" => ErrorKind::Timeout,
            _ => return None,
        })
    }
}
