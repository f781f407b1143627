//! The side that works: takes assignments, makes attempts, reports.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::jetstream::kv::Operation;
use async_nats::jetstream::{AckKind, Context, Message, consumer::PullConsumer};
use eval::{Report, Reported, Served, Workbench};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::claim::claim;
use crate::names::{Names, candidate_name, runs_bucket};
use crate::wire::{Assigned, Notice, Told, VERSION, publish};
use crate::{Access, Result};

/// How a worker works.
pub struct Setup {
    /// Where.
    pub access: Access,
    /// Attempts at once for each candidate whose host is elsewhere.
    pub remote_at_once: usize,
    /// Attempts at once for each candidate that runs on this machine.
    pub local_at_once: usize,
    /// Makes what a run needs. It may take its time.
    pub open: Arc<Open>,
    /// Hears what happens.
    pub said: Arc<dyn Fn(Said) + Send + Sync>,
    /// Becomes `true` when the worker is to finish what it has begun, and go.
    pub leave: watch::Receiver<bool>,
}

/// Makes a workbench for a run.
pub type Open = dyn Fn(&Notice) -> Result<Workbench> + Send + Sync;

/// What a worker has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It is connected and waits for runs.
    Ready,
    /// It works on a run.
    Begun {
        /// The run's name for people.
        name: String,
        /// The labels that it can ask.
        served: Vec<String>,
        /// Those that it cannot, with the reasons.
        missing: Vec<(String, String)>,
    },
    /// It cannot work on a run.
    Useless {
        /// The run's name for people.
        name: String,
        /// Why.
        reason: String,
    },
    /// A run is over.
    Ended {
        /// The run's name for people.
        name: String,
        /// Attempts that this worker made for it.
        attempts: u64,
    },
}

/// Works until it is told to leave.
pub async fn work(setup: Setup) -> Result<()> {
    let jetstream = setup.access.connect().await?;
    let mut leave = setup.leave.clone();
    let setup = Arc::new(setup);
    let mut runs: HashMap<String, watch::Sender<bool>> = HashMap::new();
    let mut working = JoinSet::new();
    (setup.said)(Said::Ready);
    while !*leave.borrow() {
        let watching = watch_runs(&jetstream, &setup, &mut runs, &mut working);
        tokio::select! {
            ended = watching => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "the broker's runs cannot be watched: trying again");
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            _ = leave.changed() => {}
        }
    }
    for over in runs.values() {
        over.send(true).ok();
    }
    while working.join_next().await.is_some() {}
    jetstream.client().flush().await.ok();
    Ok(())
}

/// Begins to work on every run that is posted, and ends with those that are withdrawn.
async fn watch_runs(
    jetstream: &Context,
    setup: &Arc<Setup>,
    runs: &mut HashMap<String, watch::Sender<bool>>,
    working: &mut JoinSet<()>,
) -> std::result::Result<(), async_nats::Error> {
    let posted = jetstream.create_or_update_key_value(runs_bucket()).await?;
    let mut watched = posted.watch_with_history(">").await?;
    while let Some(entry) = watched.next().await {
        let entry = entry?;
        while working.try_join_next().is_some() {}
        if entry.operation != Operation::Put {
            if let Some(over) = runs.remove(&entry.key) {
                over.send(true).ok();
            }
            continue;
        }
        // A run that goes on is posted again, by another process with the same plan.
        if runs.get(&entry.key).is_some_and(|over| !over.is_closed()) {
            continue;
        }
        let Ok(notice) = serde_json::from_slice::<Notice>(&entry.value) else { continue };
        let (over, is_over) = watch::channel(false);
        runs.insert(entry.key, over);
        working.spawn(work_on(jetstream.clone(), setup.clone(), notice, is_over));
    }
    Ok(())
}

/// Works on one run until it is over.
async fn work_on(jetstream: Context, setup: Arc<Setup>, notice: Notice, over: watch::Receiver<bool>) {
    let name = notice.plan.name.clone();
    let (opening, said) = (setup.clone(), setup.said.clone());
    let silence = notice.silence();
    let run = notice.run.clone();
    let opened = tokio::task::spawn_blocking(move || match notice.v {
        VERSION => (opening.open)(&notice),
        _ => Err("its coordinator has another version of this program".to_owned()),
    });
    let workbench = match opened.await {
        Ok(Ok(workbench)) => workbench,
        Ok(Err(reason)) => return said(Said::Useless { name, reason }),
        Err(error) => return said(Said::Useless { name, reason: error.to_string() }),
    };
    said(Said::Begun {
        name: name.clone(),
        served: workbench.served().iter().map(|served| served.label.clone()).collect(),
        missing: workbench.missing().to_vec(),
    });
    let served = workbench.served().to_vec();
    let bench = Arc::new(Bench {
        jetstream,
        names: Names(run),
        workbench,
        silence,
        running: Mutex::default(),
        attempts: Mutex::default(),
        over: over.clone(),
    });
    let mut candidates = JoinSet::new();
    for served in served {
        let at_once = if served.local { setup.local_at_once } else { setup.remote_at_once };
        candidates.spawn(serve(bench.clone(), served, at_once, over.clone()));
    }
    while candidates.join_next().await.is_some() {}
    let attempts = *lock(&bench.attempts);
    said(Said::Ended { name, attempts });
}

