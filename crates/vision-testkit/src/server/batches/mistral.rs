use serde_json::{Value, json};

use super::store::{End, Job, Shape};
use crate::server::asked::Asked;
use crate::server::dialect::Dialect;
use crate::server::draft::{Draft, Problem};
use crate::server::handler::Handler;
use crate::server::route::parameter;

impl Handler {
    pub(super) fn create_job(&self, asked: &Asked) -> Result<Draft, Problem> {
        let told: Value = serde_json::from_slice(&asked.body)
            .map_err(|error| Problem::invalid(format!("invalid JSON: {error}")))?;
        if told["endpoint"] != "/v1/chat/completions" || told["model"].as_str().is_none_or(str::is_empty) {
            return Err(Problem::invalid("endpoint and model are required"));
        }
        if told["timeout_hours"].as_u64().is_none_or(|hours| !(1..168).contains(&hours)) {
            return Err(Problem::invalid("timeout_hours must be below 168"));
        }
        let mut lines = Vec::new();
        for line in self.batches.lines(told["input_files"][0].as_str().unwrap_or_default())? {
            if line["body"]["model"].as_str().is_some_and(|own| told["model"] != own) {
                return Err(Problem::invalid("the model of a line is not that of the job"));
            }
            lines.push((line["custom_id"].as_str().unwrap_or_default().to_owned(), line["body"].clone()));
        }
        let number = self.batches.next();
        let lines = self.lines_of(lines, Dialect::Chat)?;
        let id = format!("00000000-0000-4000-8000-{number:012}");
        let job = Job { told, lines, ..Job::new(Shape::Mistral, id, number, Dialect::Chat) };
        Ok(Draft { status: 200, headers: Vec::new(), body: self.start_batch(job) })
    }
}

pub(super) fn show(job: &Job) -> Value {
    let word = match job.ended {
        Some(End::Complete) => "SUCCESS",
        Some(End::Expired) => "TIMEOUT_EXCEEDED",
        Some(End::Cancelled) => "CANCELLED",
        Some(End::Failed) => "FAILED",
        None if job.is_cancelling => "CANCELLATION_REQUESTED",
        None if job.looks == 0 => "QUEUED",
        None => "RUNNING",
    };
    let ended = job.ended.is_some_and(|end| end != End::Failed);
    let failed = job.lines.len() - job.succeeded();
    let file = |kind: &str| format!("file-{kind}-{}", job.id);
    json!({
        "id": job.id, "object": "batch", "endpoint": job.told["endpoint"], "model": job.told["model"],
        "input_files": job.told["input_files"], "status": word,
        "errors": if job.ended == Some(End::Failed) { json!([{"message": "invalid file", "count": 1}]) } else { json!([]) },
        "output_file": (ended && job.succeeded() > 0).then(|| file("output")),
        "error_file": (ended && failed > 0).then(|| file("error")),
        "total_requests": job.lines.len(), "completed_requests": job.done(),
        "succeeded_requests": job.succeeded(), "failed_requests": job.done() - job.succeeded(),
        "metadata": job.told["metadata"],
    })
}

pub(super) fn list(jobs: &[&Job], query: &str) -> Value {
    let number = |name: &str| parameter(query, name).and_then(|text| text.parse::<usize>().ok());
    let (page, size) = (number("page").unwrap_or(0), number("page_size").unwrap_or(100));
    let shown: Vec<Value> = jobs.iter().skip(page * size).take(size).map(|job| show(job)).collect();
    json!({"object": "list", "total": jobs.len(), "data": shown})
}
