//! Does one trial: reads its case, prepares its media, asks, and returns how it ended.
//!
//! An executor serves one candidate in this process. It knows neither which trial comes next nor where they are
//! written. What only this machine is short of, it waits out, as that says nothing about the provider.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use eval_datasets::{Case, MediaRef, Problem};
use eval_record::{Failure, Outcome, OutputMode, Price, Trial, TrialKey, VERSION};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use vision_core::{Capabilities, Error, ErrorKind, Response, Result, Stop as StopReason};

use crate::Built;
use crate::asked::Asked;
use crate::candidate::Answerer;
use crate::changed::is_touched;
use crate::descriptors::{Waits, is_out_of_descriptors};
use crate::ended_trials::EndedTrials;
use crate::jobs::Job;
use crate::long_answer::bounded;
use crate::media::{self, CaseMedia, MediaGroups, MediaStore};
use crate::opened::OpenDataset;
use crate::stop::Stop;

/// Carries out the trials of one candidate.
pub(crate) struct Executor {
    pub label: Arc<str>,
    /// With all layers around it.
    pub answerer: Answerer,
    /// What it is asked.
    pub asked: Asked,
    pub price: Option<Price>,
    /// Its place among the candidates of the plan.
    pub number: usize,
    pub inputs: Arc<Inputs>,
    pub stop: Stop,
}

/// What all executors of a run read from.
pub(crate) struct Inputs {
    datasets: Vec<OpenDataset>,
    ended: EndedTrials,
    media: MediaStore,
    /// Of every candidate, in the order of the plan.
    capabilities: Vec<Capabilities>,
    /// Places for files that are being read. More would be read no sooner, and the allocator keeps memory for every
    /// thread that has ever held one.
    loading: Semaphore,
    begun: Instant,
    /// The same moment by the clock of the files.
    started: SystemTime,
}

/// What became of a job.
pub(crate) enum Ended {
    /// It is to be recorded, with what was sent.
    Trial(Box<Trial>, Arc<CaseMedia>),
    /// It is in the record already.
    AlreadyDone,
    /// The budget had no room: nothing was sent, nothing is recorded.
    NotSent(String),
    /// It could not be asked for a reason of ours: nothing is recorded, and a resumed run does it.
    Lost(String),
}

/// A case, and its media or why there are none.
type Loaded = (Case, Result<Arc<CaseMedia>>);

impl Inputs {
    pub fn new(
        datasets: Vec<OpenDataset>,
        ended: EndedTrials,
        groups: MediaGroups,
        capabilities: Vec<Capabilities>,
    ) -> Self {
        Self {
            datasets,
            ended,
            media: MediaStore::new(groups),
            capabilities,
            loading: Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)),
            begun: Instant::now(),
            started: SystemTime::now(),
        }
    }
}

impl Executor {
    /// Does one trial.
    pub async fn carry_out(self: Arc<Self>, job: Job) -> Ended {
        let at = self.inputs.begun.elapsed();
        let (mut waits, mut stop) = (Waits::default(), self.stop.clone());
        // Too few file descriptors are a shortage of ours, and pass.
        loop {
            match (self.clone().attempt(job, at).await, waits.next()) {
                (Err(_), Some(wait)) if !stop.is_asked() => stop.sleep(wait).await,
                (Err(lost), _) => return Ended::Lost(lost),
                (Ok(ended), _) => return ended,
            }
        }
    }

    /// One attempt at it; the error is that there are too few file descriptors.
    async fn attempt(self: Arc<Self>, job: Job, at: Duration) -> Result<Ended, String> {
        let loading = self.clone();
        let place = self.inputs.loading.acquire().await;
        let loaded = tokio::task::spawn_blocking(move || loading.load(job)).await;
        drop(place);
        let (case, media) = match loaded {
            Ok(Ok(Some(loaded))) => loaded,
            Ok(Ok(None)) => return Ok(Ended::AlreadyDone),
            Ok(Err(problem)) => return Ok(Ended::Lost(problem.to_string())),
            Err(_) => return Ok(Ended::Lost(self.panicked(job))),
        };
        let dataset = &self.inputs.datasets[job.dataset as usize];
        let (output, media, result) = match media {
            Ok(media) => {
                let (output, result) = self.ask(dataset, job, &case, &media).await;
                (output, media, result)
            }
            Err(error) => (OutputMode::Text, Arc::default(), Err(error)),
        };
        if let Err(error) = &result {
            if is_out_of_descriptors(error) {
                return Err(format!("case {}: {}", case.id, error.chain()));
            }
            if error.kind() == ErrorKind::Budget && error.details.attempts.is_empty() {
                return Ok(Ended::NotSent(error.message().to_owned()));
            }
        }
        let mut trial = Trial {
            v: VERSION,
            key: TrialKey {
                dataset: dataset.name.clone(),
                case: case.id,
                provider: self.label.to_string(),
                repeat: job.repeat,
            },
            task: case.task,
            at_ms: u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
            output,
            media: media.entries.iter().map(|entry| entry.sent_hash.clone()).collect(),
            outcome: match result {
                Ok(response) => Outcome::Answered(Response { text: bounded(response.text), ..response }),
                Err(error) => Outcome::Failed(failure(error)),
            },
            cost: None,
            untimed: false,
        };
        trial.cost = trial.cost_by(self.price.as_ref());
        Ok(Ended::Trial(Box::new(trial), media))
    }

