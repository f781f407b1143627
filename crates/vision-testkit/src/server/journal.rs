use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use super::sight::{SeenMedium, hex};

/// What came and what was made of it. Keys are shown as the start of their hash.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Journal {
    /// All requests to a vendor's address.
    pub requests: u64,
    /// By key.
    pub by_key: BTreeMap<String, u64>,
    /// By path.
    pub by_path: BTreeMap<String, u64>,
    /// By model.
    pub by_model: BTreeMap<String, u64>,
    /// By the status of the reply.
    pub by_status: BTreeMap<u16, u64>,
    /// By what was done to the request on purpose.
    pub by_fault: BTreeMap<String, u64>,
    /// The most requests that were open at the same time.
    pub peak: u64,
    /// Bytes of all request bodies.
    pub bytes: u64,
    /// Uploaded files and results that were not deleted.
    pub files: usize,
    /// Questions that came in batches which were created, by their text: each was or will be billed.
    pub batched: BTreeMap<String, u64>,
    /// Tokens that were given out.
    pub tokens: u64,
    /// The newest requests, the last one last.
    pub last: VecDeque<Entry>,
}

/// One request.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// `POST /v1/chat/completions`.
    pub request: String,
    /// The model asked for.
    pub model: String,
    /// The texts of the question.
    pub texts: Vec<String>,
    /// The media, as they arrived.
    pub media: Vec<SeenMedium>,
    /// The status of the reply; 0 if there was none.
    pub status: u16,
    /// What was done to it on purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// What was wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mistake: Option<String>,
}

/// How many requests are kept: enough to look at, whatever the length of a run.
const KEPT: usize = 200;

impl Journal {
    pub(super) fn count(&mut self, key: Option<&str>, bytes: u64) -> u64 {
        self.requests += 1;
        self.bytes += bytes;
        let key =
            key.map_or_else(|| "none".to_owned(), |key| format!("sha256:{}", &hex(key.as_bytes())[..12]));
        *self.by_key.entry(key).or_default() += 1;
        self.requests
    }

    pub(super) fn add(&mut self, path: &str, entry: Entry) {
        *self.by_path.entry(path.to_owned()).or_default() += 1;
        *self.by_status.entry(entry.status).or_default() += 1;
        if !entry.model.is_empty() {
            *self.by_model.entry(entry.model.clone()).or_default() += 1;
        }
        if let Some(fault) = &entry.fault {
            *self.by_fault.entry(fault.clone()).or_default() += 1;
        }
        if self.last.len() == KEPT {
            self.last.pop_front();
        }
        self.last.push_back(entry);
    }
}
