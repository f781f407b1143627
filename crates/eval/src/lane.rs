use std::collections::HashSet;
use std::sync::Arc;

use eval_datasets::Case;
use eval_record::{Failure, OutputMode, Price, Trial, TrialKey, VERSION};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;
use vision_core::{Capabilities, Error, ErrorKind, Response, Result, Stop as StopReason, Task};

use crate::health::{Advice, Health};
use crate::media::{CaseMedia, MediaStore};
use crate::prepare::{Answerer, PreparedDataset};
use crate::resume::Done;
use crate::run::{Stop, Unfinished};
use crate::writer::Writer;
use crate::{Event, Observer};

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
    pub datasets: Vec<PreparedDataset>,
    pub jobs: Vec<Job>,
    pub media: MediaStore,
    /// Places for files that are being read. More would be read no sooner, and the allocator keeps memory for every
    /// thread that has ever held one.
    pub loading: Semaphore,
    /// Of every provider, in the order of the plan.
    pub capabilities: Vec<Capabilities>,
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
        kind: Option<ErrorKind>,
        /// Whether a resumed run will do it again.
        again: bool,
        /// How many times its worst case an attempt cost, if more than once.
        overrun: Option<f64>,
    },
    AlreadyDone,
    /// The budget had no room: nothing was sent, nothing is recorded.
    NotSent(String),
}

