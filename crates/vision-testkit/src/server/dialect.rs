use serde_json::Value;

use super::draft::{Answer, Draft, Problem};
use super::sight::Seen;
use super::textract::Operation;
use super::{
    anthropic, aws, azure_di, bedrock, documentai, gemini, llamaextract, mistral_ocr, openai, textract,
};

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
    LlamaExtract,
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
            Self::Textract(operation) => operation.schema(),
            Self::MistralOcr => Some("mistral.ocr.request"),
            Self::DocumentAi => Some("documentai.process.request"),
            Self::Transcription | Self::DocumentIntelligence | Self::LlamaExtract => None,
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
            Self::LlamaExtract => llamaextract::see(body),
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
            Self::LlamaExtract => llamaextract::extracted(answer),
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
            Self::LlamaExtract => llamaextract::problem(problem),
        }
    }
}
