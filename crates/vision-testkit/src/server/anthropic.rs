use serde_json::{Value, json};

use super::draft::{Answer, Draft, Problem, ProblemKind};
use super::openai::{list, text};
use super::sight::{Seen, SeenMedium};

pub(super) fn see(body: &Value) -> Result<Seen, String> {
    let mut seen = Seen {
        model: text(&body["model"]),
        cap: body["max_tokens"].as_u64(),
        schema: body.pointer("/output_config/format/schema").cloned(),
        system: match &body["system"] {
            Value::String(text) => text.clone(),
            blocks => list(blocks).iter().map(|block| text(&block["text"])).collect(),
        },
        ..Seen::default()
    };
    for message in list(&body["messages"]) {
        if let Some(words) = message["content"].as_str() {
            seen.texts.push(words.to_owned());
        }
        for block in list(&message["content"]) {
            match block["type"].as_str() {
                Some("text") => seen.texts.push(text(&block["text"])),
                Some("image" | "document") => seen.media.push(source(&block["source"])?),
                other => return Err(format!("a block of type {other:?} is not known here")),
            }
        }
    }
    Ok(seen)
}

fn source(source: &Value) -> Result<SeenMedium, String> {
    match source["type"].as_str() {
        Some("base64") => SeenMedium::base64(source["media_type"].as_str(), &text(&source["data"])),
        Some("url") => SeenMedium::url(&text(&source["url"])),
        other => Err(format!("a source of type {other:?} is not known here")),
    }
}

pub(super) fn message(answer: &Answer<'_>) -> Draft {
    let body = json!({
        "id": format!("msg_{}", answer.number),
        "type": "message",
        "role": "assistant",
        "model": answer.seen.model,
        "content": [{"type": "text", "text": answer.text, "citations": null}],
        "container": null,
        "stop_reason": if answer.cut { "max_tokens" } else { "end_turn" },
        "stop_sequence": null,
        "stop_details": null,
        "usage": {
            "input_tokens": answer.input,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
            "output_tokens": answer.output,
            "output_tokens_details": {"thinking_tokens": 0},
            "server_tool_use": null,
            "service_tier": "standard",
            "inference_geo": "global"
        }
    });
    Draft { status: 200, headers: vec![("request-id", format!("req_{}", answer.number))], body }
}

pub(super) fn problem(problem: &Problem) -> Draft {
    let (status, kind) = match problem.kind {
        ProblemKind::Invalid | ProblemKind::Status(400) => (400, "invalid_request_error"),
        ProblemKind::BadKey | ProblemKind::Status(401) => (401, "authentication_error"),
        ProblemKind::NoModel | ProblemKind::Status(404) => (404, "not_found_error"),
        ProblemKind::Quota | ProblemKind::Status(402) => (402, "billing_error"),
        ProblemKind::Status(403) => (403, "permission_error"),
        ProblemKind::Status(413) => (413, "request_too_large"),
        ProblemKind::Status(429) => (429, "rate_limit_error"),
        ProblemKind::Status(504) => (504, "timeout_error"),
        ProblemKind::Status(529) => (529, "overloaded_error"),
        ProblemKind::Status(status @ 400..500) => (status, "invalid_request_error"),
        ProblemKind::Status(status) => (status, "api_error"),
    };
    let id = "req_testkit";
    let error = json!({"type": kind, "message": problem.message});
    let mut headers = vec![("request-id", id.to_owned())];
    headers.extend(super::reply::wait(problem.delay));
    Draft { status, headers, body: json!({"type": "error", "request_id": id, "error": error}) }
}

pub(super) fn models(names: &[String]) -> Value {
    let rows: Vec<Value> = names
        .iter()
        .map(|name| json!({"type": "model", "id": name, "display_name": name, "created_at": "2026-11-21T00:00:00Z"}))
        .collect();
    json!({"data": rows, "has_more": false, "first_id": names.first(), "last_id": names.last()})
}
