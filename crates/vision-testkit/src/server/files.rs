use std::collections::HashMap;

use serde_json::{Value, json};

use super::sight::SeenMedium;
use crate::shared::Shared;

/// Gemini's Files API: what was uploaded, without its bytes.
#[derive(Debug)]
pub(super) struct Files {
    inner: Shared<Inner>,
    /// How often a file is looked at until it is ready.
    looks: u32,
}

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    started: HashMap<String, String>,
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    medium: SeenMedium,
    /// A new file has to be waited for.
    looked_at: u32,
}

impl Files {
    pub fn new(looks: u32) -> Self {
        Self { inner: Shared::default(), looks }
    }

    /// Begins an upload of this type and gives its id.
    pub fn start(&self, mime: &str) -> String {
        let mut inner = self.inner.lock();
        inner.next += 1;
        let id = format!("file-{}", inner.next);
        inner.started.insert(id.clone(), mime.to_owned());
        id
    }

    /// Whether this upload is one of lines of JSON, which end elsewhere.
    pub fn ends_as_lines(&self, id: &str) -> bool {
        let mut inner = self.inner.lock();
        let is_lines = inner.started.get(id).is_some_and(|mime| mime == "application/jsonl");
        is_lines && inner.started.remove(id).is_some()
    }

    /// Ends an upload.
    pub fn finish(&self, id: &str, origin: &str, bytes: &[u8]) -> Result<Value, String> {
        let mut inner = self.inner.lock();
        let mime = inner.started.remove(id).ok_or("no such upload was started")?;
        let medium = SeenMedium::bytes(Some(&mime), bytes)?;
        let file = File { medium, looked_at: 0 };
        let shown = self.show(id, origin, &file);
        inner.files.insert(id.to_owned(), file);
        Ok(json!({"file": shown}))
    }

    /// How a file is doing.
    pub fn look(&self, id: &str, origin: &str) -> Option<Value> {
        let mut inner = self.inner.lock();
        let file = inner.files.get_mut(id)?;
        file.looked_at += 1;
        Some(self.show(id, origin, file))
    }

    pub fn delete(&self, id: &str) -> bool {
        self.inner.lock().files.remove(id).is_some()
    }

    /// What an address that this server gave out stands for.
    pub fn find(&self, uri: &str) -> Option<Result<SeenMedium, String>> {
        let id = uri.split_once("/v1beta/files/")?.1;
        let inner = self.inner.lock();
        Some(match inner.files.get(id) {
            None => Err(format!("the file {id} does not exist")),
            Some(file) if file.looked_at < self.looks => {
                Err(format!("the file {id} is not in an ACTIVE state"))
            }
            Some(file) => Ok(file.medium.clone()),
        })
    }

    /// How many have not been deleted.
    pub fn count(&self) -> usize {
        self.inner.lock().files.len()
    }

    fn show(&self, id: &str, origin: &str, file: &File) -> Value {
        json!({
            "name": format!("files/{id}"),
            "uri": format!("{origin}/v1beta/files/{id}"),
            "mimeType": file.medium.declared,
            "sizeBytes": file.medium.bytes.to_string(),
            "state": if file.looked_at < self.looks { "PROCESSING" } else { "ACTIVE" },
        })
    }
}
