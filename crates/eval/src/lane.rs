use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use eval_datasets::{Case, Problem};
use eval_record::{Failure, Outcome, OutputMode, Price, Trial, TrialKey, VERSION};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;
use vision_core::{Capabilities, Error, ErrorKind, Response, Result, Stop as StopReason, Task};

use crate::candidate::Answerer;
use crate::descriptors::{self, is_out_of_descriptors};
use crate::health::Ending;
use crate::long_answer::bounded;
use crate::media::{CaseMedia, MediaStore, Targets};
use crate::opened::OpenDataset;
use crate::resume::Done;
use crate::run::{Stop, Unfinished};

use crate::writer::Writer;
use crate::{Built, Event, Observer};

mod progress;

use progress::Progress;

/// One provider's way through the trials of a run.
pub(crate) struct Lane {
    pub label: Arc<str>,
    pub answerer: Arc<Answerer>,
    pub price: Option<Price>,
    /// Its place among the capabilities that all lanes share.
    pub number: usize,
    pub at_once: usize,
    /// Tasks that it cannot do at all; the plan says so.
    pub refused: HashSet<Task>,
    pub stop: Stop,
    pub shared: Arc<Shared>,
}

/// What all lanes of a run use.
pub(crate) struct Shared {
    pub datasets: Vec<OpenDataset>,
    pub jobs: Vec<Job>,
    pub media: MediaStore,
    /// Places for files that are being read. More would be read no sooner, and the allocator keeps memory for every
    /// thread that has ever held one.
    pub loading: Semaphore,
    /// Of every provider, in the order of the plan.
    pub capabilities: Vec<Capabilities>,
    pub targets: Targets,
    pub begun: Instant,
    pub writer: Writer,
    pub done: Done,
    pub observer: Arc<dyn Observer>,
}

/// One case and repeat.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    pub dataset: u32,
    pub entry: u32,
    pub repeat: u32,
}

/// How a lane ended.
pub(crate) struct LaneEnd {
    pub recorded: u64,
    pub unfinished: Option<Unfinished>,
}

/// How a trial ended: recorded, with its failure if it has one, or not done at all.
enum Ended {
    Recorded {
        ending: Ending,
        /// Whether a resumed run will do it again.
        again: bool,
        /// How many times its worst case an attempt cost, if more than once.
        overrun: Option<f64>,
    },
    AlreadyDone,
    /// It could not be asked for a reason of ours: nothing is recorded, and a resumed run does it.
    Lost(String),
    /// The budget had no room: nothing was sent, nothing is recorded.
    NotSent(String),
}

/// A case, and its media or why there are none.
type Loaded = (Case, Result<Arc<CaseMedia>>);

impl Lane {
    /// Does every trial, unless it is told to stop or its provider proves to be of no use.
    pub async fn walk(self) -> LaneEnd {
        let total = self.jobs().count() as u64;
        let lane = Arc::new(self);
        Event::Planned { provider: &lane.label, trials: total }.send(lane.shared.observer.as_ref());
        let mut jobs = lane.jobs();
        let mut running = JoinSet::new();
        let mut state = Progress::new(total, lane.at_once);
        lane.shared.done.tell(&lane.label, &mut state.health);
        let (mut stop, mut patience) = (lane.stop.clone(), lane.stop.clone());
        loop {
            // A probe is sent when it is announced, whatever is still on its way.
            while (running.len() < state.at_once || state.probe)
                && state.why_not.is_none()
                && !stop.is_asked()
            {
                if lane.shared.writer.is_closed() {
                    state.why_not = Some("the record could not be written".to_owned());
                    break;
                }
                let Some(job) = jobs.next() else { break };
                running.spawn(lane.clone().trial(job, state.health.probes(), stop.clone()));
                state.probe = false;
            }
            if running.is_empty() {
                break;
            }
            tokio::select! {
                ended = running.join_next() => match ended {
                    Some(Ok(ended)) => state.note(ended, &lane, &mut stop).await,
                    // It says so on stderr; resume does the trial again.
                    Some(Err(_)) => state.lose("a trial ended in a panic, which is a mistake in this program".to_owned()),
                    None => break,
                },
                () = patience.grace_over() => break,
            }
        }
        running.abort_all();
        state.end(&lane)
    }

    /// Its trials, in the order of the run.
    fn jobs(&self) -> impl Iterator<Item = Job> + Send + use<> {
        let (shared, refused) = (self.shared.clone(), self.refused.clone());
        (0..shared.jobs.len()).filter_map(move |at| {
            let job = shared.jobs[at];
            let task = shared.datasets[job.dataset as usize].index.entries[job.entry as usize].task;
            (!refused.contains(&task)).then_some(job)
        })
    }

