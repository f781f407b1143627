use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vision_core::{Error, ErrorKind, Result, Secret, Timing};

use crate::hash::sha256;
use crate::stream::unsplit;
use crate::{Call, Reply, Stream, star_queries};

mod content;
mod readable;

use content::Content;

/// One exchange as it lies on disk: readable, and without keys.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Recording {
    pub request: Asked,
    pub outcome: Outcome,
}

/// What was asked. Method, path and the hash of the body tell whether another request is the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub method: String,
    pub host: String,
    pub path: String,
    pub body_sha256: String,
    /// For people. Media are replaced by their length and hash.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Reply {
        status: u16,
        headers: Vec<(String, String)>,
        body: Content,
        timing: Timing,
        /// When the events of a stream came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stream: Option<Stream>,
    },
    Failure {
        kind: ErrorKind,
        message: String,
        maybe_billed: bool,
    },
}

impl Recording {
    pub fn new(request: Asked, result: &Result<Reply>, secrets: &[Secret]) -> Self {
        let outcome = match result {
            Ok(reply) => Outcome::Reply {
                status: reply.status,
                headers: kept_headers(reply, secrets),
                body: Content::new(&answered(reply, secrets)),
                timing: reply.timing,
                stream: reply.stream.clone(),
            },
            Err(error) => Outcome::Failure {
                kind: error.kind(),
                message: star_queries(&scrub(&error.chain(), secrets)),
                maybe_billed: error.details.maybe_billed,
            },
        };
        Self { request, outcome }
    }
}

impl Outcome {
    pub fn play(self) -> Result<Reply> {
        match self {
            Self::Reply { status, headers, body, timing, stream } => {
                Ok(Reply { status, headers, body: body.bytes()?, timing, stream, sent: Vec::new() })
            }
            Self::Failure { kind, message, maybe_billed } => {
                let mut error = Error::new(kind, message);
                error.details.maybe_billed = maybe_billed;
                Err(error)
            }
        }
    }
}

impl Asked {
    /// Secrets are starred before anything else, so that another key or folder finds the same recording.
    pub fn new(call: &Call) -> Self {
        let secrets: Vec<Secret> = call.secrets().cloned().collect();
        let url = star_queries(&scrub(&call.url, &secrets));
        let after_scheme = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let (host, path) = after_scheme.split_at(after_scheme.find('/').unwrap_or(after_scheme.len()));
        let sent = call.body.bytes();
        let body = scrubbed(&sent, &secrets);
        Self {
            method: call.method.name().to_owned(),
            host: host.to_owned(),
            path: path.to_owned(),
            body_sha256: sha256(&body),
            body: readable::readable(call.body.content_type(), &body),
        }
    }
}

/// The headers that decoding and diagnosis need. All others (cookies, organisations, networks) stay out.
const KEPT: [&str; 17] = [
    "content-type",
    "date",
    "location",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    "x-request-id",
    "request-id",
    "apim-request-id",
    "x-amzn-requestid",
    "openai-processing-ms",
    "openai-version",
    "x-amzn-errortype",
    "x-amz-retry-after",
    "operation-location",
    "x-goog-upload-url",
    "x-goog-upload-status",
];

fn kept_headers(reply: &Reply, secrets: &[Secret]) -> Vec<(String, String)> {
    let kept = |name: &str| {
        KEPT.contains(&name) || name.starts_with("x-ratelimit-") || name.starts_with("anthropic-ratelimit-")
    };
    let kept = reply.headers.iter().filter(|(name, _)| kept(name));
    kept.map(|(name, value)| (name.clone(), star_queries(&scrub(value, secrets)))).collect()
}

fn scrub(text: &str, secrets: &[Secret]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| secret.scrub(&text))
}

/// The bytes themselves, unless there is something to star.
fn scrubbed<'a>(bytes: &'a [u8], secrets: &[Secret]) -> Cow<'a, [u8]> {
    let text = String::from_utf8_lossy(bytes);
    let clean = scrub(&text, secrets);
    if clean == text { Cow::Borrowed(bytes) } else { Cow::Owned(clean.into_bytes()) }
}

/// The same for what a host said, whose words a short key must not change, and which may come in pieces.
fn answered<'a>(reply: &'a Reply, secrets: &[Secret]) -> Cow<'a, [u8]> {
    let long: Vec<Secret> = secrets.iter().filter(|secret| !secret.is_short()).cloned().collect();
    let clean = scrubbed(&reply.body, &long);
    let unsplit = if reply.is_stream() { unsplit(&clean, &long) } else { None };
    unsplit.map_or(clean, Cow::Owned)
}
