use std::collections::HashMap;

use serde_json::{Value, json};

use super::store::{BatchStore, Job};
use super::{anthropic, missing, no_file};
use crate::server::draft::{Draft, Problem, ProblemKind};

impl BatchStore {
    pub fn keep_file(&self, name: &str, bytes: Vec<u8>) -> Draft {
        let mut inner = self.inner.lock();
        inner.next += 1;
        let id = format!("file-batch{}", inner.next);
        let body = shown(&id, name, bytes.len());
        inner.names.insert(id.clone(), name.to_owned());
        inner.files.insert(id, bytes);
        Draft { status: 200, headers: Vec::new(), body }
    }

    /// The files that were uploaded and not deleted.
    pub fn list_files(&self) -> Draft {
        let inner = self.inner.lock();
        let uploaded = |(id, bytes): (&String, &Vec<u8>)| Some(shown(id, inner.names.get(id)?, bytes.len()));
        let listed: Vec<Value> = inner.files.iter().filter_map(uploaded).collect();
        Draft {
            status: 200,
            headers: Vec::new(),
            body: json!({"object": "list", "data": listed, "has_more": false}),
        }
    }

    pub fn look_at_file(&self, id: &str) -> Result<Draft, Problem> {
        let inner = self.inner.lock();
        Ok(match inner.files.get(id) {
            Some(bytes) => {
                let name = inner.names.get(id).map_or("batch.jsonl", String::as_str);
                Draft { status: 200, headers: Vec::new(), body: shown(id, name, bytes.len()) }
            }
            None => no_file(id),
        })
    }

    pub fn content(&self, id: &str) -> Result<Draft, Problem> {
        let inner = self.inner.lock();
        Ok(match inner.files.get(id) {
            Some(bytes) => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                Draft { status: 200, headers: Vec::new(), body: Value::String(text) }
            }
            None => no_file(id),
        })
    }

    pub fn delete_file(&self, id: &str) -> Result<Draft, Problem> {
        Ok(match self.inner.lock().files.remove(id) {
            Some(_) => {
                let body = json!({"id": id, "object": "file", "deleted": true});
                Draft { status: 200, headers: Vec::new(), body }
            }
            None => no_file(id),
        })
    }

    /// The lines of an uploaded file.
    pub fn lines(&self, id: &str) -> Result<Vec<Value>, Problem> {
        let inner = self.inner.lock();
        let bytes =
            inner.files.get(id).ok_or_else(|| Problem::invalid(format!("the file {id} does not exist")))?;
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let read = |(number, line): (usize, &[u8])| {
            serde_json::from_slice(line)
                .map_err(|error| Problem::invalid(format!("line {}: {error}", number + 1)))
        };
        lines.enumerate().map(read).collect()
    }

    /// The answers of a batch that has ended, where they are no file.
    pub fn results(&self, id: &str) -> Result<Draft, Problem> {
        let inner = self.inner.lock();
        let job = inner.jobs.iter().find(|job| job.id == id).ok_or_else(missing)?;
        match job.ended {
            Some(_) => {
                Ok(Draft { status: 200, headers: Vec::new(), body: Value::String(anthropic::results(job)) })
            }
            None => Err(Problem::new(ProblemKind::Status(404), "the batch has no results yet")),
        }
    }

    pub fn delete_batch(&self, id: &str) -> Result<Draft, Problem> {
        let mut inner = self.inner.lock();
        let at = inner.jobs.iter().position(|job| job.id == id).ok_or_else(missing)?;
        if inner.jobs[at].ended.is_none() {
            return Err(Problem::invalid("a batch that goes on cannot be deleted"));
        }
        inner.jobs.remove(at);
        Ok(Draft {
            status: 200,
            headers: Vec::new(),
            body: json!({"id": id, "type": "message_batch_deleted"}),
        })
    }

    /// A file that came through the Files API of Gemini.
    pub fn keep_named(&self, id: &str, bytes: Vec<u8>) -> Value {
        self.inner.lock().files.insert(id.to_owned(), bytes);
        json!({"file": {"name": format!("files/{id}"), "mimeType": "application/jsonl", "state": "ACTIVE"}})
    }

    pub fn holds(&self, id: &str) -> bool {
        self.inner.lock().files.contains_key(id)
    }

    /// How many files were not deleted.
    pub fn count(&self) -> usize {
        self.inner.lock().files.len()
    }

    pub fn next(&self) -> u64 {
        let mut inner = self.inner.lock();
        inner.next += 1;
        inner.next
    }

    /// A batch, to be brought further by whoever holds it.
    pub fn take(&self, id: &str) -> Option<Job> {
        let mut inner = self.inner.lock();
        let at = inner.jobs.iter().position(|job| job.id == id)?;
        Some(inner.jobs.remove(at))
    }

    pub fn put_back(&self, job: Job, files: HashMap<String, Vec<u8>>) {
        let mut inner = self.inner.lock();
        inner.files.extend(files);
        inner.jobs.push(job);
    }
}

fn shown(id: &str, name: &str, bytes: usize) -> Value {
    json!({
        "id": id, "object": "file", "bytes": bytes, "created_at": 1_795_881_600, "filename": name,
        "purpose": "batch", "status": "processed",
    })
}
