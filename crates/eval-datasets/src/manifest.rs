use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use vision_core::Task;

use crate::{Problem, Result, parse_toml};

/// What the task `extract` asks where its dataset does not say; `{{schema}}` is the JSON Schema of the case.
pub(crate) const EXTRACT_PROMPT: &str = "Read this document and return the data that the JSON Schema below asks for, as one JSON \
value that follows it. Write down what the document says, and nothing it does not say: null for what is not there, an empty list \
for records that are not there. Dates as YYYY-MM-DD; numbers with a decimal point, without currency and thousands separators.\n\n\
JSON Schema:\n{{schema}}";

/// A dataset's `dataset.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The name used in flags and reports.
    pub name: String,
    /// Changed whenever a label, a medium or a prompt changes.
    pub version: String,
    /// SPDX expression.
    pub licence: String,
    /// Where it came from and how it was made.
    pub provenance: String,
    /// `test`, `validation`, …
    #[serde(default = "test_split")]
    pub split: String,
    /// Whether its media were made for it, so that reports can show what is only good on drawn pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What is asked, and how answers are judged. Most datasets have one task.
    pub tasks: BTreeMap<Task, TaskSpec>,
}

/// Where the media of a dataset come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Photographs, scans, documents and recordings that were there before the dataset.
    Real,
    /// Made by a generator.
    Drawn,
}

impl Origin {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Drawn => "drawn",
        }
    }
}

/// One `[tasks.NAME]` table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskSpec {
    /// The text above the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The question; `{{name}}` is replaced by the case's field of that name. The task `extract` has one of its own.
    #[serde(default)]
    pub prompt: String,
    /// A file with the JSON Schema of the answer, relative to the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The headline metric; that of the task `extract` has its name.
    #[serde(default)]
    pub metric: String,
    /// Fields that a fully usable answer must have right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub critical: Vec<String>,
    /// The most tokens an answer may cost, if the plan does not say otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Settings of the metric.
    #[serde(default, skip_serializing_if = "toml::Table::is_empty")]
    pub settings: toml::Table,
}

impl Manifest {
    /// Reads the text of a `dataset.toml`.
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        let mut manifest: Self = parse_toml(path, text)?;
        for (task, spec) in &mut manifest.tasks {
            for (key, value, usual) in
                [("prompt", &mut spec.prompt, EXTRACT_PROMPT), ("metric", &mut spec.metric, "extract")]
            {
                match task {
                    Task::Extract if value.is_empty() => usual.clone_into(value),
                    _ if value.is_empty() => {
                        return Err(Problem::new(path, format!("`{key}` is missing in [tasks.{task}]")));
                    }
                    _ => {}
                }
            }
        }
        Ok(manifest)
    }

    /// The task of a case that names none: the only one there is.
    pub fn only_task(&self) -> Option<Task> {
        match self.tasks.len() {
            1 => self.tasks.keys().next().copied(),
            _ => None,
        }
    }
}

fn test_split() -> String {
    "test".to_owned()
}
