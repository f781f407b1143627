use std::collections::HashMap;

use serde_json::{Value, json};

use super::store::{End, Job, Shape};
use crate::server::asked::Asked;
use crate::server::dialect::Dialect;
use crate::server::draft::{Draft, Problem};
use crate::server::handler::Handler;
use crate::server::route::parameter;

impl Handler {
    pub(super) fn create_openai(&self, asked: &Asked) -> Result<Draft, Problem> {
        let told: Value = serde_json::from_slice(&asked.body)
            .map_err(|error| Problem::invalid(format!("invalid JSON: {error}")))?;
        check(&told)?;
        let endpoint = told["endpoint"].as_str().unwrap_or_default();
        let dialect = match endpoint.strip_prefix("/v1").unwrap_or(endpoint) {
            "/chat/completions" => Dialect::Chat,
            "/responses" => Dialect::Responses,
            _ => return Err(Problem::invalid(format!("Invalid value for endpoint: {endpoint}"))),
        };
        let mut lines = Vec::new();
        let mut model = None;
        for line in self.batches.lines(told["input_file_id"].as_str().unwrap_or_default())? {
            if line["method"] != "POST" || line["url"] != endpoint {
                return Err(Problem::invalid("the method or the url of a line does not match the batch"));
            }
            if line["body"]["stream"] == true {
                return Err(Problem::invalid("stream is not supported in a batch"));
            }
            let own = line["body"]["model"].as_str().map(str::to_owned);
            if model.get_or_insert_with(|| own.clone()) != &own {
                return Err(Problem::invalid("all lines of a file must name the same model"));
            }
            lines.push((line["custom_id"].as_str().unwrap_or_default().to_owned(), line["body"].clone()));
        }
        let lines = self.lines_of(lines, dialect)?;
        let number = self.batches.next();
        let job = Job { told, lines, ..Job::new(Shape::OpenAi, format!("batch_{number}"), number, dialect) };
        Ok(Draft { status: 200, headers: Vec::new(), body: self.start_batch(job) })
    }
}

fn check(told: &Value) -> Result<(), Problem> {
    if told["completion_window"] != "24h" {
        return Err(Problem::invalid("completion_window must be 24h"));
    }
    let pairs = told["metadata"].as_object().map(|map| map.iter().collect::<Vec<_>>()).unwrap_or_default();
    let fits = |(key, value): &(&String, &Value)| {
        key.len() <= 64 && value.as_str().is_some_and(|text| text.len() <= 512)
    };
    match pairs.len() <= 16 && pairs.iter().all(fits) {
        true => Ok(()),
        false => Err(Problem::invalid("metadata: at most 16 pairs of short texts")),
    }
}

fn word(job: &Job) -> &'static str {
    match job.ended {
        Some(End::Complete) => "completed",
        Some(End::Expired) => "expired",
        Some(End::Cancelled) => "cancelled",
        Some(End::Failed) => "failed",
        None if job.is_cancelling => "cancelling",
        None if job.looks == 0 => "validating",
        None => "in_progress",
    }
}

pub(super) fn show(job: &Job) -> Value {
    let ended = job.ended.is_some_and(|end| end != End::Failed);
    let failed = job.lines.len() - job.succeeded();
    let file = |kind: &str| format!("file-{kind}-{}", job.id);
    let errors = json!({"object": "list", "data": [
        {"code": "token_limit_exceeded", "message": "Enqueued token limit reached", "line": null, "param": null},
    ]});
    json!({
        "id": job.id, "object": "batch", "endpoint": job.told["endpoint"],
        "input_file_id": job.told["input_file_id"], "completion_window": "24h", "status": word(job),
        "output_file_id": (ended && job.succeeded() > 0).then(|| file("output")),
        "error_file_id": (ended && failed > 0).then(|| file("error")),
        "errors": (job.ended == Some(End::Failed)).then_some(errors),
        "created_at": job.created, "expires_at": job.created + 86_400,
        "request_counts": {
            "total": job.lines.len(), "completed": job.succeeded(), "failed": job.done() - job.succeeded(),
        },
        "metadata": job.told["metadata"],
    })
}

/// What was answered well, and the rest: neither in the order of the requests.
pub(super) fn files(job: &Job) -> HashMap<String, Vec<u8>> {
    let (mut output, mut error) = (Vec::new(), Vec::new());
    for (at, line) in job.lines.iter().enumerate().rev() {
        let (into, response, why) = match &line.outcome {
            Some(draft) => {
                let into = if draft.status == 200 { &mut output } else { &mut error };
                let response = json!({
                    "status_code": draft.status, "request_id": format!("req_{at}"), "body": draft.body,
                });
                (into, response, Value::Null)
            }
            None => {
                let code = if job.is_cancelling { "batch_cancelled" } else { "batch_expired" };
                (&mut error, Value::Null, json!({"code": code, "message": "This request was not executed."}))
            }
        };
        let text = json!({"id": format!("batch_req_{at}"), "custom_id": line.id, "response": response, "error": why});
        into.extend_from_slice(text.to_string().as_bytes());
        into.push(b'\n');
    }
    [("output", output), ("error", error)]
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(kind, lines)| (format!("file-{kind}-{}", job.id), lines))
        .collect()
}

/// The newest first.
pub(super) fn list(jobs: &[&Job], query: &str) -> Value {
    let limit = parameter(query, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(20_usize);
    let after = parameter(query, "after").and_then(|id| jobs.iter().position(|job| job.id == id));
    let rest = &jobs[after.map_or(0, |at| at + 1)..];
    let page: Vec<Value> = rest.iter().take(limit).map(|job| show(job)).collect();
    json!({"object": "list", "data": page, "has_more": rest.len() > limit})
}
