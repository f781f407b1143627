//! What verbs print as JSON. The schemas in `docs/reference/output` are made from these types.

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::Serialize;

use crate::exit::Failure;
use crate::table::print;

/// How a list is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// Prints one object.
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    print(eval_report::json(value).trim_end())
}

/// The schema of each, by the name of its file.
pub fn schemas() -> Vec<(&'static str, serde_json::Value)> {
    fn of<T: JsonSchema>() -> schemars::Schema {
        schemars::schema_for!(T)
    }
    let mut schemas = vec![
        ("plan", of::<PlanOutput>()),
        ("datasets-list", of::<DatasetsOutput>()),
        ("datasets-check", of::<CheckOutput>()),
        ("providers-list", of::<ProvidersOutput>()),
        ("providers-check", of::<ProvidersCheckOutput>()),
        ("providers-models", of::<ModelsOutput>()),
        ("baseline-set", of::<BaselineSetOutput>()),
        ("baseline-show", of::<BaselineOutput>()),
        ("baseline-list", of::<BaselinesOutput>()),
        ("batch-list", of::<BatchesOutput>()),
        ("cache", of::<CacheOutput>()),
        ("merge", of::<MergeOutput>()),
        ("report", of::<eval_summary::Summary>()),
        ("compare", of::<eval_summary::RunComparison>()),
        ("history", of::<eval_summary::History>()),
        ("gate", of::<eval_summary::GateReport>()),
        ("gate-explain", of::<eval_summary::GateExplanation>()),
        ("automate", of::<eval_decide::Automation>()),
        ("cascade", of::<eval_decide::chain::ChainReport>()),
        ("judge", of::<eval_summary::Judging>()),
        ("labels-audit", of::<eval_decide::labels::LabelAudit>()),
    ];
    for (name, schema) in &mut schemas {
        schema.insert("$id".to_owned(), format!("{PUBLISHED}/{name}.schema.json").into());
    }
    schemas.into_iter().map(|(name, schema)| (name, schema.to_value())).collect()
}

/// Where the schemas can be read.
const PUBLISHED: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/docs/reference/output");

/// `batch list --format json`: the batches of a run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BatchesOutput {
    /// The run directory.
    pub run: String,
    /// Its batches, in the order in which they were made.
    pub batches: Vec<BatchLine>,
}

/// One batch.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BatchLine {
    /// Its number within the run.
    pub batch: u32,
    /// The provider's label.
    pub provider: String,
    /// `intended`, `unknown` (whether it was submitted), `open`, `collected` or `dropped`.
    pub stage: &'static str,
    /// The provider's id of it.
    pub id: Option<String>,
    /// The provider's word for its state, as last seen.
    pub state: Option<String>,
    /// Requests in it.
    pub requests: u64,
    /// Requests that are through, where the provider says so.
    pub done: Option<u64>,
    /// The most it can cost, while it is open.
    pub reserved_usd: Option<f64>,
}

/// `plan --format json`: requests and cost.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanOutput {
    /// The day of the price book.
    pub price_date: String,
    /// The budget, if there is one.
    pub budget_usd: Option<f64>,
    /// One line per provider, dataset and task.
    pub lines: Vec<PlanLine>,
    /// What to know before spending.
    pub warnings: Vec<String>,
}

/// One provider on one task of one dataset.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlanLine {
    /// The provider's label.
    pub provider: String,
    /// The dataset's name.
    pub dataset: String,
    /// The task.
    pub task: String,
    /// Cases, before repeats.
    pub cases: u64,
    /// Requests to send.
    pub requests: u64,
    /// Cases that the provider does not support, by reason.
    pub skipped: Vec<Skipped>,
    /// Bytes to upload.
    pub upload_bytes: u64,
    /// Input tokens; null if the provider's rule is unknown.
    pub input_tokens: Option<u64>,
    /// Expected output tokens.
    pub output_tokens: u64,
    /// The most output tokens there can be.
    pub output_cap: u64,
    /// US dollars; null if a price or a rule is unknown.
    pub usd: Option<UsdRange>,
    /// Whether the expected cost is only a rough one: the provider's token rule is unknown, so it counts the most tokens that
    /// media can have. The upper bound is `usd.high`.
    pub is_rough: bool,
    /// Where the expected length of answers comes from: earlier runs, the labels, or the cap, which they do not exceed.
    pub output_from: &'static str,
    /// Expected time; null if unknown.
    pub seconds: Option<f64>,
}

/// Cases that are skipped.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Skipped {
    /// How many.
    pub cases: u64,
    /// Why.
    pub reason: String,
}

