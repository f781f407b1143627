use std::path::PathBuf;

use clap::Args;
use eval::{EndedTrials, IMPORTED, Planned, Rerun, distrust, equip, reopen, repriced};
use eval_record::{Execution, Plan, PlannedProvider, Record, Resumption};
use eval_report::figures::{counted, money};
use vision_core::Usd;

use crate::agreed;
use crate::app::App;
use crate::budget::check_budget;
use crate::conclusion::Conclusion;
use crate::exit::{Exit, Failure};
use crate::host::{Patience, Traffic, batch_transport, transport_of_run};
use crate::open_files;
use crate::registry::Providers;
use crate::running::{SendFlags, carry_out};
use crate::settings::{Project, amount};
use crate::sides::newest;
use crate::storage;

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

    /// Spend at most USD in all, earlier parts of the run included [default: the lower of the run's and eval.toml's]
    #[arg(long, value_name = "USD", value_parser = amount, help_heading = "Budget")]
    pub budget_usd: Option<f64>,

    /// Submit again what `batch cancel` canceled, and batches that may have been submitted when the run was interrupted and
    /// are not found
    #[arg(long, help_heading = "Execution")]
    pub resubmit: bool,

    #[command(flatten)]
    pub how: SendFlags,

    #[command(flatten)]
    pub traffic: Traffic,

    #[command(flatten)]
    pub then: Conclusion,
}

/// Goes on where a run was interrupted.
pub async fn start(arguments: ResumeArguments, app: &App) -> Result<Exit, Failure> {
    open_files::check()?;
    let project = Project::read(&app.shared)?;
    arguments.then.check(&project, &app.environment)?;
    let dir = match &arguments.run {
        Some(dir) => dir.clone(),
        None => newest(&project)?,
    };
    let mut place = storage::go_on(dir.clone(), app)?;
    let record = Record::open(&place.dir).map_err(|error| Failure::setup(error.to_string()))?;
    if record.plan.providers.iter().any(|provider| provider.kind == IMPORTED) {
        return Err(Failure::setup(
            "the answers of this run were imported; what is missing cannot be requested",
        ));
    }
    arguments.then.check_plan(&record.plan, &project)?;
    // Before anything is counted: what another process does meanwhile would be done twice.
    let _lock = record.lock()?;
    let rerun = if arguments.retry_errors { Rerun::Failed } else { Rerun::Transient };
    let (done, spent, damage) = EndedTrials::of(&record, rerun)?;
    for damage in &damage {
        eprintln!("warning: {damage}; the trial is done again");
    }
    if arguments.how.workers.is_none() && record.run_at_broker()?.is_some() {
        eprintln!(
            "warning: this run was started with --workers; without it, answers that its workers still hold are lost"
        );
    }
    let is_own = arguments.traffic.replay.is_some() || agreed::is_own(&record.plan, &app.environment);
    let providers = providers(&record.plan, is_own, &arguments, &project, app)?;
    let media_hashes = app.environment.cache_folder().map(|folder| folder.join("media"));
    let planned = reopen(&record, &project.config, &project.root, media_hashes.as_deref())?;
    let (planned, repriced) = priced(planned, is_own, &arguments, &project, &providers)?;
    let prepared = equip(planned, &providers)?;
    if !app.shared.quiet {
        eprintln!("{}: {} done", dir.display(), counted(done.len() as u64, "trial"));
        say_what_was_under_way(&record)?;
    }
    if !repriced.is_empty() {
        eprintln!(
            "warning: the price of {} has changed since the run began; it keeps the prices of its plan",
            repriced.join(", ")
        );
    }
    place.start(arguments.how.checkpoints())?;
    record.note_resumption(&Resumption {
        repriced,
        budget_usd: arguments.budget_usd.map(Usd),
        from: Some(record.end_of_trials()?),
    })?;
    let left = (done, spent, arguments.resubmit);
    let ahead = arguments.then.begin(&record, &project, app);
    let exit = carry_out(prepared, &record, left, &arguments.how, (&project, app)).await?;
    drop(ahead);
    let concluded = arguments.then.conclude(&record, exit, project, app);
    place.finish()?;
    concluded
}

/// The providers of the plan, trusted as far as it is the user's own.
fn providers<'a>(
    plan: &Plan,
    is_own: bool,
    arguments: &ResumeArguments,
    project: &'a Project,
    app: &'a App,
) -> Result<Providers<'a>, Failure> {
    let ResumeArguments { how, traffic, .. } = arguments;
    let execution = how.execution(if is_own { plan.execution } else { project.config.execution() });
    let Execution { timeout_seconds, stream_timeout_seconds, .. } = execution;
    let patience = Patience { timeout_seconds, stream_timeout_seconds };
    let transport = transport_of_run(&app.shared, traffic, patience)?;
    let mut providers = Providers::new(&app.environment, transport, traffic.replay.is_none())
        .of_a_record(&project.config.provider)
        .within(timeout_seconds);
    if !is_own {
        providers = providers.of_a_stranger();
    }
    if plan.providers.iter().any(|provider| provider.batch) {
        providers = providers.with_batches(batch_transport(&app.shared, traffic)?);
    }
    if how.workers.is_some() {
        providers = providers.for_a_quote();
    }
    Ok(providers)
}

