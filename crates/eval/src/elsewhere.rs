//! Attempts that are made elsewhere: the place of a provider is taken by whoever has its attempts made.
//!
//! All layers that decide stay here: retry, budget, pace and places see every attempt and cannot tell. Layers pass
//! requests on and nothing else, so that the trial which a request belongs to travels with the task that asks.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use eval_record::MediaEntry;
use tokio::time::Instant;
use vision_core::{Capabilities, Estimate, Provider, ProviderId, Request, Response, Result, VisionProvider};
use vision_layers::Budget;

use crate::assignment::{Assignment, Report};
use crate::reservations::Reservations;

/// Makes attempts in other processes.
#[async_trait]
pub trait Workers: Send + Sync {
    /// Has an attempt made, and waits for its report. An error is one of the way there and says nothing of the attempt.
    async fn attempt(&self, assignment: Assignment) -> std::result::Result<Report, String>;

    /// The trial is in the record: what was kept of it, for whoever would resume the run, need be kept no longer.
    fn recorded(&self, trial: &str);

    /// Takes back what nobody has begun with, for good, when no more will be waited for. Returns the numbers of the
    /// reservations that nothing can be paid for any more.
    async fn withdraw(&self) -> Vec<u64>;
}

tokio::task_local! {
    /// The trial that this task is about.
    static TRIP: Arc<Trip>;
}

/// One trial whose attempts are made elsewhere.
#[derive(Debug)]
pub(crate) struct Trip {
    /// Its next attempt but for the number.
    first: Assignment,
    next: AtomicU32,
    media: Mutex<Vec<MediaEntry>>,
    money: Option<Money>,
}

/// Where the money of attempts is written down and counted.
#[derive(Debug, Clone)]
pub(crate) struct Money {
    pub reservations: Arc<Reservations>,
    pub budget: Arc<Budget>,
}

impl Trip {
    /// `money` is where that of its attempts is written down, if anywhere.
    pub fn new(first: Assignment, money: Option<Money>) -> Arc<Self> {
        Arc::new(Self { first, next: AtomicU32::new(0), media: Mutex::default(), money })
    }

    /// Asks on behalf of this trial.
    pub async fn on_behalf<T>(self: Arc<Self>, asking: impl Future<Output = T>) -> T {
        TRIP.scope(self, Reservations::noting(asking)).await
    }

    /// What was sent, as the last worker says.
    pub fn media(&self) -> Vec<MediaEntry> {
        std::mem::take(&mut lock(&self.media))
    }

    fn assignment(&self, stage: Option<u32>) -> Assignment {
        let attempt = self.next.fetch_add(1, Ordering::Relaxed);
        Assignment { stage, attempt, reservation: Reservations::noted(), ..self.first.clone() }
    }

    /// An attempt that an earlier process had assigned is counted under the number that this one has reserved for it.
    fn settle(&self, own: Option<u64>, reported: Option<u64>) {
        if let (Some(money), Some(reported)) = (&self.money, reported)
            && own != Some(reported)
        {
            money.budget.give_back(money.reservations.release(reported));
        }
    }
}

/// Stands in the place of a provider and its timeout.
pub(crate) struct Elsewhere {
    /// Says what it can do, and is not asked.
    provider: Provider,
    stage: Option<u32>,
    workers: Arc<dyn Workers>,
}

impl Elsewhere {
    pub fn new(provider: Provider, stage: Option<u32>, workers: Arc<dyn Workers>) -> Self {
        Self { provider, stage, workers }
    }
}

impl std::fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Elsewhere").field("provider", &self.provider).finish_non_exhaustive()
    }
}

#[async_trait]
impl VisionProvider for Elsewhere {
    fn id(&self) -> &ProviderId {
        self.provider.id()
    }

    fn capabilities(&self) -> &Capabilities {
        self.provider.capabilities()
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.provider.estimate(request)
    }

    async fn analyze(&self, _: &Request) -> Result<Response> {
        let trip = TRIP.with(Arc::clone);
        let begun = Instant::now();
        let assignment = trip.assignment(self.stage);
        let own = assignment.reservation;
        match self.workers.attempt(assignment).await {
            Ok(mut report) => {
                trip.settle(own, report.reservation);
                *lock(&trip.media) = std::mem::take(&mut report.media);
                report.outcome(begun.elapsed())
            }
            Err(reason) => Err(crate::assignment::interrupted(reason)),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
