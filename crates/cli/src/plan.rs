use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use clap::Args;
use eval::{Config, EarlierRuns, Experience, Planned, Setup, SetupError};
use eval_record::{Plan, Record};
use eval_report::Format;
use vision_media::Degradation;

use crate::app::App;
use crate::conclusion::Conclusion;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::host::{Patience, Traffic, batch_transport, transport_of_run};
use crate::init::data::command_to_import;
use crate::labels;
use crate::output::{ListFormat, json};
use crate::registry::Providers;
use crate::repeating;
use crate::settings::{Choice, Project};
use crate::summaries;
use crate::table::{columns, print};

mod quote;
mod warnings;

pub use quote::quote_table;
pub use warnings::{free_by_configuration, price_to_add, unheld, warnings};

/// What `plan` takes.
#[derive(Debug, Default, Args)]
#[command(after_help = "\
Examples:
  vision-eval plan
  vision-eval plan --provider openai/gpt-5.6-luna --dataset receipts --repeat 3")]
pub struct PlanArguments {
    #[command(flatten)]
    choice: Choice,

    /// Set the output format
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    format: ListFormat,
}

/// Checks everything that can be checked without spending, and quotes.
pub fn start(arguments: &PlanArguments, app: &App) -> Result<Exit, Failure> {
    let mut project = Project::read(&app.shared)?;
    Conclusion::default().check(&project, &app.environment)?;
    let traffic = Traffic::default();
    let (Planned { plan, unheld, .. }, _) =
        planned(&mut project, &arguments.choice, &traffic, Keys::Later, app)?;
    let mut warnings = warnings(&plan, &project.prices()?);
    warnings.extend(warnings::unheld(&unheld));
    warnings.extend(warnings::missing_keys(&plan, &app.environment));
    match arguments.format {
        ListFormat::Json => json(&quote::as_output(&plan, &warnings))?,
        ListFormat::Text => print(&quote_table(&plan, columns(&app.environment)))?,
    }
    for warning in warnings {
        eprintln!("{warning}");
    }
    Ok(Exit::Pass)
}

/// Whether requests will be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// They will: a missing key is a mistake.
    Now,
    /// Not in this command: a quote needs no key.
    Later,
}

/// Shows a plan, as text or as `plan.json` would hold it.
pub fn dry_run(plan: &Plan, format: Option<Format>, environment: &Environment) -> Result<Exit, Failure> {
    match format {
        None | Some(Format::Text) => print(&quote_table(plan, columns(environment)))?,
        Some(Format::Json) => {
            let text = serde_json::to_string_pretty(plan)
                .map_err(|error| Failure::unexpected(format!("the plan cannot be written: {error}")))?;
            print(&text)?;
        }
        Some(_) => {
            return Err(Failure::new(Exit::Usage, "--dry-run prints text or json: there are no results"));
        }
    }
    Ok(Exit::Pass)
}

/// Plans a run of this project, and says who builds its providers.
pub fn planned<'e>(
    project: &mut Project,
    choice: &Choice,
    traffic: &Traffic,
    keys: Keys,
    app: &'e App,
) -> Result<(Planned, Providers<'e>), Failure> {
    let (planned, providers) = planned_unlabeled(project, choice, traffic, keys, app)?;
    labels::check(&planned, &app.shared)?;
    Ok((planned, providers))
}

/// The same, whatever the labels are: nothing will be scored by them.
pub fn planned_unlabeled<'e>(
    project: &mut Project,
    choice: &Choice,
    traffic: &Traffic,
    keys: Keys,
    app: &'e App,
) -> Result<(Planned, Providers<'e>), Failure> {
    let selection = project.apply(choice)?;
    check_datasets(project)?;
    let Config { timeout_seconds, stream_timeout_seconds, .. } = project.config;
    let patience = Patience { timeout_seconds, stream_timeout_seconds };
    let transport = transport_of_run(&app.shared, traffic, patience)?;
    let providers = Providers::new(&app.environment, transport, traffic.replay.is_none())
        .within(project.config.timeout_seconds);
    let providers = match project.config.provider.iter().any(|provider| provider.batch == Some(true)) {
        true => providers.with_batches(batch_transport(&app.shared, traffic)?),
        false => providers,
    };
    let providers = if keys == Keys::Later { providers.for_a_quote() } else { providers };
    let (prices, earlier_runs) = (project.prices()?, earlier_runs(project)?);
    let setup = Setup {
        root: &project.root,
        selection,
        listed: choice.failed_from.as_deref().map(|run| failed(run, project)).transpose()?,
        degrade: Degradation::list(&choice.degrade)
            .map_err(|message| Failure::new(Exit::Usage, format!("--degrade {message}")))?,
        candidates: choice.candidates(&project.config),
        sequential: project.sequential(),
        started: now(),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        commit: commit(&project.root),
        command: repeating::command(),
        prices: &prices,
        earlier_runs: &earlier_runs,
        media_hashes: app.environment.cache_folder().map(|folder| folder.join("media")),
    };
    let planned = eval::plan(&project.config, &setup, &providers).map_err(|error| project.located(error))?;
    summaries::check_loss(project, &planned.plan)?;
    Ok((planned, providers))
}

