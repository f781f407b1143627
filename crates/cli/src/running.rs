//! Carries a prepared run out: the flags of all verbs that send requests, progress, cache and exit code.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clap::Args;
use eval::{
    BatchSettings, EndedTrials, OuterLayer, Prepared, Referee, RunOutcome, RunSettings, Steering,
    changed_datasets, run,
};
use eval_record::{Execution, Plan, Record};
use eval_referee::ScoringReferee;
use eval_report::figures::counted;
use vision_cache::{Cache, Cached, Mode};
use vision_core::Usd;
use vision_layers::RetryPolicy;

use crate::app::App;
use crate::cache;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::interrupts;
use crate::open_files;
use crate::progress::{self, Progress};
use crate::settings::{Project, at_once, seconds};
use crate::steered;
use crate::storage;
use crate::telemetry::Watched;
use crate::workers::{self, Engaged};

/// Flags of everything that sends requests.
#[derive(Debug, Default, Args)]
pub struct SendFlags {
    /// Run at most N requests in parallel
    #[arg(short = 'j', long, value_name = "N", value_parser = at_once, help_heading = "Execution")]
    pub max_concurrency: Option<u32>,

    /// Time out each attempt after SECONDS
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Execution")]
    pub timeout: Option<f64>,

    /// Time out a streamed answer after SECONDS without a piece
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Execution")]
    pub stream_timeout: Option<f64>,

    /// Retry transient failures up to N times
    #[arg(long, value_name = "N", help_heading = "Execution")]
    pub max_retries: Option<u32>,

    /// Reuse answers of earlier runs: on, off, read-only, refresh
    #[arg(long, value_name = "MODE", default_value = "off", help_heading = "Execution")]
    pub cache: Mode,

    /// Have requests sent by workers, through the NATS server at URL (see `vision-eval worker`)
    #[arg(long, value_name = "URL", value_parser = workers::address, conflicts_with_all = ["record", "replay"], help_heading = "Execution")]
    pub workers: Option<String>,

    /// Count a worker as gone after SECONDS of silence [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, requires = "workers", help_heading = "Execution")]
    pub worker_timeout: Option<f64>,

    /// Copy a run that is recorded in object storage there every SECONDS
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "30", help_heading = "Execution")]
    pub checkpoint: f64,

    /// Wait for batches until all answers are collected
    #[arg(long, help_heading = "Execution")]
    pub wait: bool,

    /// With --wait: look at batches every SECONDS
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "60", help_heading = "Execution")]
    pub look_every: f64,

    /// Submit at most N requests in one batch [default: as many as the provider takes]
    #[arg(long, value_name = "N", value_parser = batch_size, help_heading = "Execution")]
    pub batch_size: Option<u32>,

    /// Skip the cost confirmation (asked on a terminal only)
    #[arg(short, long, help_heading = "Budget")]
    pub yes: bool,

    /// Hide progress
    #[arg(long, help_heading = "Output")]
    pub no_progress: bool,

    /// The command that goes on where a run was interrupted, if it is not `resume`.
    #[arg(skip)]
    pub again: Option<String>,
}

impl SendFlags {
    /// Lays what was typed over the configuration.
    pub fn lay_over(&self, project: &mut Project) {
        let config = &mut project.config;
        config.max_concurrency = self.max_concurrency.map_or(config.max_concurrency, |count| count as usize);
        config.timeout_seconds = self.timeout.unwrap_or(config.timeout_seconds);
        config.stream_timeout_seconds = self.stream_timeout.unwrap_or(config.stream_timeout_seconds);
        config.max_retries = self.max_retries.unwrap_or(config.max_retries);
    }

    /// The same over what a plan says.
    pub fn execution(&self, planned: Execution) -> Execution {
        Execution {
            max_concurrency: self.max_concurrency.map_or(planned.max_concurrency, |count| count as usize),
            timeout_seconds: self.timeout.unwrap_or(planned.timeout_seconds),
            stream_timeout_seconds: self.stream_timeout.unwrap_or(planned.stream_timeout_seconds),
            max_retries: self.max_retries.unwrap_or(planned.max_retries),
        }
    }

