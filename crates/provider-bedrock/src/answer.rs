use serde::Deserialize;
use serde_json::value::RawValue;
use vision_core::{Response, Result, Stop, Usage};
use vision_http::tolerant::{count, items, lenient};
use vision_http::{AwsFailure, Reply};

use crate::failure;

/// The body of an answer. Only `output` makes it one; a field of an unexpected type is as good as missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    output: Output,
    #[serde(default, deserialize_with = "lenient")]
    stop_reason: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Counters>,
    #[serde(default, deserialize_with = "lenient")]
    service_tier: Option<Tier>,
    #[serde(default, deserialize_with = "lenient")]
    trace: Option<Trace>,
}

#[derive(Deserialize)]
struct Output {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    content: Vec<Box<RawValue>>,
}

/// All kinds of blocks in one: new kinds come without warning, and only words matter.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Block {
    text: Option<String>,
    citations_content: Option<Cited>,
}

#[derive(Deserialize)]
struct Cited {
    #[serde(default)]
    content: Vec<Piece>,
}

#[derive(Deserialize)]
struct Piece {
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counters {
    #[serde(default, deserialize_with = "count")]
    input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    output_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    cache_read_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    cache_write_input_tokens: Option<u64>,
    #[serde(default, deserialize_with = "items")]
    cache_details: Option<Vec<Written>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    ttl: String,
    #[serde(default, deserialize_with = "count")]
    input_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Tier {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Trace {
    #[serde(default, deserialize_with = "lenient")]
    prompt_router: Option<Router>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Router {
    #[serde(default, deserialize_with = "lenient")]
    invoked_model_id: Option<String>,
}

pub(crate) fn decode(reply: &Reply, host: &str, model: &str) -> Result<Response> {
    let answer: Answer = match reply.json() {
        Ok(answer) => answer,
        Err(_) if reply.aws_failure() != AwsFailure::default() => {
            return Err(failure::decode(reply, host, model));
        }
        Err(error) => return Err(error),
    };
    let text: String = answer.output.message.content.iter().map(|block| words(block)).collect();
    let usage = answer.usage.as_ref().map(usage).unwrap_or_default().plausible(!text.is_empty());
    let stop = match answer.stop_reason.as_deref() {
        Some(reason @ ("malformed_model_output" | "malformed_tool_use")) => {
            let mut error = reply.malformed(format!("the model wrote nothing that can be read ({reason})"));
            error.details.usage = usage;
            return Err(error);
        }
        Some(reason) => stop(reason),
        None => Stop::Unknown,
    };
    Ok(Response {
        text,
        stop,
        usage,
        // Only a router says which model answered.
        model: answer.trace.and_then(|trace| trace.prompt_router).and_then(|router| router.invoked_model_id),
        service_tier: answer.service_tier.and_then(|tier| tier.kind),
        request_id: reply.request_id().map(str::to_owned),
        limits: reply.limits(),
        ..Response::default()
    })
}

/// The words of a block; reasoning has none that belong to the answer.
fn words(block: &RawValue) -> String {
    let block: Block = serde_json::from_str(block.get()).unwrap_or_default();
    let cited = block.citations_content.into_iter().flat_map(|cited| cited.content);
    block.text.into_iter().chain(cited.map(|piece| piece.text)).collect()
}

fn stop(reason: &str) -> Stop {
    match reason {
        "end_turn" | "stop_sequence" => Stop::Complete,
        "tool_use" => Stop::ToolUse,
        "max_tokens" => Stop::Length,
        "model_context_window_exceeded" => Stop::ContextWindow,
        "content_filtered" => Stop::Filtered(None),
        "guardrail_intervened" => Stop::Filtered(Some("guardrail".to_owned())),
        other => Stop::Other(other.to_owned()),
    }
}

/// The counters of input exclude each other: read from the cache, written to it, and the rest.
fn usage(counters: &Counters) -> Usage {
    let (cached, written) = (counters.cache_read_input_tokens, counters.cache_write_input_tokens);
    let hours = counters.cache_details.iter().flatten().filter(|written| written.ttl == "1h");
    let long = hours.filter_map(|written| written.input_tokens).reduce(u64::saturating_add);
    let rest = |all: u64| all.saturating_add(cached.unwrap_or(0)).saturating_add(written.unwrap_or(0));
    Usage {
        input: counters.input_tokens.map(rest),
        cached,
        // Without a split everything was written for minutes.
        cache_write: written.map(|written| written.saturating_sub(long.unwrap_or(0))),
        cache_write_long: long,
        output: counters.output_tokens,
        ..Usage::default()
    }
}
