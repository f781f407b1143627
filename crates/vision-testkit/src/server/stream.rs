//! Answers as server-sent events: what a dialect says at once, cut into pieces of about a token.

use serde_json::{Value, json};

use super::dialect::Dialect;
use super::draft::Draft;
use super::tokens::pieces;

/// Whether this request asks for a stream.
pub(super) fn is_wanted(dialect: Dialect, path: &str, request: &Value) -> bool {
    match dialect {
        Dialect::Chat | Dialect::Responses | Dialect::Messages => request["stream"] == true,
        Dialect::RawPredict => path.ends_with(":streamRawPredict"),
        Dialect::Generate => path.ends_with(":streamGenerateContent"),
        _ => false,
    }
}

/// The events of an answer.
pub(super) fn events(dialect: Dialect, request: &Value, answer: &Value) -> Vec<String> {
    match dialect {
        Dialect::Chat => chat(request, answer),
        Dialect::Responses => responses(answer),
        Dialect::Messages | Dialect::RawPredict => messages(answer),
        Dialect::Generate => generate(answer),
        _ => Vec::new(),
    }
}

/// A failure after the stream has begun. One vendor writes it without any field.
pub(super) fn failure(dialect: Dialect, problem: &Draft) -> String {
    let error = &problem.body["error"];
    match dialect {
        Dialect::Messages | Dialect::RawPredict => named("error", &problem.body),
        Dialect::Generate => format!("{:#}\n\n", problem.body),
        Dialect::Responses => {
            let code = if error["code"].is_null() { &error["type"] } else { &error["code"] };
            named(
                "error",
                &json!({"type": "error", "code": code, "message": error["message"], "param": null}),
            )
        }
        _ => event(&problem.body),
    }
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

fn named(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

fn chat(request: &Value, answer: &Value) -> Vec<String> {
    let choice = &answer["choices"][0];
    let chunk = |choices: Value, usage: Value| {
        event(&json!({
            "id": answer["id"], "object": "chat.completion.chunk", "created": answer["created"],
            "model": answer["model"], "service_tier": "default", "system_fingerprint": answer["system_fingerprint"],
            "choices": choices, "usage": usage,
        }))
    };
    let delta = |delta: Value, tokens: Value, finish: &Value| {
        chunk(json!([{"index": 0, "delta": delta, "logprobs": tokens, "finish_reason": finish}]), Value::Null)
    };
    let text = choice["message"]["content"].as_str().unwrap_or_default();
    let begun = json!({"role": "assistant", "content": "", "refusal": null});
    let mut events = vec![delta(begun, Value::Null, &Value::Null)];
    events.extend(pieces(text).into_iter().enumerate().map(|(at, piece)| {
        let token = &choice["logprobs"]["content"][at];
        let tokens = if token.is_null() { Value::Null } else { json!({"content": [token], "refusal": null}) };
        delta(json!({"content": piece}), tokens, &Value::Null)
    }));
    events.push(delta(json!({}), Value::Null, &choice["finish_reason"]));
    if request["stream_options"]["include_usage"] == true {
        events.push(chunk(json!([]), answer["usage"].clone()));
    }
    events.push("data: [DONE]\n\n".to_owned());
    events
}

fn responses(answer: &Value) -> Vec<String> {
    let (mut begun, message) = (answer.clone(), &answer["output"][0]);
    (begun["status"], begun["output"], begun["usage"]) = (json!("in_progress"), json!([]), Value::Null);
    let mut item = message.clone();
    (item["status"], item["content"]) = (json!("in_progress"), json!([]));
    let place = json!({"item_id": message["id"], "output_index": 0, "content_index": 0});
    let at = |fields: Value| {
        let mut placed = place.clone();
        let both = placed.as_object_mut().zip(fields.as_object());
        both.into_iter().for_each(|(placed, fields)| placed.extend(fields.clone()));
        placed
    };
    let content = &message["content"][0];
    let part = json!({"type": "output_text", "text": "", "annotations": []});
    let mut list = vec![
        ("response.created", json!({"response": begun})),
        ("response.in_progress", json!({"response": begun})),
        ("response.output_item.added", json!({"output_index": 0, "item": item})),
        ("response.content_part.added", at(json!({"part": part}))),
    ];
    let delta = |piece: &str| ("response.output_text.delta", at(json!({"delta": piece, "logprobs": []})));
    list.extend(pieces(content["text"].as_str().unwrap_or_default()).into_iter().map(delta));
    list.extend([
        ("response.output_text.done", at(json!({"text": content["text"], "logprobs": []}))),
        ("response.content_part.done", at(json!({"part": content}))),
        ("response.output_item.done", json!({"output_index": 0, "item": message})),
    ]);
    let end = if answer["status"] == "completed" { "response.completed" } else { "response.incomplete" };
    list.push((end, json!({"response": answer})));
    let numbered = list.into_iter().enumerate().map(|(number, (name, mut data))| {
        (data["type"], data["sequence_number"]) = (json!(name), json!(number));
        named(name, &data)
    });
    numbered.collect()
}

fn messages(answer: &Value) -> Vec<String> {
    let mut begun = answer.clone();
    (begun["content"], begun["stop_reason"], begun["usage"]["output_tokens"]) =
        (json!([]), Value::Null, json!(1));
    let text = answer["content"][0]["text"].as_str().unwrap_or_default();
    let block = json!({"type": "text", "text": ""});
    let mut list = vec![
        ("message_start", json!({"message": begun})),
        ("content_block_start", json!({"index": 0, "content_block": block})),
        ("ping", json!({})),
    ];
    let delta = |piece: &str| {
        ("content_block_delta", json!({"index": 0, "delta": {"type": "text_delta", "text": piece}}))
    };
    list.extend(pieces(text).into_iter().map(delta));
    let usage = json!({"output_tokens": answer["usage"]["output_tokens"]});
    let end = json!({"stop_reason": answer["stop_reason"], "stop_sequence": null, "stop_details": null});
    list.extend([
        ("content_block_stop", json!({"index": 0})),
        ("message_delta", json!({"delta": end, "usage": usage})),
        ("message_stop", json!({})),
    ]);
    let typed = list.into_iter().map(|(name, mut data)| {
        data["type"] = json!(name);
        named(name, &data)
    });
    typed.collect()
}

fn generate(answer: &Value) -> Vec<String> {
    let candidate = &answer["candidates"][0];
    let text = candidate["content"]["parts"][0]["text"].as_str().unwrap_or_default();
    let mut pieces = pieces(text);
    // The last piece comes with the reason for the end.
    let last = pieces.pop().unwrap_or_default();
    let counted = &answer["usageMetadata"];
    let tokens = &candidate["logprobsResult"]["chosenCandidates"];
    let chunk = |(at, piece): (usize, &str), finish: Option<&Value>, usage: &Value| {
        let mut candidate = json!({"index": 0, "content": {"role": "model", "parts": [{"text": piece}]}});
        if let Some(token) = tokens.get(at) {
            candidate["logprobsResult"] = json!({"chosenCandidates": [token], "topCandidates": []});
        }
        if let Some(finish) = finish {
            candidate["finishReason"] = finish.clone();
        }
        event(&json!({
            "candidates": [candidate], "usageMetadata": usage,
            "modelVersion": answer["modelVersion"], "responseId": answer["responseId"],
        }))
    };
    let input = json!({"promptTokenCount": counted["promptTokenCount"], "totalTokenCount": counted["promptTokenCount"]});
    let end = pieces.len();
    let mut events: Vec<String> =
        pieces.into_iter().enumerate().map(|piece| chunk(piece, None, &input)).collect();
    events.push(chunk((end, last), Some(&candidate["finishReason"]), counted));
    events
}
