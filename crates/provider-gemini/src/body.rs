use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use vision_core::{Detail, Media, Modality, Output, Part, Request};
use vision_http::Base64;

use crate::files::Stored;
use crate::media_tokens::is_said;
use crate::models::{Facts, Resolution, Thinking};
use crate::{Config, Safety};

/// The body of a request. Field order is the order on the wire.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Content<'a>>,
    contents: [Content<'a>; 1],
    generation_config: GenerationConfig<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    safety_settings: Vec<SafetySetting<'a>>,
}

#[derive(Serialize)]
struct Content<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    parts: Vec<Piece<'a>>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Piece<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inline_data: Option<InlineData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_data: Option<FileData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_resolution: Option<PartResolution>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InlineData<'a> {
    mime_type: &'static str,
    data: Base64<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileData<'a> {
    mime_type: &'static str,
    file_uri: &'a str,
}

#[derive(Serialize)]
struct PartResolution {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GenerationConfig<'a> {
    max_output_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_json_schema: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_config: Option<ThinkingConfig<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_resolution: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    response_logprobs: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum ThinkingConfig<'a> {
    ThinkingBudget(u32),
    ThinkingLevel(&'a str),
}

#[derive(Serialize)]
struct SafetySetting<'a> {
    category: Cow<'a, str>,
    threshold: &'a str,
}

/// The filters that every model lets be adjusted.
const ADJUSTABLE: [&str; 5] = [
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
    "HARM_CATEGORY_CIVIC_INTEGRITY",
];

/// `jailbreak` is short for `HARM_CATEGORY_JAILBREAK`.
fn category(name: &str) -> Cow<'_, str> {
    if name.starts_with("HARM_CATEGORY_") {
        return Cow::Borrowed(name);
    }
    Cow::Owned(format!("HARM_CATEGORY_{}", name.to_uppercase()))
}

fn safety_settings(config: &Config) -> Vec<SafetySetting<'_>> {
    let named: Vec<_> =
        config.thresholds.iter().map(|(name, threshold)| (category(name), threshold.as_str())).collect();
    let all: &[&str] = match config.safety {
        Safety::AsProvider => &[],
        Safety::Off => &ADJUSTABLE,
    };
    let off = all.iter().filter(|category| named.iter().all(|(name, _)| name != *category));
    let off = off.map(|category| (Cow::Borrowed(*category), "BLOCK_NONE")).collect::<Vec<_>>();
    let setting = |(category, threshold)| SafetySetting { category, threshold };
    off.into_iter().chain(named).map(setting).collect()
}

impl<'a> Body<'a> {
    /// The body, and the parameters that are not in it because the model refuses them.
    ///
    /// `stored` are the media that were uploaded, by their place among the request's media.
    pub(crate) fn new(
        facts: &'a Facts,
        config: &'a Config,
        request: &'a Request,
        stored: &'a [Stored],
    ) -> (Self, Vec<&'static str>) {
        let generation = GenerationConfig::new(facts, request);
        let dropped = dropped(facts, request, &generation);
        let system =
            || Content { role: None, parts: request.system.iter().map(|text| Piece::text(text)).collect() };
        let body = Self {
            system_instruction: (facts.system && request.system.is_some()).then(system),
            contents: [Content { role: Some("user"), parts: pieces(facts, request, stored) }],
            generation_config: generation,
            safety_settings: safety_settings(config),
        };
        (body, dropped)
    }
}

impl<'a> GenerationConfig<'a> {
    fn new(facts: &'a Facts, request: &'a Request) -> Self {
        let schema = match &request.output {
            Output::Schema(schema) => Some(&*schema.schema),
            Output::Text | Output::Json => None,
        };
        let thinking = request.effort.and_then(|effort| facts.efforts.get(&effort));
        let detail = request
            .detail
            .filter(|&detail| facts.resolution == Resolution::Request && is_said(facts, detail));
        Self {
            max_output_tokens: request.max_output_tokens.get(),
            temperature: request.temperature.filter(|_| facts.sampling),
            seed: request.seed.and_then(|seed| i32::try_from(seed).ok()),
            response_mime_type: (request.output != Output::Text).then_some("application/json"),
            response_json_schema: schema,
            thinking_config: thinking.and_then(|thinking| match thinking {
                Thinking::Budget(tokens) => {
                    budget(*tokens, least_budget(facts), request.max_output_tokens.get())
                        .map(ThinkingConfig::ThinkingBudget)
                }
                Thinking::Level(level) => Some(ThinkingConfig::ThinkingLevel(level)),
            }),
            media_resolution: detail.and_then(resolution),
            response_logprobs: request.token_probabilities,
        }
    }
}

