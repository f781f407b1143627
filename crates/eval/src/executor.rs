//! Does one trial: reads its case, prepares its media, asks, and returns how it ended.
//!
//! An executor serves one candidate in this process. It knows neither which trial comes next nor where they are
//! written. What only this machine is short of, it waits out, as that says nothing about the provider.

use std::sync::Arc;
use std::time::Duration;

use eval_datasets::{Case, MediaRef, Problem};
use eval_record::{Failure, Outcome, OutputMode, Price, Sent, Trial, TrialKey, VERSION};
use vision_core::{Error, ErrorKind, Request, Response, Result, Stop as StopReason};

use crate::asked::Asked;
use crate::assignment::Assignment;
use crate::candidate::Answerer;
use crate::changed::is_touched;
use crate::descriptors::{Waits, is_out_of_descriptors};
use crate::elsewhere::{Money, Trip};
use crate::jobs::Job;
use crate::long_answer::bounded;
use crate::media::{self, CaseMedia};
use crate::question::Question;
use crate::steering::Steering;
use crate::stop::Stop;
use crate::{Built, Workers};

mod inputs;

pub(crate) use inputs::Inputs;

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
    pub steering: Steering,
    /// Where its attempts are made, if that is not in this process.
    pub away: Option<Away>,
}

/// How a trial goes whose attempts workers make.
#[derive(Clone)]
pub(crate) struct Away {
    pub workers: Arc<dyn Workers>,
    /// Whether this process must have the media too: what a request may cost, or how many tokens it has, depends on them.
    pub needs_media: bool,
    /// Where the money of its attempts is written down, if it is.
    pub money: Option<Money>,
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
pub(crate) type Loaded = (Case, Result<Arc<CaseMedia>>);

impl Executor {
    /// Does one trial.
    pub async fn carry_out(self: &Arc<Self>, job: Job) -> Ended {
        let at = self.inputs.begun.elapsed();
        let (mut waits, mut stop) = (Waits::default(), self.stop.clone());
        // Too few file descriptors are a shortage of ours, and pass.
        loop {
            match (self.attempt(job, at).await, waits.next()) {
                (Err(_), Some(wait)) if !stop.is_asked() => stop.sleep(wait).await,
                (Err(lost), _) => return Ended::Lost(lost),
                (Ok(ended), _) => return ended,
            }
        }
    }

    /// Case and media of a job, for who makes its attempts; the error is that this machine cannot have them.
    pub async fn obtain(self: &Arc<Self>, job: Job) -> Result<Loaded, String> {
        let mut waits = Waits::default();
        loop {
            match self.loaded(job).await {
                Ok(Some((case, Err(error)))) if is_out_of_descriptors(&error) => match waits.next() {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => return Err(format!("case {}: {}", case.id, error.chain())),
                },
                Ok(Some(loaded)) => return Ok(loaded),
                Ok(None) => return Err("it is in the record already".to_owned()),
                Err(reason) => return Err(reason),
            }
        }
    }

    /// Reads case and media where that keeps nobody waiting; `None` if the trial is in the record already.
    async fn loaded(self: &Arc<Self>, job: Job) -> Result<Option<Loaded>, String> {
        let loading = self.clone();
        let place = self.inputs.loading.acquire().await;
        let loaded = tokio::task::spawn_blocking(move || loading.load(job)).await;
        drop(place);
        match loaded {
            Ok(loaded) => loaded.map_err(|problem| problem.to_string()),
            Err(_) => Err(self.panicked(job)),
        }
    }

    /// One attempt at it; the error is that there are too few file descriptors.
    async fn attempt(self: &Arc<Self>, job: Job, at: Duration) -> Result<Ended, String> {
        let (case, media) = match self.loaded(job).await {
            Ok(Some(loaded)) => loaded,
            Ok(None) => return Ok(Ended::AlreadyDone),
            Err(reason) => return Ok(Ended::Lost(reason)),
        };
        let name = &self.inputs.datasets[job.dataset as usize].name;
        let at_ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        let under_way = self.steering.begin((&self.label, name, &case.id), at_ms);
        let (output, media, result) = match media {
            Ok(media) => under_way.on_behalf(self.ask(job, &case, media)).await,
            Err(error) => (OutputMode::Text, Arc::default(), Err(error)),
        };
        if let Err(error) = &result {
            if is_out_of_descriptors(error) {
                return Err(format!("case {}: {}", case.id, error.chain()));
            }
            if error.details.interrupted {
                return Ok(Ended::Lost(format!("case {}: {}", case.id, error.chain())));
            }
            if error.kind() == ErrorKind::Budget && error.details.attempts.is_empty() {
                return Ok(Ended::NotSent(error.message().to_owned()));
            }
        }
        Ok(Ended::Trial(Box::new(self.trial(job, &case, at, output, (&media, result))), media))
    }

    /// Its case and media, or why it cannot be asked or need not be.
    pub async fn read(self: &Arc<Self>, job: Job) -> Result<Loaded, Ended> {
        match self.loaded(job).await {
            Ok(Some(loaded)) => Ok(loaded),
            Ok(None) => Err(Ended::AlreadyDone),
            Err(reason) => Err(Ended::Lost(reason)),
        }
    }

    /// How the form of an answer to this case is asked for.
    pub fn mode(&self, job: Job, case: &Case) -> OutputMode {
        match &self.answerer {
            Answerer::Provider(built) => self.question(job, case).mode(case, built.provider.capabilities()),
            Answerer::Control(_) => OutputMode::Text,
        }
    }

    /// Since when this part of the run goes on.
    pub fn elapsed(&self) -> Duration {
        self.inputs.begun.elapsed()
    }

