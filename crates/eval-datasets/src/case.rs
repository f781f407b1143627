use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vision_core::Task;

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
        if text.starts_with("https://") || text.starts_with("http://") {
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
    /// For people; nothing reads it.
    #[expect(dead_code, reason = "kept in the file, and known as no mistake")]
    pub note: Option<String>,
}

impl Line {
    /// The case, if its task is clear.
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
        })
    }
}

#[cfg(test)]
mod tests {
    use super::MediaRef;

    #[test]
    fn files_and_addresses_are_told_apart() {
        assert_eq!(MediaRef::from("a.png".to_owned()), MediaRef::File("a.png".to_owned()));
        let url = "https://example.test/a.png".to_owned();
        assert_eq!(MediaRef::from(url.clone()), MediaRef::Url(url));
    }
}