/// The plan with the budget that counts today, and the providers whose prices have changed since it was made.
fn priced(
    mut planned: Planned,
    is_own: bool,
    arguments: &ResumeArguments,
    project: &Project,
    providers: &Providers<'_>,
) -> Result<(Planned, Vec<String>), Failure> {
    let prices = project.prices()?;
    if !is_own {
        distrust(&mut planned, &project.config, &prices, providers)?;
        planned.plan.budget_usd = arguments.budget_usd.map(Usd).or(planned.plan.budget_usd);
        check_budget(&planned.plan).map_err(|failure| {
            let why = "the run was not started on this machine, or its plan was edited, so that its own budget and \
                       prices do not count";
            Failure::setup(format!("{failure}\n{why}"))
        })?;
        return Ok((planned, Vec::new()));
    }
    let repriced = repriced(&planned.plan, &project.config, &prices);
    if arguments.traffic.replay.is_none() {
        let configured = project.config.budget_usd;
        planned.plan.budget_usd = budget(&planned.plan, &repriced, arguments.budget_usd, configured)?;
    }
    Ok((planned, repriced))
}

fn say_what_was_under_way(record: &Record) -> Result<(), Failure> {
    let lost = record.lost()?;
    if lost.attempts > 0 {
        eprintln!(
            "{} under way when the run was interrupted: up to {} count as spent",
            counted(lost.attempts, "request"),
            money(lost.usd.0 - lost.waiting_usd.0)
        );
    }
    if lost.waiting > 0 {
        eprintln!(
            "{} in batches: up to {} count as spent until their answers are collected",
            counted(lost.waiting, "request"),
            money(lost.waiting_usd.0)
        );
    }
    Ok(())
}

/// What the whole run may spend, of a plan that was made here: never more than the configuration of today allows.
fn budget(
    plan: &Plan,
    repriced: &[String],
    typed: Option<f64>,
    configured: Option<f64>,
) -> Result<Option<Usd>, Failure> {
    let costs = |it: &PlannedProvider| {
        repriced.contains(&it.label) || !it.price.as_ref().is_some_and(|price| price.is_free())
    };
    let recorded = plan.budget_usd.map(|budget| budget.0);
    if let Some(wrong) = recorded.filter(|budget| !(0.0..f64::INFINITY).contains(budget)) {
        let message = format!("plan.json: budget_usd is {wrong}, which is not an amount of dollars");
        return Err(Failure::setup(format!("{message}; start a new run")));
    }
    let lower = recorded.into_iter().chain(configured).reduce(f64::min);
    if !plan.providers.iter().any(costs) || typed.is_some() {
        return Ok(typed.or(lower).map(Usd));
    }
    match lower {
        Some(budget) if budget <= MOST_RECORDED || configured.is_some() => Ok(Some(Usd(budget))),
        _ => Err(Failure::setup(
            "the run has no budget that can be kept to: say with --budget-usd (or budget_usd in eval.toml) how much it \
             may spend at most, what it has spent included",
        )),
    }
}

/// More dollars than anybody gives a run: a record that says so has no budget.
const MOST_RECORDED: f64 = 1e6;

#[cfg(test)]
mod tests {
    use eval_record::Plan;

    use super::budget;

    fn plan(budget: &str, price: &str) -> Plan {
        let provider = format!(r#"{{"label":"a/m","kind":"a","model":"m","price":{price}}}"#);
        serde_json::from_str(&format!(
            r#"{{"v":1,"name":"eval","started":"2026-11-28T10:00:00Z","tool":"1","command":"run","seed":1,"repeats":1,
            "datasets":[],"providers":[{provider}],"media":{{}},"generation":{{}},"budget_usd":{budget},
            "execution":{{"max_concurrency":1,"timeout_seconds":1.0,"max_retries":0}},
            "quote":{{"price_date":"2026-11-28","lines":[]}}}}"#
        ))
        .unwrap()
    }

    const PAID: &str =
        r#"{"provider":"a","model":"m","as_of":"2026-11-28","input_per_mtok":1.0,"output_per_mtok":1.0}"#;
    const FREE: &str =
        r#"{"provider":"a","model":"m","as_of":"2026-11-28","input_per_mtok":0.0,"output_per_mtok":0.0}"#;

    #[track_caller]
    fn check(recorded: &str, typed: Option<f64>, configured: Option<f64>, expected: Option<f64>) {
        let given = budget(&plan(recorded, PAID), &[], typed, configured);
        assert_eq!(given.ok().flatten().map(|budget| budget.0), expected);
    }

    #[test]
    fn the_lower_of_both_budgets_holds_unless_another_is_typed() {
        check("5.0", None, None, Some(5.0));
        check("5.0", None, Some(2.0), Some(2.0));
        check("5.0", None, Some(20.0), Some(5.0));
        check("5.0", Some(9.0), Some(2.0), Some(9.0));
        check("null", None, Some(2.0), Some(2.0));
        check("1e308", None, Some(2.0), Some(2.0));
    }

    #[test]
    fn a_record_without_a_budget_pays_nothing() {
        for recorded in ["null", "1e308", "-1.0"] {
            let refused = budget(&plan(recorded, PAID), &[], None, None).unwrap_err();
            assert!(refused.to_string().contains("budget_usd"), "{recorded}: {refused}");
        }
        assert!(budget(&plan("null", FREE), &[], None, None).unwrap().is_none());
        assert!(budget(&plan("null", FREE), &["a/m".to_owned()], None, None).is_err(), "it is free no more");
    }
}
