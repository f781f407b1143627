use serde::de::DeserializeOwned;
use vision_core::{Error, ErrorKind, Result};

use crate::Reply;

/// How much of a reply that could not be understood is kept.
const KEPT: usize = 64 * 1024;

impl Reply {
    /// What the status stands for where the body says nothing better.
    pub fn kind(&self) -> ErrorKind {
        match self.status {
            300..400 => ErrorKind::Config,
            401 | 403 => ErrorKind::Auth,
            402 => ErrorKind::QuotaExhausted,
            408 => ErrorKind::Timeout,
            409 | 425 => ErrorKind::Unavailable,
            413 => ErrorKind::TooLarge,
            429 => ErrorKind::RateLimited,
            504 | 524 => ErrorKind::Timeout,
            400..500 => ErrorKind::InvalidRequest,
            500.. => ErrorKind::Unavailable,
            _ => ErrorKind::Malformed,
        }
    }

    /// An error of this kind with everything the reply's status and headers say about it.
    pub fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        let mut error = Error::new(kind, message);
        error.details.status = Some(self.status);
        error.details.retry_after = self.retry_after();
        error.details.should_retry = self.should_retry();
        error.details.request_id = self.request_id().map(str::to_owned);
        error.details.limits = self.limits();
        // A gateway that gave up waiting does not stop the model behind it.
        error.details.maybe_billed = self.is_success() || matches!(self.status, 408 | 504 | 524);
        error
    }

    /// The error for a failure whose body says nothing: the kind of its status, and what can be seen of it.
    pub fn bare_error(&self, host: &str) -> Error {
        if let Some(target) = self.header("location").filter(|_| (300..400).contains(&self.status)) {
            // Following it could carry the key to another host.
            let message = format!("{host} redirects to {target}: is the base URL right?");
            return self.error(self.kind(), message);
        }
        let message = match self.excerpt() {
            words if words.is_empty() => format!("{host} answered with status {}", self.status),
            words => format!("{host} answered with status {}: {words}", self.status),
        };
        if self.is_success() {
            return self.malformed(message);
        }
        self.error(self.kind(), message)
    }

    /// The error for a reply that is not what the documentation promises. Keeps the start of the body.
    pub fn malformed(&self, message: impl Into<String>) -> Error {
        let mut error = self.error(ErrorKind::Malformed, message);
        error.details.body = Some(self.kept());
        error
    }

    /// The start of the body.
    pub(crate) fn kept(&self) -> String {
        let mut text = self.text().into_owned();
        text.truncate(text.floor_char_boundary(KEPT));
        text
    }

    /// The body as `T`, or [`ErrorKind::Malformed`] with what stood there instead.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|source| {
            let message = match self.body.is_empty() {
                true => "the reply is empty".to_owned(),
                false if self.is_html() => format!("the reply is a web page: {}", self.excerpt()),
                false => "the reply is not the JSON that was expected".to_owned(),
            };
            self.malformed(message).with_source(source)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use vision_core::ErrorKind;

    use crate::Reply;

    #[track_caller]
    fn kind(statuses: &[u16], kind: ErrorKind) {
        for &status in statuses {
            assert_eq!(Reply { status, ..Reply::default() }.kind(), kind, "{status}");
        }
    }

    #[test]
    fn a_status_alone_gives_a_kind() {
        kind(&[400, 404, 405, 415, 422, 451], ErrorKind::InvalidRequest);
        kind(&[401, 403], ErrorKind::Auth);
        kind(&[402], ErrorKind::QuotaExhausted);
        kind(&[413], ErrorKind::TooLarge);
        kind(&[429], ErrorKind::RateLimited);
        kind(&[408, 504, 524], ErrorKind::Timeout);
        kind(&[500, 502, 503, 520, 529], ErrorKind::Unavailable);
        kind(&[301, 302, 307, 308], ErrorKind::Config);
        kind(&[204], ErrorKind::Malformed);
    }

    #[test]
    fn an_error_carries_what_the_headers_say() {
        let reply = Reply::json_text(429, "{}")
            .with_header("retry-after", "3")
            .with_header("x-should-retry", "false")
            .with_header("request-id", "req_1");
        let error = reply.error(ErrorKind::RateLimited, "slow down");
        assert_eq!(error.details.retry_after, Some(Duration::from_secs(3)));
        assert_eq!(error.details.request_id.as_deref(), Some("req_1"));
        assert!(!error.is_transient() && !error.details.maybe_billed);
    }

    #[test]
    fn a_gateway_timeout_may_have_been_billed() {
        assert!(Reply::json_text(504, "").bare_error("host").details.maybe_billed);
        assert!(Reply::json_text(200, "").bare_error("host").details.maybe_billed);
        assert!(!Reply::json_text(500, "").bare_error("host").details.maybe_billed);
    }

    #[test]
    fn a_bare_error_shows_what_can_be_seen() {
        let page = Reply::json_text(502, "<html><title>Bad Gateway</title></html>");
        let error = page.bare_error("api.example.test");
        assert_eq!(error.to_string(), "api.example.test answered with status 502: Bad Gateway");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        let moved = Reply::json_text(308, "").with_header("location", "https://b.test").bare_error("a.test");
        assert_eq!(moved.to_string(), "a.test redirects to https://b.test: is the base URL right?");
        let nothing = Reply::json_text(200, "").bare_error("api.example.test");
        assert_eq!(nothing.kind(), ErrorKind::Malformed);
    }

    #[test]
    fn a_body_that_is_not_understood_is_kept_up_to_a_limit() {
        let reply = Reply::json_text(200, "é".repeat(60_000));
        let error = reply.json::<u8>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_eq!(error.details.body.as_deref().map(str::len), Some(64 * 1024));
        let page = Reply::json_text(200, "<!doctype html><title>Hi</title>").json::<u8>().unwrap_err();
        assert_eq!(page.message(), "the reply is a web page: Hi");
        assert!(Reply::json_text(200, "").json::<u8>().unwrap_err().message().contains("empty"));
    }
}
