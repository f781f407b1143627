use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use eval_datasets::Dataset;
use eval_decide::labels::{Annotation, NamedRecord, annotator_agreement, audit};
use eval_report::Finding;
use eval_summary::Labels;
use serde_json::Value;

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::findings::{FindingOutput, put_out, record};
use crate::settings::{Project, read_text, share};
use crate::summaries;
use crate::table::Format;

mod apply;
mod queue;

/// What `labels` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval labels audit
  vision-eval labels audit runs/a runs/b -o queue.csv
  vision-eval labels apply queue.csv datasets/receipts --author anna")]
pub struct LabelsArguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List labels that are probably wrong: good candidates agree with each other against them
    Audit(AuditArguments),
    /// Write decided corrections into a dataset as a new version, with their reasons
    Apply(apply::ApplyArguments),
}

/// What `labels audit` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval labels audit
  vision-eval labels audit runs/a runs/b --at-least 0.3 -o queue.csv -o audit.html")]
struct AuditArguments {
    /// Run directories over the same cases [default: the newest run]
    run: Vec<PathBuf>,

    /// List labels that are wrong with at least this probability
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "0.5")]
    at_least: f64,

    /// Compare annotators: lines of JSON with case, field, annotator and value
    #[arg(long, value_name = "FILE")]
    annotators: Option<PathBuf>,

    /// Write the queue for a person to decide (.csv .jsonl), or the report (.html .md .json .txt)
    #[arg(short, long = "output", value_name = "FILE")]
    output: Vec<PathBuf>,

    /// Set the output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Carries it out.
pub fn start(arguments: &LabelsArguments, app: &App) -> Result<Exit, Failure> {
    match &arguments.verb {
        Verb::Audit(arguments) => look(arguments, app),
        Verb::Apply(arguments) => apply::start(arguments),
    }
}

fn look(arguments: &AuditArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    let named = |run: Option<&Path>| -> Result<NamedRecord, Failure> {
        let record = record(run, &project)?;
        let name = record.dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok((name, record))
    };
    let runs: Vec<NamedRecord> = match arguments.run.as_slice() {
        [] => vec![named(None)?],
        runs => runs.iter().map(|run| named(Some(run))).collect::<Result<_, _>>()?,
    };
    let options = summaries::options(&project, &app.environment)?;
    let mut found = audit(&runs, &options, arguments.at_least)?;
    if let Some(path) = &arguments.annotators {
        found.annotators = annotator_agreement(&annotations(path)?);
    }
    let to = FindingOutput { output: arguments.output.clone(), format: arguments.format };
    put_out(Finding::Labels(&found), &to, app)
}

fn annotations(path: &Path) -> Result<Vec<Annotation>, Failure> {
    let text = read_text(path)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(at, line): (usize, &str)| {
        serde_json::from_str(line)
            .map_err(|error| Failure::setup(format!("{}:{}: {error}", path.display(), at + 1)))
    };
    lines.map(read).collect()
}

/// The present labels of some datasets, to score an old record by.
pub fn labels_of(folders: &[PathBuf]) -> Result<Labels, Failure> {
    let (mut labels, mut evidence) = (Vec::new(), Vec::new());
    for folder in folders {
        folder.to_str().into_iter().for_each(vision_files::storage::allow);
        let dataset = Dataset::open(folder)?;
        let name = &dataset.manifest.name;
        for line in read_text(&dataset.cases_path())?.lines() {
            let Ok(mut case) = serde_json::from_str::<Value>(line) else { continue };
            let Some(id) = case["id"].as_str().map(str::to_owned) else { continue };
            if case["expected"] != Value::Null {
                labels.push(((name.clone(), id.clone()), case["expected"].take()));
            }
            if case["evidence"] != Value::Null {
                evidence.push(((name.clone(), id), case["evidence"].take()));
            }
        }
    }
    Ok(Labels::new(labels).with_evidence(evidence))
}