/// Thinking counts against the cap of the answer, and must leave room for it. Less than a model's least budget is
/// refused, so that it is not said at all.
fn budget(wanted: u32, least: u32, most: u32) -> Option<u32> {
    let room = most / 4 * 3;
    let budget = wanted.min(room);
    (wanted == 0 || budget >= least).then_some(budget)
}

fn least_budget(facts: &Facts) -> u32 {
    let budgets = facts.efforts.values().filter_map(|thinking| match thinking {
        Thinking::Budget(tokens) => Some(*tokens).filter(|&tokens| tokens > 0),
        Thinking::Level(_) => None,
    });
    budgets.min().unwrap_or(0)
}

fn dropped(facts: &Facts, request: &Request, config: &GenerationConfig<'_>) -> Vec<&'static str> {
    // No page is looked at as closely as an image can be.
    let has_pages = request.media_of(Modality::Pdf).next().is_some();
    let is_lost = |facts: &Facts, detail| {
        has_pages && facts.resolution == Resolution::Part && detail == Detail::Original
    };
    let refused = [
        ("temperature", request.temperature.is_some() && config.temperature.is_none()),
        ("seed", request.seed.is_some() && config.seed.is_none()),
        ("effort", request.effort.is_some() && config.thinking_config.is_none()),
        ("detail", request.detail.is_some_and(|detail| !is_said(facts, detail) || is_lost(facts, detail))),
    ];
    refused.into_iter().filter(|(_, refused)| *refused).map(|(name, _)| name).collect()
}

fn pieces<'a>(facts: &Facts, request: &'a Request, stored: &'a [Stored]) -> Vec<Piece<'a>> {
    let detail = request.detail.filter(|_| facts.resolution == Resolution::Part);
    let mut pieces = Vec::with_capacity(request.parts.len() + 1);
    // A model that takes no system instruction reads it before the question.
    if !facts.system {
        pieces.extend(request.system.iter().map(|text| Piece::text(text)));
    }
    let mut place = 0;
    for part in &request.parts {
        pieces.push(match part {
            Part::Text(text) => Piece::text(text),
            Part::Media(media) => {
                let stored = stored.iter().find(|stored| stored.place == place);
                place += 1;
                Piece::media(media, stored, detail)
            }
        });
    }
    pieces
}

impl<'a> Piece<'a> {
    fn text(text: &'a str) -> Self {
        Self { text: Some(text), ..Self::default() }
    }

    fn media(media: &'a Media, stored: Option<&'a Stored>, detail: Option<Detail>) -> Self {
        let mime_type = media.kind().mime();
        let uri = stored.map(|stored| stored.uri.as_str()).or_else(|| media.url());
        let detail = detail.filter(|detail| match media.modality() {
            Modality::Image => true,
            Modality::Pdf => *detail != Detail::Original,
            Modality::Audio | Modality::Video => false,
        });
        Self {
            inline_data: uri.is_none().then_some(InlineData { mime_type, data: Base64(media) }),
            file_data: uri.map(|file_uri| FileData { mime_type, file_uri }),
            media_resolution: detail.and_then(resolution).map(|level| PartResolution { level }),
            text: None,
        }
    }
}

/// `auto` is what happens where nothing is said.
fn resolution(detail: Detail) -> Option<&'static str> {
    match detail {
        Detail::Low => Some("MEDIA_RESOLUTION_LOW"),
        Detail::Medium => Some("MEDIA_RESOLUTION_MEDIUM"),
        Detail::High => Some("MEDIA_RESOLUTION_HIGH"),
        Detail::Original => Some("MEDIA_RESOLUTION_ULTRA_HIGH"),
        Detail::Auto => None,
    }
}
