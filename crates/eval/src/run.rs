use std::collections::HashSet;
use std::sync::Arc;

use eval_record::{Record, RecordError};
use vision_core::Usd;
use vision_layers::Budget;

use crate::candidate::Candidate;
use crate::case_list::write_cases;
use crate::executor::{Executor, Inputs};
use crate::hosts::Hosts;
use crate::jobs::jobs;
use crate::lane::Lane;
use crate::media::MediaGroups;
use crate::opened::OpenDataset;
use crate::recorder::Recorder;
use crate::reservations::Reservations;
use crate::schedule::{LaneEnd, Refused, Schedule};
use crate::{Prepared, RunSettings, Unfinished};

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunOutcome {
    /// Trials that were recorded in this part of the run.
    pub recorded: u64,
    /// What is left to do, by provider.
    pub unfinished: Vec<Unfinished>,
    /// Whether somebody asked for the end.
    pub interrupted: bool,
    /// What was spent, earlier parts of this run included.
    pub spent: Usd,
}

/// Carries out a plan: every provider walks through the same trials in the same random order, side by side.
pub async fn run(
    prepared: Prepared,
    record: &Record,
    settings: RunSettings,
) -> Result<RunOutcome, RecordError> {
    let Prepared { plan, datasets, candidates } = prepared;
    write_cases(&datasets, record)?;
    let jobs = jobs(&plan, &datasets);
    // Without a limit nothing is counted up to one, and nothing need be remembered.
    let reservations = plan.budget_usd.map(|_| Reservations::start(record)).transpose()?.map(Arc::new);
    let budget = match &reservations {
        Some(ledger) => Budget::written(plan.budget_usd, settings.spent, ledger.clone()),
        None => Budget::new(None, settings.spent),
    };
    let capabilities = candidates.iter().map(|it| it.capabilities().cloned().unwrap_or_default()).collect();
    let refused: Vec<_> = candidates.iter().map(|candidate| refused(candidate, &datasets)).collect();
    let groups = MediaGroups::of(&candidates, &plan.media);
    let inputs = Arc::new(Inputs::new(datasets, settings.ended.clone(), groups, capabilities));
    let recorder = Arc::new(Recorder::start(record)?);
    let mut hosts = Hosts::new(&candidates, &settings, budget.clone(), plan.seed);
    let mut lanes = Vec::new();
    for (number, (candidate, refused)) in candidates.into_iter().zip(refused).enumerate() {
        let (candidate, at_once) = hosts.layered(candidate, &settings);
        let (observer, stop) = (settings.observer.clone(), settings.stop.clone());
        let label: Arc<str> = candidate.planned.label.as_str().into();
        let watched = (observer.clone(), stop.clone());
        let schedule = Schedule::new(label.clone(), jobs.clone(), refused, at_once, &settings.ended, watched);
        let executor = Arc::new(Executor {
            label,
            answerer: candidate.answerer,
            asked: candidate.asked,
            price: candidate.planned.price,
            number,
            inputs: inputs.clone(),
            stop: stop.clone(),
        });
        let lane = Lane { schedule, executor, recorder: recorder.clone(), observer, stop };
        lanes.push(tokio::spawn(lane.walk()));
    }
    let mut outcome = RunOutcome::default();
    for lane in lanes {
        let LaneEnd { recorded, unfinished } = lane.await.expect("a lane does not panic");
        outcome.recorded += recorded;
        outcome.unfinished.extend(unfinished);
    }
    outcome.interrupted = settings.stop.is_asked();
    outcome.spent = budget.spent();

    recorder.finish()?;
    reservations.map_or(Ok(()), |ledger| ledger.finish())?;
    Ok(outcome)
}

/// What a candidate cannot be asked at all; the plan says so.
fn refused(candidate: &Candidate, datasets: &[OpenDataset]) -> Refused {
    let mut refused = HashSet::new();
    for (number, dataset) in (0..).zip(datasets) {
        let tasks = dataset.questions.keys().filter(|task| candidate.refusal(dataset, **task).is_some());
        refused.extend(tasks.map(|task| (number, *task)));
    }
    refused
}
