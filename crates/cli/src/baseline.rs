use std::path::PathBuf;

use clap::{Args, Subcommand};
use eval_summary::{Baseline, list_baselines};

use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::report;
use crate::resume::newest;
use crate::settings::{Project, Shared};
use crate::sides::{baselines, of_run};
use crate::table::{columns, print, table};

/// What `baseline` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval baseline set main
  vision-eval baseline set main runs/20261121T100000Z-eval
  vision-eval baseline show main
  vision-eval baseline list")]
pub struct Arguments {
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
    },
    /// Show the scores of a baseline
    Show {
        /// Name of the baseline
        name: String,
    },
    /// List all baselines
    List,
}

/// Carries it out.
pub fn start(arguments: Arguments, shared: &Shared, environment: &Environment) -> Result<Exit, Failure> {
    let project = Project::read(shared)?;
    let folder = baselines(&project);
    match arguments.verb {
        Verb::Set { name, run } => {
            let dir = run.map_or_else(|| newest(&project), Ok)?;
            let options = report::options(&project, environment)?;
            let baseline = of_run(&dir, &name, &options)?;
            if baseline.scores.is_empty() {
                let message = format!("{} has no scores that could be accepted", dir.display());
                return Err(Failure::setup(message));
            }
            let path = baseline.write(&folder)?;
            print(&format!("{}: {} scores of {}", path.display(), baseline.scores.len(), dir.display()))?;
        }
        Verb::Show { name } => {
            let baseline = Baseline::read(&folder, &name)?;
            print(&eval_report::escape::lines(&shown(&baseline, columns(environment))))?;
        }
        Verb::List => {
            let rows = list_baselines(&folder)?.into_iter().map(|line| {
                let started = line.started.unwrap_or_else(|error| error);
                [line.name, started, line.scores.to_string(), line.providers.join(", ")]
            });
            print(&table(["baseline", "run of", "scores", "providers"], rows, columns(environment)))?;
        }
    }
    Ok(Exit::Pass)
}

/// The mean score of each provider on each dataset.
fn shown(baseline: &Baseline, columns: usize) -> String {
    let mut means = std::collections::BTreeMap::<(&str, &str), (f64, usize, u32)>::new();
    for score in &baseline.scores {
        let entry = means.entry((&score.provider, &score.dataset)).or_default();
        entry.0 += score.scores.iter().sum::<f64>() / score.scores.len() as f64;
        entry.1 += 1;
        entry.2 += score.failed;
    }
    let rows = means.into_iter().map(|((provider, dataset), (sum, cases, failed))| {
        let mean = format!("{:.3}", sum / cases as f64);
        [provider.to_owned(), dataset.to_owned(), mean, cases.to_string(), failed.to_string()]
    });
    let head = format!(
        "{}, run of {}, tool {}, scorer {}\n\n",
        baseline.name, baseline.started, baseline.tool, baseline.scorer
    );
    head + &table(["provider", "dataset", "score", "cases", "failed"], rows, columns)
}
