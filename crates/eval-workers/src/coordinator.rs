//! The side that decides: publishes assignments, takes reports in, and keeps what the record does not hold yet.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::message::Acker;
use async_nats::jetstream::stream::Stream;
use async_nats::jetstream::{Context, Message};
use async_trait::async_trait;
use eval::{Assignment, Report, Workers};
use eval_record::Plan;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::desk::{Claim, Desk};
use crate::leftovers::leftovers;
use crate::names::{COORDINATOR, Names, RUNS, candidate_name, runs_bucket};
use crate::wire::{Assigned, Notice, Started, Told, VERSION, publish};
use crate::{Access, Result};

/// What a run asks of its workers.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The run's name at the broker: the same for each part of a run, and for no other run.
    pub run: String,
    /// After how much silence a worker counts as gone.
    pub silence: Duration,
    /// The most attempts that may be under way.
    pub max_concurrency: usize,
}

/// Has attempts made by workers.
pub struct Coordinator {
    jetstream: Context,
    names: Names,
    /// Tells the messages of this process from those of an earlier one.
    process: String,
    desk: Arc<Desk>,
    assignments: Stream,
    candidates: Vec<u32>,
    acknowledge: mpsc::UnboundedSender<Acker>,
    forget: mpsc::UnboundedSender<(Instant, Acker)>,
    tasks: Vec<AbortHandle>,
    /// Why what no worker has taken could not be withdrawn.
    complaint: OnceLock<String>,
}

/// What the broker knows of the workers of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Presence {
    /// Workers that wait for an assignment, or have one.
    pub workers: u64,
    /// Assignments that nobody has taken.
    pub untaken: u64,
}

impl Coordinator {
    /// Posts a run, and takes in what workers have reported since an earlier process of it stopped.
    pub async fn start(access: &Access, plan: &Plan, terms: &Terms) -> Result<Arc<Self>> {
        let jetstream = access.connect().await?;
        let names = Names(terms.run.clone());
        let failed = |error: &dyn std::fmt::Display| format!("the broker refuses what a run needs: {error}");
        let assignments =
            jetstream.get_or_create_stream(names.assignment_stream()).await.map_err(|it| failed(&it))?;
        // Whoever resumes may count on another silence.
        jetstream
            .create_or_update_stream(names.report_stream(terms.silence))
            .await
            .map_err(|it| failed(&it))?;
        let reports = jetstream.get_stream(names.reports()).await.map_err(|it| failed(&it))?;
        let mut candidates = Vec::new();
        for (number, planned) in (0..).zip(&plan.providers).filter(|(_, planned)| !planned.control) {
            let most = planned.limits.concurrency.unwrap_or(terms.max_concurrency).min(terms.max_concurrency);
            let consumer = names.candidate_consumer(number, most.max(1), terms.silence);
            assignments.create_consumer(consumer).await.map_err(|it| failed(&it))?;
            candidates.push(number);
        }
        let desk = Arc::new(Desk::default());
        // Before the reports are read: what is assigned no longer has reported by then.
        let assigned = leftovers(&assignments, &names.assignment_any()).await?;
        desk.note_assigned(assigned.into_iter().map(|leftover| leftover.assigned.assignment.id()));
        // A consumer of an earlier process would hand out again only after a while what that one had taken.
        reports.delete_consumer(COORDINATOR).await.ok();
        let mut consumer: PullConsumer =
            reports.create_consumer(Names::report_consumer()).await.map_err(|it| failed(&it))?;
        let kept = consumer.info().await.map_err(|it| failed(&it))?.num_pending;
        let (acknowledge, to_acknowledge) = mpsc::unbounded_channel();
        let (forget, to_forget) = mpsc::unbounded_channel();
        let tasks = vec![
            tokio::spawn(take_in(consumer, names.started_any(), desk.clone())).abort_handle(),
            tokio::spawn(acknowledge_all(to_acknowledge)).abort_handle(),
            tokio::spawn(forget_all(to_forget)).abort_handle(),
        ];
        while desk.arrived() < kept {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let process = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        let complaint = OnceLock::new();
        let coordinator = Self {
            jetstream,
            names,
            process,
            desk,
            assignments,
            candidates,
            acknowledge,
            forget,
            tasks,
            complaint,
        };
        coordinator.post(plan, terms).await?;
        Ok(Arc::new(coordinator))
    }

    /// Lets workers know of the run.
    async fn post(&self, plan: &Plan, terms: &Terms) -> Result<()> {
        let notice = Notice {
            v: VERSION,
            run: terms.run.clone(),
            plan: plan.clone(),
            silence_seconds: terms.silence.as_secs_f64(),
        };
        let notice = serde_json::to_vec(&notice).map_err(|error| error.to_string())?;
        let (size, most) = (notice.len(), self.jetstream.client().server_info().max_payload);
        if size > most {
            return Err(format!(
                "the plan has {size} bytes, and the broker takes messages of at most {most}: raise its max_payload"
            ));
        }
        let failed =
            |error: &dyn std::fmt::Display| format!("the run cannot be posted at the broker: {error}");
        let runs =
            self.jetstream.create_or_update_key_value(runs_bucket()).await.map_err(|it| failed(&it))?;
        runs.put(&terms.run, notice.into()).await.map_err(|it| failed(&it))?;
        Ok(())
    }

    /// Who is there to work.
    pub async fn presence(&self) -> Result<Presence> {
        let mut presence = Presence::default();
        for &candidate in &self.candidates {
            let info = self.assignments.consumer_info(candidate_name(candidate)).await;
            let info = info.map_err(|error| error.to_string())?;
            presence.workers += info.num_waiting as u64 + info.num_ack_pending as u64;
            presence.untaken += info.num_pending;
        }
        Ok(presence)
    }

    /// Ends it. A run that is complete leaves nothing behind. Of any other the reports stay, for whoever resumes it.
    pub async fn finish(&self, is_complete: bool) -> Result<()> {
        for task in &self.tasks {
            task.abort();
        }
        let failed = |error: &dyn std::fmt::Display| format!("the broker does not forget the run: {error}");
        if is_complete {
            let runs = self.jetstream.get_key_value(RUNS).await.map_err(|it| failed(&it))?;
            runs.purge(&self.names.0).await.map_err(|it| failed(&it))?;
            for stream in [self.names.assignments(), self.names.reports()] {
                self.jetstream.delete_stream(stream).await.map_err(|it| failed(&it))?;
            }
            return Ok(());
        }
        if let Some(complaint) = self.complaint.get() {
            return Err(failed(complaint));
        }
        self.jetstream.client().flush().await.map_err(|it| failed(&it))
    }

    /// Deletes the assignments that no worker has. Returns the reservations of those that none can have had.
    async fn take_back(&self) -> Result<Vec<u64>> {
        let mut untaken = Vec::new();
        // The last one first: a consumer comes to none of them while it has one before it.
        for leftover in leftovers(&self.assignments, &self.names.assignment_any()).await?.into_iter().rev() {
            let candidate = leftover.assigned.assignment.candidate;
            if leftover.sequence > self.delivered(candidate).await?
                && self.assignments.delete_message(leftover.sequence).await.is_ok()
            {
                untaken.push((candidate, leftover));
            }
        }
        let mut reservations = Vec::new();
        for (candidate, leftover) in untaken {
            // It may have been handed out right before it was deleted.
            if leftover.sequence > self.delivered(candidate).await? {
                reservations.extend(leftover.assigned.assignment.reservation);
            }
        }
        Ok(reservations)
    }

    /// The last assignment of a candidate that was handed to a worker.
    async fn delivered(&self, candidate: u32) -> Result<u64> {
        let consumer = self.assignments.consumer_info(candidate_name(candidate)).await;
        Ok(consumer.map_err(|error| error.to_string())?.delivered.stream_sequence)
    }
}

impl Drop for Coordinator {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

#[async_trait]
impl Workers for Coordinator {
    async fn attempt(&self, assignment: Assignment) -> std::result::Result<Report, String> {
        let (arrival, is_assigned) = match self.desk.claim(&assignment.id()) {
            Claim::Here(report) => return Ok(report),
            Claim::Coming { arrival, is_assigned } => (arrival, is_assigned),
        };
        if !is_assigned {
            let subject = self.names.assignment(assignment.candidate);
            let message = format!("{}.{}.{}", self.names.0, self.process, assignment.id());
            let assigned = Assigned { message: message.clone(), assignment };
            let payload = serde_json::to_vec(&assigned).map_err(|error| error.to_string())?;
            publish(&self.jetstream, &subject, &message, payload).await;
        }
        arrival.await.map_err(|_| "its report was given to somebody else".to_owned())
    }

