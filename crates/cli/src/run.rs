use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use eval::{Around, Done, Outcome, Prepared, RunSettings, run};
use eval_record::{Execution, Plan, Record};
use eval_report::Look;
use eval_summary::{Baseline, Summary, score};
use vision_cache::{Cache, Cached, Mode};
use vision_core::Usd;
use vision_layers::RetryPolicy;

use crate::app::App;
use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::gate::{self, Rules};
use crate::host::Traffic;
use crate::interrupts;
use crate::open_files;
use crate::plan;
use crate::progress::{self, Progress};
use crate::report::{self, Needs, Output, Reporter};
use crate::resume;
use crate::settings::{Choice, Project, at_once, seconds};
use crate::sides::{baselines, side};
use crate::table::columns;

/// What `run` takes.
#[derive(Debug, Default, Args)]
#[command(after_help = "\
Examples:
  vision-eval run
  vision-eval run --provider openai/gpt-5.6-luna,local/accurate --dataset receipts --budget-usd 2
  vision-eval run -n 5 --dry-run")]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,

    #[command(flatten)]
    how: How,

    #[command(flatten)]
    traffic: Traffic,

    /// Show the plan and quote; send nothing
    #[arg(long)]
    dry_run: bool,

    /// Resume the newest run, or that of --run-dir
    #[arg(long, conflicts_with = "Choice", conflicts_with = "dry_run")]
    resume: bool,

    /// With --resume: retry all failed trials
    #[arg(long, requires = "resume")]
    retry_errors: bool,

    /// Record the run in DIR [default: runs/TIME-NAME]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    run_dir: Option<PathBuf>,

    #[command(flatten)]
    then: Then,
}

/// What happens with a run when it has ended.
#[derive(Debug, Default, Args)]
pub struct Then {
    #[command(flatten)]
    output: Output,

    /// Print the full report instead of the summary
    #[arg(long, help_heading = "Output")]
    full: bool,

    #[command(flatten)]
    needs: Needs,

    #[command(flatten)]
    rules: Rules,

    /// Save the run as a baseline
    #[arg(long, value_name = "NAME", help_heading = "Gate")]
    save_baseline: Option<String>,
}

/// Flags of everything that sends requests.
#[derive(Debug, Default, Args)]
pub struct How {
    /// Run at most N requests in parallel
    #[arg(short = 'j', long, value_name = "N", value_parser = at_once, help_heading = "Execution")]
    pub max_concurrency: Option<u32>,

    /// Time out each attempt after SECONDS
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Execution")]
    pub timeout: Option<f64>,

    /// Retry transient failures up to N times
    #[arg(long, value_name = "N", help_heading = "Execution")]
    pub max_retries: Option<u32>,

    /// Reuse answers of earlier runs: on, off, read-only, refresh
    #[arg(long, value_name = "MODE", default_value = "off", help_heading = "Execution")]
    pub cache: Mode,

    /// Skip the cost confirmation
    #[arg(short, long, help_heading = "Budget")]
    pub yes: bool,

    /// Hide progress
    #[arg(long, help_heading = "Output")]
    pub no_progress: bool,
}

/// Plans, quotes, runs, and says what came of it.
pub async fn start(arguments: Arguments, app: &App) -> Result<Exit, Failure> {
    if arguments.resume {
        let Arguments { run_dir: run, retry_errors, how, traffic, then, .. } = arguments;
        let arguments = resume::Arguments { run, retry_errors, how, traffic, then };
        return resume::start(arguments, app).await;
    }
    let mut project = Project::read(&app.shared)?;
    arguments.then.check(&project, &app.environment)?;
    arguments.how.lay_over(&mut project);
    let keys = if arguments.dry_run { plan::Keys::Later } else { plan::Keys::Now };
    let (prepared, _transport) =
        plan::prepared(&mut project, &arguments.choice, &arguments.traffic, keys, app)?;
    if arguments.dry_run {
        return plan::dry_run(&prepared.plan, arguments.then.output.format, &app.environment);
    }
    let warnings = plan::warnings(&prepared.plan, &project.prices()?, &app.environment);
    agree(&prepared.plan, &warnings, &arguments.how, arguments.traffic.replay.is_some(), app)?;
    let dir = arguments.run_dir.unwrap_or_else(|| default_dir(&project, &prepared.plan));
    let (record, _lock) = Record::create_locked(&dir, prepared.plan.clone())?;
    let left = (Done::default(), Usd::ZERO);
    let exit = carry_out(prepared, &record, left, &arguments.how, app).await?;
    if exit != Exit::Pass && is_empty(&record) {
        // A report on nothing would only hide why there is nothing.
        return Ok(exit);
    }
    arguments.then.conclude(&record, exit, project, app)
}

