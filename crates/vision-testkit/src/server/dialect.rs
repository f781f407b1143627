use std::time::Duration;

use serde_json::Value;

use super::sight::Seen;
use super::textract::Operation;
use super::{anthropic, aws, azure_di, bedrock, documentai, gemini, mistral_ocr, openai, textract};

/// The languages the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Chat,
    Responses,
    Transcription,
    Messages,
    /// The same, with the model in the address and the version in the body.
    RawPredict,
    Generate,
    Converse,
    Textract(Operation),
    DocumentIntelligence,
    MistralOcr,
    DocumentAi,
}

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
    pub fn new(seen: &'a Seen, mut text: String, number: u64) -> Self {
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
        Self { seen, text, cut, input, image, output, number }
    }
}

fn tokens(text: &str) -> u64 {
    (text.len() as u64).div_ceil(4)
}

impl Dialect {
    /// The schema that a request must satisfy.
    pub fn schema(self, version: Option<&str>) -> Option<&'static str> {
        match self {
            Self::Chat => Some("openai.chat.request"),
            Self::Responses => Some("openai.responses.request"),
            Self::Messages if version == Some("2026-10-21") => {
                Some("anthropic.messages.request.2026-10-21.core")
            }
            Self::Messages | Self::RawPredict => Some("anthropic.messages.request.2023-06-01.core"),
            Self::Generate => Some("gemini.generate_content.request"),
            Self::Converse => Some("bedrock.converse.request"),
            Self::Textract(operation) => Some(operation.schema()),
            Self::MistralOcr => Some("mistral.ocr.request"),
            Self::DocumentAi => Some("documentai.process.request"),
            Self::Transcription | Self::DocumentIntelligence => None,
        }
    }

    pub fn see(self, body: &Value) -> Result<Seen, String> {
        match self {
            Self::Chat => openai::see_chat(body),
            Self::Responses => openai::see_responses(body),
            Self::Messages | Self::RawPredict => anthropic::see(body),
            Self::Generate => gemini::see(body),
            Self::Converse => bedrock::see(body),
            Self::Textract(operation) => textract::see(operation, body),
            Self::MistralOcr => mistral_ocr::see(body),
            Self::DocumentAi => documentai::see(body),
            Self::DocumentIntelligence => Err("bytes were expected".to_owned()),
            Self::Transcription => Err("a form was expected".to_owned()),
        }
    }

    pub fn answer(self, answer: &Answer<'_>) -> Draft {
        match self {
            Self::Chat => openai::chat(answer),
            Self::Responses => openai::responses(answer),
            Self::Transcription => openai::transcription(answer),
            Self::Messages | Self::RawPredict => anthropic::message(answer),
            Self::Generate => gemini::content(answer),
            Self::Converse => bedrock::converse(answer),
            Self::Textract(operation) => textract::analyzed(operation, answer),
            Self::DocumentIntelligence => azure_di::analyzed(answer),
            Self::MistralOcr => mistral_ocr::pages(answer),
            Self::DocumentAi => documentai::processed(answer),
        }
    }

    pub fn problem(self, problem: &Problem) -> Draft {
        match self {
            Self::Chat | Self::Responses | Self::Transcription => openai::problem(problem),
            Self::Messages | Self::RawPredict => anthropic::problem(problem),
            Self::Generate | Self::DocumentAi => gemini::problem(problem),
            Self::Converse => aws::in_header(problem),
            Self::Textract(_) => aws::in_body(problem),
            Self::DocumentIntelligence => azure_di::problem(problem),
            Self::MistralOcr => mistral_ocr::problem(problem),
        }
    }
}
