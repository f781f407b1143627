use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vision_core::Task;

/// What a record keeps of a case, so that it can be scored and shown without its dataset: a line of
/// `cases.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseLine {
    /// The dataset's name.
    pub dataset: String,
    /// The case's id.
    pub case: String,
    /// What was asked.
    pub task: Task,
    /// The label.
    pub expected: Value,
    /// For breakdowns.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// The source document.
    pub source: String,
    /// Values that the prompt was filled with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The media, relative to the dataset's folder, or addresses.
    pub media: Vec<String>,
    /// The JSON Schema of its answer, if it has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// The same as its author wrote it, where its answer is asked for by a stricter one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_schema: Option<Value>,
    /// Where the label's values stand, and how else they may read, as in the dataset.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub evidence: Value,
}

/// What became of one medium on its way to a provider: a line of `media.jsonl`, written once per case and
/// preparation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MediaEntry {
    /// The dataset's name.
    pub dataset: String,
    /// The file relative to the dataset's folder, or the address.
    pub name: String,
    /// SHA-256 of the file.
    pub source_hash: String,
    /// SHA-256 of what was sent.
    pub sent_hash: String,
    /// What its bytes say it is.
    pub sniffed: String,
    /// What its name says it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
    /// Width and height of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_pixels: Option<(u32, u32)>,
    /// Width and height of what was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_pixels: Option<(u32, u32)>,
    /// Bytes of the file.
    pub source_bytes: u64,
    /// Bytes of what was sent, before Base64.
    pub sent_bytes: u64,
    /// What was done to it, in order; nothing if it was sent as it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// For which media setting it was made, if several were tried: `long_side=768`. Candidates of one setting get the same.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub setting: String,
}
