use serde::Deserialize;
use vision_core::{Error, ErrorKind};
use vision_http::Reply;

#[derive(Deserialize)]
pub(crate) struct Failure {
    pub error: Cause,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Cause {
    code: Option<String>,
    message: Option<String>,
    innererror: Option<Box<Cause>>,
}

/// Whether the body is an error, whatever the status says.
pub(crate) fn is_failure(reply: &Reply) -> bool {
    parse(reply).is_some()
}

/// The error that a reply stands for.
pub(crate) fn decode(reply: &Reply, host: &str) -> Error {
    match parse(reply) {
        Some(failure) => failure.error.error(reply, host),
        None => reply.bare_error(host),
    }
}

fn parse(reply: &Reply) -> Option<Failure> {
    serde_json::from_slice(&reply.body).ok()
}

impl Cause {
    /// The error of a reply whose cause this is; also of one that says 200.
    pub(crate) fn error(&self, reply: &Reply, host: &str) -> Error {
        let inner = self.innermost();
        let codes = [inner.code.as_deref(), self.code.as_deref()];
        let kind =
            codes.into_iter().flatten().find_map(by_code).unwrap_or_else(|| match reply.is_success() {
                true => ErrorKind::InvalidRequest,
                false => reply.kind(),
            });
        let words = inner.message.as_deref().or(self.message.as_deref()).unwrap_or("no reason given");
        let message = match kind {
            ErrorKind::Auth => format!("key rejected by {host}: {words}"),
            ErrorKind::QuotaExhausted => format!("no quota left at {host}: {words}"),
            _ => format!("{host}: {words}"),
        };
        reply.error(kind, message)
    }

    fn innermost(&self) -> &Self {
        let mut cause = self;
        while let Some(inner) = &cause.innererror {
            cause = inner;
        }
        cause
    }
}

fn by_code(code: &str) -> Option<ErrorKind> {
    Some(match code {
        "InvalidContentLength" | "InvalidContentDimensions" => ErrorKind::TooLarge,
        "InvalidContent"
        | "UnsupportedContent"
        | "ModelNotFound"
        | "NotFound"
        | "InvalidParameter"
        | "InvalidArgument"
        | "UnsupportedMediaType" => ErrorKind::InvalidRequest,
        "401" | "Unauthorized" | "Forbidden" | "PermissionDenied" => ErrorKind::Auth,
        "QuotaExceeded" => ErrorKind::QuotaExhausted,
        "429" | "TooManyRequests" => ErrorKind::RateLimited,
        "InternalServerError" | "ServiceUnavailable" | "Timeout" => ErrorKind::Unavailable,
        _ => return None,
    })
}
