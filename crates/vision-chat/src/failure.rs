use serde::Deserialize;
use vision_core::{Error, ErrorKind};
use vision_http::Reply;

use crate::Host;
use crate::answer::Counts;
use crate::fault::Fault;

/// A failure that is typical of a host, and what to do about it.
#[derive(Debug, Clone, Copy)]
pub struct Help {
    /// Only for this status.
    pub status: Option<u16>,
    /// Only where the host's sentence or code has these words, whatever their case.
    pub words: &'static str,
    /// What it means here, where the status misleads.
    pub kind: Option<ErrorKind>,
    /// What to do; `{model}` stands for the model's name.
    pub advice: &'static str,
}

/// Turns replies that are no answers into errors of the right kind, with a sentence for a person.
///
/// Public because other doors of the same vendor report their failures in the same way.
#[derive(Debug, Clone, Copy)]
pub struct Failures<'a> {
    /// What is known of the host.
    pub host: &'a Host,
    /// The host's address as a person knows it: `api.openai.com`.
    pub address: &'a str,
    /// The model that was asked.
    pub model: &'a str,
}

/// What a failed reply may have counted.
#[derive(Deserialize)]
struct Counted {
    usage: Option<Counts>,
}

impl Failures<'_> {
    /// The error in a reply that is known to have failed.
    pub fn read(&self, reply: &Reply) -> Error {
        if (300..400).contains(&reply.status) {
            return reply.bare_error(self.address);
        }
        self.error(reply, Fault::of(reply))
    }

    /// The error in a body that came with any status, if there is one.
    pub fn within(&self, reply: &Reply, body: &serde_json::Value) -> Option<Error> {
        Some(self.error(reply, Fault::within(body)?))
    }

    fn error(&self, reply: &Reply, fault: Fault) -> Error {
        let status = if reply.is_success() { fault.status.unwrap_or(reply.status) } else { reply.status };
        let help = self
            .host
            .help
            .iter()
            .find(|help| help.status.is_none_or(|wanted| wanted == status) && fault.says(help.words));
        let kind = help.and_then(|help| help.kind).unwrap_or_else(|| self.kind(status, &fault));
        let mut message = self.sentence(kind, status, &fault);
        if let Some(help) = help.filter(|help| !help.advice.is_empty()) {
            message = format!("{message} ({})", help.advice.replace("{model}", self.model));
        }
        let mut error = match kind {
            ErrorKind::Malformed => reply.malformed(message),
            _ => reply.error(kind, message),
        };
        let details = &mut error.details;
        details.retry_after = details.retry_after.or(fault.delay);
        details.request_id = details.request_id.take().or(fault.request_id);
        // Some hosts refuse an answer that they have made, and bill it.
        if let Ok(Counted { usage: Some(counts) }) = serde_json::from_slice(&reply.body) {
            details.usage = counts.usage(false);
        }
        error
    }

    fn kind(&self, status: u16, fault: &Fault) -> ErrorKind {
        if fault.moderated {
            return ErrorKind::Refused;
        }
        // More than a whole minute allows: no waiting helps.
        if fault.says("request too large for") && fault.says("tokens per min") {
            return ErrorKind::TooLarge;
        }
        let named = fault.codes.iter().find_map(|code| certain(code));
        // A general name says more than a status only where the status says "success".
        let named = named
            .or_else(|| (status < 400).then(|| fault.codes.iter().find_map(|code| general(code))).flatten());
        named.unwrap_or_else(|| match status {
            403 => self.host.forbidden,
            status => Reply { status, ..Reply::default() }.kind(),
        })
    }

    fn sentence(&self, kind: ErrorKind, status: u16, fault: &Fault) -> String {
        let (at, model) = (self.address, self.model);
        let missing_model = fault.says("model_not_found") || (status == 404 && fault.says("model"));
        let sentence = match kind {
            ErrorKind::Auth if status == 403 => format!("{at} denies access to this key"),
            ErrorKind::Auth => format!("key rejected by {at}"),
            ErrorKind::QuotaExhausted => format!("no credit or quota left at {at}"),
            ErrorKind::RateLimited => format!("{at} asks for fewer requests"),
            ErrorKind::Unavailable => format!("{at} is not available (status {status})"),
            ErrorKind::Timeout => format!("{at} gave up waiting for the model (status {status})"),
            ErrorKind::Refused => format!("{at} blocked the request because of its content"),
            ErrorKind::TooLarge => format!("the request is too large for {at}"),
            ErrorKind::Malformed => format!("{at} reports an error inside a success"),
            _ if missing_model => format!("model not found at {at}: {model}"),
            _ if status == 404 => format!("{at} has nothing at this address; is the base URL right?"),
            _ => format!("{at} refused the request (status {status})"),
        };
        let words = in_one_line(&fault.message);
        match (words.is_empty(), &fault.param) {
            (true, _) => sentence,
            (false, Some(param)) if !words.contains(param.as_str()) => {
                format!("{sentence}: {words} [{param}]")
            }
            (false, _) => format!("{sentence}: {words}"),
        }
    }
}

