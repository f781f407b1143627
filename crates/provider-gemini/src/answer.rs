use serde::Deserialize;
use serde_json::Value;
use vision_core::{ErrorKind, Response, Result, Stop, Usage};
use vision_http::tolerant::{count, items, lenient};
use vision_http::{Reply, Token, mean_token_probability, token_probabilities};

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
    /// The mean over all tokens.
    #[serde(deserialize_with = "lenient")]
    avg_logprobs: Option<f64>,
    #[serde(deserialize_with = "lenient")]
    logprobs_result: Option<Logprobs>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Logprobs {
    #[serde(deserialize_with = "items")]
    chosen_candidates: Option<Vec<Token>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Content {
    #[serde(deserialize_with = "items")]
    parts: Option<Vec<Piece>>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Piece {
    #[serde(deserialize_with = "lenient")]
    text: Option<String>,
    #[serde(deserialize_with = "lenient")]
    thought: Option<bool>,
    /// A call of a function, which is no answer.
    #[serde(deserialize_with = "lenient")]
    function_call: Option<Value>,
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
    /// How Vertex served it.
    #[serde(deserialize_with = "lenient")]
    traffic_type: Option<String>,
    #[serde(deserialize_with = "lenient")]
    service_tier: Option<String>,
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
    #[serde(deserialize_with = "items")]
    cache_tokens_details: Option<Vec<ModalityCount>>,
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
                candidate.logprobs_result = match (candidate.logprobs_result, more.logprobs_result) {
                    (Some(first), Some(more)) => Some(first.followed_by(more)),
                    (one, other) => one.or(other),
                };
                candidate.avg_logprobs = more.avg_logprobs.or(candidate.avg_logprobs);
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
    let service_tier = tier(reply, answer.usage_metadata.as_ref());
    let usage = answer.usage_metadata.as_ref().map(usage).unwrap_or_default();
    let Some(candidate) = answer.candidates.and_then(|candidates| candidates.into_iter().next()) else {
        return Err(unanswered(reply, host, answer.prompt_feedback, usage));
    };
    let calls = candidate.content.as_ref().is_some_and(Content::calls);
    let text = candidate.content.map(text).unwrap_or_default();
    let tokens = candidate.logprobs_result.and_then(|it| it.chosen_candidates).unwrap_or_default();
    let mean = || candidate.avg_logprobs.and_then(mean_token_probability);
    Ok(Response {
        stop: if calls && text.is_empty() { Stop::ToolUse } else { stop(candidate.finish_reason) },
        usage: usage.plausible(!text.is_empty()),
        token_probabilities: token_probabilities(&text, &tokens).or_else(mean),
        text,
        model: answer.model_version,
        service_tier,
        request_id: answer.response_id.or_else(|| reply.request_id().map(str::to_owned)),
        limits: reply.limits(),
        ..Response::default()
    })
}

/// `priority` in `ON_DEMAND_PRIORITY`, and as the service itself says it.
fn tier(reply: &Reply, counters: Option<&Counters>) -> Option<String> {
    let said = counters.and_then(|counters| counters.service_tier.clone());
    let traffic = counters.and_then(|counters| counters.traffic_type.as_deref());
    let traffic = traffic.map(|word| word.strip_prefix("ON_DEMAND_").unwrap_or(word).to_ascii_lowercase());
    let header = || reply.header("x-gemini-service-tier").map(str::to_owned);
    let tier = traffic.or(said).or_else(header)?.to_ascii_lowercase();
    (!tier.ends_with("unspecified")).then_some(tier)
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

impl Logprobs {
    fn followed_by(mut self, more: Self) -> Self {
        self.chosen_candidates.get_or_insert_default().extend(more.chosen_candidates.into_iter().flatten());
        self
    }
}

impl Content {
    fn calls(&self) -> bool {
        self.parts.iter().flatten().any(|part| part.function_call.is_some())
    }
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
            | "IMAGE_RECITATION"
            | "ESCALATION",
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
        image: of("IMAGE", counters.prompt_tokens_details.as_deref()),
        audio: of("AUDIO", counters.prompt_tokens_details.as_deref()),
        cached_audio: of("AUDIO", counters.cache_tokens_details.as_deref()),
        ..Usage::default()
    }
}

/// What is left out is zero; what is there and no count is unknown.
fn counted(count: Option<&Value>) -> Option<u64> {
    count.map_or(Some(0), Value::as_u64)
}

/// Tokens of one modality; not known where the reply does not split them at all.
fn of(modality: &str, details: Option<&[ModalityCount]>) -> Option<u64> {
    let counts = details?.iter().filter(|count| count.modality.as_deref() == Some(modality));
    Some(counts.filter_map(|count| count.token_count).fold(0, u64::saturating_add))
}
