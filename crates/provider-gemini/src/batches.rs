//! Batch mode: a file of requests, a long-running operation, and a file of answers.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use vision_batch::{
    BatchHost, BatchLimits, BatchLine, BatchStatus, Counts, Door, Found, LineOutcome, Pages, Parcel, Phase,
    Sought, checked,
};
use vision_core::{Error, ErrorKind, Result};
use vision_http::{Body, Method, Pieces, Reply, at_host_of};

/// The batches of a service that has them as Gemini has.
#[derive(Debug)]
struct FileBatches {
    door: Door,
    /// The root of the service, without the version.
    base: String,
    /// Where its models and operations are.
    root: String,
}

/// A file may have 2 GB, and all of it is in memory while it is sent.
const LIMITS: BatchLimits = BatchLimits { requests: 50_000, bytes: 96 << 20 };

const VERSION: &str = "/v1beta";

/// The batches behind this door.
pub fn batches(door: Door) -> Result<Arc<dyn BatchHost>> {
    let root = door.url().rsplit_once("/models/").map(|(root, _)| root.to_owned());
    let base = root.as_deref().and_then(|root| root.strip_suffix(VERSION)).map(str::to_owned);
    match (root, base) {
        (Some(root), Some(base)) => Ok(Arc::new(FileBatches { door, base, root })),
        _ => Err(Error::new(ErrorKind::Config, "requests do not go to a model of the Gemini API")),
    }
}

impl FileBatches {
    /// Announces the upload of so many bytes. The reply says where to.
    async fn announce(&self, name: &str, bytes: usize) -> Result<String> {
        let headers = [
            ("x-goog-upload-protocol", "resumable".to_owned()),
            ("x-goog-upload-command", "start".to_owned()),
            ("x-goog-upload-header-content-length", bytes.to_string()),
            ("x-goog-upload-header-content-type", JSONL.to_owned()),
        ];
        let body = json!({"file": {"displayName": name, "mimeType": JSONL}}).to_string();
        let url = format!("{}/upload{VERSION}/files", self.base);
        let reply = self.door.send_with(Method::Post, url, &headers, Body::Json(Pieces::from(body))).await?;
        self.door.success(&reply)?;
        let address = reply.header("x-goog-upload-url");
        address
            .map(|it| at_host_of(&self.base, it))
            .ok_or_else(|| reply.malformed("there is no address to upload to"))
    }
}

const JSONL: &str = "application/jsonl";

#[async_trait]
impl BatchHost for FileBatches {
    fn limits(&self) -> BatchLimits {
        LIMITS
    }

    async fn upload(&self, parcel: &Parcel) -> Result<Option<String>> {
        let mut lines = Vec::new();
        for item in &parcel.items {
            lines.extend_from_slice(format!(r#"{{"key":"{}","request":"#, item.id).as_bytes());
            item.body.iter().for_each(|piece| lines.extend_from_slice(piece));
            lines.extend_from_slice(b"}\n");
        }
        let address = self.announce(&parcel.name, lines.len()).await?;
        let headers = [
            ("x-goog-upload-offset", "0".to_owned()),
            ("x-goog-upload-command", "upload, finalize".to_owned()),
        ];
        let body = Body::Raw { content_type: JSONL.to_owned(), bytes: Pieces::from(lines) };
        // The address is as good as a key for this one upload, so that no key goes with it.
        let reply = self.door.send_openly(Method::Post, address, &headers, body).await?;
        self.door.success(&reply)?;
        let uploaded: Value = reply.json()?;
        Ok(Some(named(uploaded["file"]["name"].as_str(), "files/")?.to_owned()))
    }

    async fn create(&self, parcel: &Parcel, file: Option<&str>) -> Result<BatchStatus> {
        let url = self.door.url().replace(":generateContent", ":batchGenerateContent");
        let body = json!({"batch": {"displayName": parcel.name, "inputConfig": {"fileName": file}}});
        status(&self.door.ask(Method::Post, url, Body::Json(Pieces::from(body.to_string()))).await?)
    }

    async fn look(&self, id: &str) -> Result<BatchStatus> {
        let url = format!("{}/{}", self.root, named(Some(id), "batches/")?);
        status(&self.door.ask(Method::Get, url, Body::Empty).await?)
    }

    async fn results(&self, batch: &BatchStatus) -> Result<Vec<BatchLine>> {
        let mut lines = Vec::new();
        for file in &batch.outputs {
            let url = format!("{}/{}:download?alt=media", self.root, named(Some(file), "files/")?);
            lines.extend(self.door.lines(url, line).await?);
        }
        Ok(lines)
    }

    async fn cancel(&self, id: &str) -> Result<()> {
        let url = format!("{}/{}:cancel", self.root, named(Some(id), "batches/")?);
        self.door.ask(Method::Post, url, Body::Empty).await.map(|_| ())
    }

    async fn find(&self, sought: &Sought<'_>) -> Result<Found> {
        let (mut page, mut pages) = (String::new(), Pages::default());
        loop {
            pages.turn()?;
            let url = format!("{}/batches?pageSize=100{page}", self.root);
            let body = self.door.ask(Method::Get, url, Body::Empty).await?;
            let listed = body["operations"].as_array().map(Vec::as_slice).unwrap_or_default();
            if let Some(batch) = listed.iter().find(|it| it["metadata"]["displayName"] == sought.name) {
                return status(batch).map(Found::Batch);
            }
            match body["nextPageToken"].as_str().filter(|token| !token.is_empty()) {
                Some(token) => page = format!("&pageToken={}", checked(token)?),
                None => return Ok(Found::Nothing),
            }
        }
    }

    async fn tidy(&self, batch: &BatchStatus) -> Result<()> {
        for file in batch.input.iter().chain(&batch.outputs) {
            self.door.delete(format!("{}/{}", self.root, named(Some(file), "files/")?)).await?;
        }
        self.door.delete(format!("{}/{}", self.root, named(Some(&batch.id), "batches/")?)).await
    }

    async fn discard(&self, name: &str) -> Result<()> {
        let mut page = String::new();
        loop {
            let url = format!("{}/files?pageSize=100{page}", self.root);
            let body = self.door.ask(Method::Get, url, Body::Empty).await?;
            let listed = body["files"].as_array().map(Vec::as_slice).unwrap_or_default();
            for file in listed.iter().filter(|file| file["displayName"] == name) {
                let file = named(file["name"].as_str(), "files/")?;
                self.door.delete(format!("{}/{file}", self.root)).await?;
            }
            match body["nextPageToken"].as_str().filter(|token| !token.is_empty()) {
                Some(token) => page = format!("&pageToken={}", checked(token)?),
                None => return Ok(()),
            }
        }
    }
}

/// A name of this kind, which may stand in an address.
fn named<'a>(name: Option<&'a str>, kind: &str) -> Result<&'a str> {
    let name = checked(name.unwrap_or_default())?;
    match name.strip_prefix(kind) {
        Some(id) if !id.is_empty() && !id.contains('/') => Ok(name),
        _ => Err(Error::new(ErrorKind::Malformed, format!("`{name}` does not begin with `{kind}`"))),
    }
}

