//! Batches as OpenAI has them: a file of requests, a batch of the file, and files of what came of it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use vision_batch::{
    BatchHost, BatchLimits, BatchLine, BatchStatus, Counts, Door, Found, Pages, Parcel, Phase, Sought,
    checked,
};
use vision_core::{Error, ErrorKind, Result};

use crate::BatchFiles;

/// The batches of a host that has them as OpenAI has.
#[derive(Debug)]
pub struct FileBatches {
    files: BatchFiles,
    shape: BatchShape,
    /// What follows the root of the API for single requests.
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

/// How often, and how many times, a file is looked at until it can be used.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const LOOKS: usize = 150;

impl FileBatches {
    /// The batches behind this door.
    pub fn open(door: Door, shape: BatchShape) -> Result<Arc<dyn BatchHost>> {
        let path = if door.url().ends_with("/responses") { "/responses" } else { "/chat/completions" };
        Ok(Arc::new(Self { files: BatchFiles::open(door, path)?, shape, path }))
    }

    fn endpoint(&self) -> String {
        format!("{}{}", self.shape.prefix, self.path)
    }

    async fn wait_for(&self, file: &str) -> Result<()> {
        for _ in 0..LOOKS {
            let body = self.files.get(&format!("files/{file}")).await?;
            match body["status"].as_str() {
                Some("pending" | "running" | "notRunning") => self.files.door().wait(LOOK_EVERY).await,
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
        let file = self.files.upload(parcel, &before).await?;
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
            "metadata": BatchFiles::mark(parcel),
        });
        status(&self.files.post("batches", &body).await?)
    }

    async fn look(&self, id: &str) -> Result<BatchStatus> {
        status(&self.files.get(&format!("batches/{}", checked(id)?)).await?)
    }

    async fn results(&self, batch: &BatchStatus) -> Result<Vec<BatchLine>> {
        self.files.results(batch).await
    }

    async fn cancel(&self, id: &str) -> Result<()> {
        self.files.post(&format!("batches/{}/cancel", checked(id)?), &Value::Null).await.map(|_| ())
    }

    async fn find(&self, sought: &Sought<'_>) -> Result<Found> {
        let (mut after, mut pages) = (String::new(), Pages::default());
        loop {
            pages.turn()?;
            let body = self.files.get(&format!("batches?limit=100{after}")).await?;
            let listed = body["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            let is_it = |batch: &&Value| BatchFiles::is_it(batch, &batch["input_file_id"], sought);
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
        self.files.tidy(batch).await
    }

    async fn discard(&self, name: &str) -> Result<()> {
        self.files.discard(name, "").await
    }
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