    async fn trial(self: Arc<Self>, job: Job, begun_after: u32, mut stop: Stop) -> Ended {
        let at = self.shared.begun.elapsed();
        let mut waits = descriptors::Waits::default();
        // Too few file descriptors are a shortage of ours, and pass.
        loop {
            let ended = self.clone().attempt(job, begun_after, at).await;
            match (ended, waits.next()) {
                (Err(_), Some(wait)) if !stop.is_asked() => {
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = stop.asked() => {}
                    }
                }
                (Err(lost), _) => return Ended::Lost(lost),
                (Ok(ended), _) => return ended,
            }
        }
    }

    /// One trial; the error is that there are too few file descriptors.
    async fn attempt(self: Arc<Self>, job: Job, begun_after: u32, at: Duration) -> Result<Ended, String> {
        let loading = self.clone();
        let place = self.shared.loading.acquire().await;
        let loaded = tokio::task::spawn_blocking(move || loading.load(job)).await;
        drop(place);
        let (case, media) = match loaded {
            Ok(Ok(Some(loaded))) => loaded,
            Ok(Ok(None)) => return Ok(Ended::AlreadyDone),
            Ok(Err(problem)) => return Ok(Ended::Lost(problem.to_string())),
            Err(_) => return Ok(Ended::Lost(self.panicked(job))),
        };
        let dataset = &self.shared.datasets[job.dataset as usize];
        let (output, hashes, result) = match media {
            Ok(media) => {
                let hashes = media.entries.iter().map(|entry| entry.sent_hash.clone()).collect();
                let (output, result) = self.ask(dataset, &case, &media, job.repeat).await;
                (output, hashes, result)
            }
            Err(error) => (OutputMode::Text, Vec::new(), Err(error)),
        };
        if let Err(error) = &result {
            if is_out_of_descriptors(error) {
                return Err(format!("case {}: {}", case.id, error.chain()));
            }
            if error.kind() == ErrorKind::Budget && error.details.attempts.is_empty() {
                return Ok(Ended::NotSent(error.message().to_owned()));
            }
        }
        let key = TrialKey {
            dataset: dataset.name.clone(),
            case: case.id,
            provider: self.label.to_string(),
            repeat: job.repeat,
        };
        let mut trial = Trial {
            v: VERSION,
            key,
            task: case.task,
            at_ms: u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
            output,
            media: hashes,
            outcome: match result {
                Ok(response) => Outcome::Answered(Response { text: bounded(response.text), ..response }),
                Err(error) => Outcome::Failed(failure(error)),
            },
            cost: None,
        };
        trial.cost = trial.cost_by(self.price.as_ref());
        let ending = Ending {
            failure: trial.failure().map(|failure| failure.kind),
            status: trial.failure().and_then(|failure| failure.status),
            begun_after,
        };
        let again = trial.is_worth_repeating();
        self.shared.writer.trial(&trial);
        self.shared.observer.event(Event::Ended(&trial));
        let overrun = trial.attempts().iter().filter_map(|attempt| attempt.overrun).reduce(f64::max);
        Ok(Ended::Recorded { ending, again, overrun })
    }

    /// Where a panic came from that reading a case or its media ended in.
    fn panicked(&self, job: Job) -> String {
        let dataset = &self.shared.datasets[job.dataset as usize];
        let line = dataset.index.entries[job.entry as usize].line;
        format!(
            "{}:{line}: reading the case or its media ended in a panic, which is a mistake in this program",
            dataset.folder.join("cases.jsonl").display()
        )
    }

    /// Reads case and media; `None` if the trial is in the record already. Blocks.
    fn load(&self, job: Job) -> Result<Option<Loaded>, Problem> {
        let dataset = &self.shared.datasets[job.dataset as usize];
        let case = dataset.index.read(dataset.index.entries[job.entry as usize])?;
        if self.shared.done.contains(&dataset.name, &case.id, &self.label, job.repeat) {
            return Ok(None);
        }
        let media = match self.answerer.as_ref() {
            Answerer::Control(_) => Ok(Arc::new(CaseMedia::default())),
            Answerer::Provider(_) => {
                let own = (self.number, &self.shared.capabilities[self.number]);
                let media = &self.shared.media;
                let media = media.load(&dataset.folder, &dataset.name, &case, own, &self.shared.targets);
                match &media {
                    Ok(media) => self.note_media(media),
                    // One file that is missing is a case that cannot be asked; all of them are no dataset.
                    Err(_) if !dataset.folder.join("dataset.toml").exists() => {
                        return Err(Problem::new(&dataset.folder, "the dataset no longer exists"));
                    }
                    Err(_) => {}
                }
                media
            }
        };
        Ok(Some((case, media)))
    }

    /// Each medium in each of its forms is written down once.
    fn note_media(&self, media: &CaseMedia) {
        for entry in self.shared.media.first_seen(media) {
            self.shared.writer.media(entry);
        }
    }

    async fn ask(
        &self,
        dataset: &OpenDataset,
        case: &Case,
        media: &CaseMedia,
        repeat: u32,
    ) -> (OutputMode, Result<Response>) {
        let question = &dataset.questions[&case.task];
        match self.answerer.as_ref() {
            Answerer::Control(control) => {
                let text = control.answer(&dataset.name, case);
                (OutputMode::Text, Ok(Response { text, stop: StopReason::Complete, ..Response::default() }))
            }
            Answerer::Provider(Built { provider, .. }) => {
                let mode = question.mode(provider.capabilities());
                let request = match question.request(case, media.media.clone(), mode, repeat) {
                    Ok(request) => request,
                    Err(error) => return (mode, Err(error)),
                };
                // Layers would wait and count for a request that can never be sent.
                let checked = provider.capabilities().check(&request);
                match checked {
                    Ok(()) => (mode, provider.analyze(&request).await),
                    Err(error) => {
                        let advice = self.shared.media.advice(&media.media, provider.capabilities());
                        (mode, Err(advised(error, advice)))
                    }
                }
            }
        }
    }
}

pub(crate) fn advised(error: Error, advice: Option<&str>) -> Error {
    match advice {
        Some(advice) => error.reworded(|message| format!("{message}{advice}")),
        None => error,
    }
}

fn failure(error: Error) -> Failure {
    let message = error.chain();
    let kind = error.kind();
    let details = *error.details;
    // Nothing was sent: a file that cannot be read says nothing about the provider, and is not scored.
    let kind = if details.attempts.is_empty() { ErrorKind::Unsupported } else { kind };
    Failure {
        kind,
        message,
        status: details.status,
        request_id: details.request_id,
        usage: details.usage,
        body: details.body,
        attempts: details.attempts,
    }
}
