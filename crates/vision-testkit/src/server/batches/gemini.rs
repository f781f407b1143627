use std::collections::HashMap;

use serde_json::{Value, json};

use super::store::{End, Job, Shape};
use crate::server::asked::Asked;
use crate::server::dialect::Dialect;
use crate::server::draft::{Draft, Problem};
use crate::server::handler::Handler;
use crate::server::route::parameter;

impl Handler {
    pub(super) fn create_generate(&self, model: &str, asked: &Asked) -> Result<Draft, Problem> {
        let told: Value = serde_json::from_slice(&asked.body)
            .map_err(|error| Problem::invalid(format!("invalid JSON: {error}")))?;
        let batch = &told["batch"];
        if batch["displayName"].as_str().is_none_or(str::is_empty) {
            return Err(Problem::invalid("batch.displayName is required"));
        }
        let file = batch["inputConfig"]["fileName"].as_str().and_then(|name| name.strip_prefix("files/"));
        let file = file.ok_or_else(|| Problem::invalid("batch.inputConfig: a file is required"))?;
        let mut lines = Vec::new();
        for line in self.batches.lines(file)? {
            if line["request"]["contents"].as_array().is_none_or(Vec::is_empty) {
                return Err(Problem::invalid("a line has no request with contents"));
            }
            lines.push((line["key"].as_str().unwrap_or_default().to_owned(), line["request"].clone()));
        }
        let number = self.batches.next();
        let job = Job {
            model: Some(model.to_owned()),
            told: batch.clone(),
            lines: self.lines_of(lines, Dialect::Generate)?,
            ..Job::new(Shape::Generate, format!("batches/b{number}"), number, Dialect::Generate)
        };
        Ok(Draft { status: 200, headers: Vec::new(), body: self.start_batch(job) })
    }
}

fn file_of(job: &Job) -> String {
    format!("batch-{}", job.id.trim_start_matches("batches/"))
}

pub(super) fn show(job: &Job) -> Value {
    let word = match job.ended {
        Some(End::Complete) => "SUCCEEDED",
        Some(End::Expired) => "EXPIRED",
        Some(End::Cancelled) => "CANCELLED",
        Some(End::Failed) => "FAILED",
        None if job.looks == 0 => "PENDING",
        None => "RUNNING",
    };
    let output = (job.ended == Some(End::Complete))
        .then(|| json!({"responsesFile": format!("files/{}", file_of(job))}));
    let error = (job.ended == Some(End::Failed)).then(|| json!({"code": 8, "message": "quota exceeded"}));
    json!({
        "name": job.id, "done": job.ended.is_some(), "error": error,
        "metadata": {
            "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
            "model": format!("models/{}", job.model.as_deref().unwrap_or_default()),
            "displayName": job.told["displayName"],
            "state": format!("BATCH_STATE_{word}"), "output": output,
            "createTime": "2026-11-28T16:00:00Z",
            "batchStats": {
                "requestCount": job.lines.len().to_string(),
                "pendingRequestCount": (job.lines.len() - job.done()).to_string(),
                "successfulRequestCount": job.succeeded().to_string(),
            },
        },
    })
}

/// Only a batch that was carried out whole has answers.
pub(super) fn files(job: &Job) -> HashMap<String, Vec<u8>> {
    if job.ended != Some(End::Complete) {
        return HashMap::new();
    }
    let line = |line: &super::store::Line| {
        let draft = line.outcome.as_ref()?;
        let text = match draft.status {
            200 => json!({"key": line.id, "response": draft.body}),
            _ => json!({"key": line.id, "error": draft.body["error"]}),
        };
        Some(format!("{text}\n"))
    };
    let lines: String = job.lines.iter().rev().filter_map(line).collect();
    [(file_of(job), lines.into_bytes())].into()
}

pub(super) fn list(jobs: &[&Job], query: &str) -> Value {
    let size = parameter(query, "pageSize").and_then(|size| size.parse().ok()).unwrap_or(20_usize);
    let start = parameter(query, "pageToken").and_then(|token| token.parse().ok()).unwrap_or(0_usize);
    let rest = &jobs[start.min(jobs.len())..];
    let page: Vec<Value> = rest.iter().take(size).map(|job| show(job)).collect();
    let next = if rest.len() > size { (start + size).to_string() } else { String::new() };
    json!({"operations": page, "nextPageToken": next})
}
