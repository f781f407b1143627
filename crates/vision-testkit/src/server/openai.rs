use serde_json::{Value, json};

use super::draft::{Answer, Draft, Problem, ProblemKind};
use super::form;
use super::sight::{Seen, SeenMedium};
use super::tokens;

pub(super) fn see_chat(body: &Value) -> Result<Seen, String> {
    let mut seen = Seen {
        model: text(&body["model"]),
        cap: body["max_completion_tokens"].as_u64().or(body["max_tokens"].as_u64()),
        schema: body.pointer("/response_format/json_schema/schema").cloned(),
        token_probabilities: body["logprobs"] == true,
        ..Seen::default()
    };
    for message in list(&body["messages"]) {
        let system = matches!(message["role"].as_str(), Some("system" | "developer"));
        for part in parts(&message["content"]) {
            match part["type"].as_str() {
                Some("text") if system => seen.system.push_str(&text(&part["text"])),
                Some("text") => seen.texts.push(text(&part["text"])),
                Some("image_url") => seen.media.push(SeenMedium::url(&url(&part["image_url"]))?),
                Some("input_audio") => {
                    let audio = &part["input_audio"];
                    let declared = format!("audio/{}", text(&audio["format"]));
                    seen.media.push(SeenMedium::base64(Some(&declared), &text(&audio["data"]))?);
                }
                Some("file") => seen.media.push(SeenMedium::url(&text(&part["file"]["file_data"]))?),
                other => return Err(format!("a part of type {other:?} is not known here")),
            }
        }
    }
    Ok(seen)
}

pub(super) fn see_responses(body: &Value) -> Result<Seen, String> {
    let mut seen = Seen {
        model: text(&body["model"]),
        system: text(&body["instructions"]),
        cap: body["max_output_tokens"].as_u64(),
        schema: body.pointer("/text/format/schema").cloned(),
        token_probabilities: list(&body["include"]).contains(&json!("message.output_text.logprobs")),
        ..Seen::default()
    };
    for part in list(&body["input"]).iter().flat_map(|item| parts(&item["content"])) {
        match part["type"].as_str() {
            Some("input_text" | "text") => seen.texts.push(text(&part["text"])),
            Some("input_image") => seen.media.push(SeenMedium::url(&text(&part["image_url"]))?),
            Some("input_file") => seen.media.push(SeenMedium::url(&text(&part["file_data"]))?),
            other => return Err(format!("a part of type {other:?} is not known here")),
        }
    }
    Ok(seen)
}

/// A transcription is asked for with a form.
pub(super) fn see_form(content_type: &str, body: &[u8]) -> Result<Seen, String> {
    let fields = form::parse(content_type, body)?;
    let mut seen = Seen::default();
    for field in &fields {
        match (field.name.as_str(), field.file_name.as_deref()) {
            ("file", Some(file_name)) => {
                if !file_name.contains('.') {
                    return Err(format!("the file name `{file_name}` has no extension"));
                }
                seen.media.push(SeenMedium::bytes(None, field.bytes)?);
            }
            ("model", None) => seen.model = field.text(),
            ("prompt", None) => seen.texts.push(field.text()),
            ("language" | "response_format" | "temperature" | "timestamp_granularities[]", None) => {}
            (other, _) => return Err(format!("the field `{other}` is not known")),
        }
    }
    if seen.media.is_empty() || seen.model.is_empty() {
        return Err("`file` and `model` are required".to_owned());
    }
    Ok(seen)
}

pub(super) fn chat(answer: &Answer<'_>) -> Draft {
    let finish = if answer.cut { "length" } else { "stop" };
    let tokens = answer.tokens();
    let logprobs = tokens.map(|tokens| json!({"content": tokens::openai(&tokens), "refusal": null}));
    let body = json!({
        "id": format!("chatcmpl-{}", answer.number),
        "object": "chat.completion",
        "created": CREATED,
        "model": answer.seen.model,
        "service_tier": "default",
        "system_fingerprint": "fp_testkit",
        "choices": [{
            "index": 0,
            "finish_reason": finish,
            "logprobs": logprobs,
            "message": {"role": "assistant", "content": answer.text, "refusal": null, "annotations": []}
        }],
        "usage": {
            "prompt_tokens": answer.input,
            "completion_tokens": answer.output,
            "total_tokens": answer.input + answer.output,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0, "audio_tokens": 0,
                "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0
            }
        }
    });
    draft(answer, body)
}

