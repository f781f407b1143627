use serde::Deserialize;
use serde_json::value::RawValue;
use vision_core::{Response, Result, Stop, Usage};
use vision_http::Reply;

use crate::failure;

/// The body of an answer. What may be missing is optional; what makes it an answer is not.
#[derive(Deserialize)]
struct Answer {
    content: Vec<Block>,
    model: Option<String>,
    stop_reason: Option<String>,
    stop_details: Option<StopDetails>,
    usage: Option<Counters>,
}

/// All kinds of blocks in one: new kinds come without warning, and only text and tool input matter.
#[derive(Deserialize)]
struct Block {
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<String>,
    input: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct StopDetails {
    category: Option<String>,
    explanation: Option<String>,
}

#[derive(Deserialize)]
struct Counters {
    input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    cache_creation: Option<CacheCreation>,
    output_tokens: Option<u64>,
    output_tokens_details: Option<OutputDetails>,
    service_tier: Option<String>,
}

#[derive(Deserialize)]
struct CacheCreation {
    ephemeral_5m_input_tokens: Option<u64>,
    ephemeral_1h_input_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct OutputDetails {
    thinking_tokens: Option<u64>,
}

pub(crate) fn decode(reply: &Reply, host: &str) -> Result<Response> {
    let answer: Answer = match reply.json() {
        Ok(answer) => answer,
        Err(_) if failure::is_failure(reply) => return Err(failure::decode(reply, host)),
        Err(error) => return Err(error),
    };
    Ok(Response {
        text: text(&answer.content),
        refusal: refusal(&answer),
        stop: stop(&answer),
        usage: answer.usage.as_ref().map(usage).unwrap_or_default(),
        model: answer.model,
        service_tier: answer.usage.and_then(|usage| usage.service_tier),
        request_id: reply.request_id().map(str::to_owned),
        limits: reply.limits(),
        ..Response::default()
    })
}

/// The text of the answer: thinking may stand before it, and a forced tool holds it as input.
fn text(content: &[Block]) -> String {
    let forced = content.iter().filter(|block| block.is("tool_use")).find_map(|block| block.input.as_deref());
    match forced {
        Some(input) => input.get().to_owned(),
        None => content
            .iter()
            .filter(|block| block.is("text"))
            .filter_map(|block| block.text.as_deref())
            .collect(),
    }
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

fn stop(answer: &Answer) -> Stop {
    match answer.stop_reason.as_deref() {
        Some("end_turn" | "stop_sequence") => Stop::Complete,
        // The only tool ever offered is the one that holds the answer.
        Some("tool_use") if answer.content.iter().any(|block| block.is("tool_use")) => Stop::Complete,
        Some("tool_use") => Stop::ToolUse,
        Some("max_tokens") => Stop::Length,
        Some("model_context_window_exceeded") => Stop::ContextWindow,
        Some("refusal") => Stop::Refused,
        Some(other) => Stop::Other(other.to_owned()),
        None => Stop::Unknown,
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
