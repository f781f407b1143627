//! Writing a dataset folder: manifest, cases, media, schemas, card and checksums.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// What `dataset.toml` says.
#[derive(Debug, Clone, Serialize)]
pub struct Manifest {
    /// Name of the dataset, like its folder.
    pub name: String,
    /// Raised whenever a byte of the dataset changes.
    pub version: String,
    /// SPDX expression for everything in the folder.
    pub licence: String,
    /// How it was made.
    pub provenance: String,
    /// `test`: never tuned on.
    pub split: String,
    /// `drawn`: what a generator makes is not what people photograph.
    pub origin: String,
    /// Tasks by name.
    pub tasks: BTreeMap<String, Task>,
}

/// One task of a manifest.
#[derive(Debug, Clone, Serialize)]
pub struct Task {
    /// System prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Prompt; `{{field}}` is replaced by the case's own field.
    pub prompt: String,
    /// File name of the answer's JSON Schema, written with [`DatasetWriter::schema`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Headline metric.
    pub metric: String,
    /// Fields whose errors are counted apart.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub critical: Vec<String>,
    /// Settings of the metric.
    #[serde(skip_serializing_if = "toml::Table::is_empty")]
    pub settings: toml::Table,
}

/// One line of `cases.jsonl`.
#[derive(Debug, Clone, Serialize)]
pub struct Case {
    /// Unique in the dataset.
    pub id: String,
    /// Needed where the dataset has several tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Paths as [`DatasetWriter::media`] returned them.
    pub media: Vec<String>,
    /// The truth.
    pub expected: Value,
    /// For slices of a report.
    pub tags: BTreeMap<String, String>,
    /// Cases with the same source are not independent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Values for the prompt's `{{field}}`s.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
}

/// A dataset folder being written.
#[derive(Debug)]
pub struct DatasetWriter {
    folder: PathBuf,
    cases: String,
    count: usize,
    sums: BTreeMap<String, String>,
}

impl DatasetWriter {
    /// Starts in a new or empty folder; nothing that exists is ever overwritten.
    pub fn create(folder: &Path) -> Result<Self> {
        let failed = |source| Error::because(format!("cannot create {}", folder.display()), source);
        fs::create_dir_all(folder).map_err(failed)?;
        if fs::read_dir(folder).map_err(failed)?.next().is_some() {
            return Err(format!("{} is not empty", folder.display()).into());
        }
        Ok(Self { folder: folder.to_owned(), cases: String::new(), count: 0, sums: BTreeMap::new() })
    }

    /// Stores a media file and returns its path as cases name it.
    pub fn media(&mut self, name: &str, bytes: &[u8]) -> Result<String> {
        let path = format!("media/{name}");
        self.file(&path, bytes)?;
        Ok(path)
    }

    /// Stores a JSON Schema.
    pub fn schema(&mut self, name: &str, schema: &Value) -> Result<()> {
        self.file(name, format!("{schema:#}\n").as_bytes())
    }

    /// Adds a case.
    pub fn case(&mut self, case: &Case) {
        let line = serde_json::to_string(case).expect("a case is plain data");
        let _ = writeln!(self.cases, "{line}");
        self.count += 1;
    }

    /// Writes what is left and returns the number of cases.
    pub fn finish(mut self, manifest: &Manifest, card: &str) -> Result<usize> {
        let manifest = toml::to_string_pretty(manifest).expect("a manifest is plain data");
        let cases = std::mem::take(&mut self.cases);
        self.file("dataset.toml", manifest.as_bytes())?;
        self.file("cases.jsonl", cases.as_bytes())?;
        self.file("README.md", card.as_bytes())?;
        let sums =
            self.sums.iter().fold(String::new(), |sums, (path, sum)| sums + &format!("{sum}  {path}\n"));
        self.file("SHA256SUMS", sums.as_bytes())?;
        Ok(self.count)
    }

    /// Stores any other file of the dataset, such as a licence.
    pub fn file(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let target = self.folder.join(path);
        let failed = |source| Error::because(format!("cannot write {}", target.display()), source);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&target, bytes).map_err(failed)?;
        let sum = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if self.sums.insert(path.to_owned(), sum).is_some() {
            return Err(format!("{path} was written twice").into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_folder_that_holds_something() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.txt"), "keep").unwrap();
        assert!(DatasetWriter::create(folder.path()).unwrap_err().to_string().ends_with("is not empty"));
    }

    #[test]
    fn refuses_to_write_a_file_twice() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = DatasetWriter::create(&folder.path().join("new")).unwrap();
        writer.media("1.png", b"a").unwrap();
        assert_eq!(writer.media("1.png", b"b").unwrap_err().to_string(), "media/1.png was written twice");
    }
}
