use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use vision_core::{Secret, Timing};

use crate::Stream;

mod aws;
mod delay;
mod failure;
mod html;
mod limits;

pub use aws::AwsFailure;
pub use delay::parse_delay;

/// One HTTP reply of any status, read to its end. Its `Debug` output only counts the body, as hosts quote keys there.
#[derive(Clone, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers, with lower-case names, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed.
    pub body: Bytes,
    /// How long it took.
    pub timing: Timing,
    /// When its events came and how it ended, where it came as server-sent events.
    pub stream: Option<Stream>,
    /// What the transport put into the call on its way: signatures and tokens, for whoever scrubs or records.
    pub sent: Vec<Secret>,
}

impl Reply {
    /// A reply with a JSON body, for tests and scripted transports.
    pub fn json_text(status: u16, body: impl Into<Bytes>) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status, headers, body: body.into(), ..Self::default() }
    }

    /// The same reply with one more header. The name is lower-case.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What to quote to the provider's support, under whichever name the host gives it.
    pub fn request_id(&self) -> Option<&str> {
        ["x-request-id", "request-id", "apim-request-id", "x-amzn-requestid"]
            .into_iter()
            .find_map(|name| self.header(name))
    }

    /// Whether the status is in the two hundreds.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("timing", &self.timing)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Reply;

    #[test]
    fn debug_output_only_counts_the_body() {
        let debug = format!("{:?}", Reply::json_text(401, "bad key sk-Qz7Wv3Xk9Jp2Ry6T"));
        assert!(debug.contains("body: 27 bytes") && !debug.contains("sk-"), "{debug}");
    }
}
