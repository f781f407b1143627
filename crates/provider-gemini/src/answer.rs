use serde::Deserialize;
use serde_json::Value;
use vision_core::{ErrorKind, Response, Result, Stop, Usage};
use vision_http::Reply;
use vision_http::tolerant::{count, items, lenient};

use crate::failure;

/// A field of an unexpected type is as good as missing.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Answer {
    #[serde(deserialize_with = "items")]
    candidates: Option<Vec<Candidate>>,
    #[serde(deserialize_with = "lenient")]
    prompt_feedback: Option<PromptFeedback>,
    #[serde(deserialize_with = "lenient")]
    usage_metadata: Option<Counters>,
    #[serde(deserialize_with = "lenient")]
    model_version: Option<String>,
    #[serde(deserialize_with = "lenient")]
    response_id: Option<String>,
}

/// An answer, or one in pieces: a list, as the streaming door and some gateways send it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    // First, as a list would pass for the fields of one answer in their order.
    Many(Vec<Answer>),
    One(Box<Answer>),
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Candidate {
    #[serde(deserialize_with = "lenient")]
    content: Option<Content>,
    #[serde(deserialize_with = "lenient")]
    finish_reason: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Content {
    #[serde(deserialize_with = "items")]
    parts: Option<Vec<Piece>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Piece {
    #[serde(deserialize_with = "lenient")]
    text: Option<String>,
    #[serde(deserialize_with = "lenient")]
    thought: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct PromptFeedback {
    #[serde(deserialize_with = "lenient")]
    block_reason: Option<String>,
}

/// Counters that are zero are left out of the reply.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Counters {
    #[serde(deserialize_with = "count")]
    prompt_token_count: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    candidates_token_count: Option<Value>,
    #[serde(deserialize_with = "lenient")]
    thoughts_token_count: Option<Value>,
    #[serde(deserialize_with = "count")]
    cached_content_token_count: Option<u64>,
    #[serde(deserialize_with = "count")]
    tool_use_prompt_token_count: Option<u64>,
    #[serde(deserialize_with = "items")]
    prompt_tokens_details: Option<Vec<ModalityCount>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ModalityCount {
    #[serde(deserialize_with = "lenient")]
    modality: Option<String>,
    #[serde(deserialize_with = "count")]
    token_count: Option<u64>,
}

impl Body {
    fn whole(self) -> Answer {
        match self {
            Self::One(answer) => *answer,
            Self::Many(pieces) => pieces.into_iter().fold(Answer::default(), Answer::followed_by),
        }
    }
}

impl Answer {
    /// The texts of both; of everything else the later word counts.
    fn followed_by(mut self, later: Self) -> Self {
        let first = |candidates: Option<Vec<Candidate>>| candidates.and_then(|all| all.into_iter().next());
        let candidate = match (first(self.candidates.take()), first(later.candidates)) {
            (Some(mut candidate), Some(more)) => {
                let parts =
                    |content: Option<Content>| content.and_then(|content| content.parts).unwrap_or_default();
                let mut all = parts(candidate.content.take());
                all.extend(parts(more.content));
                candidate.content = Some(Content { parts: Some(all) });
                candidate.finish_reason = more.finish_reason.or(candidate.finish_reason);
                Some(candidate)
            }
            (one, other) => one.or(other),
        };
        Self {
            candidates: candidate.map(|candidate| vec![candidate]),
            prompt_feedback: later.prompt_feedback.or(self.prompt_feedback),
            usage_metadata: later.usage_metadata.or(self.usage_metadata),
            model_version: later.model_version.or(self.model_version),
            response_id: later.response_id.or(self.response_id),
        }
    }
}

pub(crate) fn decode(reply: &Reply, host: &str) -> Result<Response> {
    let answer = match reply.json::<Body>() {
        Ok(body) => body.whole(),
        Err(_) if failure::is_failure(reply) => return Err(failure::decode(reply, host)),
        Err(error) => return Err(error),
    };
    let usage = answer.usage_metadata.as_ref().map(usage).unwrap_or_default();
    let Some(candidate) = answer.candidates.and_then(|candidates| candidates.into_iter().next()) else {
        return Err(unanswered(reply, host, answer.prompt_feedback, usage));
    };
    let text = candidate.content.map(text).unwrap_or_default();
    Ok(Response {
        stop: stop(candidate.finish_reason),
        usage: usage.plausible(!text.is_empty()),
        text,
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
    let thoughts = counted(counters.thoughts_token_count.as_ref());
    let answer = counted(counters.candidates_token_count.as_ref());
    let tools = zero(counters.tool_use_prompt_token_count);
    Usage {
        input: counters.prompt_token_count.map(|prompt| prompt.saturating_add(tools)),
        cached: Some(zero(counters.cached_content_token_count)),
        output: answer.zip(thoughts).map(|(answer, thoughts)| answer.saturating_add(thoughts)),
        reasoning: thoughts,
        image: counters.of("IMAGE"),
        audio: counters.of("AUDIO"),
        ..Usage::default()
    }
}

/// What is left out is zero; what is there and no count is unknown.
fn counted(count: Option<&Value>) -> Option<u64> {
    count.map_or(Some(0), Value::as_u64)
}

impl Counters {
    /// Input tokens of one modality; not known where the reply does not split them at all.
    fn of(&self, modality: &str) -> Option<u64> {
        let details = self.prompt_tokens_details.as_ref()?;
        let counts = details.iter().filter(|count| count.modality.as_deref() == Some(modality));
        Some(counts.filter_map(|count| count.token_count).fold(0, u64::saturating_add))
    }
}
