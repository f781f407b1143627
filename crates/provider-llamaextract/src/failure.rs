use serde_json::Value;
use vision_core::{Error, ErrorKind};
use vision_http::Reply;

/// Whether the body is an error, whatever the status says.
pub(crate) fn is_failure(reply: &Reply) -> bool {
    words(reply).is_some()
}

/// The error that a reply stands for. Its form is that of FastAPI: a sentence, or a list of what is wrong with each field.
pub(crate) fn decode(reply: &Reply, host: &str) -> Error {
    let Some(words) = words(reply) else { return reply.bare_error(host) };
    let kind = kind(reply, &words);
    let message = match kind {
        ErrorKind::Auth => format!("key rejected by {host}: {words}"),
        ErrorKind::QuotaExhausted => format!("no credit left at {host}: {words}"),
        _ => format!("{host}: {words}"),
    };
    reply.error(kind, message)
}

/// What the end of a job means that says why it failed.
pub(crate) fn of_job(words: &str) -> ErrorKind {
    let words = words.to_lowercase();
    if words.contains("credit") { ErrorKind::QuotaExhausted } else { ErrorKind::InvalidRequest }
}

fn words(reply: &Reply) -> Option<String> {
    let body: Value = serde_json::from_slice(&reply.body).ok()?;
    match &body["detail"] {
        Value::String(words) => Some(words.clone()),
        Value::Array(details) => {
            let each = details.iter().filter_map(|detail| {
                let steps = detail["loc"].as_array().map(Vec::as_slice).unwrap_or_default();
                let place: Vec<String> =
                    steps.iter().map(|step| step.to_string().trim_matches('"').to_owned()).collect();
                Some(format!("{}: {}", place.join("."), detail["msg"].as_str()?))
            });
            Some(each.collect::<Vec<_>>().join("; ")).filter(|words| !words.is_empty())
        }
        _ => body["message"].as_str().map(str::to_owned),
    }
}

fn kind(reply: &Reply, words: &str) -> ErrorKind {
    match reply.status {
        200..300 => ErrorKind::Unavailable,
        402 => ErrorKind::QuotaExhausted,
        429 if words.to_lowercase().contains("credit") => ErrorKind::QuotaExhausted,
        _ => reply.kind(),
    }
}
