use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use vision_core::{Effort, Media, Modality, Output, Part, Request, Schema, schema};
use vision_http::Base64;

use crate::models::{Facts, Thinking};
use crate::{Config, Door, OversizedImage, Version};

/// The body of a request. Field order is the order on the wire.
#[derive(Serialize)]
pub(crate) struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    /// Where no header says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    anthropic_version: Option<&'static str>,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    messages: [Message<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "OutputConfig::is_empty")]
    output_config: OutputConfig<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<ThinkingConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<[Tool<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<ToolChoice<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Vec<Block<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Block<'a> {
    Text {
        text: &'a str,
    },
    Image {
        source: Source<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        transformations: Option<Transformations>,
    },
    Document {
        source: Source<'a>,
    },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Source<'a> {
    Base64 { media_type: &'static str, data: Base64<'a> },
    Url { url: &'a str },
}

#[derive(Serialize)]
struct Transformations {
    oversized_image: &'static str,
}

#[derive(Default, Serialize)]
struct OutputConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Format<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Format<'a> {
    JsonSchema { schema: Cow<'a, Value> },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum ThinkingConfig {
    Enabled { budget_tokens: u32 },
    Adaptive,
    Disabled,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'a str,
    description: &'static str,
    input_schema: &'a Value,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum ToolChoice<'a> {
    Tool { name: &'a str },
}

impl OutputConfig<'_> {
    fn is_empty(&self) -> bool {
        self.format.is_none() && self.effort.is_none()
    }
}

impl<'a> Body<'a> {
    /// The body, and the parameters that are not in it because the model refuses them.
    pub(crate) fn new(config: &'a Config, facts: &Facts, request: &'a Request) -> (Self, Vec<&'static str>) {
        let schema = match &request.output {
            Output::Schema(schema) => Some(schema),
            Output::Text | Output::Json => None,
        };
        let (native, forced) = if facts.structured { (schema, None) } else { (None, schema) };
        let reasoning = Reasoning::new(facts, request, forced.is_some());
        // A model that thinks takes no temperature.
        let sampling = facts.sampling && config.version == Version::V20230601 && !reasoning.is_on();
        let dropped = dropped(request, sampling, reasoning.taken);
        let own = config.door == Door::Own;
        let body = Self {
            model: own.then_some(config.model.as_str()),
            anthropic_version: (!own).then_some("vertex-2023-10-16"),
            max_tokens: request.max_output_tokens.get(),
            system: request.system.as_deref(),
            messages: [Message { role: "user", content: blocks(config, request) }],
            temperature: request.temperature.filter(|_| sampling),
            output_config: OutputConfig {
                format: native.map(|schema| Format::JsonSchema { schema: held(schema) }),
                effort: reasoning.effort,
            },
            thinking: reasoning.thinking,
            tools: forced.map(tool),
            tool_choice: forced.map(|schema| ToolChoice::Tool { name: &schema.name }),
            stream: request.stream,
        };
        (body, dropped)
    }
}

fn dropped(request: &Request, sampling: bool, effort: bool) -> Vec<&'static str> {
    let refused = [
        ("temperature", request.temperature.is_some() && !sampling),
        ("seed", request.seed.is_some()),
        ("effort", request.effort.is_some() && !effort),
        ("detail", request.detail.is_some()),
    ];
    refused.into_iter().filter(|(_, refused)| *refused).map(|(name, _)| name).collect()
}

fn blocks<'a>(config: &Config, request: &'a Request) -> Vec<Block<'a>> {
    let transformations = config.oversized_image.map(|oversized| match oversized {
        OversizedImage::Downsize => "downsize",
        OversizedImage::Error => "error",
    });
    let block = |part: &'a Part| match part {
        Part::Text(text) => Block::Text { text },
        Part::Media(media) if media.modality() == Modality::Pdf => Block::Document { source: source(media) },
        Part::Media(media) => Block::Image {
            source: source(media),
            transformations: transformations.map(|oversized_image| Transformations { oversized_image }),
        },
    };
    request.parts.iter().map(block).collect()
}

fn source(media: &Media) -> Source<'_> {
    match media.url() {
        Some(url) => Source::Url { url },
        None => Source::Base64 { media_type: media.kind().mime(), data: Base64(media) },
    }
}

/// The schema as the service takes it. One that it cannot take was refused before.
fn held(schema: &Schema) -> Cow<'_, Value> {
    schema::closed(&schema.schema).map_or(Cow::Borrowed(&*schema.schema), Cow::Owned)
}

fn tool(schema: &Schema) -> [Tool<'_>; 1] {
    [Tool { name: &schema.name, description: "Gives the answer.", input_schema: &schema.schema }]
}

/// How `effort` is said to this model.
struct Reasoning {
    thinking: Option<ThinkingConfig>,
    effort: Option<&'static str>,
    /// Whether the effort is said at all.
    taken: bool,
}

impl Reasoning {
    fn new(facts: &Facts, request: &Request, forced_tool: bool) -> Self {
        let Some(effort) = request.effort else { return Self::unsaid() };
        if effort == Effort::None {
            return match facts.thinking {
                Thinking::Always => Self::unsaid(),
                _ => Self { thinking: Some(ThinkingConfig::Disabled), effort: None, taken: true },
            };
        }
        let level = facts.efforts.contains(&effort).then(|| effort.name());
        let thinking = match facts.thinking {
            // A forced tool and thinking exclude each other.
            _ if forced_tool => None,
            Thinking::Budget => budget(effort, request.max_output_tokens.get())
                .map(|budget_tokens| ThinkingConfig::Enabled { budget_tokens }),
            Thinking::Adaptive => level.map(|_| ThinkingConfig::Adaptive),
            Thinking::Always => None,
        };
        Self { taken: level.is_some() || thinking.is_some(), effort: level, thinking }
    }

    fn unsaid() -> Self {
        Self { thinking: None, effort: None, taken: false }
    }

    fn is_on(&self) -> bool {
        matches!(self.thinking, Some(ThinkingConfig::Enabled { .. } | ThinkingConfig::Adaptive))
    }
}

/// Tokens to think with, for models that know no levels. They must leave room for the answer.
fn budget(effort: Effort, most: u32) -> Option<u32> {
    const LEAST: u32 = 1024;
    let wanted = match effort {
        Effort::None | Effort::Minimal => return None,
        Effort::Low => LEAST,
        Effort::Medium => 2048,
        Effort::High => 4096,
        Effort::Xhigh => 8192,
        Effort::Max => 16_384,
    };
    let room = most / 4 * 3;
    (room >= LEAST).then(|| wanted.min(room))
}
