//! Batches of hosts that speak chat completions.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use vision_batch::{
    BatchHost, BatchLimits, BatchLine, BatchStatus, Counts, Door, Found, Parcel, Phase, Sought, checked,
};
use vision_chat::{BatchShape, FileBatches, batch_line, batch_lines};
use vision_core::Result;
use vision_http::{Body, Field, Method, Pieces, multipart};

/// The batches of Azure: as OpenAI's, of deployments, and a file is looked over first.
pub fn azure_batches(door: Door) -> Result<Arc<dyn BatchHost>> {
    FileBatches::open(door, BatchShape { prefix: "", looks_over: true })
}

/// The batches of Mistral.
pub fn mistral_batches(door: Door) -> Result<Arc<dyn BatchHost>> {
    let root = door.root(PATH)?.to_owned();
    Ok(Arc::new(Jobs { door, root }))
}

const PATH: &str = "/chat/completions";

/// Mistral's batch jobs.
#[derive(Debug)]
struct Jobs {
    door: Door,
    root: String,
}

/// How large a file may be is not published; all of it is in memory while it is sent.
const LIMITS: BatchLimits = BatchLimits { requests: 50_000, bytes: 96 << 20 };

/// The key of the metadata that says whose job it is.
const MARK: &str = "vision-eval";

const PAGE: usize = 100;

impl Jobs {
    fn at(&self, rest: &str) -> String {
        format!("{}/{rest}", self.root)
    }
}

#[async_trait]
impl BatchHost for Jobs {
    fn limits(&self) -> BatchLimits {
        LIMITS
    }

    async fn upload(&self, parcel: &Parcel) -> Result<Option<String>> {
        let lines = batch_lines(parcel, r#","body":"#);
        let file_name = format!("{}.jsonl", parcel.name);
        let file = Field::File {
            name: "file",
            file_name: &file_name,
            content_type: "application/jsonl",
            bytes: &lines,
        };
        let form = multipart(&[Field::Text("purpose", "batch"), file]);
        let body = self.door.ask(Method::Post, self.at("files"), form).await?;
        Ok(Some(checked(body["id"].as_str().unwrap_or_default())?.to_owned()))
    }

    async fn create(&self, parcel: &Parcel, file: Option<&str>) -> Result<BatchStatus> {
        let body = json!({
            "endpoint": format!("/v1{PATH}"),
            "model": parcel.model,
            "input_files": [file],
            "timeout_hours": 24,
            "metadata": {MARK: parcel.name},
        });
        let body = Body::Json(Pieces::from(body.to_string()));
        status(&self.door.ask(Method::Post, self.at("batch/jobs"), body).await?)
    }

    async fn look(&self, id: &str) -> Result<BatchStatus> {
        let url = self.at(&format!("batch/jobs/{}", checked(id)?));
        status(&self.door.ask(Method::Get, url, Body::Empty).await?)
    }

    async fn results(&self, batch: &BatchStatus) -> Result<Vec<BatchLine>> {
        let mut lines = Vec::new();
        for file in &batch.outputs {
            let url = self.at(&format!("files/{}/content", checked(file)?));
            lines.extend(self.door.lines(url, batch_line).await?);
        }
        Ok(lines)
    }

    async fn cancel(&self, id: &str) -> Result<()> {
        let url = self.at(&format!("batch/jobs/{}/cancel", checked(id)?));
        self.door.ask(Method::Post, url, Body::Empty).await.map(|_| ())
    }

    async fn find(&self, sought: &Sought<'_>) -> Result<Found> {
        for page in 0.. {
            let url = self.at(&format!("batch/jobs?page={page}&page_size={PAGE}"));
            let body = self.door.ask(Method::Get, url, Body::Empty).await?;
            let listed = body["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            let is_it = |job: &&Value| {
                job["metadata"][MARK] == sought.name
                    || sought.file.is_some_and(|file| job["input_files"][0] == file)
            };
            if let Some(job) = listed.iter().find(is_it) {
                return status(job).map(Found::Batch);
            }
            if listed.len() < PAGE {
                break;
            }
        }
        Ok(Found::Nothing)
    }

    async fn tidy(&self, batch: &BatchStatus) -> Result<()> {
        for file in batch.input.iter().chain(&batch.outputs) {
            self.door.delete(self.at(&format!("files/{}", checked(file)?))).await?;
        }
        Ok(())
    }
}

fn status(job: &Value) -> Result<BatchStatus> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let word = text(&job["status"]).unwrap_or_default();
    let outputs: Vec<String> =
        [text(&job["output_file"]), text(&job["error_file"])].into_iter().flatten().collect();
    let phase = match word.as_str() {
        "SUCCESS" | "TIMEOUT_EXCEEDED" | "CANCELLED" => Phase::Ended,
        "FAILED" if !outputs.is_empty() => Phase::Ended,
        "FAILED" => Phase::Failed(
            job["errors"][0]["message"].as_str().unwrap_or("the host did not say why").to_owned(),
        ),
        _ => Phase::Working,
    };
    let count = |name: &str| job[name].as_u64();
    Ok(BatchStatus {
        id: checked(job["id"].as_str().unwrap_or_default())?.to_owned(),
        phase,
        word,
        counts: count("total_requests").map(|total| {
            let ended = count("succeeded_requests").unwrap_or(0) + count("failed_requests").unwrap_or(0);
            Counts { done: count("completed_requests").unwrap_or(ended), total }
        }),
        input: text(&job["input_files"][0]),
        outputs,
    })
}
