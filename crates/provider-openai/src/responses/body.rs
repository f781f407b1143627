use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::Value;
use vision_chat::{Params, file_name};
use vision_core::{Detail, Effort, Media, Modality, Output, Part, Request};
use vision_http::DataUrl;

use super::LEAST_CAP;

#[derive(Serialize)]
pub struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<&'a str>,
    input: [Message<'a>; 1],
    max_output_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Reasoning>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    include: Option<[&'static str; 1]>,
    /// The service keeps answers unless told otherwise.
    store: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

/// Pieces are padded unless told otherwise.
#[derive(Serialize)]
struct StreamOptions {
    include_obfuscation: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Parts<'a>,
}

#[derive(Serialize)]
struct Reasoning {
    effort: Effort,
}

#[derive(Serialize)]
struct Text<'a> {
    format: Format<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Format<'a> {
    JsonObject,
    JsonSchema { name: &'a str, schema: &'a Value, strict: bool },
}

impl<'a> Body<'a> {
    pub fn new(model: &'a str, params: &Params, page_detail: Option<Detail>, request: &'a Request) -> Self {
        let format = match &request.output {
            Output::Text => None,
            Output::Json => Some(Format::JsonObject),
            Output::Schema(schema) => Some(Format::JsonSchema {
                name: &schema.name,
                schema: schema.schema.as_ref(),
                strict: schema.strict,
            }),
        };
        Self {
            model,
            instructions: request.system.as_deref(),
            input: [Message {
                role: "user",
                content: Parts { parts: &request.parts, detail: params.detail, page_detail },
            }],
            max_output_tokens: request.max_output_tokens.get().max(LEAST_CAP),
            temperature: params.temperature,
            reasoning: params.effort.map(|effort| Reasoning { effort }),
            text: format.map(|format| Text { format }),
            include: params.logprobs.then_some(["message.output_text.logprobs"]),
            store: false,
            stream: request.stream,
            stream_options: request.stream.then_some(StreamOptions { include_obfuscation: false }),
        }
    }
}

/// The pieces of the question in the order of the request.
struct Parts<'a> {
    parts: &'a [Part],
    detail: Option<Detail>,
    /// The same for documents.
    page_detail: Option<Detail>,
}

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.parts.len()))?;
        for part in self.parts {
            list.serialize_element(&match part {
                Part::Text(text) => Piece::Text { text },
                Part::Media(media) if media.modality() == Modality::Pdf => {
                    Piece::document(media, self.page_detail)
                }
                Part::Media(media) => {
                    Piece::Image { image_url: DataUrl(media), detail: self.detail.unwrap_or(Detail::Auto) }
                }
            })?;
        }
        list.end()
    }
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Piece<'a> {
    #[serde(rename = "input_text")]
    Text { text: &'a str },
    /// The detail is required here.
    #[serde(rename = "input_image")]
    Image { image_url: DataUrl<'a>, detail: Detail },
    #[serde(rename = "input_file")]
    File {
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<Detail>,
        #[serde(skip_serializing_if = "Option::is_none")]
        filename: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        file_data: Option<DataUrl<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        file_url: Option<&'a str>,
    },
}

impl<'a> Piece<'a> {
    fn document(media: &'a Media, detail: Option<Detail>) -> Self {
        let (filename, file_data) = match media.url() {
            Some(_) => (None, None),
            None => (Some(file_name(media)), Some(DataUrl(media))),
        };
        Self::File { detail, filename, file_data, file_url: media.url() }
    }
}
