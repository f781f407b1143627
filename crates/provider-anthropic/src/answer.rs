use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use vision_core::{Response, Result, Stop, Usage};
use vision_http::Reply;
use vision_http::tolerant::{count, lenient};

use crate::failure;
use crate::models::Facts;

/// The body of an answer. Only `content` makes it one; a field of an unexpected type is as good as missing.
#[derive(Deserialize)]
struct Answer {
    #[serde(deserialize_with = "content")]
    content: Vec<Block>,
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    stop_reason: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    stop_details: Option<StopDetails>,
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Counters>,
}

/// All kinds of blocks in one: new kinds come without warning, and only text and tool input matter.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Block {
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<String>,
    /// As it came, to the last digit.
    input: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct StopDetails {
    #[serde(default, deserialize_with = "lenient")]
    category: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    explanation: Option<String>,
}

#[derive(Deserialize)]
struct Counters {
    #[serde(default, deserialize_with = "count")]
    input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    cache_creation_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    cache_read_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    cache_creation: Option<CacheCreation>,
    #[serde(default, deserialize_with = "count")]
    output_tokens: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    output_tokens_details: Option<OutputDetails>,
    #[serde(default, deserialize_with = "lenient")]
    service_tier: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    speed: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    inference_geo: Option<String>,
}

#[derive(Deserialize)]
struct CacheCreation {
    #[serde(default, deserialize_with = "count")]
    ephemeral_5m_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    ephemeral_1h_input_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct OutputDetails {
    #[serde(default, deserialize_with = "count")]
    thinking_tokens: Option<u64>,
}

/// Blocks, or the text alone, as some gateways send it. A block that cannot be read is one that does not matter.
fn content<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Block>, D::Error> {
    let whole = Box::<RawValue>::deserialize(from)?;
    if let Ok(blocks) = serde_json::from_str::<Vec<Box<RawValue>>>(whole.get()) {
        return Ok(blocks.iter().filter_map(|block| serde_json::from_str(block.get()).ok()).collect());
    }
    let text = serde_json::from_str(whole.get()).map_err(serde::de::Error::custom)?;
    Ok(vec![Block { kind: Some("text".to_owned()), text: Some(text), input: None }])
}

pub(crate) fn decode(reply: &Reply, host: &str, facts: &Facts) -> Result<Response> {
    let answer: Answer = match reply.json() {
        Ok(answer) => answer,
        Err(_) if failure::is_failure(reply) => return Err(failure::decode(reply, host)),
        Err(error) => return Err(error),
    };
    // A model that knows structured answers is never offered a tool, so that a call of one is not the answer.
    let tool = if facts.structured { None } else { forced(&answer.content) };
    let text = tool.map_or_else(|| text(&answer.content), str::to_owned);
    Ok(Response {
        refusal: refusal(&answer),
        stop: stop(&answer, tool.is_some()),
        usage: answer.usage.as_ref().map(usage).unwrap_or_default().plausible(!text.is_empty()),
        text,
        model: answer.model,
        service_tier: answer.usage.and_then(tier),
        request_id: reply.request_id().map(str::to_owned),
        limits: reply.limits(),
        ..Response::default()
    })
}

/// The answer as the input of the tool that holds it.
fn forced(content: &[Block]) -> Option<&str> {
    content
        .iter()
        .filter(|block| block.is("tool_use"))
        .find_map(|block| block.input.as_deref())
        .map(RawValue::get)
}

/// The text of the answer: thinking may stand before it.
fn text(content: &[Block]) -> String {
    content.iter().filter(|block| block.is("text")).filter_map(|block| block.text.as_deref()).collect()
}

impl Block {
    fn is(&self, kind: &str) -> bool {
        self.kind.as_deref() == Some(kind)
    }
}

fn refusal(answer: &Answer) -> Option<String> {
    if answer.stop_reason.as_deref() != Some("refusal") {
        return None;
    }
    let details = answer.stop_details.as_ref();
    let words = details.and_then(|details| details.explanation.as_deref().or(details.category.as_deref()));
    Some(words.unwrap_or("refused without a reason").to_owned())
}

fn stop(answer: &Answer, is_tool: bool) -> Stop {
    match answer.stop_reason.as_deref() {
        Some("end_turn" | "stop_sequence") => Stop::Complete,
        // The only tool ever offered is the one that holds the answer.
        Some("tool_use") if is_tool => Stop::Complete,
        Some("tool_use") => Stop::ToolUse,
        Some("max_tokens") => Stop::Length,
        Some("model_context_window_exceeded") => Stop::ContextWindow,
        Some("refusal") => Stop::Refused,
        Some(other) => Stop::Other(other.to_owned()),
        None => Stop::Unknown,
    }
}

/// The tier, with a speed and a place that cost more than the usual ones.
fn tier(counters: Counters) -> Option<String> {
    let Counters { service_tier, speed, inference_geo, .. } = counters;
    let dearer = [
        speed.filter(|speed| speed != "standard"),
        inference_geo.filter(|place| !["global", "not_available", ""].contains(&place.as_str())),
    ];
    let dearer: Vec<String> = dearer.into_iter().flatten().collect();
    match (service_tier, dearer.is_empty()) {
        (tier, true) => tier,
        (tier, false) => {
            Some([vec![tier.unwrap_or_else(|| "standard".to_owned())], dearer].concat().join("+"))
        }
    }
}

/// The three input counters exclude each other: read from the cache, written to it, and the rest.
fn usage(counters: &Counters) -> Usage {
    let written = counters.cache_creation.as_ref();
    let short = written.and_then(|written| written.ephemeral_5m_input_tokens);
    let long = written.and_then(|written| written.ephemeral_1h_input_tokens);
    let all_written = counters.cache_creation_input_tokens.or_else(|| sum(short, long));
    let cached = counters.cache_read_input_tokens;
    Usage {
        input: counters
            .input_tokens
            .map(|rest| rest.saturating_add(cached.unwrap_or(0)).saturating_add(all_written.unwrap_or(0))),
        cached,
        // Without a split everything was written for minutes, which is the service's default.
        cache_write: short.or_else(|| Some(all_written?.saturating_sub(long.unwrap_or(0)))),
        cache_write_long: long,
        output: counters.output_tokens,
        reasoning: counters.output_tokens_details.as_ref().and_then(|details| details.thinking_tokens),
        ..Usage::default()
    }
}

fn sum(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    (a.is_some() || b.is_some()).then(|| a.unwrap_or(0).saturating_add(b.unwrap_or(0)))
}