fn status(operation: &Value) -> Result<BatchStatus> {
    let about = &operation["metadata"];
    let word = about["state"].as_str().unwrap_or_default();
    let word = word.strip_prefix("BATCH_STATE_").or(word.strip_prefix("JOB_STATE_")).unwrap_or(word);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let output =
        text(&about["output"]["responsesFile"]).or_else(|| text(&operation["response"]["responsesFile"]));
    let phase = match word {
        "SUCCEEDED" | "PARTIALLY_SUCCEEDED" => Phase::Ended,
        "CANCELLED" | "EXPIRED" if output.is_some() => Phase::Ended,
        // It brings no answers then, and nobody says what of it is billed.
        "CANCELLED" | "EXPIRED" => Phase::Lost,
        "FAILED" => {
            let words = operation["error"]["message"].as_str().unwrap_or("the host did not say why");
            Phase::Failed(words.to_owned())
        }
        _ => Phase::Working,
    };
    // Counts are texts here.
    let count = |name: &str| {
        let count = &about["batchStats"][name];
        count.as_u64().or_else(|| count.as_str()?.parse().ok())
    };
    let counts = count("requestCount").map(|total| Counts {
        done: total.saturating_sub(count("pendingRequestCount").unwrap_or(total)),
        total,
    });
    Ok(BatchStatus {
        id: named(operation["name"].as_str(), "batches/")?.to_owned(),
        phase,
        word: word.to_owned(),
        counts,
        input: text(&about["inputConfig"]["fileName"]),
        outputs: output.into_iter().collect(),
    })
}

fn line(line: &Value) -> Option<BatchLine> {
    let id = line["key"].as_str()?.to_owned();
    let reply = match line["response"].is_object() {
        true => Reply::json_text(200, line["response"].to_string()),
        false => Reply::json_text(status_of(&line["error"]), json!({"error": line["error"]}).to_string()),
    };
    Some(BatchLine { id, outcome: LineOutcome::Replied(reply) })
}

/// The status that a single request would have had for this error.
fn status_of(error: &Value) -> u16 {
    let code = error["code"].as_u64().filter(|code| (400..600).contains(code));
    if let Some(code) = code.and_then(|code| u16::try_from(code).ok()) {
        return code;
    }
    // Else it is a number of gRPC, or there is only the name.
    match (error["status"].as_str(), error["code"].as_u64()) {
        (Some("INVALID_ARGUMENT" | "FAILED_PRECONDITION"), _) | (None, Some(3 | 9)) => 400,
        (Some("UNAUTHENTICATED"), _) | (None, Some(16)) => 401,
        (Some("PERMISSION_DENIED"), _) | (None, Some(7)) => 403,
        (Some("NOT_FOUND"), _) | (None, Some(5)) => 404,
        (Some("RESOURCE_EXHAUSTED"), _) | (None, Some(8)) => 429,
        (Some("UNAVAILABLE"), _) | (None, Some(14)) => 503,
        _ => 500,
    }
}
