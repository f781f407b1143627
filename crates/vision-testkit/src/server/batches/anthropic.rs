use serde_json::{Value, json};

use super::store::{End, Job, Shape};
use crate::server::asked::Asked;
use crate::server::dialect::Dialect;
use crate::server::draft::{Draft, Problem};
use crate::server::handler::Handler;
use crate::server::keys::text;
use crate::server::route::parameter;

impl Handler {
    pub(super) fn create_messages(&self, asked: &Asked) -> Result<Draft, Problem> {
        let told: Value = serde_json::from_slice(&asked.body)
            .map_err(|error| Problem::invalid(format!("invalid JSON: {error}")))?;
        let requests = told["requests"].as_array().filter(|it| !it.is_empty());
        let requests = requests.ok_or_else(|| Problem::invalid("requests: at least one is required"))?;
        let mut lines = Vec::new();
        for request in requests {
            let known = |key: &String| ["custom_id", "params"].contains(&key.as_str());
            if !request.as_object().is_some_and(|fields| fields.keys().all(known)) {
                return Err(Problem::invalid("requests: extra inputs are not permitted"));
            }
            if !request["params"]["stream"].is_null() {
                return Err(Problem::invalid("stream is not supported in a batch"));
            }
            lines.push((
                request["custom_id"].as_str().unwrap_or_default().to_owned(),
                request["params"].clone(),
            ));
        }
        if told.as_object().is_none_or(|fields| fields.len() != 1) {
            return Err(Problem::invalid("extra inputs are not permitted"));
        }
        let number = self.batches.next();
        let job = Job {
            version: text(&asked.headers, "anthropic-version").map(str::to_owned),
            ..Job::new(Shape::Messages, format!("msgbatch_{number}"), number, Dialect::Messages)
        };
        let job = Job { lines: self.lines_of(lines, Dialect::Messages)?, ..job };
        Ok(Draft { status: 200, headers: Vec::new(), body: self.start_batch(job) })
    }
}

pub(super) fn show(job: &Job) -> Value {
    let word = match job.ended {
        Some(_) => "ended",
        None if job.is_cancelling => "canceling",
        None => "in_progress",
    };
    let ended = job.ended.is_some();
    // Everything but what is under way is 0 until the end.
    let rest = |end: End| if job.ended == Some(end) { job.lines.len() - job.done() } else { 0 };
    let at_end = |count: usize| if ended { count } else { 0 };
    json!({
        "id": job.id, "type": "message_batch", "processing_status": word,
        "request_counts": {
            "processing": if ended { 0 } else { job.lines.len() },
            "succeeded": at_end(job.succeeded()), "errored": at_end(job.done() - job.succeeded()),
            "canceled": rest(End::Cancelled), "expired": rest(End::Expired) + rest(End::Failed),
        },
        "created_at": time(job.created), "expires_at": time(job.created + 86_400),
        "ended_at": null, "archived_at": null, "cancel_initiated_at": null,
        "results_url": ended.then(|| format!("https://api.anthropic.com/v1/messages/batches/{}/results", job.id)),
    })
}

/// The lines of its results, not in the order of the requests.
pub(super) fn results(job: &Job) -> String {
    let line = |line: &super::store::Line| {
        let result = match &line.outcome {
            Some(draft) if draft.status == 200 => json!({"type": "succeeded", "message": draft.body}),
            Some(draft) => json!({"type": "errored", "error": draft.body}),
            None if job.is_cancelling => json!({"type": "canceled"}),
            None => json!({"type": "expired"}),
        };
        format!("{}\n", json!({"custom_id": line.id, "result": result}))
    };
    job.lines.iter().rev().map(line).collect()
}

/// `2026-11-28T16:00:00.000000+00:00`
fn time(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    // Years that begin in March, in cycles of four hundred.
    let (cycle, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = cycle * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000000+00:00")
}

pub(super) fn list(jobs: &[&Job], query: &str) -> Value {
    let limit = parameter(query, "limit").and_then(|limit| limit.parse().ok()).unwrap_or(20_usize);
    let after = parameter(query, "after_id").and_then(|id| jobs.iter().position(|job| job.id == id));
    let rest = &jobs[after.map_or(0, |at| at + 1)..];
    let page: Vec<&&Job> = rest.iter().take(limit).collect();
    json!({
        "data": page.iter().map(|job| show(job)).collect::<Vec<_>>(),
        "has_more": rest.len() > limit,
        "first_id": page.first().map(|job| &job.id), "last_id": page.last().map(|job| &job.id),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(super::time(1_795_881_600), "2026-11-28T16:00:00.000000+00:00");
        assert_eq!(super::time(1_709_164_801), "2024-02-29T00:00:01.000000+00:00");
    }
}
