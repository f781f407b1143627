//! Batches of hosts that speak chat completions.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use vision_batch::{
    BatchHost, BatchLimits, BatchLine, BatchStatus, Counts, Door, Found, Pages, Parcel, Phase, Sought,
    checked,
};
use vision_chat::{BatchFiles, BatchShape, FileBatches};
use vision_core::Result;

/// The batches of Azure: as OpenAI's, of deployments, and a file is looked over first.
pub fn azure_batches(door: Door) -> Result<Arc<dyn BatchHost>> {
    FileBatches::open(door, BatchShape { prefix: "", looks_over: true })
}

/// The batches of Mistral.
pub fn mistral_batches(door: Door) -> Result<Arc<dyn BatchHost>> {
    Ok(Arc::new(Jobs { files: BatchFiles::open(door, PATH)? }))
}

const PATH: &str = "/chat/completions";

/// Mistral's batch jobs.
#[derive(Debug)]
struct Jobs {
    files: BatchFiles,
}

/// How large a file may be is not published; all of it is in memory while it is sent.
const LIMITS: BatchLimits = BatchLimits { requests: 50_000, bytes: 96 << 20 };

const PAGE: usize = 100;

#[async_trait]
impl BatchHost for Jobs {
    fn limits(&self) -> BatchLimits {
        LIMITS
    }

    async fn upload(&self, parcel: &Parcel) -> Result<Option<String>> {
        self.files.upload(parcel, r#","body":"#).await.map(Some)
    }

    async fn create(&self, parcel: &Parcel, file: Option<&str>) -> Result<BatchStatus> {
        let body = json!({
            "endpoint": format!("/v1{PATH}"),
            "model": parcel.model,
            "input_files": [file],
            "timeout_hours": 24,
            "metadata": BatchFiles::mark(parcel),
        });
        status(&self.files.post("batch/jobs", &body).await?)
    }

    async fn look(&self, id: &str) -> Result<BatchStatus> {
        status(&self.files.get(&format!("batch/jobs/{}", checked(id)?)).await?)
    }

    async fn results(&self, batch: &BatchStatus) -> Result<Vec<BatchLine>> {
        self.files.results(batch).await
    }

    async fn cancel(&self, id: &str) -> Result<()> {
        self.files.post(&format!("batch/jobs/{}/cancel", checked(id)?), &Value::Null).await.map(|_| ())
    }

    async fn find(&self, sought: &Sought<'_>) -> Result<Found> {
        let mut pages = Pages::default();
        for page in 0.. {
            pages.turn()?;
            let body = self.files.get(&format!("batch/jobs?page={page}&page_size={PAGE}")).await?;
            let listed = body["data"].as_array().map(Vec::as_slice).unwrap_or_default();
            let is_it = |job: &&Value| BatchFiles::is_it(job, &job["input_files"][0], sought);
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
        self.files.tidy(batch).await
    }

    async fn discard(&self, name: &str) -> Result<()> {
        self.files.discard(name, &format!("&search={}", checked(name)?)).await
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
            let (right, wrong) = (count("succeeded_requests"), count("failed_requests"));
            let ended = right.unwrap_or(0).saturating_add(wrong.unwrap_or(0));
            Counts { done: count("completed_requests").unwrap_or(ended), total }
        }),
        input: text(&job["input_files"][0]),
        outputs,
    })
}