pub(super) fn responses(answer: &Answer<'_>) -> Draft {
    let (status, details) = match answer.cut {
        true => ("incomplete", json!({"reason": "max_output_tokens"})),
        false => ("completed", Value::Null),
    };
    let logprobs = answer.tokens().map(|tokens| tokens::openai(&tokens)).unwrap_or_default();
    let body = json!({
        "id": format!("resp_{}", answer.number),
        "object": "response",
        "created_at": CREATED,
        "status": status,
        "error": null,
        "incomplete_details": details,
        "instructions": null,
        "metadata": {},
        "model": answer.seen.model,
        "output": [{
            "type": "message",
            "id": format!("msg_{}", answer.number),
            "role": "assistant",
            "status": status,
            "content": [{"type": "output_text", "text": answer.text, "annotations": [], "logprobs": logprobs}]
        }],
        "parallel_tool_calls": true,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": {
            "input_tokens": answer.input,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": answer.output,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": answer.input + answer.output
        }
    });
    draft(answer, body)
}

pub(super) fn transcription(answer: &Answer<'_>) -> Draft {
    let body = json!({
        "text": answer.text,
        "usage": {
            "type": "tokens",
            "input_tokens": answer.input,
            "input_token_details": {"text_tokens": answer.input - answer.image, "audio_tokens": answer.image},
            "output_tokens": answer.output,
            "total_tokens": answer.input + answer.output
        }
    });
    draft(answer, body)
}

pub(super) fn problem(problem: &Problem) -> Draft {
    let (status, kind, code) = match problem.kind {
        ProblemKind::Invalid => (400, "invalid_request_error", Value::Null),
        ProblemKind::BadKey => (401, "invalid_request_error", json!("invalid_api_key")),
        ProblemKind::NoModel => (404, "invalid_request_error", json!("model_not_found")),
        ProblemKind::Quota => (429, "insufficient_quota", json!("insufficient_quota")),
        ProblemKind::Status(429) => (429, "requests", json!("rate_limit_exceeded")),
        ProblemKind::Status(status @ 503) => {
            (status, "service_unavailable_error", json!("server_is_overloaded"))
        }
        ProblemKind::Status(status @ 400..500) => (status, "invalid_request_error", Value::Null),
        ProblemKind::Status(status) => (status, "server_error", Value::Null),
    };
    let body = json!({"error": {"message": problem.message, "type": kind, "param": null, "code": code}});
    let mut headers = vec![("x-request-id", "req-testkit".to_owned())];
    headers.extend(super::reply::wait(problem.delay));
    Draft { status, headers, body }
}

pub(super) fn models(names: &[String]) -> Value {
    let rows: Vec<Value> = names
        .iter()
        .map(|name| json!({"id": name, "object": "model", "created": CREATED, "owned_by": "vision-testkit"}))
        .collect();
    json!({"object": "list", "data": rows})
}

/// No clock: the same request gets the same bytes.
const CREATED: u64 = 1_795_000_000;

fn draft(answer: &Answer<'_>, body: Value) -> Draft {
    let headers =
        vec![("x-request-id", format!("req-{}", answer.number)), ("openai-processing-ms", "1".to_owned())];
    Draft { status: 200, headers, body }
}

/// A message's content is a text or a list of parts.
fn parts(content: &Value) -> Vec<Value> {
    match content {
        Value::String(text) => vec![json!({"type": "text", "text": text})],
        other => list(other).to_vec(),
    }
}

/// Some hosts take the address of an image without an object around it.
fn url(image: &Value) -> String {
    text(if image.is_string() { image } else { &image["url"] })
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
