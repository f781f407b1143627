use serde_json::{Value, json};

use super::draft::{Answer, Draft, Problem, ProblemKind};
use super::openai::{list, text};
use super::sight::{Seen, SeenMedium};
use super::tokens;

/// Sees all but the model, which stands in the address, and uploaded files, which the caller looks up.
pub(super) fn see(body: &Value) -> Result<Seen, String> {
    let config = &body["generationConfig"];
    let schema =
        [&config["responseJsonSchema"], &config["responseSchema"]].into_iter().find(|value| !value.is_null());
    let mut seen = Seen {
        cap: config["maxOutputTokens"].as_u64(),
        schema: schema.cloned(),
        token_probabilities: config["responseLogprobs"] == true,
        system: list(&body["systemInstruction"]["parts"]).iter().map(|part| text(&part["text"])).collect(),
        ..Seen::default()
    };
    for part in list(&body["contents"]).iter().flat_map(|content| list(&content["parts"])) {
        let (inline, file) = (&part["inlineData"], &part["fileData"]);
        if let Some(words) = part["text"].as_str() {
            seen.texts.push(words.to_owned());
        } else if inline.is_object() {
            seen.media.push(SeenMedium::base64(inline["mimeType"].as_str(), &text(&inline["data"]))?);
        } else if file.is_object() {
            seen.media.push(SeenMedium::url(&text(&file["fileUri"]))?);
        } else {
            return Err("a part has neither text nor data".to_owned());
        }
    }
    Ok(seen)
}

pub(super) fn content(answer: &Answer<'_>) -> Draft {
    let finish = if answer.cut { "MAX_TOKENS" } else { "STOP" };
    let mut candidate = json!({
        "index": 0,
        "finishReason": finish,
        "content": {"role": "model", "parts": [{"text": answer.text}]}
    });
    if let Some(tokens) = answer.tokens() {
        let (mean, result) = tokens::gemini(&tokens);
        (candidate["avgLogprobs"], candidate["logprobsResult"]) = (json!(mean), result);
    }
    let body = json!({
        "candidates": [candidate],
        "usageMetadata": {
            "promptTokenCount": answer.input,
            "candidatesTokenCount": answer.output,
            "totalTokenCount": answer.input + answer.output,
            "promptTokensDetails": [
                {"modality": "TEXT", "tokenCount": answer.input - answer.image},
                {"modality": "IMAGE", "tokenCount": answer.image}
            ]
        },
        "modelVersion": answer.seen.model,
        "responseId": format!("response-{}", answer.number)
    });
    Draft { status: 200, headers: Vec::new(), body }
}

pub(super) fn problem(problem: &Problem) -> Draft {
    let (code, status, mut details) = match problem.kind {
        ProblemKind::Invalid => (400, "INVALID_ARGUMENT", vec![]),
        // A bad key is a 400 here, and only the reason tells.
        ProblemKind::BadKey => (400, "INVALID_ARGUMENT", vec![reason("API_KEY_INVALID")]),
        ProblemKind::NoModel => (404, "NOT_FOUND", vec![]),
        ProblemKind::Quota => (429, "RESOURCE_EXHAUSTED", vec![violation("PerDay")]),
        ProblemKind::Status(status) => match status {
            403 => (status, "PERMISSION_DENIED", vec![]),
            404 => (status, "NOT_FOUND", vec![]),
            429 => (status, "RESOURCE_EXHAUSTED", vec![violation("PerMinute")]),
            400..500 => (status, "INVALID_ARGUMENT", vec![]),
            500 => (status, "INTERNAL", vec![]),
            504 => (status, "DEADLINE_EXCEEDED", vec![]),
            _ => (status, "UNAVAILABLE", vec![]),
        },
    };
    if let Some(delay) = problem.delay {
        let delay = format!("{}s", delay.as_secs_f64());
        details.push(json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}));
    }
    let mut error = json!({"code": code, "message": problem.message, "status": status});
    if !details.is_empty() {
        error["details"] = Value::Array(details);
    }
    Draft { status: code, headers: Vec::new(), body: json!({"error": error}) }
}

fn reason(reason: &str) -> Value {
    json!({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"})
}

fn violation(window: &str) -> Value {
    let quota = format!("GenerateRequests{window}PerProjectPerModel-FreeTier");
    let metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
    json!({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{"quotaMetric": metric, "quotaId": quota, "quotaValue": "20"}]
    })
}

pub(super) fn models(names: &[String]) -> Value {
    let row = |name: &String| {
        json!({
            "name": format!("models/{name}"), "displayName": name, "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536, "supportedGenerationMethods": ["generateContent"]
        })
    };
    json!({"models": names.iter().map(row).collect::<Vec<Value>>()})
}
