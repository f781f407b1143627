use serde::Deserialize;
use vision_core::{Error, ErrorKind};
use vision_http::Reply;
use vision_http::tolerant::lenient;

/// What an error says. Its kind may stand in a header or in the body, with or without a namespace.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Failure {
    #[serde(deserialize_with = "lenient")]
    message: Option<String>,
    #[serde(rename = "Message", deserialize_with = "lenient")]
    capital: Option<String>,
    #[serde(rename = "__type", deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(deserialize_with = "lenient")]
    code: Option<String>,
    #[serde(rename = "originalStatusCode", deserialize_with = "lenient")]
    original: Option<u16>,
}

/// The error that a reply stands for.
pub(crate) fn decode(reply: &Reply, host: &str, model: &str) -> Error {
    let failure: Failure = serde_json::from_slice(&reply.body).unwrap_or_default();
    let name = reply.header("x-amzn-errortype").or(failure.kind.as_deref()).or(failure.code.as_deref());
    let name = name.map(bare_name).unwrap_or_default().to_owned();
    let original = failure.original;
    let Some(words) = failure.message.or(failure.capital).filter(|words| !words.is_empty()) else {
        return match kind(&name, "", original) {
            Some(kind) => reply.error(kind, message(kind, &name, host, model)),
            None => reply.bare_error(host),
        };
    };
    let kind = kind(&name, &words, original).unwrap_or_else(|| reply.kind());
    reply.error(kind, message(kind, &words, host, model))
}

/// `ThrottlingException` in `com.amazonaws#ThrottlingException:http://…`.
fn bare_name(name: &str) -> &str {
    let name = name.split(':').next().unwrap_or(name);
    name.rsplit('#').next().unwrap_or(name).trim()
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
    match wants_profile(words) && !model.starts_with("arn:") {
        true => format!("{said}; use an inference profile: `us.{model}`, `eu.{model}` or `global.{model}`"),
        false => said,
    }
}

fn wants_profile(words: &str) -> bool {
    words.contains("on-demand throughput") || words.contains("inference profile")
}
