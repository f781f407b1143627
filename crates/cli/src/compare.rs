use std::path::PathBuf;

use clap::Args;
use eval_decide::chain::{Promise, kept};
use eval_record::{PlannedProvider, Record};
use eval_summary::{Baseline, CaseView, Options, PromiseCheck, RunComparison, case_views, compare_runs};

use crate::app::App;
use crate::compared::{Compared, ComparedOutput};
use crate::exit::{Exit, Failure};
use crate::registry::cascade;
use crate::repeating;
use crate::settings::Project;
use crate::sides::{explain, side};
use crate::summaries;

/// What `compare` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval compare main runs/20261121T100000Z-eval
  vision-eval compare runs/a@openai/gpt-5.6-luna runs/b@openai/gpt-6-luna
  vision-eval compare main runs/today -o comparison.html -o comment.md

Exit codes: 0 compared, whatever it found; 5 if a dataset was changed during one of the runs. For a verdict use `gate`.")]
pub struct CompareArguments {
    /// Runs, baselines or RUN@PROVIDER; each is compared with the first
    #[arg(required = true, num_args = 2.., value_name = "SIDE")]
    sides: Vec<String>,

    #[command(flatten)]
    output: ComparedOutput,
}

/// Says what changed, and then what got better or worse.
pub fn start(arguments: &CompareArguments, app: &App) -> Result<Exit, Failure> {
    let mut project = Project::read(&app.shared)?;
    arguments.output.check()?;
    project.add_datasets(&arguments.output.dataset);
    let options = summaries::options(&project, &app.environment)?;
    let sides: Result<Vec<_>, _> =
        arguments.sides.iter().map(|text| side(text, &project, &options)).collect();
    let sides = sides?;
    let scores: Vec<Baseline> = sides.iter().map(|side| side.scores.clone()).collect();
    let mut comparison = RunComparison {
        command: Some(repeating::command()),
        promises: promises(&arguments.sides, &project, &options)?,
        ..compare_runs(&scores, &options)?
    };
    for (against, now) in comparison.against.iter_mut().zip(&sides[1..]) {
        explain(against, &sides[0], now, &project, &options)?;
    }
    Compared {
        printed: &comparison,
        name: &format!("compare-{}", arguments.sides[0]),
        sides: &sides,
        page: eval_report::compare_html,
        project: &project,
        options: &options,
        app,
    }
    .put_out(&arguments.output)?;
    // Answers to what was there before and after the change are not of one dataset.
    Ok(if sides.iter().any(|side| side.is_mixed) { Exit::Incomplete } else { Exit::Pass })
}

/// What was promised of the cascades of these runs, and what they gave. Baselines hold no settings.
fn promises(sides: &[String], project: &Project, options: &Options) -> Result<Vec<PromiseCheck>, Failure> {
    let mut checks = Vec::new();
    for text in sides {
        let name = text.split('@').next().unwrap_or(text);
        let places = [PathBuf::from(name), project.root.join(&project.config.runs).join(name)];
        let Some(dir) = places
            .iter()
            .find(|dir| vision_files::storage::is_address(dir) || dir.join("plan.json").is_file())
        else {
            continue;
        };
        let record = Record::open(dir).map_err(|error| Failure::setup(error.to_string()))?;
        let promises: Vec<Promise> = record.plan.providers.iter().filter_map(promise).collect();
        if promises.is_empty() {
            continue;
        }
        let cases: Vec<CaseView> = case_views(&record, options)?.collect::<Result<_, _>>()?;
        for promise in &promises {
            checks.extend(kept(name, &record.plan, &cases, promise)?);
        }
    }
    Ok(checks)
}

fn promise(planned: &PlannedProvider) -> Option<Promise> {
    if planned.kind != cascade::KIND {
        return None;
    }
    let settings: cascade::Settings = serde_json::from_value(planned.settings.clone()).ok()?;
    let promised = settings.promised.clone()?;
    Some(Promise {
        provider: planned.label.clone(),
        person: settings.person(),
        on: settings.on,
        accuracy: promised.accuracy,
        accuracy_interval: promised.accuracy_interval,
        usd_per_1000: promised.usd_per_1000,
        referred: promised.referred,
        referred_interval: promised.referred_interval,
    })
}
