//! How records of a project are summarized.

use std::num::NonZeroUsize;

use eval::{Decide, Prefer};
use eval_datasets::Dataset;
use eval_record::Plan;
use eval_summary::{Constraints, JudgeOptions, LossTable, Options};
use vision_files::storage::is_address;

use crate::environment::Environment;
use crate::exit::Failure;
use crate::settings::Project;

/// Judged values that are kept for the reports, about 250 bytes each. Longer runs are scored again for each of them.
const KEPT_VALUES: usize = 200_000;

/// Lets a run be decided by what was in force when it was begun: what was typed for it and its eval.toml of then.
///
/// Says whether the configuration says something else now.
pub fn decide_as_begun(project: &mut Project, plan: &Plan) -> bool {
    let Some(begun) = &plan.decide else { return false };
    let now = &project.config.decide;
    let begun = Decide { monthly_volume: now.monthly_volume.or(begun.monthly_volume), ..begun.clone() };
    let is_unset = Decide { monthly_volume: None, ..now.clone() } == Decide::default();
    let differs = !is_unset && *now != begun;
    project.config.decide = begun;
    differs
}

/// How records of this project are summarised.
pub fn options(project: &Project, environment: &Environment) -> Result<Options, Failure> {
    let decide = &project.config.decide;
    let usual = Constraints::default();
    let by_money = decide.prefer == Some(Prefer::TotalCost);
    let threads = environment.threads();
    Ok(Options {
        constraints: Constraints {
            min_score: decide.min_score,
            max_p95_seconds: decide.max_p95_seconds,
            max_usd_per_1000: decide.max_usd_per_1000,
            require: decide.require.clone(),
            tolerance: match by_money {
                true => usual.tolerance,
                false => decide.tolerance.map_or(usual.tolerance, |points| points / 100.0),
            },
            tolerance_usd: decide.tolerance.filter(|_| by_money),
            prefer: match decide.prefer {
                None => usual.prefer,
                Some(Prefer::Cost) => eval_summary::Prefer::Cost,
                Some(Prefer::Time) => eval_summary::Prefer::Time,
                Some(Prefer::TotalCost) => eval_summary::Prefer::TotalCost,
            },
        },
        loss: loss(project)?,
        judge: JudgeOptions { name: None, allow_uncalibrated: project.config.judge.allow_uncalibrated },
        threads: NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN),
        keep: KEPT_VALUES,
        ..Options::default()
    })
}

/// What mistakes cost in this project, if it says so.
pub fn loss(project: &Project) -> Result<Option<LossTable>, Failure> {
    let table = &project.config.loss;
    if table.is_empty() {
        return Ok(None);
    }
    let values = serde_json::to_value(table).map_err(|error| Failure::setup(format!("[loss]: {error}")))?;
    let table = LossTable::parse(&values)
        .map_err(|message| Failure::setup(format!("{}: [loss]: {message}", project.file_name())))?;
    Ok(Some(LossTable { elsewhere: fields(project), ..table }))
}

/// Refuses prices for fields that no task of a plan or of the project has.
pub fn check_loss(project: &Project, plan: &Plan) -> Result<(), Failure> {
    loss(project)?.map_or(Ok(()), |loss| loss.check_fields(plan)).map_err(|error| {
        let refused = Failure::from(error);
        Failure::new(refused.exit(), format!("{}: {refused}", project.file_name()))
    })
}

/// The fields of all datasets that the configuration names; nothing where one of them cannot be read here.
fn fields(project: &Project) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    for folder in project.all_dataset_folders() {
        if is_address(&folder) {
            return None;
        }
        let dataset = Dataset::open(&folder).ok()?;
        for task in dataset.manifest.tasks.keys() {
            // A metric with a name of its own judges no fields.
            let Some(metric) = dataset.metric(*task) else { continue };
            fields.extend(metric.finding_fields()?);
        }
    }
    Some(fields)
}
