use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use eval_record::{BatchEvent, RecordedBatch};
use vision_batch::{BatchHost, Batching};
use vision_layers::{HandedOver, RetryPolicy};

use super::BatchSettings;
use super::log::{Asked, BatchLog};
use super::opening::{OpenBatch, held};
use super::search::{Left, search};
use crate::Observer;
use crate::executor::Executor;
use crate::jobs::Job;
use crate::recorder::Recorder;
use crate::schedule::{LaneEnd, Schedule};
use crate::stop::Stop;

/// One candidate's way through a run by batches.
pub(crate) struct BatchLane {
    pub schedule: Schedule,
    pub executor: Arc<Executor>,
    pub recorder: Arc<Recorder>,
    pub observer: Arc<dyn Observer>,
    pub stop: Stop,
    pub batching: Batching,
    pub model: String,
    pub money: HandedOver,
    pub log: Arc<BatchLog>,
    pub settings: BatchSettings,
    pub retry: RetryPolicy,
    pub jobs: Arc<[Job]>,
    pub state: BatchState,
}

/// What a lane knows of its batches.
#[derive(Debug, Default)]
pub(crate) struct BatchState {
    /// Those that are not collected.
    pub(super) open: Vec<OpenBatch>,
    /// What was in batches when the lane began, by dataset, entry and repeat.
    pub(super) taken: HashSet<(u32, u32, u32)>,
    /// What somebody has cancelled, in the same way; some of it may have been answered by then.
    pub(super) unwanted: HashSet<(u32, u32, u32)>,
    /// Why something is left undone.
    pub(super) complaints: Vec<String>,
    /// Requests that came back undone, by the host's words.
    pub(super) undone: BTreeMap<String, u64>,
    /// Requests that somebody has cancelled.
    pub(super) cancelled: u64,
}

impl BatchLane {
    /// Collects what earlier parts of the run have left, submits the rest, and waits if it is to.
    pub async fn walk(mut self) -> LaneEnd {
        match self.batching.host().await {
            Ok(host) => self.go_through(host.as_ref()).await,
            Err(error) => self.schedule.give_up(error.chain()),
        }
        if let Some(reason) = self.state.reason() {
            self.schedule.leave(reason);
        }
        self.schedule.end()
    }

    async fn go_through(&mut self, host: &dyn BatchHost) {
        let left = self.log.left_open(&self.executor.label);
        for batch in &left {
            self.take_up(batch, host).await;
        }
        self.find_jobs(left).await;
        self.look(host).await;
        self.submit_rest(host).await;
        let Some(every) = self.settings.look_every else { return };
        while !self.state.open.is_empty() && !self.recorder.is_closed() {
            self.stop.sleep(every).await;
            if self.stop.is_asked() {
                return;
            }
            self.state.complaints.clear();
            self.look(host).await;
        }
    }

    /// Finds out what became of a batch that an earlier part of the run left.
    async fn take_up(&mut self, batch: &RecordedBatch, host: &dyn BatchHost) {
        match search(batch, host, &self.log, self.settings.resubmit).await {
            Ok(Left::Open(open)) => self.state.open.push(open),
            Ok(Left::Never) => {
                let reason = "it was not submitted when the run was interrupted".to_owned();
                self.log.write(&BatchEvent::Dropped { batch: batch.intent.batch, reason });
                batch.intent.asks.iter().for_each(|ask| self.money.release(held(ask)));
                self.discard(&batch.intent.name, batch.intent.batch, host).await;
            }
            Ok(Left::Unknown(reason)) => self.state.complaints.push(reason),
            Err(error) => self.state.complaints.push(error.chain()),
        }
    }

    /// Finds the jobs of what is in batches: a record knows them by their cases.
    async fn find_jobs(&mut self, left: Vec<RecordedBatch>) {
        // What was dropped is asked again.
        let dropped = |batch: &RecordedBatch| {
            batch.stage == eval_record::BatchStage::Intended
                || (self.settings.resubmit
                    && batch.stage == eval_record::BatchStage::Creating
                    && self.state.open.iter().all(|open| open.number != batch.intent.batch))
        };
        let is_again = self.settings.resubmit;
        let mut stopped = if is_again { HashSet::new() } else { self.log.cancelled(&self.executor.label) };
        let mut wanted: HashMap<Asked, String> = HashMap::new();
        for batch in left.into_iter().filter(|batch| !dropped(batch)) {
            let keys = batch.intent.asks.into_iter().map(|ask| ((ask.dataset, ask.case, ask.repeat), ask.id));
            wanted.extend(keys);
        }
        stopped.retain(|asked| !wanted.contains_key(asked));
        if wanted.is_empty() && stopped.is_empty() {
            return;
        }
        let (executor, jobs) = (self.executor.clone(), self.jobs.clone());
        let find = move || {
            let (mut found, mut unwanted) = (HashMap::new(), Vec::new());
            for job in jobs.iter() {
                let Ok((dataset, case)) = executor.case(*job) else { continue };
                let asked = (dataset.to_owned(), case.id, job.repeat);
                match wanted.get(&asked) {
                    Some(id) => _ = found.insert(id.clone(), *job),
                    None if stopped.contains(&asked) => unwanted.push(*job),
                    None => {}
                }
            }
            (found, unwanted)
        };
        let (found, unwanted) = tokio::task::spawn_blocking(find).await.unwrap_or_default();
        self.state.taken.extend(found.values().map(key));
        self.state.unwanted = unwanted.iter().map(key).collect();
        for ask in self.state.open.iter_mut().flat_map(|open| open.asks.iter_mut()) {
            ask.1.job = found.get(ask.0).copied();
        }
    }
}

/// What tells a job from another.
pub(super) fn key(job: &Job) -> (u32, u32, u32) {
    (job.dataset, job.entry, job.repeat)
}

impl BatchState {
    /// Why something is left to do, if anything is.
    fn reason(&self) -> Option<String> {
        let mut reasons = Vec::new();
        match self.open.len() {
            0 => {}
            1 => reasons.push("1 batch is with its host".to_owned()),
            count => reasons.push(format!("{count} batches are with their host")),
        }
        reasons.extend(self.complaints.iter().cloned());
        for (word, count) in &self.undone {
            let requests = if *count == 1 { "request was" } else { "requests were" };
            reasons.push(format!("{count} {requests} not carried out ({word})"));
        }
        if self.cancelled > 0 {
            let requests = if self.cancelled == 1 { "request was" } else { "requests were" };
            reasons.push(format!(
                "{} {requests} canceled and not answered; submit them again with --resubmit",
                self.cancelled
            ));
        }
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
}