fn is_empty(record: &Record) -> bool {
    std::fs::metadata(record.path("trials.jsonl")).map_or(true, |file| file.len() == 0)
}

impl How {
    /// Lays what was typed over the configuration.
    pub fn lay_over(&self, project: &mut Project) {
        let config = &mut project.config;
        config.max_concurrency = self.max_concurrency.map_or(config.max_concurrency, |count| count as usize);
        config.timeout_seconds = self.timeout.unwrap_or(config.timeout_seconds);
        config.max_retries = self.max_retries.unwrap_or(config.max_retries);
    }

    fn execution(&self, planned: Execution) -> Execution {
        Execution {
            max_concurrency: self.max_concurrency.map_or(planned.max_concurrency, |count| count as usize),
            timeout_seconds: self.timeout.unwrap_or(planned.timeout_seconds),
            max_retries: self.max_retries.unwrap_or(planned.max_retries),
        }
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

impl Then {
    /// Finds before anything is spent what would only be found when all is paid for.
    pub fn check(&self, project: &Project, environment: &Environment) -> Result<(), Failure> {
        let options = report::options(project, environment)?;
        self.rules.resolve(project)?;
        if let Some(name) = &self.rules.baseline {
            side(name, project, &options)?;
        }
        self.needs.check()?;
        self.output.check()
    }

    /// Scores, reports, and gates. A gap in the run is never hidden by a good score.
    pub fn conclude(
        &self,
        record: &Record,
        exit: Exit,
        mut project: Project,
        app: &App,
    ) -> Result<Exit, Failure> {
        self.needs.lay_over(&mut project.config.decide);
        let mut options = report::options(&project, &app.environment)?;
        let (baseline, rules) = self.rules.resolve(&project)?;
        // Without being asked, a baseline that is not there yet is no mistake.
        let baseline = baseline.filter(|name| {
            self.rules.baseline.is_some() || baselines(&project).join(format!("{name}.json")).is_file()
        });
        options.baseline = baseline.as_deref().map(|name| side(name, &project, &options)).transpose()?;
        let scored = score(record, &options)?;
        let summary = Summary::of_scored(&scored, &options)?;
        record.write_json("summary.json", &summary)?;
        let reporter = Reporter { record, summary: &summary, options: &options, project: &project };
        reporter.write_page()?;
        reporter.put_out(&self.output, self.full, app)?;
        gate::append_to_step_summary(&eval_report::markdown(&summary), &app.environment)?;
        if let Some(name) = &self.save_baseline {
            let path = Baseline::of(&scored, name)?.write(&baselines(&project))?;
            eprintln!("baseline {}", path.display());
        }
        if !app.shared.quiet {
            eprintln!("\nreport   {}", record.path("report.html").display());
            eprintln!("record   {}", record.dir.display());
        }
        // Where trials are missing, no gate can say anything.
        if !self.rules.are_asked_for() || (exit != Exit::Pass && !summary.trust.incomplete.is_empty()) {
            return Ok(exit);
        }
        let now = Baseline::of(&scored, &record.dir.display().to_string())?;
        let verdict = eval_summary::gate(&summary, &now, options.baseline.as_ref(), &rules, &options)?;
        let look = Look { columns: columns(&app.environment), color: false };
        eprintln!("\n{}", eval_report::gate_terminal(&verdict, look).trim_end());
        gate::announce(&verdict, &app.environment)?;
        Ok(match (exit, gate::exit(verdict.verdict)) {
            (Exit::Pass, gate) | (_, gate @ Exit::GateFailed) => gate,
            (gap, _) => gap,
        })
    }
}

/// Nothing is spent without a budget, nor without a yes from whoever sits there.
fn agree(plan: &Plan, warnings: &[String], how: &How, replayed: bool, app: &App) -> Result<(), Failure> {
    let paid: Vec<_> =
        plan.providers.iter().filter(|it| !it.price.as_ref().is_some_and(|price| price.is_free())).collect();
    if paid.is_empty() || replayed {
        return Ok(());
    }
    if !app.shared.quiet {
        eprintln!("{}\n", plan::quote_table(plan, columns(&app.environment)));
        for warning in warnings {
            eprintln!("{warning}");
        }
    }
    let Some(budget) = plan.budget_usd else {
        let labels: Vec<_> = paid.iter().map(|it| it.label.as_str()).collect();
        let message = format!(
            "{} {} money: say with --budget-usd (or budget_usd in eval.toml) how much the run may spend at most",
            labels.join(", "),
            if labels.len() == 1 { "costs" } else { "cost" }
        );
        return Err(Failure::setup(message));
    };
    let unpriced: Vec<_> = paid.iter().filter(|it| it.price.is_none()).collect();
    if let Some(first) = unpriced.first() {
        let labels: Vec<_> = unpriced.iter().map(|it| it.label.as_str()).collect();
        let message = format!(
            "the price of {} is not known, so no budget can be kept: {}",
            labels.join(", "),
            plan::price_to_add(first, &plan.started)
        );
        return Err(Failure::setup(message));
    }
    if how.yes || !app.environment.is_interactive() {
        return Ok(());
    }
    eprint!("Spend up to ${:.2}? [y/N] ", budget.0);
    std::io::stderr().flush().ok();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).ok();
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::new(Exit::Usage, "nothing was sent")),
    }
}

