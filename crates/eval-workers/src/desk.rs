//! Where a coordinator keeps reports until somebody asks for them, and until their trial is in the record.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_nats::jetstream::message::Acker;
use eval::Report;
use tokio::sync::oneshot;

/// Reports by the ids of their assignments.
#[derive(Default)]
pub struct Desk {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    places: HashMap<String, Place>,
    /// By trial: what the broker keeps of it.
    kept: HashMap<String, Vec<(String, Acker)>>,
    /// Assignments of an earlier process that workers still have.
    assigned: HashSet<String>,
    arrived: u64,
}

impl State {
    /// Notes how to acknowledge a message about an assignment. Whether it is a new one.
    fn keep(&mut self, assignment: &str, message: String, acker: Acker) -> bool {
        let trial = assignment.rsplit_once('.').map_or(assignment, |(trial, _)| trial);
        let kept = self.kept.entry(trial.to_owned()).or_default();
        match kept.iter_mut().find(|(other, _)| *other == message) {
            Some(known) => {
                known.1 = acker;
                false
            }
            None => {
                kept.push((message, acker));
                true
            }
        }
    }
}

enum Place {
    /// Somebody waits for it.
    Awaited(oneshot::Sender<Report>),
    /// It came before anybody asked: an earlier process had it assigned.
    Early(Report),
}

/// How to come by a report.
pub enum Claim {
    /// It is there already.
    Here(Report),
    /// It will come; the assignment is to be published first, unless it was.
    Coming { arrival: oneshot::Receiver<Report>, is_assigned: bool },
}

/// How to acknowledge what the broker kept of a trial.
pub struct Released {
    pub claims: Vec<Acker>,
    pub reports: Vec<Acker>,
}

/// Tells a claim from the report of the same assignment.
const BEGUN: &str = " begun";

impl Desk {
    /// Workers have these assignments already.
    pub fn note_assigned(&self, ids: impl IntoIterator<Item = String>) {
        self.lock().assigned.extend(ids);
    }

    /// Asks for the report of an assignment.
    pub fn claim(&self, id: &str) -> Claim {
        let mut state = self.lock();
        if let Some(Place::Early(report)) = state.places.remove(id) {
            return Claim::Here(report);
        }
        let (sender, arrival) = oneshot::channel();
        state.places.insert(id.to_owned(), Place::Awaited(sender));
        Claim::Coming { arrival, is_assigned: state.assigned.remove(id) }
    }

    /// A worker has begun with an assignment. The broker keeps that as long as the report.
    pub fn begun(&self, assignment: &str, acker: Acker) {
        let mut state = self.lock();
        state.arrived += 1;
        state.keep(assignment, format!("{assignment}{BEGUN}"), acker);
    }

    /// A report has come. It may come again, until it is acknowledged: then only the newest way to do that counts.
    pub fn arrive(&self, id: String, report: Report, acker: Acker) {
        let mut state = self.lock();
        state.arrived += 1;
        if !state.keep(&id, id.clone(), acker) {
            return;
        }
        if let Some(Place::Awaited(waiting)) = state.places.remove(&id) {
            // Whoever waited may have been interrupted; the broker keeps the report for the next.
            waiting.send(report).ok();
        } else {
            state.places.insert(id, Place::Early(report));
        }
    }

    /// Something has come that is no report.
    pub fn pass_over(&self) {
        self.lock().arrived += 1;
    }

    /// How many messages have come.
    pub fn arrived(&self) -> u64 {
        self.lock().arrived
    }

    /// Gives up what is kept of a trial.
    pub fn release(&self, trial: &str) -> Released {
        let kept = self.lock().kept.remove(trial).unwrap_or_default();
        let (claims, reports): (Vec<_>, Vec<_>) =
            kept.into_iter().partition(|(message, _)| message.ends_with(BEGUN));
        let ackers = |kept: Vec<(String, Acker)>| kept.into_iter().map(|(_, acker)| acker).collect();
        Released { claims: ackers(claims), reports: ackers(reports) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
