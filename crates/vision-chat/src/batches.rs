//! Batches as OpenAI has them: a file of requests, a batch of the file, and files of what came of it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use vision_batch::{
    BatchHost, BatchLimits, BatchLine, BatchStatus, Counts, Door, Found, LineOutcome, Parcel, Phase, Sought,
    checked,
};
use vision_core::{Error, ErrorKind, Result};
use vision_http::{Body, Field, Method, Pieces, Reply, multipart};

/// The batches of a host that has them as OpenAI has.
#[derive(Debug)]
pub struct FileBatches {
    door: Door,
    shape: BatchShape,
    /// The root of the API.
    root: String,
    /// What follows it for single requests.
    path: &'static str,
}

/// What differs between the hosts.
#[derive(Debug, Clone, Copy)]
pub struct BatchShape {
    /// What stands before the path of a single request in a line and in the batch: `/v1`.
    pub prefix: &'static str,
    /// Whether a file is looked over before a batch can be made of it.
    pub looks_over: bool,
}

/// The most that a batch may hold is 200 MB, and all of it is in memory while it is sent.
const LIMITS: BatchLimits = BatchLimits { requests: 50_000, bytes: 96 << 20 };

/// The key of the metadata that says whose batch it is.
const MARK: &str = "vision-eval";

/// How often, and how many times, a file is looked at until it can be used.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const LOOKS: usize = 150;

impl FileBatches {
    /// The batches behind this door.
    pub fn open(door: Door, shape: BatchShape) -> Result<Arc<dyn BatchHost>> {
        let path = if door.url().ends_with("/responses") { "/responses" } else { "/chat/completions" };
        let root = door.root(path)?.to_owned();
        Ok(Arc::new(Self { door, shape, root, path }))
    }

    fn endpoint(&self) -> String {
        format!("{}{}", self.shape.prefix, self.path)
    }

    fn at(&self, rest: &str) -> String {
        format!("{}/{rest}", self.root)
    }

    async fn wait_for(&self, file: &str) -> Result<()> {
        for _ in 0..LOOKS {
            let body = self.door.ask(Method::Get, self.at(&format!("files/{file}")), Body::Empty).await?;
            match body["status"].as_str() {
                Some("pending" | "running" | "notRunning") => self.door.wait(LOOK_EVERY).await,
                Some("error" | "failed") => {
                    let words = body["status_details"].as_str().unwrap_or("the host did not say why");
                    let message = format!("the file of the batch was refused: {words}");
                    return Err(Error::new(ErrorKind::InvalidRequest, message));
                }
                _ => return Ok(()),
            }
        }
        Err(Error::new(ErrorKind::Timeout, "the host is still looking over the file of the batch"))
    }
}

#[async_trait]
impl BatchHost for FileBatches {
    fn limits(&self) -> BatchLimits {
        LIMITS
    }

