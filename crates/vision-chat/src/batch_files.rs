use serde_json::{Value, json};
use vision_batch::{BatchLine, BatchStatus, Door, LineOutcome, Parcel, Sought, checked};
use vision_core::Result;
use vision_http::{Body, Field, Method, Pieces, Reply, multipart};

/// What hosts have in common that take a file of requests and give files of answers.
#[derive(Debug)]
pub struct BatchFiles {
    door: Door,
    /// The root of the API.
    root: String,
}

impl BatchFiles {
    /// The files behind a door, where single requests go to `path` below the root.
    pub fn open(door: Door, path: &str) -> Result<Self> {
        let root = door.root(path)?.to_owned();
        Ok(Self { door, root })
    }

    /// The mark of a batch of ours, to be found by.
    pub fn mark(parcel: &Parcel) -> Value {
        json!({ MARK: parcel.name })
    }

    /// Whether this batch, as its host lists it, is ours: by its mark, or by the file that was made for it.
    pub fn is_it(batch: &Value, input: &Value, sought: &Sought<'_>) -> bool {
        batch["metadata"][MARK] == sought.name || sought.file.is_some_and(|file| input == file)
    }

    /// The door.
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// What is at this place below the root.
    pub async fn get(&self, place: &str) -> Result<Value> {
        self.door.ask(Method::Get, self.at(place), Body::Empty).await
    }

    /// Sends something to this place below the root.
    pub async fn post(&self, place: &str, body: &Value) -> Result<Value> {
        let body = if body.is_null() { Body::Empty } else { Body::Json(Pieces::from(body.to_string())) };
        self.door.ask(Method::Post, self.at(place), body).await
    }

    /// Brings the requests of a parcel, one a line, with this between its id and its body. Gives the name of the file.
    pub async fn upload(&self, parcel: &Parcel, before: &str) -> Result<String> {
        let (lines, file_name) = (lines(parcel, before), format!("{}.jsonl", parcel.name));
        let content_type = "application/jsonl";
        let file = Field::File { name: "file", file_name: &file_name, content_type, bytes: &lines };
        let form = multipart(&[Field::Text("purpose", "batch"), file]);
        let body = self.door.ask(Method::Post, self.at("files"), form).await?;
        Ok(checked(body["id"].as_str().unwrap_or_default())?.to_owned())
    }

    /// The answers of a batch.
    pub async fn results(&self, batch: &BatchStatus) -> Result<Vec<BatchLine>> {
        let mut lines = Vec::new();
        for file in &batch.outputs {
            let url = self.at(&format!("files/{}/content", checked(file)?));
            lines.extend(self.door.lines(url, line).await?);
        }
        Ok(lines)
    }

    /// Deletes the files of a batch.
    pub async fn tidy(&self, batch: &BatchStatus) -> Result<()> {
        for file in batch.input.iter().chain(&batch.outputs) {
            self.door.delete(self.at(&format!("files/{}", checked(file)?))).await?;
        }
        Ok(())
    }

    /// Deletes the uploaded files of a parcel, of which only the name is known. The query narrows the host's list.
    pub async fn discard(&self, name: &str, query: &str) -> Result<()> {
        let listed = self.get(&format!("files?purpose=batch{query}")).await?;
        let file_name = format!("{name}.jsonl");
        let files = listed["data"].as_array().map(Vec::as_slice).unwrap_or_default();
        for file in files.iter().filter(|file| file["filename"] == file_name.as_str()) {
            let id = checked(file["id"].as_str().unwrap_or_default())?;
            self.door.delete(self.at(&format!("files/{id}"))).await?;
        }
        Ok(())
    }

    fn at(&self, place: &str) -> String {
        format!("{}/{place}", self.root)
    }
}

/// The key of the metadata that says whose batch it is.
const MARK: &str = "vision-eval";

fn lines(parcel: &Parcel, before: &str) -> Vec<u8> {
    let size = parcel.items.iter().map(|item| item.body.len() + item.id.len() + before.len() + 32).sum();
    let mut lines = Vec::with_capacity(size);
    for item in &parcel.items {
        lines.extend_from_slice(format!(r#"{{"custom_id":"{}"{before}"#, item.id).as_bytes());
        item.body.iter().for_each(|piece| lines.extend_from_slice(piece));
        lines.extend_from_slice(b"}\n");
    }
    lines
}

/// A line of either file of results, as every host of this shape writes it.
fn line(line: &Value) -> Option<BatchLine> {
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
