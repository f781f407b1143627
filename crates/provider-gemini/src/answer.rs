use serde::Deserialize;
use vision_core::{ErrorKind, Response, Result, Stop, Usage};
use vision_http::Reply;

use crate::failure;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    candidates: Option<Vec<Candidate>>,
    prompt_feedback: Option<PromptFeedback>,
    usage_metadata: Option<Counters>,
    model_version: Option<String>,
    response_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate {
    content: Option<Content>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Content {
    parts: Option<Vec<Piece>>,
}

#[derive(Deserialize)]
struct Piece {
    text: Option<String>,
    thought: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PromptFeedback {
    block_reason: Option<String>,
}

/// Counters that are zero are left out of the reply.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counters {
    prompt_token_count: Option<u64>,
    candidates_token_count: Option<u64>,
    thoughts_token_count: Option<u64>,
    cached_content_token_count: Option<u64>,
    tool_use_prompt_token_count: Option<u64>,
    prompt_tokens_details: Option<Vec<ModalityCount>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ModalityCount {
    modality: Option<String>,
    token_count: Option<u64>,
}

pub(crate) fn decode(reply: &Reply, host: &str) -> Result<Response> {
    let answer: Answer = match reply.json() {
        Ok(answer) => answer,
        Err(_) if failure::is_failure(reply) => return Err(failure::decode(reply, host)),
        Err(error) => return Err(error),
    };
    let usage = answer.usage_metadata.as_ref().map(usage).unwrap_or_default();
    let Some(candidate) = answer.candidates.and_then(|candidates| candidates.into_iter().next()) else {
        return Err(unanswered(reply, host, answer.prompt_feedback, usage));
    };
    Ok(Response {
        stop: stop(candidate.finish_reason),
        text: candidate.content.map(text).unwrap_or_default(),
        usage,
        model: answer.model_version,
        request_id: answer.response_id.or_else(|| reply.request_id().map(str::to_owned)),
        limits: reply.limits(),
        ..Response::default()
    })
}

/// Without a candidate the prompt was blocked, or the reply is an error, or nothing that is known.
fn unanswered(
    reply: &Reply,
    host: &str,
    feedback: Option<PromptFeedback>,
    usage: Usage,
) -> vision_core::Error {
    let mut error = match feedback.and_then(|feedback| feedback.block_reason) {
        Some(reason) => reply.error(ErrorKind::Refused, format!("{host} blocked the request: {reason}")),
        None if failure::is_failure(reply) => return failure::decode(reply, host),
        None => reply.malformed(format!("the reply of {host} holds no candidate")),
    };
    error.details.usage = usage;
    error
}

/// The text without the thoughts that may stand before it.
fn text(content: Content) -> String {
    let parts = content.parts.unwrap_or_default();
    parts.into_iter().filter(|part| part.thought != Some(true)).filter_map(|part| part.text).collect()
}

fn stop(reason: Option<String>) -> Stop {
    match reason.as_deref() {
        Some("STOP") => Stop::Complete,
        Some("MAX_TOKENS") => Stop::Length,
        Some(
            "SAFETY"
            | "RECITATION"
            | "BLOCKLIST"
            | "PROHIBITED_CONTENT"
            | "SPII"
            | "MODEL_ARMOR"
            | "IMAGE_SAFETY"
            | "IMAGE_PROHIBITED_CONTENT"
            | "IMAGE_RECITATION",
        ) => Stop::Filtered(reason),
        None | Some("FINISH_REASON_UNSPECIFIED") => Stop::Unknown,
        Some(other) => Stop::Other(other.to_owned()),
    }
}

/// Thoughts are billed as output and counted apart from it.
fn usage(counters: &Counters) -> Usage {
    let zero = |count: Option<u64>| count.unwrap_or(0);
    let thoughts = zero(counters.thoughts_token_count);
    let tools = zero(counters.tool_use_prompt_token_count);
    Usage {
        input: counters.prompt_token_count.map(|prompt| prompt.saturating_add(tools)),
        cached: Some(zero(counters.cached_content_token_count)),
        output: Some(zero(counters.candidates_token_count).saturating_add(thoughts)),
        reasoning: Some(thoughts),
        image: counters.of("IMAGE"),
        audio: counters.of("AUDIO"),
        ..Usage::default()
    }
}

impl Counters {
    /// Input tokens of one modality; not known where the reply does not split them at all.
    fn of(&self, modality: &str) -> Option<u64> {
        let details = self.prompt_tokens_details.as_ref()?;
        let counts = details.iter().filter(|count| count.modality.as_deref() == Some(modality));
        Some(counts.filter_map(|count| count.token_count).fold(0, u64::saturating_add))
    }
}
