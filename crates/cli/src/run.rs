use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use eval::{EndedTrials, Prefer, Prepared, equip};
use eval_record::{About, Plan, Record};
use vision_core::Usd;

use crate::agreed;
use crate::app::App;
use crate::budget::{check_budget, paid};
use crate::conclusion::Conclusion;
use crate::exit::{Exit, Failure};
use crate::host::Traffic;
use crate::judge::{after_run, check_judges};
use crate::looking;
use crate::open_files;
use crate::plan;
use crate::resume;
use crate::running::{SendFlags, carry_out};
use crate::settings::{Choice, Project};
use crate::storage;
use crate::table::columns;

/// What `run` takes.
#[derive(Debug, Default, Args)]
#[command(after_help = "\
Examples:
  vision-eval run
  vision-eval run --provider openai/gpt-5.6-luna,local/accurate --dataset receipts --budget-usd 2
  vision-eval run -n 5 --dry-run")]
pub struct RunArguments {
    #[command(flatten)]
    choice: Choice,

    #[command(flatten)]
    how: SendFlags,

    #[command(flatten)]
    traffic: Traffic,

    /// Show the plan and quote; send nothing
    #[arg(long)]
    dry_run: bool,

    /// Stop once the verdict is settled; drop candidates that are out
    #[arg(
        long,
        value_name = "ABOUT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "documents-like-these",
        value_parser = PossibleValuesParser::new(["documents-like-these", "these-documents"]).map(about),
        help_heading = "Execution"
    )]
    until_decided: Option<About>,

    /// Submit in batches where possible: half the price, within a day
    #[arg(long, conflicts_with_all = ["until_decided", "replay", "workers"], help_heading = "Execution")]
    batch: bool,

    /// Resume the newest run, or that of --run-dir
    #[arg(long, conflicts_with = "Choice", conflicts_with = "dry_run")]
    resume: bool,

    /// With --resume: retry all failed trials
    #[arg(long, requires = "resume")]
    retry_errors: bool,

    /// Record the run in DIR, or in object storage: s3://… [default: runs/TIME-NAME]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    run_dir: Option<PathBuf>,

    #[command(flatten)]
    then: Conclusion,
}

/// Plans, quotes, runs, and says what came of it.
pub async fn start(arguments: RunArguments, app: &App) -> Result<Exit, Failure> {
    if arguments.resume {
        return resume::start(arguments.of_resume(), app).await;
    }
    open_files::check()?;
    let mut project = Project::read(&app.shared)?;
    arguments.then.check(&project, &app.environment)?;
    arguments.lay_over(&mut project);
    arguments.check_deciding(&project)?;
    let by_workers = arguments.how.workers.is_some();
    let keys = if arguments.dry_run || by_workers { plan::Keys::Later } else { plan::Keys::Now };
    let (planned, providers) = plan::planned(&mut project, &arguments.choice, &arguments.traffic, keys, app)?;
    arguments.then.check_plan(&planned.plan, &project)?;
    if let Some(hint) = looking::hint(&planned)?.filter(|_| !app.shared.quiet) {
        eprintln!("{hint}");
    }
    if arguments.dry_run {
        return plan::dry_run(&planned.plan, arguments.then.output.format, &app.environment);
    }
    if asks_open_questions(&planned.plan) {
        check_judges(&project, &providers)?;
        arguments.check_open_questions()?;
    }
    let mut warnings = plan::warnings(&planned.plan, &project.prices()?);
    warnings.extend(plan::unheld(&planned.unheld));
    agree(&planned.plan, &warnings, &arguments.how, arguments.traffic.replay.is_some(), app)?;
    let prepared = equip(planned, &providers)?;
    recorded(prepared, arguments, project, app).await
}

/// Carries the run out, and reports on what it has recorded.
async fn recorded(
    prepared: Prepared,
    arguments: RunArguments,
    project: Project,
    app: &App,
) -> Result<Exit, Failure> {
    let RunArguments { how, traffic, run_dir, then, .. } = arguments;
    let dir = run_dir.map_or_else(|| default_dir(&project, &prepared.plan), Ok)?;
    let mut place = storage::begin(dir, app)?;
    let (record, _lock) = Record::create_locked(&place.dir, prepared.plan.clone())?;
    agreed::note(&record, &app.environment);
    place.start(how.checkpoints())?;
    let left = (EndedTrials::default(), Usd::ZERO, false);
    let ahead = then.begin(&record, &project, app);
    let mut exit = carry_out(prepared, &record, left, &how, (&project, app)).await?;
    if exit == Exit::Pass && asks_open_questions(&record.plan) {
        exit = after_run(&record, &project, (&how, &traffic), app).await?;
    }
    drop(ahead);
    if exit != Exit::Pass && is_empty(&record) {
        // A report on nothing would only hide why there is nothing.
        place.finish()?;
        return Ok(exit);
    }
    let concluded = then.conclude(&record, exit, project, app);
    place.finish()?;
    concluded
}

