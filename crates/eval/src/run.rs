use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use eval_datasets::{Case, Index};
use eval_record::{CaseLine, OTHER_PARTS, Plan, PlannedProvider, Record, RecordError};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;
use vision_core::{Provider, Usd};
use vision_layers::{Budget, Pace, Places, RetryPolicy, Settings, layered};

use crate::candidate::{Answerer, Candidate};
use crate::lane::{Job, Lane, LaneEnd, Shared};
use crate::media::{MediaStore, Targets};
use crate::opened::OpenDataset;
use crate::ordering::shuffled;
use crate::reservations::Reservations;
use crate::resume::Done;
use crate::writer::Writer;
use crate::{BookPricing, Built, Event, Observer, Prepared};

/// How a run is carried out; nothing in here changes what is asked.
pub struct RunSettings {
    /// Requests on their way at once, over all providers.
    pub max_concurrency: usize,
    /// Connections that may be open at once, as far as this machine allows.
    pub max_connections: usize,
    /// The most time one attempt may take.
    pub timeout: Duration,
    /// How often to try.
    pub retry: RetryPolicy,
    /// What earlier parts of this run have spent.
    pub spent: Usd,
    /// Trials that are in the record already.
    pub done: Done,
    /// Watches the run.
    pub observer: Arc<dyn Observer>,
    /// Ends it early.
    pub stop: Stop,
    /// Goes around each provider with its layers: a cache, or nothing.
    pub around: Around,
}

/// Puts something around the provider of a label.
pub type Around = Arc<dyn Fn(&str, Provider) -> Provider + Send + Sync>;

/// A way to end a run early: what is on its way is finished within the grace, and recorded.
#[derive(Debug, Clone)]
pub struct Stop {
    asked: watch::Receiver<bool>,
    grace: Duration,
}

impl Stop {
    /// The sender asks for the end by sending `true`.
    pub fn new(grace: Duration) -> (watch::Sender<bool>, Self) {
        let (sender, asked) = watch::channel(false);
        (sender, Self { asked, grace })
    }

    /// Nobody will ask.
    pub fn never() -> Self {
        Self::new(Duration::ZERO).1
    }

    pub(crate) fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Returns when the end is asked for and the grace is over; never, if nobody asks.
    pub(crate) async fn grace_over(&mut self) {
        if self.asked.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(self.grace).await;
    }

    /// Returns when the end is asked for; never, if nobody asks.
    pub(crate) async fn asked(&mut self) {
        if self.asked.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Trials that were recorded in this part of the run.
    pub recorded: u64,
    /// What is left to do, by provider.
    pub unfinished: Vec<Unfinished>,
    /// Whether somebody asked for the end.
    pub interrupted: bool,
    /// What was spent, earlier parts of this run included.
    pub spent: Usd,
}

/// Trials that a provider did not get to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its label.
    pub provider: String,
    /// How many have no outcome in the record.
    pub missing: u64,
    /// How many failed in a way that a resumed run will try again.
    pub failed: u64,
    /// Why.
    pub reason: String,
}

impl fmt::Debug for RunSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunSettings").field("max_concurrency", &self.max_concurrency).finish_non_exhaustive()
    }
}

/// Carries out a plan: every provider walks through the same trials in the same random order, side by side.
pub async fn run(prepared: Prepared, record: &Record, settings: RunSettings) -> Result<Outcome, RecordError> {
    write_cases(&prepared, record)?;
    let Prepared { plan, datasets, candidates } = prepared;
    let jobs = jobs(&plan, &datasets);
    // Without a limit nothing is counted up to one, and nothing need be remembered.
    let reservations = plan.budget_usd.map(|_| Reservations::start(record)).transpose()?;
    let budget = match &reservations {
        Some((ledger, _)) => Budget::written(plan.budget_usd, settings.spent, ledger.clone()),
        None => Budget::new(None, settings.spent),
    };
    let capabilities = candidates.iter().map(|it| it.capabilities().cloned().unwrap_or_default());
    let capabilities: Vec<_> = capabilities.collect();
    let shared = Arc::new(Shared {
        targets: Targets::of(&capabilities),
        capabilities,
        media: MediaStore::new(plan.media.clone()),
        loading: Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)),
        datasets,
        jobs,
        begun: Instant::now(),
        writer: Writer::start(record)?,
        done: settings.done.clone(),
        observer: settings.observer.clone(),
    });

    let hosts: HashSet<&str> = candidates.iter().filter_map(Candidate::host).collect();
    let share = (settings.max_connections / hosts.len().max(1)).max(1);
    let mut hosts = Hosts::new(&plan, &settings, budget.clone(), share);
    let mut lanes = Vec::new();
    for (number, candidate) in candidates.into_iter().enumerate() {
        let lane = hosts.lane(candidate, number, &settings, shared.clone());
        lanes.push(tokio::spawn(lane.walk()));
    }
    let mut outcome = Outcome { interrupted: false, ..Outcome::default() };
    for lane in lanes {
        let LaneEnd { recorded, unfinished } = lane.await.expect("a lane does not panic");
        outcome.recorded += recorded;
        outcome.unfinished.extend(unfinished);
    }
    outcome.interrupted = settings.stop.is_asked();
    outcome.spent = budget.spent();

    shared.writer.finish().map_err(|source| RecordError {
        path: record.path("trials.jsonl"),
        message: match source.kind() {
            std::io::ErrorKind::NotFound => "no longer exists, so that answers could not be recorded",
            _ => "cannot be written; what stands in it is safe, and the run can be resumed",
        }
        .to_owned(),
        source: Some(source),
    })?;
    if let Some((ledger, syncing)) = reservations {
        syncing.abort();
        ledger.finish(record)?;
    }
    Ok(outcome)
}

