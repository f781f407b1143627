use serde::Deserialize;
use vision_chat::tolerant::{count, items, lenient};
use vision_core::{Response, Stop, Usage};
use vision_http::{Token, token_probabilities};

/// The reply. Only `output` is required; items of kinds that are not known are passed over.
#[derive(Deserialize)]
pub struct Answer {
    output: Vec<Item>,
    #[serde(default, deserialize_with = "lenient")]
    status: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    incomplete_details: Option<Incomplete>,
    #[serde(default, deserialize_with = "lenient")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    service_tier: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Counts>,
}

#[derive(Deserialize)]
struct Incomplete {
    #[serde(default, deserialize_with = "lenient")]
    reason: Option<String>,
}

/// A message; or reasoning, a tool call and the like, which have no `content` of text.
#[derive(Deserialize)]
struct Item {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: Option<String>,
    /// A model may think aloud on its way (`commentary`), which is not the answer.
    #[serde(default, deserialize_with = "lenient")]
    phase: Option<String>,
    #[serde(default, deserialize_with = "items")]
    content: Option<Vec<Content>>,
}

#[derive(Deserialize)]
struct Content {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    refusal: Option<String>,
    #[serde(default, deserialize_with = "items")]
    logprobs: Option<Vec<Token>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Counts {
    #[serde(deserialize_with = "count")]
    input_tokens: Option<u64>,
    #[serde(deserialize_with = "count")]
    output_tokens: Option<u64>,
    #[serde(deserialize_with = "lenient")]
    input_tokens_details: Option<InputDetails>,
    #[serde(deserialize_with = "lenient")]
    output_tokens_details: Option<OutputDetails>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct InputDetails {
    #[serde(deserialize_with = "count")]
    cached_tokens: Option<u64>,
    #[serde(deserialize_with = "count")]
    cache_write_tokens: Option<u64>,
    #[serde(deserialize_with = "count")]
    image_tokens: Option<u64>,
    #[serde(deserialize_with = "count")]
    audio_tokens: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct OutputDetails {
    #[serde(deserialize_with = "count")]
    reasoning_tokens: Option<u64>,
}

impl Answer {
    pub fn failed(&self) -> bool {
        self.status.as_deref() == Some("failed")
    }

    /// Where the host answers before the model has, which it does only if it is asked to.
    pub fn unfinished(&self) -> Option<&str> {
        let status = self.status.as_deref()?;
        matches!(status, "queued" | "in_progress" | "cancelled").then_some(status)
    }

    /// Whether it is a call of a tool and nothing else.
    fn only_calls(&self) -> bool {
        let calls = |item: &Item| matches!(item.kind.as_deref(), Some("function_call" | "custom_tool_call"));
        self.output.iter().any(calls) && self.pieces("output_text").next().is_none()
    }

    pub fn into_response(self) -> Response {
        let refusal: String = self.pieces("refusal").filter_map(|piece| piece.refusal.as_deref()).collect();
        let refusal = (!refusal.is_empty()).then_some(refusal);
        let text: String = self.pieces("output_text").filter_map(|piece| piece.text.as_deref()).collect();
        let tokens: Vec<Token> =
            self.pieces("output_text").flat_map(|piece| piece.logprobs.iter().flatten()).cloned().collect();
        Response {
            stop: if refusal.is_some() { Stop::Refused } else { self.stop() },
            refusal,
            usage: self.usage().plausible(!text.is_empty()),
            token_probabilities: token_probabilities(&text, &tokens),
            text,
            model: self.model,
            service_tier: self.service_tier,
            request_id: self.id,
            ..Response::default()
        }
    }

    pub fn usage(&self) -> Usage {
        let Some(counts) = &self.usage else { return Usage::default() };
        let input = counts.input_tokens_details.as_ref();
        Usage {
            input: counts.input_tokens,
            cached: input.and_then(|details| details.cached_tokens),
            cache_write: input.and_then(|details| details.cache_write_tokens),
            output: counts.output_tokens,
            reasoning: counts.output_tokens_details.as_ref().and_then(|details| details.reasoning_tokens),
            image: input.and_then(|details| details.image_tokens),
            audio: input.and_then(|details| details.audio_tokens),
            ..Usage::default()
        }
        .plausible(false)
    }

    fn stop(&self) -> Stop {
        let reason = self.incomplete_details.as_ref().and_then(|details| details.reason.as_deref());
        match (self.status.as_deref(), reason) {
            (Some("completed"), _) if self.only_calls() => Stop::ToolUse,
            (Some("completed"), _) => Stop::Complete,
            (Some("incomplete"), Some("max_output_tokens")) => Stop::Length,
            (Some("incomplete"), Some("content_filter")) => Stop::Filtered(None),
            (Some("incomplete"), Some(other)) => Stop::Other(other.to_owned()),
            (Some(other), _) => Stop::Other(other.to_owned()),
            (None, _) => Stop::Unknown,
        }
    }

    /// All pieces of one kind, in order, of all messages.
    fn pieces<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Content> {
        let is_answer = |item: &&Item| {
            item.kind.as_deref() == Some("message") && item.phase.as_deref() != Some("commentary")
        };
        let messages = self.output.iter().filter(is_answer);
        let pieces = messages.flat_map(|item| item.content.iter().flatten());
        pieces.filter(move |piece| piece.kind.as_deref() == Some(kind))
    }
}