impl RunArguments {
    /// The same words for the other verb.
    fn of_resume(self) -> resume::ResumeArguments {
        let Self { run_dir: run, retry_errors, how, traffic, then, .. } = self;
        resume::ResumeArguments { run, retry_errors, budget_usd: None, resubmit: false, how, traffic, then }
    }

    /// Lays what was typed over the configuration.
    fn lay_over(&self, project: &mut Project) {
        self.how.lay_over(project);
        project.until_decided = self.until_decided;
        project.in_batches = self.batch;
        self.then.lay_over(project);
    }

    /// Whether a run that ends when it is decided can decide so.
    fn check_deciding(&self, project: &Project) -> Result<(), Failure> {
        if self.until_decided.is_none() {
            return Ok(());
        }
        if project.config.decide.prefer == Some(Prefer::TotalCost) {
            return Err(Failure::setup(
                "--until-decided decides by score and by cost or time, not by total cost",
            ));
        }
        match self.choice.degrade.is_empty() {
            true => Ok(()),
            false => {
                Err(Failure::setup("--until-decided decides by pictures as they are: leave out --degrade"))
            }
        }
    }

    /// Its looks would decide before people have corrected a judge.
    fn check_open_questions(&self) -> Result<(), Failure> {
        match self.until_decided {
            Some(About::TheseDocuments) => Err(Failure::setup(
                "--until-decided=these-documents does not decide about open questions, whose scores people correct \
                 afterwards: leave out their tasks, or use --until-decided",
            )),
            _ => Ok(()),
        }
    }
}

/// Whether somebody has to judge the answers.
fn asks_open_questions(plan: &Plan) -> bool {
    plan.datasets.iter().flat_map(|it| it.tasks.values()).any(|it| it.metric == "checks")
}

/// Of what a verdict speaks, by its name.
fn about(name: String) -> About {
    match name.as_str() {
        "these-documents" => About::TheseDocuments,
        _ => About::DocumentsLikeThese,
    }
}

fn is_empty(record: &Record) -> bool {
    std::fs::metadata(record.path("trials.jsonl")).map_or(true, |file| file.len() == 0)
}

/// Nothing is spent without a budget, nor without a yes from whoever sits there.
pub fn agree(
    plan: &Plan,
    warnings: &[String],
    how: &SendFlags,
    replayed: bool,
    app: &App,
) -> Result<(), Failure> {
    if replayed {
        return Ok(());
    }
    let is_free = paid(plan).is_empty();
    if is_free || app.shared.quiet {
        plan::free_by_configuration(plan).iter().for_each(|warning| eprintln!("{warning}"));
    }
    if is_free {
        return Ok(());
    }
    if !app.shared.quiet {
        eprintln!("{}\n", plan::quote_table(plan, columns(&app.environment)));
        for warning in warnings {
            eprintln!("{warning}");
        }
    }
    let Some(budget) = check_budget(plan)? else { return Ok(()) };
    if how.yes || !app.environment.is_interactive() {
        return Ok(());
    }
    eprint!("Spend up to {}? [y/N] ", budget.in_full());
    std::io::stderr().flush().ok();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).ok();
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::new(Exit::Usage, "nothing was sent")),
    }
}

/// A directory below the project's runs that holds none yet: a cloned project may have a link there.
pub fn default_dir(project: &Project, plan: &Plan) -> Result<PathBuf, Failure> {
    let time: String = plan.started.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = eval_report::escape::file_name(&plan.name);
    let runs = project.root.join(&project.config.runs);
    let base = runs.join(format!("{time}-{name}"));
    // Two runs in one second are two runs.
    let taken = |path: &Path| path.join("plan.json").exists();
    let numbered = (2..).map(|number| PathBuf::from(format!("{}-{number}", base.display())));
    let dir = std::iter::once(base.clone()).chain(numbered).find(|path| !taken(path)).unwrap_or(base);
    vision_files::check_target_below(&project.root, &dir.join("plan.json")).map_err(|refused| {
        Failure::new(Exit::Output, format!("{} {refused}; name a directory with --run-dir", runs.display()))
    })?;
    Ok(dir)
}