/// Puts the labels into the record, so that it can be scored without the dataset.
fn write_cases(prepared: &Prepared, record: &Record) -> Result<(), RecordError> {
    if record.path("cases.jsonl").exists() {
        return Ok(());
    }
    if prepared.plan.partition.is_some() {
        write_list(prepared, record, OTHER_PARTS, |dataset| dataset.elsewhere.iter().collect())?;
    }
    // Last: a record without it was never begun.
    write_list(prepared, record, "cases.jsonl", |dataset| vec![&dataset.index])
}

fn write_list<'p>(
    prepared: &'p Prepared,
    record: &Record,
    name: &str,
    of: impl Fn(&'p OpenDataset) -> Vec<&'p Index>,
) -> Result<(), RecordError> {
    let path = record.path(name);
    // Under another name until it is whole: half a list of cases would look like a smaller dataset.
    let draft = format!("{name}.draft");
    std::fs::remove_file(record.path(&draft)).ok();
    let mut writer = record.append(&draft)?;
    let failed = |source| RecordError {
        path: path.clone(),
        message: "cannot be written".into(),
        source: Some(source),
    };
    for dataset in &prepared.datasets {
        for case in of(dataset).into_iter().flat_map(Index::cases) {
            let case = case.map_err(|problem| RecordError {
                path: problem.path.clone(),
                message: problem.to_string(),
                source: None,
            })?;
            writer.write(&line(&dataset.name, case)).map_err(failed)?;
        }
    }
    writer.sync().map_err(failed)?;
    std::fs::rename(record.path(&draft), &path).map_err(failed)
}

fn line(dataset: &str, case: Case) -> CaseLine {
    CaseLine {
        dataset: dataset.to_owned(),
        case: case.id,
        task: case.task,
        expected: case.expected,
        tags: case.tags,
        source: case.source,
        fields: case.fields,
        media: case.media.into_iter().map(String::from).collect(),
    }
}

/// Every case and repeat, in the order of the run.
fn jobs(plan: &Plan, datasets: &[OpenDataset]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (dataset, prepared) in datasets.iter().enumerate() {
        for entry in 0..prepared.index.entries.len() {
            for repeat in 0..plan.repeats {
                jobs.push(Job { dataset: dataset as u32, entry: entry as u32, repeat });
            }
        }
    }
    shuffled(jobs.len(), plan.seed).into_iter().map(|at| jobs[at as usize]).collect()
}

/// What the providers of one host share.
struct Hosts {
    budget: Arc<Budget>,
    run_places: Arc<Places>,
    shared: HashMap<String, (Arc<Pace>, Arc<Places>)>,
    /// Connections that each host may have: they are kept for the next request.
    connections: usize,
    seed: u64,
}

impl Hosts {
    fn new(plan: &Plan, settings: &RunSettings, budget: Arc<Budget>, connections: usize) -> Self {
        let run_places = Places::fixed(settings.max_concurrency.min(settings.max_connections));
        Self { budget, run_places, shared: HashMap::new(), connections, seed: plan.seed }
    }

    fn lane(
        &mut self,
        candidate: Candidate,
        number: usize,
        settings: &RunSettings,
        shared: Arc<Shared>,
    ) -> Lane {
        let concurrency = candidate.at_once(settings.max_concurrency).min(self.connections);
        let tasks = shared.datasets.iter().flat_map(|dataset| dataset.questions.keys());
        let refused = tasks.filter(|task| candidate.refusal(**task).is_some()).copied().collect();
        self.seed = self.seed.wrapping_add(1);
        let PlannedProvider { label, price, limits, .. } = candidate.planned;
        let answerer = match candidate.answerer {
            Answerer::Provider(built) => {
                let (pace, places) = self.shared.entry(built.host.clone()).or_insert_with(|| {
                    (
                        Pace::new(limits.requests_per_minute, limits.tokens_per_minute),
                        Places::new(concurrency),
                    )
                });
                let layers = Settings {
                    retry: settings.retry,
                    seed: self.seed,
                    budget: self.budget.clone(),
                    pricing: Arc::new(BookPricing::new(price.clone(), built.provider.clone())),
                    overrun: settings.done.overrun(&label),
                    pace: pace.clone(),
                    places: places.clone(),
                    run_places: self.run_places.clone(),
                    timeout: settings.timeout,
                };
                let provider = (settings.around)(&label, layered(built.provider, layers));
                Answerer::Provider(Built { provider, ..built })
            }
            control => control,
        };
        Lane {
            label: label.into(),
            answerer: Arc::new(answerer),
            price,
            number,
            at_once: concurrency,
            refused,
            stop: settings.stop.clone(),
            shared,
        }
    }
}

impl Event<'_> {
    pub(crate) fn send(self, observer: &dyn Observer) {
        observer.event(self);
    }
}