/// Now, RFC 3339, UTC.
pub fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Who has no dataset yet is told how to come by one.
pub fn check_datasets(project: &Project) -> Result<(), Failure> {
    if project.config.dataset.is_empty() {
        let advice = match project.source.is_some() {
            true => format!(
                "no dataset in {}: name a folder under [[dataset]], or with --dataset",
                project.file_name()
            ),
            false => {
                "no dataset: name a folder with --dataset, or write an eval.toml with `vision-eval init`"
                    .to_owned()
            }
        };
        return Err(Failure::new(Exit::NothingSelected, advice));
    }
    for dataset in &project.config.dataset {
        let folder = vision_files::storage::within(&project.root, &dataset.path);
        // What an address holds is said when it is opened.
        if !vision_files::storage::is_address(&folder) && !folder.join("dataset.toml").exists() {
            let (path, at) = (dataset.path.clone(), folder.display());
            let advice = near_dataset(&folder).map_or_else(
                || {
                    let command = command_to_import(&project.root, &folder).unwrap_or_else(|| {
                        format!("vision-eval datasets import csv labels.csv {at}")
                    });
                    format!(
                        "make one there of your own files and labels with `{command}` (`vision-eval datasets import \
                         --help` says what else can be imported)"
                    )
                },
                |near| format!("did you mean `{}`?", near.display()),
            );
            let message = format!("`{path}` holds no dataset: {advice}");
            return Err(project.located(SetupError::Dataset { path, message }).into());
        }
    }
    Ok(())
}

/// The dataset beside this folder that is called most like it.
fn near_dataset(folder: &Path) -> Option<PathBuf> {
    let beside = std::fs::read_dir(folder.parent()?).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let known: Vec<_> = beside
        .filter(|path| path.join("dataset.toml").is_file())
        .filter_map(|path| path.file_name()?.to_str().map(str::to_owned))
        .collect();
    let name = eval_datasets::nearest(folder.file_name()?.to_str()?, known.iter().map(String::as_str))?;
    Some(folder.with_file_name(name))
}

/// The cases that somebody gave no answer to in an earlier run, by dataset.
fn failed(run: &Path, project: &Project) -> Result<HashMap<String, HashSet<String>>, Failure> {
    let named = project.root.join(&project.config.runs).join(run);
    let is_place = vision_files::storage::is_address(run) || run.join("plan.json").is_file();
    let dir = if is_place { run } else { &named };
    let record = Record::open(dir).map_err(|error| Failure::setup(error.to_string()))?;
    let mut cases: HashMap<String, HashSet<String>> = HashMap::new();
    for trial in record.trials(&mut Vec::new())? {
        let trial = trial?;
        if trial.failure().is_some() {
            cases.entry(trial.key.dataset).or_default().insert(trial.key.case);
        }
    }
    match cases.is_empty() {
        true => Err(Failure::new(Exit::NothingSelected, format!("no trial of {} failed", dir.display()))),
        false => Ok(cases),
    }
}

/// What earlier runs of the project tell about the length and time of answers.
fn earlier_runs(project: &Project) -> Result<EarlierRuns, Failure> {
    let runs = project.root.join(&project.config.runs);
    let told = eval_summary::experience(&runs)?.into_iter().map(|it| Experience {
        dataset: it.dataset,
        task: it.task,
        kind: it.kind,
        model: it.model,
        label: it.provider,
        input_tokens: it.input_tokens,
        output_tokens: it.output_tokens,
        seconds: it.seconds,
    });
    Ok(EarlierRuns(told.collect()))
}

/// The commit that is checked out around the project, if git knows one.
pub fn commit(root: &Path) -> Option<String> {
    let folder = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let output = std::process::Command::new("git")
        .current_dir(folder)
        .args(["rev-parse", "--short=12", "HEAD"])
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
