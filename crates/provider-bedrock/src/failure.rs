use vision_core::{Error, ErrorKind};
use vision_http::{AwsFailure, Reply};

/// The error that a reply stands for.
pub(crate) fn decode(reply: &Reply, host: &str, model: &str) -> Error {
    let AwsFailure { name, words, original } = reply.aws_failure();
    match (kind(&name, &words, original), words.as_str()) {
        (None, "") => reply.bare_error(host),
        (Some(kind), "") => reply.error(kind, message(kind, &name, host, model)),
        (kind, words) => {
            let kind = kind.unwrap_or_else(|| reply.kind());
            reply.error(kind, message(kind, words, host, model))
        }
    }
}

fn kind(name: &str, words: &str, original: Option<u16>) -> Option<ErrorKind> {
    let says = |pieces: &[&str]| pieces.iter().any(|piece| words.to_lowercase().contains(piece));
    Some(match name {
        "ValidationException" if says(&["too large", "exceeds", "too long"]) => ErrorKind::TooLarge,
        "ValidationException" | "ResourceNotFoundException" => ErrorKind::InvalidRequest,
        "ServiceQuotaExceededException" => ErrorKind::QuotaExhausted,
        // A limit by the day does not pass within a run.
        "ThrottlingException" if says(&["per day"]) => ErrorKind::QuotaExhausted,
        "ThrottlingException" => ErrorKind::RateLimited,
        "AccessDeniedException"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "ExpiredTokenException"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignatureException" => ErrorKind::Auth,
        "ModelTimeoutException" => ErrorKind::Timeout,
        "ModelErrorException" if original.is_some_and(|status| (400..500).contains(&status)) => {
            ErrorKind::InvalidRequest
        }
        "ModelErrorException"
        | "ModelNotReadyException"
        | "InternalServerException"
        | "ServiceUnavailableException" => ErrorKind::Unavailable,
        _ => return None,
    })
}

fn message(kind: ErrorKind, words: &str, host: &str, model: &str) -> String {
    let said = match kind {
        ErrorKind::Auth if words.contains("not authorized") || words.contains("access to the model") => {
            format!("{host} does not allow this key to use {model}: {words}")
        }
        ErrorKind::Auth => format!("key rejected by {host}: {words}"),
        ErrorKind::QuotaExhausted => format!("no quota left at {host}: {words}"),
        _ => format!("{host}: {words}"),
    };
    // A profile that is not offered here has another's id behind its place.
    let model = PLACES.iter().find_map(|place| model.strip_prefix(place)).unwrap_or(model);
    match wants_profile(words) && !model.starts_with("arn:") {
        true => format!("{said}; use an inference profile: `us.{model}`, `eu.{model}` or `global.{model}`"),
        false => said,
    }
}

/// What an inference profile puts before the id of a model.
const PLACES: [&str; 8] = ["us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "ca.", "global."];

fn wants_profile(words: &str) -> bool {
    words.contains("on-demand throughput") || words.contains("inference profile")
}