/// Hosts put line ends, escape sequences and whole requests with their images into messages.
fn in_one_line(message: &str) -> String {
    const LONGEST: usize = 400;
    let words: Vec<&str> = message.split_whitespace().collect();
    let mut line: String = words.join(" ").chars().filter(|letter| !letter.is_control()).collect();
    if line.len() > LONGEST {
        line.truncate(line.floor_char_boundary(LONGEST));
        line.push('…');
    }
    line
}

/// Names that mean one thing, whatever the status.
fn certain(code: &str) -> Option<ErrorKind> {
    let kind = match code {
        "insufficient_quota"
        | "credit_balance_exhausted"
        | "billing_hard_limit_reached"
        | "billing_not_active"
        | "insufficient_credits"
        | "insufficient_balance"
        | "Arrearage" => ErrorKind::QuotaExhausted,
        "content_filter"
        | "content_policy_violation"
        | "image_content_policy_violation"
        | "invalid_prompt"
        | "bio_policy"
        | "misalignment_policy_violation"
        | "ContentPolicyViolationError"
        | "data_inspection_failed"
        | "DataInspectionFailed"
        | "ResponsibleAIPolicyViolation" => ErrorKind::Refused,
        "context_length_exceeded"
        | "exceed_context_size_error"
        | "string_above_max_length"
        | "request_too_large"
        | "image_too_large"
        | "image_file_too_large" => ErrorKind::TooLarge,
        "invalid_api_key" | "API_KEY_INVALID" => ErrorKind::Auth,
        "rate_limit_exceeded" | "slow_down" => ErrorKind::RateLimited,
        _ => return None,
    };
    Some(kind)
}

/// Names that sum up a class of failures.
fn general(code: &str) -> Option<ErrorKind> {
    let kind = match code {
        "server_error" | "api_error" | "service_unavailable_error" | "overloaded_error" => {
            ErrorKind::Unavailable
        }
        "rate_limit_error" => ErrorKind::RateLimited,
        "authentication_error" | "permission_error" => ErrorKind::Auth,
        code if code == "invalid_request_error" || code == "not_found_error" || code.contains("image") => {
            ErrorKind::InvalidRequest
        }
        _ => return None,
    };
    Some(kind)
}

#[cfg(test)]
mod tests {
    use vision_http::Reply;

    use super::Failures;
    use crate::Host;

    #[test]
    fn a_refused_request_keeps_what_its_reply_counted() {
        let failures = Failures { host: &Host::PLAIN, address: "api.example.test", model: "m" };
        let usage = |body: &'static str| failures.read(&Reply::json_text(400, body)).details.usage;
        let counted =
            usage(r#"{"error":{"message":"no JSON"},"usage":{"prompt_tokens":90,"completion_tokens":4}}"#);
        assert_eq!((counted.input, counted.output), (Some(90), Some(4)));
        assert_eq!(usage(r#"{"error":{"message":"no JSON"}}"#).input, None);
    }
}
