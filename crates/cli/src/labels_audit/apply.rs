//! Decided corrections become a new version of a dataset.

use std::path::PathBuf;

use clap::Args;
use eval_datasets::{Dataset, LabelCheck};
use eval_decide::labels::{Ruling, corrected, events, next_version, outstanding};
use serde_json::Value;
use vision_core::Task;

use super::queue::{Types, read};
use crate::exit::{Exit, Failure};
use crate::settings::read_text;

/// What `labels apply` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval labels apply queue.csv datasets/receipts --dry-run
  vision-eval labels apply queue.csv datasets/receipts --author anna")]
pub struct ApplyArguments {
    /// The queue, with a decision for each line: accept, keep, replace, absent, unlabel or also
    queue: PathBuf,

    /// The dataset's directory
    dataset: PathBuf,

    /// Who decided, where the queue does not say
    #[arg(long, value_name = "NAME", default_value = "")]
    author: String,

    /// The dataset's new version [default: the last number of its version plus 1]
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,

    /// Show what would change; write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Writes the corrections, the new version, and a line for each decision into labels.jsonl.
pub fn start(arguments: &ApplyArguments) -> Result<Exit, Failure> {
    let dataset = Dataset::open(&arguments.dataset)?;
    let name = &dataset.manifest.name;
    let decided = read(&arguments.queue, name, &types(&dataset))?;
    if decided.is_empty() {
        return Err(Failure::setup(format!(
            "{}: no line about `{name}` is decided: write accept, keep, replace, absent, unlabel or also into `decision`",
            arguments.queue.display()
        )));
    }
    let version = arguments.version.clone().unwrap_or_else(|| next_version(&dataset.manifest.version));
    let path = dataset.cases_path();
    let text = read_text(&path)?;
    let decided = outstanding(&text, decided);
    if decided.is_empty() {
        println!("{name} {}: it says all that was decided already", dataset.manifest.version);
        return Ok(Exit::Pass);
    }
    let (cases, changed) = corrected(&text, &decided)
        .map_err(|message| Failure::setup(format!("{}: {message}", path.display())))?;
    check(&dataset, &text, &cases)
        .map_err(|message| Failure::setup(format!("{}: {message}", arguments.queue.display())))?;
    if !arguments.dry_run {
        let at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        dataset
            .write_version(&version, &cases, &events(&decided, &version, &arguments.author, &at))
            .map_err(|problem| Failure::new(Exit::Output, problem.to_string()))?;
    }
    let done = if arguments.dry_run { "would become" } else { "is now" };
    let kept = decided.iter().filter(|it| it.ruling == Ruling::Keep).count();
    println!(
        "{name} {} {done} {version}: {changed} of {} decided labels changed, {kept} kept",
        dataset.manifest.version,
        decided.len()
    );
    Ok(Exit::Pass)
}

/// The types of the fields, where all tasks agree.
fn types(dataset: &Dataset) -> Types {
    let metrics = dataset.manifest.tasks.keys().filter_map(|task| dataset.metric(*task));
    let fields: Vec<_> = metrics.flat_map(|metric| metric.fields()).collect();
    let mut types: Types = fields.iter().map(|field| (field.name.clone(), field.kind)).collect();
    types.retain(|name, kind| fields.iter().all(|field| field.name != *name || field.kind == *kind));
    types
}

/// Refuses labels that `datasets check` would refuse, unless it would have refused them before.
fn check(dataset: &Dataset, before: &str, after: &str) -> Result<(), String> {
    let rules = LabelCheck::new(dataset);
    for (before, after) in before.lines().zip(after.lines()).filter(|(before, after)| before != after) {
        let fault = |line: &str| {
            let case: Value = serde_json::from_str(line).ok()?;
            let task: Option<Task> = case["task"].as_str().and_then(|task| task.parse().ok());
            let task = task.or(dataset.manifest.only_task()).filter(|_| case["schema"].is_null())?;
            let fault = rules.fault(task, &case["expected"])?;
            Some(format!("the case {} would not pass `datasets check`: {fault}", case["id"]))
        };
        if let (None, Some(fault)) = (fault(before), fault(after)) {
            return Err(fault);
        }
    }
    Ok(())
}
