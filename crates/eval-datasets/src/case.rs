use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vision_core::{Bounds, Task};

/// One labelled input: a line of `cases.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Unique in its dataset.
    pub id: String,
    /// What is asked.
    pub task: Task,
    /// What it is asked about, in order.
    pub media: Vec<MediaRef>,
    /// The right answer. `null` inside it means "not there"; a missing key means "not labelled".
    pub expected: Value,
    /// For breakdowns and filters.
    pub tags: BTreeMap<String, String>,
    /// The source document: cases of one source are not independent, and statistics cluster by it.
    pub source: String,
    /// Values for the prompt's places.
    pub fields: BTreeMap<String, String>,
    /// The JSON Schema of its answer, if it has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Arc<Value>>,
    /// The same as its author wrote it, where it is asked for in a stricter form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_schema: Option<Arc<Value>>,
    /// Where the label's values stand, and how else they may read, by the path of a field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, Vec<LabelEvidence>>,
}

/// One place where a labeled value stands, or another reading of it that is right.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LabelEvidence {
    /// A reading that is right; without it, `text` is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What stands on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// On which page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Where on that page, in fractions of its width and height.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
    /// What ExtractBench's F1 forgives in this field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub normalizers: Vec<String>,
}

/// Where a medium is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum MediaRef {
    /// A file of the dataset's folder.
    File(String),
    /// An address that the provider fetches itself.
    Url(String),
}

impl From<String> for MediaRef {
    fn from(text: String) -> Self {
        if ["https://", "http://", "gs://"].iter().any(|scheme| text.starts_with(scheme)) {
            Self::Url(text)
        } else {
            Self::File(text)
        }
    }
}

impl From<MediaRef> for String {
    fn from(media: MediaRef) -> Self {
        match media {
            MediaRef::File(text) | MediaRef::Url(text) => text,
        }
    }
}

impl MediaRef {
    /// The file's name, if it is one.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::File(name) => Some(name),
            Self::Url(_) => None,
        }
    }

    /// The file below `folder`; what is not a regular file inside it is refused.
    pub fn resolve(path: &str, folder: &Path) -> Result<PathBuf, String> {
        vision_files::below(folder, path).map_err(|refused| format!("`{path}` {refused}"))
    }
}

/// A line as it is written, before the manifest fills in what it leaves out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub id: String,
    pub task: Option<Task>,
    pub media: Vec<MediaRef>,
    pub expected: Value,
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    pub source: Option<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// A file with the JSON Schema of this case.
    pub schema: Option<String>,
    #[serde(default)]
    pub evidence: BTreeMap<String, Vec<LabelEvidence>>,
    /// For people; nothing reads it.
    #[expect(dead_code, reason = "kept in the file, and known as no mistake")]
    pub note: Option<String>,
}

impl Line {
    /// The case without its own schema, if its task is clear.
    pub fn into_case(self, only_task: Option<Task>) -> Result<Case, String> {
        let task = self.task.or(only_task).ok_or("`task` is missing, and the dataset has several")?;
        Ok(Case {
            source: self.source.unwrap_or_else(|| self.id.clone()),
            id: self.id,
            task,
            media: self.media,
            expected: self.expected,
            tags: self.tags,
            fields: self.fields,
            schema: None,
            own_schema: None,
            evidence: self.evidence,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::MediaRef;

    #[test]
    fn files_and_addresses_are_told_apart() {
        assert_eq!(MediaRef::from("a.png".to_owned()), MediaRef::File("a.png".to_owned()));
        for url in ["https://example.test/a.png", "gs://bucket/a.png"] {
            assert_eq!(MediaRef::from(url.to_owned()), MediaRef::Url(url.to_owned()));
        }
    }
}
