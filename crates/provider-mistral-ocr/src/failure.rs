use serde::Deserialize;
use vision_core::{Error, ErrorKind};
use vision_http::Reply;
use vision_http::tolerant::{items, lenient};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Failure {
    #[serde(deserialize_with = "lenient")]
    message: Option<String>,
    #[serde(rename = "type", deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(deserialize_with = "items")]
    detail: Option<Vec<Detail>>,
    #[serde(deserialize_with = "lenient")]
    request_id: Option<String>,
}

/// What is wrong with one field of the request.
#[derive(Deserialize)]
struct Detail {
    #[serde(default)]
    loc: Vec<serde_json::Value>,
    #[serde(default)]
    msg: String,
}

/// Whether the body is an error, whatever the status says.
pub(crate) fn is_failure(reply: &Reply) -> bool {
    serde_json::from_slice::<Failure>(&reply.body).is_ok_and(|failure| failure.words().is_some())
}

/// The error that a reply stands for.
pub(crate) fn decode(reply: &Reply, host: &str) -> Error {
    let failure: Failure = serde_json::from_slice(&reply.body).unwrap_or_default();
    let Some(words) = failure.words() else { return reply.bare_error(host) };
    let kind = failure.kind(reply);
    let message = match kind {
        ErrorKind::Auth => format!("key rejected by {host}: {words}"),
        ErrorKind::QuotaExhausted => format!("no credit left at {host}: {words}"),
        _ => format!("{host}: {words}"),
    };
    let mut error = reply.error(kind, message);
    if error.details.request_id.is_none() {
        error.details.request_id = failure.request_id;
    }
    error
}

impl Failure {
    fn words(&self) -> Option<String> {
        let details = self.detail.iter().flatten().map(|detail| {
            let place: Vec<String> =
                detail.loc.iter().map(|step| step.to_string().trim_matches('"').to_owned()).collect();
            format!("{}: {}", place.join("."), detail.msg)
        });
        let details: Vec<String> = details.collect();
        let words = self.message.clone().filter(|words| !words.is_empty());
        words.or_else(|| (!details.is_empty()).then(|| details.join("; ")))
    }

    fn kind(&self, reply: &Reply) -> ErrorKind {
        let words = self.message.as_deref().unwrap_or_default().to_lowercase();
        match self.kind.as_deref() {
            // A subscription that is used up is a 429 as well.
            _ if reply.status == 429
                && ["monthly", "quota", "credit"].iter().any(|word| words.contains(word)) =>
            {
                ErrorKind::QuotaExhausted
            }
            Some("rate_limited") => ErrorKind::RateLimited,
            // In a success.
            Some(_) if reply.is_success() => ErrorKind::Unavailable,
            _ => reply.kind(),
        }
    }
}
