use std::collections::HashSet;
use std::sync::Arc;

use eval_record::{PlannedProvider, Price, Record, RecordError};
use tokio::task::JoinHandle;
use vision_core::Usd;
use vision_layers::{Budget, HandedOver};

use crate::batch::{BatchLane, BatchLog, BatchState};
use crate::candidate::Candidate;
use crate::elsewhere::Money;
use crate::executor::{Away, Executor, Inputs};
use crate::hosts::Hosts;
use crate::jobs::{Job, jobs};
use crate::lane::Lane;
use crate::media::MediaGroups;
use crate::opened::OpenDataset;
use crate::recorder::Recorder;
use crate::reservations::Reservations;
use crate::schedule::{LaneEnd, Refused, Schedule};
use crate::stages::Stages;
use crate::{BookPricing, Prepared, RunSettings, Unfinished};

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
    prepared.write_cases(record)?;
    let stages = stages(&prepared, record, &settings)?;
    let Prepared { plan, datasets, candidates } = prepared;
    let (jobs, stages) = match stages {
        Some((jobs, stages)) => (jobs, Some(stages)),
        None => (jobs(&plan, &datasets), None),
    };
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
    let batches = candidates.iter().any(|candidate| candidate.batching().is_some());
    let batches = batches.then(|| BatchLog::start(record)).transpose()?.map(Arc::new);
    let mut hosts = Hosts::new(&candidates, &settings, budget.clone(), plan.seed);
    let all = Lanes { settings, jobs, stages, reservations, budget, inputs, recorder, batches };
    let lanes: Vec<_> = candidates
        .into_iter()
        .zip(refused)
        .enumerate()
        .map(|(number, (candidate, refused))| all.begin(number, candidate, refused, &mut hosts))
        .collect();
    let outcome = all.walked(lanes, &hosts).await;
    all.finish(record)?;
    Ok(outcome)
}

/// What the lanes of a run share.
struct Lanes {
    settings: RunSettings,
    jobs: Arc<[Job]>,
    stages: Option<Arc<Stages>>,
    reservations: Option<Arc<Reservations>>,
    budget: Arc<Budget>,
    inputs: Arc<Inputs>,
    recorder: Arc<Recorder>,
    batches: Option<Arc<BatchLog>>,
}

impl Lanes {
    /// Sends a candidate on its way.
    fn begin(
        &self,
        number: usize,
        candidate: Candidate,
        refused: Refused,
        hosts: &mut Hosts,
    ) -> JoinHandle<LaneEnd> {
        let settings = &self.settings;
        let batching = candidate.batching().cloned();
        let most = candidate.most_at_once().min(settings.max_connections);
        let (Candidate { planned, answerer, asked }, at_once) = hosts.layered(candidate, settings);
        let (observer, stop) = (settings.observer.clone(), settings.stop.clone());
        let label: Arc<str> = planned.label.as_str().into();
        let watched = (observer.clone(), stop.clone());
        let schedule =
            Schedule::new(label.clone(), self.jobs.clone(), refused, at_once, &settings.ended, watched);
        let away = if batching.is_none() { self.away(&planned) } else { None };
        let executor = Arc::new(Executor {
            label,
            answerer,
            asked,
            price: planned.price.clone(),
            number,
            inputs: self.inputs.clone(),
            stop: stop.clone(),
            steering: settings.steering.clone(),
            away,
        });
        let recorder = self.recorder.clone();
        let (Some(batching), Some(log)) = (batching, &self.batches) else {
            let course = (settings.steering.course(), most);
            let stages = self.stages.clone();
            let lane = Lane { schedule, executor, recorder, observer, stop, course, stages };
            return tokio::spawn(lane.walk());
        };
        let pricing = BookPricing::new(executor.price.clone(), batching.provider().clone());
        let overrun = settings.ended.overrun(&executor.label);
        let lane = BatchLane {
            money: HandedOver::new(&self.budget, Arc::new(pricing), overrun),
            model: planned.model,
            log: log.clone(),
            settings: settings.batch,
            retry: settings.retry,
            jobs: self.jobs.clone(),
            state: BatchState::default(),
            recorder,
            schedule,
            executor,
            observer,
            stop,
            batching,
        };
        tokio::spawn(lane.walk())
    }