/// An amount that is not known exactly.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UsdRange {
    /// If answers are short.
    pub low: f64,
    /// What to expect.
    pub expected: f64,
    /// The most it can be without retries.
    pub high: f64,
}

/// `datasets list --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DatasetsOutput {
    /// One line per dataset and task.
    pub datasets: Vec<DatasetLine>,
}

/// One task of one dataset.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DatasetLine {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its directory.
    pub folder: String,
    /// Its license.
    pub license: String,
    /// The task.
    pub task: String,
    /// Cases of the task.
    pub cases: usize,
    /// The headline metric.
    pub metric: String,
}

/// `datasets check --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckOutput {
    /// One entry per dataset.
    pub datasets: Vec<CheckedDataset>,
}

/// A checked dataset.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckedDataset {
    /// Its directory.
    pub folder: String,
    /// Its cases.
    pub cases: u64,
    /// Whether it can be used.
    pub passed: bool,
    /// What was found.
    pub findings: Vec<CheckFinding>,
}

/// A mistake, or something that may be one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckFinding {
    /// `error` or `warning`.
    pub severity: &'static str,
    /// File, line and what is wrong.
    pub message: String,
}

/// `providers list --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProvidersOutput {
    /// One entry per kind of provider.
    pub providers: Vec<ProviderLine>,
}

/// A kind of provider.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProviderLine {
    /// The name before the slash.
    pub kind: String,
    /// Variables that can hold its key, best first.
    pub key_variables: Vec<String>,
    /// Whether one of them is set.
    pub key_set: bool,
    /// Whether it needs a key.
    pub key_required: bool,
    /// A model to start with.
    pub example: String,
    /// What that model supports, in words.
    pub supports: String,
}

/// `providers check --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProvidersCheckOutput {
    /// One entry per configured provider.
    pub providers: Vec<CheckedProvider>,
}

/// A configured provider.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CheckedProvider {
    /// Its label.
    pub label: String,
    /// Whether it can be used.
    pub ready: bool,
    /// What was found.
    pub message: String,
}

/// `providers models --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ModelsOutput {
    /// The provider's models, by name.
    pub models: Vec<ModelLine>,
}

/// A model.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ModelLine {
    /// Its name.
    pub id: String,
    /// What it takes beside text; null if the provider does not say.
    pub modalities: Option<Vec<String>>,
    /// Its context in tokens; null if the provider does not say.
    pub context: Option<u64>,
    /// The day from which it no longer answers, if the provider says one.
    pub end_of_life: Option<String>,
}

/// `baseline set --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BaselineSetOutput {
    /// The file.
    pub path: String,
    /// Scores in it.
    pub scores: usize,
    /// The run it was made from.
    pub run: String,
}

/// `baseline show --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BaselineOutput {
    /// Its name.
    pub name: String,
    /// When its run was started.
    pub started: String,
    /// The version of the tool.
    pub tool: String,
    /// The version of the scoring.
    pub scorer: String,
    /// The mean score of each provider on each dataset.
    pub means: Vec<BaselineMean>,
}

/// A mean score.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BaselineMean {
    /// The provider.
    pub provider: String,
    /// The dataset.
    pub dataset: String,
    /// The mean, from 0 to 1.
    pub score: f64,
    /// Cases.
    pub cases: usize,
    /// Failed trials among them.
    pub failed: u32,
}

/// `baseline list --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BaselinesOutput {
    /// One entry per baseline.
    pub baselines: Vec<BaselineEntry>,
}

/// A baseline.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BaselineEntry {
    /// Its name.
    pub name: String,
    /// When its run was started; null if the file cannot be read.
    pub started: Option<String>,
    /// What is wrong with the file, if it cannot be read.
    pub error: Option<String>,
    /// Scores in it.
    pub scores: usize,
    /// Its providers.
    pub providers: Vec<String>,
}

/// `cache stats --format json` and `cache prune --format json`.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct CacheOutput {
    /// The file.
    pub path: String,
    /// Answers in it.
    pub answers: u64,
    /// Its size.
    pub bytes: u64,
    /// The age of the oldest answer; null if there is none.
    pub oldest_seconds: Option<u64>,
    /// Answers that were removed; null if none were to be.
    pub removed: Option<u64>,
}

/// `merge --format json`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MergeOutput {
    /// The merged run.
    pub run: String,
    /// Its trials.
    pub trials: usize,
    /// Its cases.
    pub cases: usize,
    /// Parts that were not given, such as `2/3`.
    pub missing_parts: Vec<String>,
    /// Planned trials that are missing.
    pub missing_trials: u64,
}
