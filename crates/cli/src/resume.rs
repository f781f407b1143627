use std::path::PathBuf;

use clap::Args;
use eval::{EndedTrials, Rerun, equip, reopen, repriced};
use eval_record::{Record, Resumption};

use crate::app::App;
use crate::conclusion::Conclusion;
use crate::exit::{Exit, Failure};
use crate::host::{Traffic, transport};
use crate::registry::Providers;
use crate::running::{SendFlags, carry_out};
use crate::settings::Project;
use crate::sides::newest;

/// What `resume` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  vision-eval resume
  vision-eval resume runs/20261121T100000Z-eval --retry-errors")]
pub struct ResumeArguments {
    /// Run directory [default: the newest run]
    pub run: Option<PathBuf>,

    /// Retry all failed trials, not only transient failures
    #[arg(long)]
    pub retry_errors: bool,

    #[command(flatten)]
    pub how: SendFlags,

    #[command(flatten)]
    pub traffic: Traffic,

    #[command(flatten)]
    pub then: Conclusion,
}

/// Goes on where a run was interrupted.
pub async fn start(arguments: ResumeArguments, app: &App) -> Result<Exit, Failure> {
    let project = Project::read(&app.shared)?;
    arguments.then.check(&project, &app.environment)?;
    let dir = match arguments.run {
        Some(dir) => dir,
        None => newest(&project)?,
    };
    let record = Record::open(&dir).map_err(|error| Failure::setup(error.to_string()))?;
    // Before anything is counted: what another process does meanwhile would be done twice.
    let _lock = record.lock()?;
    let rerun = if arguments.retry_errors { Rerun::Failed } else { Rerun::Transient };
    let (done, spent, damage) = EndedTrials::of(&record, rerun)?;
    for damage in &damage {
        eprintln!("warning: {damage}; the trial is done again");
    }
    let transport = transport(&app.shared, &arguments.traffic)?;
    let providers = Providers::new(&app.environment, transport, arguments.traffic.replay.is_none())
        .of_a_record(&project.config.provider);
    let media_hashes = app.environment.cache_folder().map(|folder| folder.join("media"));
    let planned = reopen(&record, &project.config, &project.root, media_hashes.as_deref())?;
    let prepared = equip(planned, &providers)?;
    if !app.shared.quiet {
        eprintln!("{}: {} trials are done", dir.display(), done.len());
        let lost = record.lost()?;
        if lost.attempts > 0 {
            eprintln!(
                "{} requests were under way when the run was interrupted: up to {} count as spent",
                lost.attempts,
                eval_report::figures::money(lost.usd.0)
            );
        }
    }
    let repriced = repriced(&record.plan, &project.config, &project.prices()?);
    if !repriced.is_empty() {
        eprintln!(
            "warning: the price of {} has changed since the run began; it keeps the prices of its plan",
            repriced.join(", ")
        );
    }
    record.note_resumption(&Resumption { repriced })?;
    let exit = carry_out(prepared, &record, (done, spent), &arguments.how, app).await?;
    arguments.then.conclude(&record, exit, project, app)
}