    /// The workers that send a candidate's requests, if there are any; controls are answered here.
    fn away(&self, planned: &PlannedProvider) -> Option<Away> {
        let workers = self.settings.workers.clone().filter(|_| !planned.control)?;
        let money = self.reservations.clone();
        let money = money.map(|reservations| Money { reservations, budget: self.budget.clone() });
        Some(Away { workers, needs_media: needs_media(planned), money })
    }

    /// Waits for all lanes, while the run is steered.
    async fn walked(&self, lanes: Vec<JoinHandle<LaneEnd>>, hosts: &Hosts) -> RunOutcome {
        let settings = &self.settings;
        let (places, hosts) = hosts.places();
        let usual = settings.max_concurrency.min(settings.max_connections);
        let stop = settings.stop.clone();
        let steered = tokio::spawn(settings.steering.clone().place((places, usual), hosts, stop));
        let mut outcome = RunOutcome::default();
        for lane in lanes {
            let LaneEnd { recorded, unfinished } = lane.await.expect("a lane does not panic");
            outcome.recorded += recorded;
            outcome.unfinished.extend(unfinished);
        }
        steered.abort();
        if let Some(workers) = settings.workers.as_ref().filter(|_| settings.stop.is_asked()) {
            let withdrawn = workers.withdraw().await;
            self.reservations
                .iter()
                .for_each(|ledger| withdrawn.iter().for_each(|number| _ = ledger.release(*number)));
        }
        outcome.interrupted = settings.stop.is_asked();
        outcome.spent = self.budget.spent();
        outcome
    }

    /// Closes what was written.
    fn finish(self, record: &Record) -> Result<(), RecordError> {
        self.recorder.finish()?;
        self.batches.map_or(Ok(()), |log| log.finish())?;
        if let Some(message) = self.stages.and_then(|stages| stages.complaint()) {
            return Err(RecordError { path: record.path("looks.jsonl"), message, source: None });
        }
        self.reservations.map_or(Ok(()), |ledger| ledger.finish())
    }
}

/// Jobs, and where the lanes that do them wait for each other.
type StagedJobs = (Arc<[Job]>, Arc<Stages>);

/// The jobs of a run that ends when it is decided, and where its lanes wait for each other. The referee is told of what
/// earlier parts of the run have recorded.
fn stages(
    prepared: &Prepared,
    record: &Record,
    settings: &RunSettings,
) -> Result<Option<StagedJobs>, RecordError> {
    let (Some(sequential), Some(referee)) = (prepared.plan.sequential, &settings.referee) else {
        return Ok(None);
    };
    let sequence = prepared.sequence().map_err(|problem| RecordError {
        path: problem.path.clone(),
        message: problem.to_string(),
        source: None,
    })?;
    for trial in record.trials(&mut Vec::new())? {
        referee.note(&trial?);
    }
    let lanes = prepared.candidates.iter().map(|candidate| candidate.planned.label.clone());
    let own = Record { dir: record.dir.clone(), plan: record.plan.clone() };
    let looks = sequence.looks(sequential.block);
    let stages = Stages::new(referee.clone(), settings.observer.clone(), looks, own, lanes);
    Ok(Some((sequence.jobs, Arc::new(stages))))
}

/// Whether it must be known here what a request holds, though workers send it: for its price, or for its tokens.
fn needs_media(planned: &PlannedProvider) -> bool {
    let is_free = planned.price.as_ref().is_some_and(Price::is_free);
    !is_free || planned.limits.tokens_per_minute.is_some()
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
