use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use vision_core::{Detail, Effort, Task, Usd};

use crate::{Decide, Price, Quote, Sequential, Variant};

/// The version of the record's form. Older records are read; newer ones are refused with a clear word.
pub const VERSION: u32 = 1;

/// Everything needed to repeat a run: `plan.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of the record's form.
    pub v: u32,
    /// A name for people.
    pub name: String,
    /// When it was begun, RFC 3339, UTC.
    pub started: String,
    /// The version of the program.
    pub tool: String,
    /// The commit of the project that the run was started in, if it is a checkout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The command that repeats it.
    pub command: String,
    /// Decides order, samples and jitter.
    pub seed: u64,
    /// How often each case is asked.
    pub repeats: u32,
    /// What is asked.
    pub datasets: Vec<PlannedDataset>,
    /// Who is asked.
    pub providers: Vec<PlannedProvider>,
    /// How media are prepared.
    pub media: MediaPolicy,
    /// Parameters of generation.
    pub generation: Generation,
    /// How it is carried out.
    pub execution: Execution,
    /// The budget, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<Usd>,
    /// The part of the cases that this run holds, if they were split: `2/5`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// How it ends before its cases are used up, if it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequential: Option<Sequential>,
    /// What the team needed of a provider when it was begun, for the verdict; missing in older plans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decide: Option<Decide>,
    /// What cannot be asked, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// What it was expected to cost.
    pub quote: Quote,
}

/// One dataset of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedDataset {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence.
    pub licence: String,
    /// `real` or `drawn`, as its manifest says; `None` where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Where it was, as it was given.
    pub folder: String,
    /// A hash of its manifest, schemas, cases and media.
    pub content_hash: String,
    /// Which of its cases were wanted, in words; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub selection: String,
    /// How many cases that is.
    pub cases: u64,
    /// What is asked.
    pub tasks: BTreeMap<Task, PlannedTask>,
    /// Its pictures are made worse before they are sent; `None` where they are as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degraded: Option<Degraded>,
}

/// A dataset whose cases are twins of those of another, with pictures that are worse in one way.
///
/// It takes part in no headline: what it loses against the other dataset is told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Degraded {
    /// The other dataset's name.
    pub of: String,
    /// In which way: `rotate=90`.
    pub how: String,
}

impl Plan {
    /// The datasets whose pictures are sent as they are: all that headlines are made of.
    pub fn clean_datasets(&self) -> impl Iterator<Item = &PlannedDataset> {
        self.datasets.iter().filter(|dataset| dataset.degraded.is_none())
    }
}

/// One task of a dataset, as it will be asked and judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedTask {
    /// The prompt's variant: `default` is the dataset's own.
    pub prompt_name: String,
    /// The text above the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The question, with places for a case's fields.
    pub prompt: String,
    /// The JSON Schema of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Value>,
    /// The same as its author wrote it, where answers are asked for by a stricter one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_schema: Option<Value>,
    /// The headline metric.
    pub metric: String,
    /// Its settings.
    #[serde(default)]
    pub settings: Value,
    /// Fields that a usable answer must have right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub critical: Vec<String>,
    /// The most tokens an answer may cost.
    pub max_output_tokens: u32,
    /// How many of the wanted cases are of this task.
    pub cases: u64,
}

/// One provider of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedProvider {
    /// What reports print; unique in the plan.
    pub label: String,
    /// `openai`, `local`, `control`, …
    pub kind: String,
    /// The model asked for.
    pub model: String,
    /// A sentence for reports, where the name does not say it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Where requests go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Its settings, without anything secret.
    #[serde(default)]
    pub settings: Value,
    /// Whether it is one of the controls, which never look at the media.
    #[serde(default)]
    pub control: bool,
    /// Whether it runs on this machine for nothing.
    #[serde(default)]
    pub local: bool,
    /// What it costs; missing if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// What its host allows.
    #[serde(default)]
    pub limits: HostLimits,
    /// Capabilities that a decision may require: `json_schema`, `pdf`, `audio`, …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// Whether its requests are handed over in batches, at the batch price and without a time of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub batch: bool,
    /// How it is asked, where several ways are tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
}

impl PlannedProvider {
    /// Whether it is an engine that reads pages and reports no tokens.
    pub fn is_by_the_page(&self) -> bool {
        let can = |name: &str| self.capabilities.iter().any(|it| it == name);
        !self.local && !can("prompt") && (can("image") || can("pdf"))
    }
}

/// How a run is carried out; nothing in here changes what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    /// Requests on their way at once, over all providers.
    pub max_concurrency: usize,
    /// The most seconds one attempt may take.
    pub timeout_seconds: f64,
    /// The most seconds between two pieces of a streamed answer.
    #[serde(default = "stream_timeout")]
    pub stream_timeout_seconds: f64,
    /// Attempts after the first, where that may help.
    pub max_retries: u32,
}

/// The most seconds between two pieces of a streamed answer, where nobody says.
pub const STREAM_TIMEOUT_SECONDS: f64 = 60.0;

fn stream_timeout() -> f64 {
    STREAM_TIMEOUT_SECONDS
}

/// What a host allows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HostLimits {
    /// Requests at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<usize>,
    /// Requests a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<f64>,
    /// Tokens a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens_per_minute: Option<f64>,
}

/// How media are prepared before they are sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MediaPolicy {
    /// How much may be done to them.
    pub mode: MediaMode,
    /// The longest side in pixels that `fit` and `same` leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long_side: Option<u32>,
    /// The JPEG quality that `fit` and `same` write.
    pub jpeg_quality: u8,
    /// Whether `fit` and `same` write every picture as a JPEG of that quality, also where nothing else is to be changed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub recode: bool,
    /// Images whose header promises more pixels are refused.
    pub max_pixels: u64,
}

/// How much may be done to media.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", try_from = "String")]
pub enum MediaMode {
    /// Pictures of a type that a provider does not take are written in one that it takes.
    #[default]
    Convert,
    /// Nothing: the bytes of the file are what is sent.
    AsIs,
    /// What one provider would refuse is changed for it.
    Fit,
    /// What any of the providers would refuse is changed for all.
    Same,
}

impl TryFrom<String> for MediaMode {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.as_str() {
            "convert" => Ok(Self::Convert),
            "as-is" => Ok(Self::AsIs),
            "fit" => Ok(Self::Fit),
            "same" => Ok(Self::Same),
            _ => Err("media.mode is one of `convert`, `as-is`, `fit` and `same`"),
        }
    }
}

impl Default for MediaPolicy {
    fn default() -> Self {
        Self {
            mode: MediaMode::default(),
            long_side: None,
            jpeg_quality: 90,
            recode: false,
            max_pixels: 100_000_000,
        }
    }
}

/// Parameters of generation, the same for all providers that take them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Generation {
    /// Left to the model if unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// Left to the model if unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Left to the model if unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Left to the model if unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
    /// Whether answers shall come piece by piece, where a provider can do that: it shows the time to the first token.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stream: bool,
    /// Whether models shall say how sure they are of their tokens, where a provider can do that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub token_probabilities: bool,
    /// The most tokens an answer may cost, where the dataset does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
}

/// Cases that one provider cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The provider's label.
    pub provider: String,
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: Task,
    /// How many.
    pub cases: u64,
    /// Why.
    pub reason: String,
}