    fn batches(&self, resubmit: bool) -> BatchSettings {
        let every = Duration::try_from_secs_f64(self.look_every).unwrap_or(Duration::from_secs(60));
        BatchSettings {
            look_every: self.wait.then_some(every),
            most_requests: self.batch_size.map(|size| size as usize),
            resubmit,
        }
    }

    /// Between two copies of a run that is recorded in object storage.
    pub fn checkpoints(&self) -> Duration {
        Duration::try_from_secs_f64(self.checkpoint).unwrap_or(Duration::from_secs(30))
    }

    fn look(&self, app: &App) -> progress::Look {
        match () {
            () if app.shared.quiet => progress::Look::Quiet,
            () if self.no_progress => progress::Look::End,
            () if app.environment.is_interactive() => progress::Look::Bars,
            () => progress::Look::Lines,
        }
    }
}

/// Does what is left to do of a record, which the caller has locked.
pub async fn carry_out(
    prepared: Prepared,
    record: &Record,
    (done, spent, resubmit): (EndedTrials, Usd, bool),
    how: &SendFlags,
    (project, app): (&Project, &App),
) -> Result<Exit, Failure> {
    let since = SystemTime::now();
    let execution = how.execution(prepared.plan.execution);
    let (cache, around) = cached(&prepared.plan, how.cache, &app.environment)?;
    let progress = Arc::new(Progress::new(how.look(app)));
    let for_workers = Plan { execution, ..prepared.plan.clone() };
    let engaged = workers::engage(how, &for_workers, record, progress.clone(), app).await?;
    let watched = Watched::begin(progress.clone(), &prepared.plan, app);
    let (stop, running) = interrupts::run_begins(&storage::named(&record.dir));
    let steering = Steering::default();
    let steered = steered::obey(record, steering.clone(), execution.max_concurrency);
    let settings = RunSettings {
        max_concurrency: execution.max_concurrency,
        max_connections: match &engaged {
            // They open the connections.
            Some(_) => execution.max_concurrency,
            None => open_files::connections(execution.max_concurrency),
        },
        timeout: Duration::try_from_secs_f64(execution.timeout_seconds).unwrap_or(Duration::MAX),
        retry: RetryPolicy { attempts: execution.max_retries.saturating_add(1), ..RetryPolicy::default() },
        spent,
        batch: how.batches(resubmit),
        ended: done,
        observer: watched.observer(),
        stop,
        steering,
        referee: referee(&prepared, record)?,
        outer_layer: around,
        workers: engaged.as_ref().map(Engaged::workers),
    };
    let ticks = tokio::spawn(ticks(progress.clone()));
    let budget = prepared.plan.budget_usd;
    let outcome = run(prepared, record, settings).await;
    if let Some(engaged) = engaged {
        let is_complete = |outcome: &RunOutcome| outcome.unfinished.is_empty() && !outcome.interrupted;
        engaged.dismiss(outcome.as_ref().is_ok_and(is_complete)).await;
    }
    drop(running);
    drop(steered);
    ticks.abort();
    watched.finish().await;
    progress.finish();
    if let Some(complaint) = cache.as_ref().and_then(|cache| cache.complaint()) {
        eprintln!("warning: {complaint}");
    }
    let outcome = outcome?;
    let exit = told(&outcome, record, how.again.as_deref());
    if let Some(budget) = budget.filter(|budget| outcome.spent.0 > budget.0 * (1.0 + 1e-9)) {
        eprintln!("warning: {}", eval_report::budget_exceeded(budget.0, outcome.spent.0));
    }
    let is_unchanged = note_changes(record, since, (project, app))?;
    Ok(if is_unchanged || exit != Exit::Pass { exit } else { Exit::Incomplete })
}