/// What all assignments of one run need.
struct Bench {
    jetstream: Context,
    names: Names,
    workbench: Workbench,
    silence: Duration,
    /// Messages that are being worked on here.
    running: Mutex<HashSet<String>>,
    attempts: Mutex<u64>,
    /// Becomes `true` when nothing more is to be begun.
    over: watch::Receiver<bool>,
}

/// Serves one candidate.
async fn serve(bench: Arc<Bench>, served: Served, at_once: usize, mut over: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(at_once.max(1)));
    let mut working = JoinSet::new();
    while !*over.borrow() {
        let taken = async {
            let consumer: PullConsumer = bench
                .jetstream
                .get_consumer_from_stream(candidate_name(served.number), bench.names.assignments())
                .await?;
            loop {
                take(&consumer, &bench, &places, &mut working).await?;
                while working.try_join_next().is_some() {}
            }
        };
        let taken: std::result::Result<(), async_nats::Error> = tokio::select! {
            taken = taken => taken,
            _ = over.changed() => break,
        };
        if let Err(error) = taken {
            tracing::debug!(%error, "assignments cannot be taken: trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(500)) => {}
            _ = over.changed() => break,
        }
    }
    while working.join_next().await.is_some() {}
}

/// How long the broker keeps a request for assignments.
const ASKED_FOR: Duration = Duration::from_secs(2);

/// Takes as many assignments as there are places, and begins with them.
async fn take(
    consumer: &PullConsumer,
    bench: &Arc<Bench>,
    places: &Arc<Semaphore>,
    working: &mut JoinSet<()>,
) -> std::result::Result<(), async_nats::Error> {
    let mut free = places.clone().acquire_owned().await?;
    let more = u32::try_from(places.available_permits()).unwrap_or(u32::MAX);
    if let Ok(more) = places.clone().try_acquire_many_owned(more) {
        free.merge(more);
    }
    let mut batch = consumer.batch().max_messages(free.num_permits()).expires(ASKED_FOR).messages().await?;
    while let Some(message) = batch.next().await {
        let message = message?;
        let Some(place) = free.split(1) else { break };
        working.spawn(bench.clone().carry_out(message, place));
    }
    Ok(())
}

impl Bench {
    /// Does one assignment, and keeps the broker informed meanwhile.
    async fn carry_out(self: Arc<Self>, message: Message, _place: OwnedSemaphorePermit) {
        let Ok(assigned) = serde_json::from_slice::<Assigned>(&message.payload) else {
            message.ack_with(AckKind::Term).await.ok();
            return;
        };
        // It was delivered again although it is being done, right here: whoever does it acknowledges it.
        if !lock(&self.running).insert(assigned.message.clone()) {
            return;
        }
        let reported = self.report(&assigned);
        tokio::pin!(reported);
        let mut beat = tokio::time::interval(self.silence / 3);
        beat.tick().await;
        loop {
            tokio::select! {
                () = &mut reported => break,
                _ = beat.tick() => {
                    message.ack_with(AckKind::Progress).await.ok();
                }
            }
        }
        message.ack().await.ok();
        lock(&self.running).remove(&assigned.message);
    }

    /// Makes the attempt and publishes what came of it.
    async fn report(&self, assigned: &Assigned) {
        let claimed = tokio::select! {
            claimed = claim(&self.jetstream, &self.names, assigned) => claimed,
            () = over_for(self.over.clone(), LAST_WORDS) => return,
        };
        let report = match claimed {
            true => {
                let report = self.workbench.attempt(&assigned.assignment).await;
                *lock(&self.attempts) += 1;
                report
            }
            false => {
                // Whoever has begun with it may only be slow, and comes first then: the broker keeps one report each.
                tokio::time::sleep(self.silence / 2).await;
                let report = Report::without_media(Reported::Interrupted);
                Report { reservation: assigned.assignment.reservation, ..report }
            }
        };
        let payload = self.payload(assigned, report);
        let subject = self.names.report();
        let published = publish(&self.jetstream, &subject, &assigned.message, payload);
        tokio::select! {
            () = published => {}
            // Nobody may want it any more.
            () = over_for(self.over.clone(), LAST_WORDS) => {}
        }
    }

    /// A report as it is sent. The broker takes no message that is too large, however often it is published.
    fn payload(&self, assigned: &Assigned, report: Report) -> Vec<u8> {
        let write = |report: Report| {
            let told = Told { assignment: assigned.assignment.id(), report };
            serde_json::to_vec(&told).expect("our own types are plain data")
        };
        let most = self.jetstream.client().server_info().max_payload;
        let payload = write(report.clone());
        match payload.len() + AROUND > most {
            true => write(report.too_large(payload.len(), most)),
            false => payload,
        }
    }
}

/// Bytes of a message beside what it tells: its subject and headers.
const AROUND: usize = 1024;

/// How long a worker tries to publish its last reports.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Returns when it has been over for so long; never, if it is not.
async fn over_for(mut over: watch::Receiver<bool>, wait: Duration) {
    // A sender that is gone has nothing more for anybody to do.
    over.wait_for(|over| *over).await.ok();
    tokio::time::sleep(wait).await;
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
