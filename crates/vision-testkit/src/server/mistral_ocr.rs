use serde_json::{Value, json};

use super::draft::{Answer, Draft, Problem, ProblemKind};
use super::openai::text;
use super::sight::{Seen, SeenMedium};

pub(super) fn see(body: &Value) -> Result<Seen, String> {
    let document = &body["document"];
    let url = match document["type"].as_str() {
        Some("image_url") => &document["image_url"],
        Some("document_url") => &document["document_url"],
        other => return Err(format!("a document of type {other:?} is not known here")),
    };
    let url = url.as_str().map_or_else(|| text(&url["url"]), str::to_owned);
    Ok(Seen {
        model: text(&body["model"]),
        texts: body["document_annotation_prompt"].as_str().map(str::to_owned).into_iter().collect(),
        media: vec![SeenMedium::url(&url)?],
        schema: body.pointer("/document_annotation_format/json_schema/schema").cloned(),
        ..Seen::default()
    })
}

/// What a schema asks for is an annotation beside the text.
pub(super) fn pages(answer: &Answer<'_>) -> Draft {
    let annotated = answer.seen.schema.is_some();
    let markdown = if annotated { "a page" } else { answer.text.as_str() };
    let body = json!({
        "pages": [{
            "index": 0, "markdown": markdown, "images": [], "dimensions": null,
            "confidence_scores": {"average_page_confidence_score": 0.9, "minimum_page_confidence_score": 0.5}
        }],
        "model": answer.seen.model,
        "document_annotation": annotated.then_some(answer.text.as_str()),
        "usage_info": {"pages_processed": 1, "pages_processed_annotation": u64::from(annotated), "doc_size_bytes": null}
    });
    Draft { status: 200, headers: Vec::new(), body }
}

pub(super) fn problem(problem: &Problem) -> Draft {
    let (status, kind) = match problem.kind {
        ProblemKind::Invalid => (422, "invalid_request"),
        ProblemKind::BadKey => (401, "unauthorized"),
        ProblemKind::NoModel => (400, "invalid_model"),
        ProblemKind::Quota => (402, "payment_required"),
        ProblemKind::Status(429) => (429, "rate_limited"),
        ProblemKind::Status(status) => (status, "error"),
    };
    let body =
        json!({"object": "error", "message": problem.message, "type": kind, "param": null, "code": "1000"});
    Draft { status, headers: super::reply::wait(problem.delay).into_iter().collect(), body }
}