/// Notes which datasets have changed since then; whether none has.
fn note_changes(
    record: &Record,
    since: SystemTime,
    (project, app): (&Project, &App),
) -> Result<bool, Failure> {
    let media_hashes = app.environment.cache_folder().map(|folder| folder.join("media"));
    let changed = changed_datasets(record, &project.root, media_hashes.as_deref(), since)?;
    record.note_changed_datasets(&changed)?;
    for one in &changed {
        eprintln!(
            "warning: {}",
            eval_report::escape::terminal(&eval_report::changed_during_run(&one.dataset, one.media))
        );
    }
    Ok(changed.is_empty())
}

/// As many as the largest host takes.
fn batch_size(text: &str) -> Result<u32, String> {
    let size = text.parse().ok().filter(|size| (1..=1_000_000).contains(size));
    size.ok_or("not a number between 1 and 1000000".to_owned())
}

/// Who ends the run when it is decided, if its plan says so.
fn referee(prepared: &Prepared, record: &Record) -> Result<Option<Arc<dyn Referee>>, Failure> {
    if prepared.plan.sequential.is_none() {
        return Ok(None);
    }
    prepared.write_cases(record)?;
    let documents = prepared.documents().map_err(|problem| Failure::setup(problem.to_string()))?;
    let referee = ScoringReferee::new(record, documents)?;
    Ok(Some(Arc::new(referee)))
}

/// Puts the cache around each provider, if it is wanted. What a provider is set to is part of every key.
fn cached(
    plan: &Plan,
    mode: Mode,
    environment: &Environment,
) -> Result<(Option<Arc<Cache>>, OuterLayer), Failure> {
    if mode == Mode::Off {
        return Ok((None, Arc::new(|_, provider| provider)));
    }
    let cache = Cache::open(cache::file(environment)?).map_err(|error| cache::unusable(&error))?;
    let scope = |it: &eval_record::PlannedProvider| {
        (it.label.clone(), serde_json::json!([it.kind, it.model, it.base_url, it.settings]).to_string())
    };
    let scopes: HashMap<String, String> = plan.providers.iter().map(scope).collect();
    let shared = cache.clone();
    let around: OuterLayer = Arc::new(move |label, provider| {
        let scope = scopes.get(label).cloned().unwrap_or_else(|| label.to_owned());
        Arc::new(Cached::new(provider, shared.clone(), mode, scope))
    });
    Ok((Some(cache), around))
}

/// A log hears of a run every few seconds, also while nothing ends.
async fn ticks(progress: Arc<Progress>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        progress.tick();
    }
}

/// Says what is left to do, and gives the exit code.
fn told(outcome: &RunOutcome, record: &Record, again: Option<&str>) -> Exit {
    for unfinished in &outcome.unfinished {
        let left = match (unfinished.missing, unfinished.failed) {
            (0, 0) => String::new(),
            (missing, 0) => format!("{} missing: ", trials(missing)),
            (0, failed) => format!("{} failed: ", trials(failed)),
            (missing, failed) => format!("{} missing and {failed} failed: ", trials(missing)),
        };
        let said = format!("{}: {left}{}", unfinished.provider, unfinished.reason);
        // A host's own words may be in it.
        eprintln!("{}", eval_report::escape::terminal(&said));
    }
    let left: u64 = outcome.unfinished.iter().map(|it| it.missing + it.failed).sum();
    match outcome.unfinished.is_empty() && !outcome.interrupted {
        true => {}
        false if left > 0 || outcome.interrupted => {
            let resume = || format!("vision-eval resume {}", storage::named(&record.dir).display());
            eprintln!("go on with: {}", again.map_or_else(resume, str::to_owned));
        }
        false => {
            let resume =
                || format!("vision-eval resume {} --retry-errors", storage::named(&record.dir).display());
            eprintln!("try again with: {}", again.map_or_else(resume, str::to_owned));
        }
    }
    match outcome {
        RunOutcome { interrupted: true, .. } => Exit::Interrupted,
        RunOutcome { unfinished, .. } if !unfinished.is_empty() => Exit::Incomplete,
        _ => Exit::Pass,
    }
}

fn trials(count: u64) -> String {
    counted(count, "trial")
}