    async fn upload(&self, parcel: &Parcel) -> Result<Option<String>> {
        let before = format!(r#","method":"POST","url":"{}","body":"#, self.endpoint());
        let lines = lines(parcel, &before);
        let file_name = format!("{}.jsonl", parcel.name);
        let file = Field::File {
            name: "file",
            file_name: &file_name,
            content_type: "application/jsonl",
            bytes: &lines,
        };
        let form = multipart(&[Field::Text("purpose", "batch"), file]);
        let body = self.door.ask(Method::Post, self.at("files"), form).await?;
        let file = checked(body["id"].as_str().unwrap_or_default())?.to_owned();
        if self.shape.looks_over {
            self.wait_for(&file).await?;
        }
        Ok(Some(file))
    }

    async fn create(&self, parcel: &Parcel, file: Option<&str>) -> Result<BatchStatus> {
        let body = json!({
            "input_file_id": file,
            "endpoint": self.endpoint(),
            "completion_window": "24h",
            "metadata": {MARK: parcel.name},
        });
        let body = Body::Json(Pieces::from(body.to_string()));
        status(&self.door.ask(Method::Post, self.at("batches"), body).await?)
    }

    async fn look(&self, id: &str) -> Result<BatchStatus> {
        let url = self.at(&format!("batches/{}", checked(id)?));
        status(&self.door.ask(Method::Get, url, Body::Empty).await?)
    }

    async fn results(&self, batch: &BatchStatus) -> Result<Vec<BatchLine>> {
        let mut lines = Vec::new();
        for file in &batch.outputs {
            let url = self.at(&format!("files/{}/content", checked(file)?));
            lines.extend(self.door.lines(url, line).await?);
        }
        Ok(lines)
    }

    async fn cancel(&self, id: &str) -> Result<()> {
        let url = self.at(&format!("batches/{}/cancel", checked(id)?));
        self.door.ask(Method::Post, url, Body::Empty).await.map(|_| ())
    }

    async fn find(&self, sought: &Sought<'_>) -> Result<Found> {
        let mut after = String::new();
        loop {
            let url = self.at(&format!("batches?limit=100{after}"));
            let body = self.door.ask(Method::Get, url, Body::Empty).await?;
            let listed = body["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            let is_it = |batch: &&Value| {
                batch["metadata"][MARK] == sought.name
                    || sought.file.is_some_and(|file| batch["input_file_id"] == file)
            };
            if let Some(batch) = listed.iter().find(is_it) {
                return status(batch).map(Found::Batch);
            }
            // The newest come first; clocks may differ by an hour.
            let old = |batch: &Value| {
                batch["created_at"].as_u64().is_some_and(|time| time.saturating_add(3600) < sought.since)
            };
            match listed.last() {
                Some(last) if body["has_more"] == true && !old(last) => {
                    after = format!("&after={}", checked(last["id"].as_str().unwrap_or_default())?);
                }
                _ => return Ok(Found::Nothing),
            }
        }
    }

    async fn tidy(&self, batch: &BatchStatus) -> Result<()> {
        for file in batch.input.iter().chain(&batch.outputs) {
            self.door.delete(self.at(&format!("files/{}", checked(file)?))).await?;
        }
        Ok(())
    }
}

/// A line for each request of a parcel, with this between its id and its body.
pub fn lines(parcel: &Parcel, before: &str) -> Vec<u8> {
    let size = parcel.items.iter().map(|item| item.body.len() + item.id.len() + before.len() + 32).sum();
    let mut lines = Vec::with_capacity(size);
    for item in &parcel.items {
        lines.extend_from_slice(format!(r#"{{"custom_id":"{}"{before}"#, item.id).as_bytes());
        item.body.iter().for_each(|piece| lines.extend_from_slice(piece));
        lines.extend_from_slice(b"}\n");
    }
    lines
}

fn status(body: &Value) -> Result<BatchStatus> {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let word = text("status").unwrap_or_default();
    let phase = match word.as_str() {
        "completed" | "expired" | "cancelled" => Phase::Ended,
        "failed" => Phase::Failed(complaint(body)),
        _ => Phase::Working,
    };
    let counts = &body["request_counts"];
    let count = |name: &str| counts[name].as_u64();
    Ok(BatchStatus {
        id: checked(body["id"].as_str().unwrap_or_default())?.to_owned(),
        phase,
        word,
        counts: count("total").filter(|total| *total > 0).map(|total| Counts {
            done: count("completed").unwrap_or(0).saturating_add(count("failed").unwrap_or(0)),
            total,
        }),
        input: text("input_file_id"),
        outputs: [text("output_file_id"), text("error_file_id")].into_iter().flatten().collect(),
    })
}

/// What the host says of a batch that it did not carry out.
fn complaint(body: &Value) -> String {
    let first = &body["errors"]["data"][0];
    let words = [first["code"].as_str(), first["message"].as_str()];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    if words.is_empty() { "the host did not say why".to_owned() } else { words.join(": ") }
}

/// A line of either file of results, as every host of this shape writes it.
pub fn line(line: &Value) -> Option<BatchLine> {
    let id = line["custom_id"].as_str()?.to_owned();
    let response = &line["response"];
    let outcome = match response["status_code"].as_u64().and_then(|status| u16::try_from(status).ok()) {
        Some(status) => {
            let reply = Reply::json_text(status, response["body"].to_string());
            LineOutcome::Replied(match response["request_id"].as_str() {
                Some(id) => reply.with_header("x-request-id", id),
                None => reply,
            })
        }
        None => LineOutcome::NotDone(
            line["error"]["code"]
                .as_str()
                .or(line["error"]["message"].as_str())
                .unwrap_or("no answer")
                .to_owned(),
        ),
    };
    Some(BatchLine { id, outcome })
}
