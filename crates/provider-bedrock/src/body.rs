use serde::Serialize;
use serde_json::Value;
use vision_core::{
    Error, ErrorKind, Media, MediaKind, Modality, Output, Part, Request, Result, Schema, schema,
};
use vision_http::Base64;

use crate::{Config, models};

/// The body of a request. Field order is the order on the wire.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Body<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<Text<'a>>,
    messages: [Message<'a>; 1],
    inference_config: Inference,
    #[serde(skip_serializing_if = "OutputConfig::is_empty")]
    output_config: OutputConfig<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_model_request_fields: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_tier: Option<Tier<'a>>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Vec<Block<'a>>,
}

/// One key a block, as the service wants its unions.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Block<'a> {
    Text(&'a str),
    Image { format: &'static str, source: Source<'a> },
    Document { format: &'static str, name: String, source: Source<'a> },
}

#[derive(Serialize)]
struct Source<'a> {
    bytes: Base64<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inference {
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OutputConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text_format: Option<Format<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'static str>,
}

#[derive(Serialize)]
struct Format<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    structure: Structure<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Structure<'a> {
    json_schema: JsonSchema<'a>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'a str,
    /// JSON written down as text.
    schema: String,
}

#[derive(Serialize)]
struct Tier<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
}

impl OutputConfig<'_> {
    fn is_empty(&self) -> bool {
        self.text_format.is_none() && self.effort.is_none()
    }
}

impl<'a> Body<'a> {
    /// The body, and the parameters that are not in it because the service has no place for them.
    pub(crate) fn new(config: &'a Config, request: &'a Request) -> Result<(Self, Vec<&'static str>)> {
        let said = request.effort.map(|effort| models::said(&config.model, effort)).unwrap_or_default();
        // A model that thinks takes no temperature.
        let takes_temperature = models::takes_temperature(&config.model) && !said.turns_thinking_on();
        let unsaid = said == models::Said::default();
        let refused = [
            ("temperature", request.temperature.is_some() && !takes_temperature),
            ("seed", request.seed.is_some()),
            ("effort", request.effort.is_some() && unsaid),
            ("detail", request.detail.is_some()),
        ];
        let schema = match &request.output {
            Output::Schema(schema) => Some(format(schema, models::is_claude(&config.model))),
            Output::Text | Output::Json => None,
        };
        let body = Self {
            system: request.system.iter().map(|text| Text { text }).collect(),
            messages: [Message { role: "user", content: blocks(request)? }],
            inference_config: Inference {
                max_tokens: request.max_output_tokens.get(),
                temperature: request.temperature.filter(|_| takes_temperature),
            },
            output_config: OutputConfig { text_format: schema, effort: said.output },
            additional_model_request_fields: said.fields,
            service_tier: config.service_tier.as_deref().map(|kind| Tier { kind }),
        };
        Ok((body, refused.into_iter().filter(|(_, refused)| *refused).map(|(name, _)| name).collect()))
    }
}

fn format(schema: &Schema, closed: bool) -> Format<'_> {
    let held = closed.then(|| schema::closed(&schema.schema).ok()).flatten();
    let text = held.as_ref().unwrap_or(&*schema.schema).to_string();
    let json_schema = JsonSchema { name: &schema.name, schema: text };
    Format { kind: "json_schema", structure: Structure { json_schema } }
}

fn blocks<'a>(request: &'a Request) -> Result<Vec<Block<'a>>> {
    let mut documents = 0;
    let mut block = |part: &'a Part| match part {
        Part::Text(text) => Ok(Block::Text(text)),
        Part::Media(media) if media.modality() == Modality::Pdf => {
            documents += 1;
            // Its own name could tell the model the answer.
            let name = format!("document {documents}");
            Ok(Block::Document { format: "pdf", name, source: Source { bytes: Base64(media) } })
        }
        Part::Media(media) => {
            Ok(Block::Image { format: image_format(media)?, source: Source { bytes: Base64(media) } })
        }
    };
    request.parts.iter().map(&mut block).collect()
}

fn image_format(media: &Media) -> Result<&'static str> {
    match media.kind() {
        MediaKind::Png => Ok("png"),
        MediaKind::Jpeg => Ok("jpeg"),
        MediaKind::Webp => Ok("webp"),
        MediaKind::Gif => Ok("gif"),
        other => {
            let message = format!("it takes no {other} ({})", media.name());
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    }
}
