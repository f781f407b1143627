use serde::Deserialize;
use vision_core::{Error, ErrorKind};
use vision_http::Reply;

#[derive(Deserialize)]
struct Failure {
    error: Cause,
    request_id: Option<String>,
}

#[derive(Deserialize)]
struct Cause {
    // An open set: 409 and 413 use types that the vendor's own SDK does not list.
    #[serde(rename = "type")]
    kind: Option<String>,
    message: Option<String>,
    details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    error_code: Option<String>,
}

/// Whether the body is an error, whatever the status says.
pub(crate) fn is_failure(reply: &Reply) -> bool {
    parse(reply).is_some()
}

/// The error that a reply stands for. Bodies from the network in front of the service are no JSON.
pub(crate) fn decode(reply: &Reply, host: &str) -> Error {
    let Some(failure) = parse(reply) else { return reply.bare_error(host) };
    let kind = failure.error.kind(reply);
    let mut error = reply.error(kind, failure.error.message(kind, reply.status, host));
    // An output that is blocked was made, and nobody says whether it is billed.
    error.details.maybe_billed |= failure.error.is_filtered();
    if error.details.request_id.is_none() {
        error.details.request_id = failure.request_id;
    }
    error
}

fn parse(reply: &Reply) -> Option<Failure> {
    serde_json::from_slice(&reply.body).ok()
}

impl Cause {
    fn kind(&self, reply: &Reply) -> ErrorKind {
        let code = self.details.as_ref().and_then(|details| details.error_code.as_deref());
        code.and_then(by_code).or_else(|| self.by_type()).unwrap_or_else(|| reply.kind())
    }

    fn by_type(&self) -> Option<ErrorKind> {
        let kind = match self.kind.as_deref()? {
            "invalid_request_error" if self.is_about_money() => ErrorKind::QuotaExhausted,
            "invalid_request_error" if self.is_filtered() => ErrorKind::Refused,
            "invalid_request_error" if self.is_too_long() => ErrorKind::TooLarge,
            "invalid_request_error" | "not_found_error" => ErrorKind::InvalidRequest,
            "authentication_error" | "permission_error" => ErrorKind::Auth,
            "billing_error" => ErrorKind::QuotaExhausted,
            "request_too_large" => ErrorKind::TooLarge,
            "rate_limit_error" => ErrorKind::RateLimited,
            "timeout_error" => ErrorKind::Timeout,
            "api_error" | "overloaded_error" | "conflict_error" => ErrorKind::Unavailable,
            _ => return None,
        };
        Some(kind)
    }

    /// Two spending stops come as plain 400 without a code, so that only their words tell them apart.
    fn is_about_money(&self) -> bool {
        let message = self.message.as_deref().unwrap_or_default();
        ["credit balance is too low", "specified API usage limits"]
            .iter()
            .any(|words| message.contains(words))
    }

    /// `prompt is too long: 210000 tokens > 200000 maximum`.
    fn is_too_long(&self) -> bool {
        self.message.as_deref().is_some_and(|message| message.starts_with("prompt is too long"))
    }

    /// `Output blocked by content filtering policy`, which has no code either.
    fn is_filtered(&self) -> bool {
        let message = self.message.as_deref().unwrap_or_default();
        message.to_ascii_lowercase().contains("blocked by content filtering policy")
    }

    fn message(&self, kind: ErrorKind, status: u16, host: &str) -> String {
        let words = self.message.as_deref().unwrap_or("no reason given");
        match kind {
            ErrorKind::Auth if status == 403 => format!("{host} does not allow this key to do this: {words}"),
            ErrorKind::Auth => format!("key rejected by {host}: {words}"),
            ErrorKind::QuotaExhausted => format!("no credit left at {host}: {words}"),
            _ if status == 404 => format!("not found at {host}: {words}"),
            _ => format!("{host}: {words}"),
        }
    }
}

/// The finer code outranks the type: a spending limit is a `rate_limit_error`, and yet waiting does not help.
fn by_code(code: &str) -> Option<ErrorKind> {
    let kind = match code {
        "contract_spend_limit_reached"
        | "enforced_spend_limit_reached"
        | "linked_organization_spend_limit_reached"
        | "linked_organization_billing_unavailable" => ErrorKind::QuotaExhausted,
        "ramp_limit_exceeded" => ErrorKind::RateLimited,
        "request_body_too_large_after_decoding" | "image_dimensions_too_large" => ErrorKind::TooLarge,
        "organization_on_hold" => ErrorKind::Auth,
        _ => return None,
    };
    Some(kind)
}