fn default_dir(project: &Project, plan: &Plan) -> PathBuf {
    let time: String = plan.started.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = eval_report::escape::file_name(&plan.name);
    let base = project.root.join(&project.config.runs).join(format!("{time}-{name}"));
    // Two runs in one second are two runs.
    let taken = |path: &Path| path.join("plan.json").exists();
    let numbered = (2..).map(|number| PathBuf::from(format!("{}-{number}", base.display())));
    std::iter::once(base.clone()).chain(numbered).find(|path| !taken(path)).unwrap_or(base)
}

/// Does what is left to do of a record, which the caller has locked.
pub async fn carry_out(
    prepared: Prepared,
    record: &Record,
    (done, spent): (Done, Usd),
    how: &How,
    app: &App,
) -> Result<Exit, Failure> {
    let execution = how.execution(prepared.plan.execution);
    let (cache, around) = cached(&prepared.plan, how.cache, &app.environment)?;
    let progress = Arc::new(Progress::new(how.look(app)));
    let (stop, running) = interrupts::run_begins(&record.dir);
    let settings = RunSettings {
        max_concurrency: execution.max_concurrency,
        max_connections: open_files::connections(execution.max_concurrency),
        timeout: Duration::try_from_secs_f64(execution.timeout_seconds).unwrap_or(Duration::MAX),
        retry: RetryPolicy { attempts: execution.max_retries.saturating_add(1), ..RetryPolicy::default() },
        spent,
        done,
        observer: progress.clone(),
        stop,
        around,
    };
    let ticks = tokio::spawn(ticks(progress.clone()));
    let outcome = run(prepared, record, settings).await;
    drop(running);
    ticks.abort();
    progress.finish();
    if let Some(complaint) = cache.as_ref().and_then(|cache| cache.complaint()) {
        eprintln!("warning: {complaint}");
    }
    Ok(told(&outcome?, record))
}

/// Puts the cache around each provider, if it is wanted. What a provider is set to is part of every key.
fn cached(
    plan: &Plan,
    mode: Mode,
    environment: &Environment,
) -> Result<(Option<Arc<Cache>>, Around), Failure> {
    if mode == Mode::Off {
        return Ok((None, Arc::new(|_, provider| provider)));
    }
    let cache =
        Cache::open(crate::cache::file(environment)?).map_err(|error| Failure::setup(error.chain()))?;
    let scope = |it: &eval_record::PlannedProvider| {
        (it.label.clone(), serde_json::json!([it.kind, it.model, it.base_url, it.settings]).to_string())
    };
    let scopes: HashMap<String, String> = plan.providers.iter().map(scope).collect();
    let shared = cache.clone();
    let around: Around = Arc::new(move |label, provider| {
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
fn told(outcome: &Outcome, record: &Record) -> Exit {
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
            eprintln!("go on with: vision-eval resume {}", record.dir.display());
        }
        false => eprintln!("try again with: vision-eval resume {} --retry-errors", record.dir.display()),
    }
    match outcome {
        Outcome { interrupted: true, .. } => Exit::Interrupted,
        Outcome { unfinished, .. } if !unfinished.is_empty() => Exit::Incomplete,
        _ => Exit::Pass,
    }
}

fn trials(count: u64) -> String {
    if count == 1 { "1 trial".to_owned() } else { format!("{count} trials") }
}