    /// Where a panic came from that reading a case or its media ended in.
    fn panicked(&self, job: Job) -> String {
        let dataset = &self.inputs.datasets[job.dataset as usize];
        let line = dataset.index.entries[job.entry as usize].line;
        format!(
            "{}:{line}: reading the case or its media ended in a panic, which is a mistake in this program",
            dataset.folder.join("cases.jsonl").display()
        )
    }

    /// Reads case and media; `None` if the trial is in the record already. Blocks.
    fn load(&self, job: Job) -> Result<Option<Loaded>, Problem> {
        let Inputs { datasets, ended, capabilities, .. } = self.inputs.as_ref();
        let dataset = &datasets[job.dataset as usize];
        let case = dataset.index.read(dataset.index.entries[job.entry as usize])?;
        if ended.contains(&dataset.name, &case.id, &self.label, job.repeat) {
            return Ok(None);
        }
        if matches!(self.answerer, Answerer::Control(_)) {
            return Ok(Some((case, Ok(Arc::default()))));
        }
        let own = (self.number, &capabilities[self.number]);
        let media = &self.inputs.media;
        let media = media.load(dataset, &case, own);
        // One file that is missing is a case that cannot be asked; all of them are no dataset.
        if media.is_err() && !dataset.folder.join("dataset.toml").exists() {
            return Err(Problem::new(&dataset.folder, "the dataset no longer exists"));
        }
        // What was there when the run was planned is not a case that cannot be asked.
        if let Err(error) = &media
            && let Some(name) = case
                .media
                .iter()
                .filter_map(MediaRef::file)
                .find(|name| is_touched(&dataset.folder.join(name), self.inputs.started))
        {
            let message = format!("was changed or deleted during the run: {}", error.chain());
            return Err(Problem::new(dataset.folder.join(name), message));
        }
        Ok(Some((case, media)))
    }

    async fn ask(
        &self,
        dataset: &OpenDataset,
        job: Job,
        case: &Case,
        sent: &CaseMedia,
    ) -> (OutputMode, Result<Response>) {
        let question = self.asked.question(job.dataset as usize, dataset, case.task);
        match &self.answerer {
            Answerer::Control(control) => {
                let text = control.answer(&dataset.name, case);
                (OutputMode::Text, Ok(Response { text, stop: StopReason::Complete, ..Response::default() }))
            }
            Answerer::Provider(Built { provider, .. }) => {
                let mode = question.mode(case, provider.capabilities());
                let request = match question.request(case, sent.media.clone(), mode, job.repeat) {
                    Ok(request) => request,
                    Err(error) => return (mode, Err(error)),
                };
                // Layers would wait and count for a request that can never be sent.
                let checked = provider.capabilities().check(&request);
                match checked {
                    Ok(()) => (mode, provider.analyze(&request).await),
                    Err(error) => {
                        let policy = self.inputs.media.policy(self.number);
                        (mode, Err(media::advised(error, policy, &sent.media, provider.capabilities())))
                    }
                }
            }
        }
    }
}

fn failure(error: Error) -> Failure {
    let message = error.chain();
    let kind = error.kind();
    let details = *error.details;
    // Nothing was sent: a file that cannot be read says nothing about the provider, and is not scored.
    let kind = match (kind, details.attempts.last()) {
        (_, None) => ErrorKind::Unsupported,
        // It was asked, and there was no room to ask again: what counts is how that ended.
        (ErrorKind::Budget, Some(last)) => last.error.unwrap_or(kind),
        _ => kind,
    };
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