    fn recorded(&self, trial: &str) {
        let released = self.desk.release(trial);
        for acker in released.reports {
            self.acknowledge.send(acker).ok();
        }
        let until = Instant::now() + CLAIMS_OUTLIVE;
        for acker in released.claims {
            self.forget.send((until, acker)).ok();
        }
    }

    async fn withdraw(&self) -> Vec<u64> {
        match self.take_back().await {
            Ok(reservations) => reservations,
            Err(error) => {
                self.complaint.set(error).ok();
                Vec::new()
            }
        }
    }
}

/// Takes reports in, as long as the process lives.
async fn take_in(reports: PullConsumer, started: String, desk: Arc<Desk>) {
    loop {
        match reports.stream().max_messages_per_batch(512).messages().await {
            Ok(mut messages) => {
                while let Some(message) = messages.next().await {
                    match message {
                        Ok(message) => arrive(message, &started, &desk).await,
                        Err(error) => {
                            tracing::debug!(%error, "the broker's reports break off: reading them again");
                            break;
                        }
                    }
                }
            }
            Err(error) => tracing::debug!(%error, "the broker's reports cannot be read: trying again"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn arrive(message: Message, started: &str, desk: &Desk) {
    if message.subject.starts_with(started)
        && let Ok(Started { assignment, .. }) = serde_json::from_slice(&message.payload)
    {
        let (_, acker) = message.split();
        return desk.begun(&assignment, acker);
    }
    match serde_json::from_slice::<Told>(&message.payload) {
        Ok(Told { assignment, report }) => {
            let (_, acker) = message.split();
            desk.arrive(assignment, report, acker);
        }
        Err(error) => {
            tracing::warn!(%error, "a report cannot be read and is thrown away");
            message.ack().await.ok();
            desk.pass_over();
        }
    }
}

async fn acknowledge_all(mut ackers: mpsc::UnboundedReceiver<Acker>) {
    while let Some(acker) = ackers.recv().await {
        // What is not acknowledged comes again, and is known then.
        acker.ack().await.ok();
    }
}

/// How long a claim is kept when its trial is in the record. A broker writes down what was acknowledged a moment
/// later, so that one that is killed hands out again what was done shortly before: the claim says that it was.
const CLAIMS_OUTLIVE: Duration = Duration::from_secs(10);

async fn forget_all(mut claims: mpsc::UnboundedReceiver<(Instant, Acker)>) {
    while let Some((until, acker)) = claims.recv().await {
        tokio::time::sleep_until(until).await;
        acker.ack().await.ok();
    }
}