    /// The dataset and the case of a job.
    pub fn case(&self, job: Job) -> Result<(&str, Case), Problem> {
        let dataset = &self.inputs.datasets[job.dataset as usize];
        Ok((&dataset.name, dataset.index.read(dataset.index.entries[job.entry as usize])?))
    }

    /// How a trial ended that was begun so long after the start of this part of the run.
    pub fn trial(
        &self,
        job: Job,
        case: &Case,
        at: Duration,
        output: OutputMode,
        (media, result): (&CaseMedia, Result<Response>),
    ) -> Trial {
        let sent = Sent::of(&media.media);
        let mut trial = Trial {
            v: VERSION,
            key: TrialKey {
                dataset: self.inputs.datasets[job.dataset as usize].name.clone(),
                case: case.id.clone(),
                provider: self.label.to_string(),
                repeat: job.repeat,
            },
            task: case.task,
            at_ms: u64::try_from(at.as_millis()).unwrap_or(u64::MAX),
            output,
            media: media.entries.iter().map(|entry| entry.sent_hash.clone()).collect(),
            sent: Some(sent).filter(|sent| *sent != Sent::pictures(media.media.len() as u64)),
            outcome: match result {
                Ok(response) => Outcome::Answered(Response { text: bounded(response.text), ..response }),
                Err(error) => Outcome::Failed(failure(error)),
            },
            cost: None,
            untimed: false,
        };
        trial.cost = trial.cost_by(self.price.as_ref());
        trial
    }

    /// A trial is in the record: workers need keep nothing of it.
    pub fn recorded(&self, job: Job, trial: &Trial) {
        if let Some(away) = &self.away {
            away.workers.recorded(&self.first_assignment(job, &trial.key.case).trial());
        }
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
        let needs_media = self.away.as_ref().is_none_or(|away| away.needs_media);
        if matches!(self.answerer, Answerer::Control(_)) || !needs_media {
            return Ok(Some((case, Ok(Arc::default()))));
        }
        let own = (self.number, &capabilities[self.number]);
        let media = &self.inputs.media;
        let media = media.load(dataset, &case, own);
        // A store that does not answer says nothing of a case, which is asked when the run is resumed.
        media::check_reachable(dataset, &case, &media)?;
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
        // A file that is not there, or that the dataset may not name, is a mistake of the dataset and says nothing about
        // what a provider supports.
        if media.is_err()
            && let Some(refused) = case
                .media
                .iter()
                .filter_map(MediaRef::file)
                .find_map(|name| MediaRef::resolve(name, &dataset.folder).err())
        {
            return Err(Problem::new(&dataset.folder, format!("case {}: {refused}", case.id)));
        }
        Ok(Some((case, media)))
    }

    async fn ask(
        &self,
        job: Job,
        case: &Case,
        sent: Arc<CaseMedia>,
    ) -> (OutputMode, Arc<CaseMedia>, Result<Response>) {
        let Answerer::Provider(Built { provider, .. }) = &self.answerer else {
            return (OutputMode::Text, sent, self.answer_blindly(job, case));
        };
        let mode = self.question(job, case).mode(case, provider.capabilities());
        let request = match self.request(job, case, &sent) {
            Ok(request) => request,
            Err(error) => return (mode, sent, Err(error)),
        };
        let Some(away) = &self.away else { return (mode, sent, provider.analyze(&request).await) };
        let trip = Trip::new(self.first_assignment(job, &case.id), away.money.clone());
        let result = trip.clone().on_behalf(provider.analyze(&request)).await;
        let sent = match away.needs_media {
            true => sent,
            false => Arc::new(CaseMedia { media: Vec::new(), entries: trip.media() }),
        };
        (mode, sent, result)
    }

    /// What a control says, which looks at no media.
    fn answer_blindly(&self, job: Job, case: &Case) -> Result<Response> {
        let dataset = &self.inputs.datasets[job.dataset as usize];
        let text = match &self.answerer {
            Answerer::Control(control) => control.answer(&dataset.name, case),
            Answerer::Provider(_) => unreachable!("only controls answer blindly"),
        };
        Ok(Response { text, stop: StopReason::Complete, ..Response::default() })
    }

    fn question(&self, job: Job, case: &Case) -> &Question {
        let number = job.dataset as usize;
        self.asked.question(number, &self.inputs.datasets[number], case.task)
    }

    /// What is asked about a case. An error is that it cannot be.
    pub fn request(&self, job: Job, case: &Case, sent: &CaseMedia) -> Result<Request> {
        let Answerer::Provider(Built { provider, .. }) = &self.answerer else {
            return Err(Error::new(ErrorKind::Unsupported, "controls are sent no requests"));
        };
        let question = self.question(job, case);
        let mode = question.mode(case, provider.capabilities());
        let request = question.request(case, sent.media.clone(), mode, job.repeat)?;
        // Without its media there is nothing to check, and who has them does.
        if self.away.as_ref().is_some_and(|away| !away.needs_media) {
            return Ok(request);
        }
        // Layers would wait and count for a request that can never be sent.
        match provider.capabilities().check(&request) {
            Ok(()) => Ok(request),
            Err(error) => {
                let policy = self.inputs.media.policy(self.number);
                Err(media::advised(error, policy, &sent.media, provider.capabilities()))
            }
        }
    }

    /// The first attempt of a trial, for workers.
    fn first_assignment(&self, job: Job, case: &str) -> Assignment {
        let dataset = &self.inputs.datasets[job.dataset as usize];
        Assignment {
            candidate: u32::try_from(self.number).expect("plans have few candidates"),
            stage: None,
            dataset: job.dataset,
            line: dataset.index.entries[job.entry as usize].line,
            case: case.to_owned(),
            repeat: job.repeat,
            round: self.inputs.ended.failures(&dataset.name, case, &self.label, job.repeat),
            attempt: 0,
            reservation: None,
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
