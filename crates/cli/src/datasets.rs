use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use eval_datasets::{Dataset, Finding, Selection, Severity, check};
use eval_report::figures::counted;

use crate::app::App;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::output::{
    CheckFinding, CheckOutput, CheckedDataset, DatasetLine, DatasetsOutput, ListFormat, json,
};
use crate::settings::{Project, Shared};
use crate::table::{columns, print, table};

pub mod import;

/// What `datasets` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval datasets list
  vision-eval datasets check datasets/receipts
  vision-eval datasets import csv labels.csv datasets/mine
  vision-eval datasets generate receipts --seed 7 --count 40 --out twins/receipts")]
pub struct DatasetsArguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
#[expect(clippy::large_enum_variant, reason = "there is one of it, made once")]
enum Verb {
    /// List datasets with their tasks and cases
    List {
        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Check datasets: hashes, labels, duplicates, paths
    Check {
        /// Dataset directories [default: those of eval.toml]
        folder: Vec<PathBuf>,
        /// Update SHA256SUMS first
        #[arg(long)]
        write_sums: bool,
        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Generate a labeled dataset from a seed (only in builds with the feature `generate`)
    Generate(generate::GenerateArguments),
    /// Import files and labels as a dataset
    Import(import::ImportArguments),
}

/// Carries it out.
pub fn start(arguments: DatasetsArguments, app: &App) -> Result<Exit, Failure> {
    match arguments.verb {
        Verb::List { format } => list(&folders(&app.shared)?, format, &app.environment),
        Verb::Check { folder, write_sums, format } => {
            let folders = if folder.is_empty() { folders(&app.shared)? } else { folder };
            folders.iter().filter_map(|folder| folder.to_str()).for_each(vision_files::storage::allow);
            if write_sums {
                folders.iter().try_for_each(|folder| eval_datasets::write_sums(folder).map(|_| ()))?;
            }
            check_all(&folders, format)
        }
        Verb::Generate(arguments) => generate::start(arguments),
        Verb::Import(arguments) => import::start(arguments, &app.environment),
    }
}

/// The folders of the configuration; without one, what lies in `datasets`.
fn folders(shared: &Shared) -> Result<Vec<PathBuf>, Failure> {
    let project = Project::read(shared)?;
    if project.config.dataset.is_empty() {
        return Ok(Dataset::find(&project.root.join("datasets"))?);
    }
    Ok(project.dataset_folders())
}

fn list(folders: &[PathBuf], format: ListFormat, environment: &Environment) -> Result<Exit, Failure> {
    let mut lines = Vec::new();
    for folder in folders {
        let dataset = Dataset::open(folder)?;
        let index = dataset.index(&Selection::default())?;
        for (task, spec) in &dataset.manifest.tasks {
            let cases = index.entries.iter().filter(|entry| entry.task == *task).count();
            let manifest = &dataset.manifest;
            lines.push(DatasetLine {
                name: manifest.name.clone(),
                version: manifest.version.clone(),
                folder: folder.display().to_string(),
                license: manifest.licence.clone(),
                task: task.to_string(),
                cases,
                metric: spec.metric.clone(),
            });
        }
    }
    if format == ListFormat::Json {
        json(&DatasetsOutput { datasets: lines })?;
        return Ok(Exit::Pass);
    }
    let rows = lines
        .into_iter()
        .map(|it| [it.name, it.version, it.task, it.cases.to_string(), it.metric, it.license]);
    print(&table(["dataset", "version", "task", "cases", "metric", "license"], rows, columns(environment)))?;
    Ok(Exit::Pass)
}

fn check_all(folders: &[PathBuf], format: ListFormat) -> Result<Exit, Failure> {
    let metrics: Vec<&str> = eval_metrics::task::TASK_METRICS
        .iter()
        .chain(eval_metrics::NAMED.iter().map(|it| &it.name))
        .copied()
        .collect();
    let mut datasets = Vec::new();
    for folder in folders {
        let checked = check_one(folder, &metrics);
        if format == ListFormat::Text {
            checked.findings.iter().try_for_each(|it| print(&it.message))?;
            let state = if checked.passed { "ok" } else { "FAILED" };
            let warnings = checked.findings.iter().filter(|it| it.severity == "warning").count();
            let warnings = match warnings {
                0 => String::new(),
                count => format!(", {}", counted(count as u64, "warning")),
            };
            let cases = counted(checked.cases, "case");
            print(&format!("{state:<7} {}: {cases}{warnings}", checked.folder))?;
        }
        datasets.push(checked);
    }
    let well = datasets.iter().all(|it| it.passed);
    if format == ListFormat::Json {
        json(&CheckOutput { datasets })?;
    }
    Ok(if well { Exit::Pass } else { Exit::Setup })
}

fn check_one(folder: &Path, metrics: &[&str]) -> CheckedDataset {
    let report = check(folder, metrics);
    let finding = |it: &Finding| CheckFinding {
        severity: match it.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: it.to_string(),
    };
    CheckedDataset {
        folder: folder.display().to_string(),
        cases: report.cases as u64,
        passed: report.passed(),
        findings: report.findings.iter().map(finding).collect(),
    }
}

/// Drawing needs a renderer, which takes minutes to build, so it is built in only where it is asked for.
mod generate {
    use std::path::PathBuf;

    use clap::Args;

    use crate::exit::{Exit, Failure};

    /// What `datasets generate` takes.
    #[derive(Debug, Args)]
    pub struct GenerateArguments {
        /// Kind of dataset: charts, receipts, classify, compare, documents, audio
        kind: String,
        /// Set the seed
        #[arg(long, default_value = "1")]
        seed: u64,
        /// Set the number of documents
        #[arg(long)]
        count: Option<usize>,
        /// Set the difficulty: easy, normal, hard
        #[arg(long, default_value = "normal")]
        difficulty: String,
        /// Set the output directory
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    }

    #[cfg(feature = "generate")]
    pub fn start(arguments: GenerateArguments) -> Result<Exit, Failure> {
        use eval_generate::{BUNDLED, Difficulty, Kind, Recipe, generate};
        let wrong = |error: eval_generate::Error| Failure::setup(error.to_string());
        let kind: Kind = arguments.kind.parse().map_err(wrong)?;
        let difficulty: Difficulty = arguments.difficulty.parse().map_err(wrong)?;
        let usual = BUNDLED.iter().find(|recipe| recipe.kind == kind).map_or(24, |recipe| recipe.count);
        let recipe =
            Recipe { kind, seed: arguments.seed, count: arguments.count.unwrap_or(usual), difficulty };
        let cases = generate(&recipe, &arguments.out).map_err(wrong)?;
        let cases = super::counted(cases as u64, "case");
        crate::table::print(&format!("{}: {cases}", arguments.out.display()))?;
        Ok(Exit::Pass)
    }

    #[cfg(not(feature = "generate"))]
    pub fn start(arguments: GenerateArguments) -> Result<Exit, Failure> {
        let GenerateArguments { kind, seed, count, difficulty, out } = arguments;
        let count = count.map(|count| format!(" --count {count}")).unwrap_or_default();
        Err(Failure::setup(format!(
            "this build cannot draw; in the repository: cargo xtask datasets generate {kind} --seed {seed}{count} \
             --difficulty {difficulty} --out {}",
            out.display()
        )))
    }
}
