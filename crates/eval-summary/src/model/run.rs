use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vision_core::Task;

use super::Served;

/// What was run, and how to run it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunInfo {
    /// A name for people.
    pub name: String,
    /// When it was begun, RFC 3339, UTC.
    pub started: String,
    /// The version of the program that ran it.
    pub tool: String,
    /// The commit of the project it was started in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The command that repeats it.
    pub command: String,
    /// Decides order, samples and jitter.
    pub seed: u64,
    /// How often each case was asked.
    pub repeats: u32,
    /// The part of the cases that it holds, if they were split: `2/5`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// The budget, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<f64>,
    /// How media were prepared, in words.
    pub media: String,
}

/// Who was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProviderInfo {
    /// What reports print; unique.
    pub label: String,
    /// `openai`, `local`, `control`, …
    pub kind: String,
    /// The model asked for.
    pub model: String,
    /// A sentence, where the name does not say it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Whether it is a control, which never looks at the media: a floor, never a candidate.
    pub control: bool,
    /// Whether it runs on this machine for nothing.
    pub local: bool,
    /// What it can do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// The day its price was seen; missing if its price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_date: Option<String>,
    /// The models that answered, in the provider's words, the most frequent first.
    pub served: Vec<Served>,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetInfo {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence.
    pub licence: String,
    /// Where it was, as it was given.
    pub folder: String,
    /// A hash of its manifest, schemas, cases and media hashes.
    pub content_hash: String,
    /// Which of its cases were wanted, in words; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub selection: String,
    /// How many cases that is.
    pub cases: u64,
    /// Where its files come from: `real` or `drawn`; missing if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// What is asked.
    pub tasks: Vec<TaskInfo>,
}

/// One task of a dataset, as it was asked and judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TaskInfo {
    /// The task.
    #[schemars(with = "String")]
    pub task: Task,
    /// How many of the wanted cases are of this task.
    pub cases: u64,
    /// The prompt's variant: `default` is the dataset's own.
    pub prompt_name: String,
    /// A hash of system text, prompt and schema.
    pub prompt_hash: String,
    /// The headline metric.
    pub metric: String,
    /// A hash of the metric, its settings and the critical fields.
    pub metric_hash: String,
    /// The figures of the metric, the headline first.
    pub values: Vec<ValueAbout>,
}

/// A figure of a metric.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ValueAbout {
    /// Its name.
    pub name: String,
    /// What it says, in a few words.
    pub about: String,
    /// Which direction is better: `higher`, `lower` or `neither`.
    pub better: String,
}