impl Lane {
    /// Does every trial, unless it is told to stop or its provider proves to be of no use.
    pub async fn walk(self) -> LaneEnd {
        let total = self.jobs().count() as u64;
        let lane = Arc::new(self);
        Event::Planned { provider: &lane.label, trials: total }.send(lane.shared.observer.as_ref());
        let mut jobs = lane.jobs();
        let mut running = JoinSet::new();
        let mut state = Progress { total, at_once: lane.at_once, ..Progress::default() };
        let (mut stop, mut patience) = (lane.stop.clone(), lane.stop.clone());
        loop {
            while running.len() < state.at_once && state.why_not.is_none() && !stop.is_asked() {
                if lane.shared.writer.is_closed() {
                    state.why_not = Some("the record could not be written".to_owned());
                    break;
                }
                let Some(job) = jobs.next() else { break };
                running.spawn(lane.clone().trial(job));
            }
            if running.is_empty() {
                break;
            }
            tokio::select! {
                ended = running.join_next() => match ended {
                    Some(Ok(ended)) => state.note(ended, &lane, &mut stop).await,
                    // A panic in a provider loses one trial and says so on stderr; resume does it again.
                    Some(Err(_)) => {}
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

    async fn trial(self: Arc<Self>, job: Job) -> Ended {
        let at = self.shared.begun.elapsed();
        let loading = self.clone();
        let place = self.shared.loading.acquire().await;
        let loaded = tokio::task::spawn_blocking(move || loading.load(job)).await;
        drop(place);
        let Ok(Some((case, media))) = loaded else { return Ended::AlreadyDone };
        let dataset = &self.shared.datasets[job.dataset as usize];
        let (output, hashes, result) = match media {
            Ok(media) => {
                let hashes = media.entries.iter().map(|entry| entry.sent_hash.clone()).collect();
                let (output, result) = self.ask(dataset, &case, &media, job.repeat).await;
                (output, hashes, result)
            }
            Err(error) => (OutputMode::Text, Vec::new(), Err(error)),
        };
        if let Err(error) = &result
            && error.kind() == ErrorKind::Budget
            && error.details.attempts.is_empty()
        {
            return Ended::NotSent(error.message().to_owned());
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
            response: None,
            failure: None,
            cost: None,
        };
        match result {
            Ok(response) => trial.response = Some(response),
            Err(error) => trial.failure = Some(failure(error)),
        }
        trial.cost = trial.cost_by(self.price.as_ref());
        if let Some(failure) = trial.failure.as_mut().filter(|failure| failure.attempts.is_empty()) {
            // Nothing was sent: a file that cannot be read says nothing about the provider, and is not scored.
            failure.kind = ErrorKind::Unsupported;
        }
        let kind = trial.failure.as_ref().map(|failure| failure.kind);
        let again = trial.is_worth_repeating();
        self.shared.writer.trial(&trial);
        self.shared.observer.event(Event::Ended(&trial));
        let overrun = trial.attempts().iter().filter_map(|attempt| attempt.overrun).reduce(f64::max);
        Ended::Recorded { kind, again, overrun }
    }

    /// Reads case and media; `None` if the trial is in the record already. Blocks.
    fn load(&self, job: Job) -> Option<(Case, Result<Arc<CaseMedia>>)> {
        let dataset = &self.shared.datasets[job.dataset as usize];
        let case = dataset.index.read(dataset.index.entries[job.entry as usize]).ok()?;
        if self.shared.done.contains(&dataset.name, &case.id, &self.label, job.repeat) {
            return None;
        }
        let media = match self.answerer.as_ref() {
            Answerer::Control(_) => Ok(Arc::new(CaseMedia::default())),
            Answerer::Provider(_) => {
                let all: Vec<&Capabilities> = self.shared.capabilities.iter().collect();
                let media = self.shared.media.load(&dataset.folder, &dataset.name, &case, self.number, &all);
                if let Ok(media) = &media {
                    self.note_media(media);
                }
                media
            }
        };
        Some((case, media))
    }

    /// Each medium in each of its forms is written down once.
    fn note_media(&self, media: &CaseMedia) {
        for entry in self.shared.media.first_seen(media) {
            self.shared.writer.media(entry);
        }
    }

    async fn ask(
        &self,
        dataset: &PreparedDataset,
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
            Answerer::Provider(provider) => {
                let mode = question.mode(provider.capabilities());
                let request = match question.request(case, media.media.clone(), mode, repeat) {
                    Ok(request) => request,
                    Err(error) => return (mode, Err(error)),
                };
                // Layers would wait and count for a request that can never be sent.
                let checked = provider.capabilities().check(&request);
                match checked {
                    Ok(()) => (mode, provider.analyze(&request).await),
                    Err(error) => (mode, Err(error)),
                }
            }
        }
    }
}

fn failure(error: Error) -> Failure {
    let message = error.chain();
    let kind = error.kind();
    let details = *error.details;
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

fn is_of_the_setup(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Auth | ErrorKind::QuotaExhausted | ErrorKind::Config)
}

/// Where a lane stands.
#[derive(Default)]
struct Progress {
    total: u64,
    finished: u64,
    recorded: u64,
    /// Of those recorded, the ones that a resumed run will do again.
    again: u64,
    /// Of those, the ones that a key, an account or a setting spoilt.
    spoilt: u64,
    at_once: usize,
    health: Health,
    /// Trials without room in the budget since the last one that had some.
    not_sent: u64,
    /// The greatest overrun that was said.
    overrun: f64,
    /// What was said of the last of them.
    no_room: Option<String>,
    why_not: Option<String>,
}

/// Trials in a row without room in the budget after which the others are not tried any more. A single one may just be
/// dearer than the rest.
const PATIENCE: u64 = 20;

impl Progress {
    async fn note(&mut self, ended: Ended, lane: &Lane, stop: &mut Stop) {
        let (kind, again) = match ended {
            Ended::AlreadyDone => {
                self.finished += 1;
                Event::Known { provider: &lane.label }.send(lane.shared.observer.as_ref());
                return;
            }
            Ended::NotSent(message) => {
                self.not_sent += 1;
                self.no_room = Some(message.clone());
                if self.not_sent >= PATIENCE {
                    self.stop(lane, message);
                }
                return;
            }
            Ended::Recorded { kind, again, overrun } => {
                self.note_overrun(overrun, lane);
                (kind, again)
            }
        };
        self.not_sent = 0;
        self.recorded += 1;
        self.finished += 1;
        self.again += u64::from(again);
        self.spoilt += u64::from(again && kind.is_some_and(is_of_the_setup));
        match self.health.note(kind) {
            Advice::GoOn if self.at_once < lane.at_once && kind.is_none() => self.at_once = lane.at_once,
            Advice::GoOn => {}
            Advice::Stop => {
                let reason = kind.map_or("failure", ErrorKind::name);
                self.stop(lane, format!("{reason}, again and again"));
            }
            Advice::Probe(wait) => {
                let reason = format!("its host does not answer; the next try is in {} s", wait.as_secs());
                Event::Paused { provider: &lane.label, reason: &reason }.send(lane.shared.observer.as_ref());
                self.at_once = 1;
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = stop.asked() => {}
                }
            }
        }
    }

    /// Says it once, and again where it gets worse.
    fn note_overrun(&mut self, overrun: Option<f64>, lane: &Lane) {
        if let Some(times) = overrun.filter(|times| *times > self.overrun) {
            self.overrun = times;
            Event::Overrun { provider: &lane.label, times }.send(lane.shared.observer.as_ref());
        }
    }

    fn stop(&mut self, lane: &Lane, reason: String) {
        if self.why_not.is_none() {
            Event::Stopped { provider: &lane.label, reason: &reason }.send(lane.shared.observer.as_ref());
            self.why_not = Some(reason);
        }
    }

    /// A part that was broken off is unfinished, and so is one in which nobody ever answered, or in which something
    /// failed for which the provider is not to blame.
    fn end(self, lane: &Lane) -> LaneEnd {
        let left = self.total - self.finished;
        let unanswered = || self.health.nobody_answers().then(|| "no trial was answered".to_owned());
        let broken_off = || (left > 0).then(|| "interrupted".to_owned());
        let spoilt = || (self.spoilt > 0).then(|| "a key, an account or a setting is wrong".to_owned());
        let no_room = self.no_room.filter(|_| left > 0 && !lane.stop.is_asked());
        let reason = self.why_not.or(no_room).or_else(broken_off).or_else(unanswered).or_else(spoilt);
        let unfinished = reason.map(|reason| Unfinished {
            provider: lane.label.to_string(),
            trials: left + self.again,
            reason,
        });
        LaneEnd { recorded: self.recorded, unfinished }
    }
}
