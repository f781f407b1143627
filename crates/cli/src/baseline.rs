use std::path::PathBuf;

use clap::{Args, Subcommand};
use eval_record::Record;
use eval_summary::{Baseline, Options, Summary, list_baselines};

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::output::{
    BaselineEntry, BaselineMean, BaselineOutput, BaselineSetOutput, BaselinesOutput, ListFormat, json,
};
use crate::settings::Project;
use crate::sides::{Side, baselines, newest, of_run, save_baseline};
use crate::summaries;
use crate::table::{columns, print, table};

/// What `baseline` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval baseline set main
  vision-eval baseline set main runs/20261121T100000Z-eval
  vision-eval baseline show main
  vision-eval baseline list")]
pub struct BaselineArguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Save a run as a baseline
    Set {
        /// Name of the baseline
        name: String,
        /// Run directory [default: the newest run]
        run: Option<PathBuf>,
        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// Show the scores of a baseline
    Show {
        /// Name of the baseline
        name: String,
        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
    /// List all baselines
    List {
        /// Set the output format
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: ListFormat,
    },
}

/// Carries it out.
pub fn start(arguments: BaselineArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    let folder = baselines(&project);
    match arguments.verb {
        Verb::Set { name, run, format } => {
            let dir = run.map_or_else(|| newest(&project), Ok)?;
            let options = summaries::options(&project, &app.environment)?;
            let Side { scores: baseline, record, .. } = of_run(&dir, &name, &options)?;
            warn_of_gaps(record.as_ref(), &options)?;
            if baseline.scores.is_empty() {
                let message = format!("{} has no scores to save", dir.display());
                return Err(Failure::setup(message));
            }
            let path = save_baseline(&project, &baseline)?;
            let (path, scores, run) =
                (path.display().to_string(), baseline.scores.len(), dir.display().to_string());
            match format {
                ListFormat::Json => json(&BaselineSetOutput { path, scores, run })?,
                ListFormat::Text => print(&format!("{path}: {scores} scores of {run}"))?,
            }
        }
        Verb::Show { name, format } => {
            let baseline = Baseline::read(&folder, &name)?;
            match format {
                ListFormat::Json => json(&in_means(&baseline))?,
                ListFormat::Text => {
                    let text = shown(&in_means(&baseline), columns(&app.environment));
                    print(&eval_report::escape::lines(&text))?;
                }
            }
        }
        Verb::List { format: ListFormat::Json } => {
            let entry = |line: eval_summary::BaselineLine| BaselineEntry {
                name: line.name,
                started: line.started.clone().ok(),
                error: line.started.err(),
                scores: line.scores,
                providers: line.providers,
            };
            json(&BaselinesOutput { baselines: list_baselines(&folder)?.into_iter().map(entry).collect() })?;
        }
        Verb::List { format: ListFormat::Text } => {
            let rows = list_baselines(&folder)?.into_iter().map(|line| {
                let started = line.started.unwrap_or_else(|error| error);
                [line.name, started, line.scores.to_string(), line.providers.join(", ")]
            });
            print(&table(["baseline", "run of", "scores", "providers"], rows, columns(&app.environment)))?;
        }
    }
    Ok(Exit::Pass)
}

/// Whatever is compared with a run that lacks trials is compared with what is there.
fn warn_of_gaps(record: Option<&Record>, options: &Options) -> Result<(), Failure> {
    let Some(record) = record else { return Ok(()) };
    let summary = Summary::of(record, options)?;
    for row in summary.overall.rows.iter().filter(|row| !row.control && row.answers.failed > 0) {
        let failed = eval_report::figures::counted(row.answers.failed, "failed trial");
        let provider = eval_report::escape::terminal(&row.provider);
        eprintln!(
            "warning: {provider}: {failed}, each a score of 0 in the baseline; retry with `vision-eval resume --retry-errors`"
        );
    }
    let missing: u64 = summary.trust.incomplete.iter().map(|one| one.missing).sum();
    if missing > 0 {
        let missing = eval_report::figures::counted(missing, "planned trial");
        eprintln!(
            "warning: the run is not complete: {missing} missing; run the rest with `vision-eval resume`"
        );
    }
    Ok(())
}

/// The mean score of each provider on each dataset.
fn in_means(baseline: &Baseline) -> BaselineOutput {
    let mut means = std::collections::BTreeMap::<(&str, &str), (f64, usize, u32)>::new();
    for score in &baseline.scores {
        let entry = means.entry((&score.provider, &score.dataset)).or_default();
        entry.0 += score.scores.iter().sum::<f64>() / score.scores.len() as f64;
        entry.1 += 1;
        entry.2 += score.failed;
    }
    let mean =
        |((provider, dataset), (sum, cases, failed)): ((&str, &str), (f64, usize, u32))| BaselineMean {
            provider: provider.to_owned(),
            dataset: dataset.to_owned(),
            score: sum / cases as f64,
            cases,
            failed,
        };
    BaselineOutput {
        name: baseline.name.clone(),
        started: baseline.started.clone(),
        tool: baseline.tool.clone(),
        scorer: baseline.scorer.clone(),
        means: means.into_iter().map(mean).collect(),
    }
}

fn shown(baseline: &BaselineOutput, columns: usize) -> String {
    let rows = baseline.means.iter().map(|it| {
        let score = eval_report::figures::percent(it.score);
        [it.provider.clone(), it.dataset.clone(), score, it.cases.to_string(), it.failed.to_string()]
    });
    let head = format!(
        "{}, run of {}, tool {}, scorer {}\n\n",
        baseline.name, baseline.started, baseline.tool, baseline.scorer
    );
    head + &table(["provider", "dataset", "score", "cases", "failed"], rows, columns)
}
