//! The reply as it comes. Servers of this dialect leave out, add and mistype fields at will, so only
//! `choices` is required, and a field of an unexpected type is as good as missing.

use serde::Deserialize;
use serde_json::{Map, Value};
use vision_core::{Response, Stop, Usage, Usd};

use vision_http::tolerant::{count, items, lenient};
use vision_http::{Token, token_probabilities};

#[derive(Deserialize)]
pub struct Answer {
    pub choices: Vec<Choice>,
    #[serde(default, deserialize_with = "lenient")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    system_fingerprint: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    service_tier: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub usage: Option<Counts>,
}

#[derive(Deserialize)]
pub struct Choice {
    #[serde(default, deserialize_with = "lenient")]
    message: Option<Message>,
    #[serde(default, deserialize_with = "lenient")]
    finish_reason: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    logprobs: Option<Logprobs>,
    /// What Azure's filter found.
    #[serde(default, deserialize_with = "lenient")]
    content_filter_results: Option<Map<String, Value>>,
    /// A failure on the way to the end, as gateways report it inside a success.
    #[serde(default)]
    pub error: Option<Value>,
}

#[derive(Deserialize)]
struct Logprobs {
    #[serde(default, deserialize_with = "items")]
    content: Option<Vec<Token>>,
}

/// Reasoning beside the answer (`reasoning_content`, `reasoning`) is not read: it is not the answer.
#[derive(Deserialize, Default)]
struct Message {
    #[serde(default, deserialize_with = "lenient")]
    content: Option<Content>,
    #[serde(default, deserialize_with = "lenient")]
    refusal: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
}

/// What was counted, under the names of every server that was seen.
#[derive(Deserialize, Default)]
pub struct Counts {
    #[serde(default, deserialize_with = "count")]
    prompt_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    completion_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    total_tokens: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    prompt_tokens_details: Option<PromptDetails>,
    /// The same again: one vendor sends both spellings.
    #[serde(default, deserialize_with = "lenient")]
    prompt_token_details: Option<PromptDetails>,
    #[serde(default, deserialize_with = "lenient")]
    completion_tokens_details: Option<CompletionDetails>,
    #[serde(default, deserialize_with = "count")]
    num_cached_tokens: Option<u64>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize, Default)]
struct PromptDetails {
    #[serde(default, deserialize_with = "count")]
    cached_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    cache_write_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    image_tokens: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    audio_tokens: Option<u64>,
}

#[derive(Deserialize, Default)]
struct CompletionDetails {
    #[serde(default, deserialize_with = "count")]
    reasoning_tokens: Option<u64>,
}

impl Answer {
    /// The answer of the first choice. `cost` is the field of `usage` that holds what was charged.
    pub fn into_response(mut self, cost: Option<&str>) -> Option<Response> {
        if self.choices.is_empty() {
            return None;
        }
        let choice = self.choices.swap_remove(0);
        let stop = choice.stop();
        let message = choice.message.unwrap_or_default();
        let refusal = message.refusal.filter(|words| !words.is_empty());
        let text = message.content.map(Content::into_text).unwrap_or_default();
        let counts = self.usage.unwrap_or_default();
        let tokens = choice.logprobs.and_then(|logprobs| logprobs.content).unwrap_or_default();
        Some(Response {
            stop: if refusal.is_some() { Stop::Refused } else { stop },
            usage: counts.usage(!text.is_empty()),
            token_probabilities: token_probabilities(&text, &tokens),
            cost: cost.and_then(|field| counts.cost(field)),
            text,
            refusal,
            model: self.model,
            fingerprint: self.system_fingerprint,
            service_tier: self.service_tier,
            request_id: self.id,
            ..Response::default()
        })
    }
}

impl Choice {
    fn stop(&self) -> Stop {
        match self.finish_reason.as_deref() {
            None | Some("") => Stop::Unknown,
            Some(
                "stop" | "STOP" | "eos" | "eos_token" | "end_turn" | "stop_sequence" | "STOP_SEQUENCE"
                | "COMPLETE",
            ) => Stop::Complete,
            Some("length" | "max_tokens" | "MAX_TOKENS") => Stop::Length,
            Some("model_length") => Stop::ContextWindow,
            Some("tool_calls" | "function_call") => Stop::ToolUse,
            Some("content_filter" | "sensitive") => Stop::Filtered(self.filtered_category()),
            Some(other) => Stop::Other(other.to_owned()),
        }
    }

    fn filtered_category(&self) -> Option<String> {
        let results = self.content_filter_results.as_ref()?;
        let hit = |result: &Value| result.get("filtered").and_then(Value::as_bool) == Some(true);
        results.iter().find(|(_, result)| hit(result)).map(|(category, _)| category.clone())
    }

    /// Whether the host says that generating failed, without an error that says why.
    pub fn failed(&self) -> bool {
        matches!(self.finish_reason.as_deref(), Some("error" | "network_error"))
    }
}

impl Content {
    /// The text; thinking that some models send as parts of their own is not the answer.
    fn into_text(self) -> String {
        let is_text = |part: &Part| part.kind.as_deref().is_none_or(|kind| kind == "text");
        match self {
            Self::Text(text) => text,
            Self::Parts(parts) => parts.into_iter().filter(is_text).filter_map(|part| part.text).collect(),
        }
    }
}

impl Counts {
    /// What was charged, in the field that this host calls it by. With a key of one's own at the host behind it,
    /// that is the gateway's fee, and what the other host charges stands beside it.
    fn cost(&self, field: &str) -> Option<Usd> {
        let charged = self.rest.get(field)?.as_f64()?;
        let own_key = self.rest.get("is_byok").and_then(Value::as_bool);
        let behind = self.rest.get("cost_details").and_then(|details| details.get("upstream_inference_cost"));
        let behind = behind.and_then(Value::as_f64).filter(|_| own_key == Some(true)).unwrap_or(0.0);
        let sum = charged + behind;
        (charged >= 0.0 && behind >= 0.0 && sum.is_finite()).then_some(Usd(sum))
    }

    /// `answered`: some hosts count no output tokens for an answer that is there. That is not zero.
    pub fn usage(&self, answered: bool) -> Usage {
        let input = self.prompt_tokens;
        let rest = self.total_tokens.zip(input).and_then(|(total, input)| total.checked_sub(input));
        let output = self.completion_tokens.filter(|&count| count > 0 || !answered).or(rest);
        let prompt = self.prompt_tokens_details.as_ref().or(self.prompt_token_details.as_ref());
        Usage {
            input,
            cached: prompt.and_then(|details| details.cached_tokens).or(self.num_cached_tokens),
            cache_write: prompt.and_then(|details| details.cache_write_tokens),
            output,
            reasoning: self.completion_tokens_details.as_ref().and_then(|details| details.reasoning_tokens),
            image: prompt.and_then(|details| details.image_tokens),
            audio: prompt.and_then(|details| details.audio_tokens),
            ..Usage::default()
        }
        .plausible(answered)
    }
}
