//! What a server that speaks chat completions documents, as far as all of them agree: the start of a [`Subject`]
//! of that dialect. The bodies are made by hand.
//!
//! [`Subject`]: crate::Subject

use serde_json::{Value, json};
use vision_core::{Response, Stop, Usage};

use crate::{Answer, Answers, Places};

/// Where things stand in the plain dialect: no PDF, no sound, no detail.
pub fn places() -> Places {
    Places {
        text: Some("/messages/1/content/*/text"),
        system: Some("/messages/0/content"),
        image: Some("/messages/0/content/*/image_url/url"),
        schema: Some("/response_format/json_schema/schema"),
        cap: Some("/max_tokens"),
        temperature: Some("/temperature"),
        seed: Some("/seed"),
        effort: Some("/reasoning_effort"),
        stop: Some("/choices/0/finish_reason"),
        ..Places::default()
    }
}

/// The place of `detail`, where a server takes it.
pub const DETAIL: Option<&str> = Some("/messages/*/content/*/image_url/detail");

/// Answers that are not simply complete, by a model that the server calls `written` and the provider `read`.
pub fn answers(written: &str, read: &str, more: Vec<Answer>) -> Answers {
    let made = |reason: &str, message: Value, tokens: u64, response: Response| {
        let body = json!({
            "id": "chatcmpl-hand1",
            "object": "chat.completion",
            "created": 1_795_000_000,
            "model": written,
            "choices": [{"index": 0, "finish_reason": reason, "message": message}],
            "usage": {"prompt_tokens": 180, "completion_tokens": tokens, "total_tokens": 180 + tokens},
        });
        Some(Answer::new(body.to_string(), Response { usage: usage(180, tokens), ..response }))
    };
    let says = |content: Value| json!({"role": "assistant", "content": content});
    let begun = "{\"store\":\"CAF";
    let thought =
        json!({"role": "assistant", "content": "", "reasoning_content": "Let me look at the receipt…"});
    let sorry = "I can't help with that.";
    let declined = json!({"role": "assistant", "content": null, "refusal": sorry});
    let answer = |stop| answer(read, stop);
    Answers {
        truncated: made(
            "length",
            says(json!(begun)),
            512,
            Response { text: begun.to_owned(), ..answer(Stop::Length) },
        ),
        empty: made("length", thought, 512, answer(Stop::Length)),
        null: made("stop", says(Value::Null), 1, answer(Stop::Complete)),
        refused: made(
            "stop",
            declined,
            12,
            Response { refusal: Some(sorry.to_owned()), ..answer(Stop::Refused) },
        ),
        filtered: made("content_filter", says(json!("")), 1, answer(Stop::Filtered(None))),
        sparse: Some(Answer::new(
            r#"{"choices":[{"message":{"content":"12.50"}}]}"#,
            Response { text: "12.50".to_owned(), ..Response::default() },
        )),
        more,
    }
}

/// What a counted answer of `model` means.
pub fn answer(model: &str, stop: Stop) -> Response {
    Response {
        stop,
        model: Some(model.to_owned()),
        request_id: Some("chatcmpl-hand1".to_owned()),
        usage: usage(180, 512),
        ..Response::default()
    }
}

/// Counted tokens in and out.
pub fn usage(input: u64, output: u64) -> Usage {
    Usage { input: Some(input), output: Some(output), ..Usage::default() }
}
