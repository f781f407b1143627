use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Attempt, Limits, Usage};

/// The result of everything in this workspace that can fail the way a provider does.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why there is no answer: a kind for the program, a sentence for the person, a source for the curious.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
    /// What else is known. Boxed, so that a `Result` stays small.
    pub details: Box<Details>,
}

/// What is known of a failure beside its kind and message.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// How long the host asks us to wait.
    pub retry_after: Option<Duration>,
    /// What the host itself says about trying again, which outranks the kind.
    pub should_retry: Option<bool>,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// What to quote to the provider's support.
    pub request_id: Option<String>,
    /// What was counted although there is no answer.
    pub usage: Usage,
    /// The reply as it came, where it could not be understood. Scrubbed of keys.
    pub body: Option<String>,
    /// What the provider still allows, as its headers say.
    pub limits: Limits,
    /// Every attempt that led here, the last one last. Filled by the layers.
    pub attempts: Vec<Attempt>,
    /// Whether the request may have been answered, and so be billed, all the same.
    pub maybe_billed: bool,
    /// Whether whoever made the attempt stopped before it ended: that says nothing about the host.
    pub interrupted: bool,
}

/// The kinds of failure. Decisions are made on these, never on the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// A setting is missing or wrong.
    Config,
    /// The provider cannot do what is asked; nothing was sent.
    Unsupported,
    /// The key was refused or lacks a right.
    Auth,
    /// The host understood the request and refused it.
    InvalidRequest,
    /// The request or a part of it is over a size limit.
    TooLarge,
    /// Too many requests for now.
    RateLimited,
    /// Credit or quota is gone: waiting does not help.
    QuotaExhausted,
    /// The host is down, overloaded or out of reach.
    Unavailable,
    /// No answer in time.
    Timeout,
    /// The host blocked the request because of its content.
    Refused,
    /// The reply is not what the documentation promises.
    Malformed,
    /// There is no answer, and nothing says why: an empty place in imported answers.
    NoAnswer,
    /// Our own budget has no room for the request; nothing was sent.
    Budget,
}

impl ErrorKind {
    /// Whether the same request may succeed later.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable | Self::Timeout)
    }

    /// The name used in records and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Unsupported => "unsupported",
            Self::Auth => "auth",
            Self::InvalidRequest => "invalid_request",
            Self::TooLarge => "too_large",
            Self::RateLimited => "rate_limited",
            Self::QuotaExhausted => "quota_exhausted",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::Malformed => "malformed",
            Self::NoAnswer => "no_answer",
            Self::Budget => "budget",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Error {
    /// The message is a lower-case fragment that reads well after "failed to …: ".
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None, details: Box::default() }
    }

    /// Keeps what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same failure in other words.
    #[must_use]
    pub fn reworded(mut self, reword: impl FnOnce(&str) -> String) -> Self {
        self.message = reword(&self.message);
        self
    }

    /// What happened.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The sentence for the person, without its causes.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the same request may succeed later: by the host's own word if it gave one, else by the kind.
    ///
    /// This alone decides about a retry.
    pub fn is_transient(&self) -> bool {
        self.details.should_retry.unwrap_or_else(|| self.kind.is_transient())
    }

    /// The message and all its causes, joined by colons.
    pub fn chain(&self) -> String {
        let mut text = self.message.clone();
        let mut cause = self.source();
        while let Some(error) = cause {
            let words = error.to_string();
            // Many libraries repeat their cause in their own message.
            if !text.contains(&words) {
                text.push_str(": ");
                text.push_str(&words);
            }
            cause = error.source();
        }
        text
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind};

    #[test]
    fn only_three_kinds_are_worth_another_try() {
        for kind in [ErrorKind::RateLimited, ErrorKind::Unavailable, ErrorKind::Timeout] {
            assert!(kind.is_transient(), "{kind}");
        }
        for kind in [ErrorKind::QuotaExhausted, ErrorKind::Auth, ErrorKind::Malformed, ErrorKind::Budget] {
            assert!(!kind.is_transient(), "{kind}");
        }
    }

    #[test]
    fn the_word_of_the_host_outranks_the_kind() {
        let mut error = Error::new(ErrorKind::RateLimited, "slow down");
        assert!(error.is_transient());
        error.details.should_retry = Some(false);
        assert!(!error.is_transient());
    }

    #[test]
    fn the_chain_names_every_cause_once() {
        let cause = std::io::Error::other("connection reset");
        let error = Error::new(ErrorKind::Unavailable, "host is out of reach").with_source(cause);
        assert_eq!(error.chain(), "host is out of reach: connection reset");
        assert_eq!(error.to_string(), "host is out of reach");
    }
}
