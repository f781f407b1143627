//! What the server is about to say, before a dialect writes it down.

use std::time::Duration;

use serde_json::{Value, json};

use super::sight::Seen;
use super::tokens::{self, Token};

/// What every dialect needs to write an answer down.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    pub seen: &'a Seen,
    pub text: String,
    /// Whether the cap on output tokens cut the text.
    pub cut: bool,
    pub input: u64,
    pub image: u64,
    pub output: u64,
    pub number: u64,
    /// How sure it is of tokens with digits.
    pub sure: f64,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct Problem {
    pub kind: ProblemKind,
    pub message: String,
    pub delay: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProblemKind {
    Invalid,
    BadKey,
    NoModel,
    Quota,
    /// Any other, as a status.
    Status(u16),
}

/// A reply before it is sent.
#[derive(Debug)]
pub(super) struct Draft {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Value,
}

impl Problem {
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), delay: None }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ProblemKind::Invalid, message)
    }

    /// The same with what a careless host repeats, if there is any.
    pub fn quoting(mut self, echo: &str) -> Self {
        if !echo.is_empty() {
            self.message.push_str(&format!(" Your header was {echo}."));
        }
        self
    }
}

impl<'a> Answer<'a> {
    /// Counts a token for every four bytes, and cuts the text at the cap.
    pub fn new(seen: &'a Seen, mut text: String, number: u64, sure: f64) -> Self {
        let most = seen.cap.unwrap_or(u64::MAX);
        let cut = tokens(&text) > most;
        if cut {
            let end = usize::try_from(most.saturating_mul(4)).unwrap_or(usize::MAX);
            text.truncate(text.floor_char_boundary(end));
        }
        let image: u64 = seen.media.iter().map(super::sight::SeenMedium::tokens).sum();
        let words: u64 = seen.texts.iter().map(|text| tokens(text)).sum();
        let schema = seen.schema.as_ref().map_or(0, |schema| tokens(&schema.to_string()));
        let input = 8 + words + tokens(&seen.system) + schema + image;
        let output = tokens(&text);
        Self { seen, text, cut, input, image, output, number, sure }
    }

    /// Its tokens, if they were asked for.
    pub fn tokens(&self) -> Option<Vec<Token<'_>>> {
        self.seen.token_probabilities.then(|| tokens::tokens(&self.text, self.sure))
    }
}

/// Nothing is there.
pub(super) fn not_found(message: &str) -> Draft {
    let body = json!({"error": {"message": message, "type": "not_found_error", "param": null, "code": null}});
    Draft { status: 404, headers: Vec::new(), body }
}

fn tokens(text: &str) -> u64 {
    (text.len() as u64).div_ceil(4)
}
