//! Lets the candidates of a run walk side by side, and ends it when its referee says so.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eval_record::{Look, Record};
use tokio::sync::watch;

use crate::{Event, Observer, Referee};

/// Where the lanes of a run wait for each other.
pub(crate) struct Stages {
    referee: Arc<dyn Referee>,
    observer: Arc<dyn Observer>,
    /// After how many documents there is a look, and the first job that comes after it.
    ends: Vec<(u64, usize)>,
    record: Record,
    state: Mutex<State>,
    changed: watch::Sender<usize>,
}

#[derive(Default)]
struct State {
    /// Looks so far.
    stage: usize,
    lanes: BTreeSet<String>,
    arrived: BTreeSet<String>,
    out: BTreeSet<String>,
    is_over: bool,
    complaint: Option<String>,
}

/// What a lane does after it has waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// It goes on to this job.
    Until(usize),
    /// Its candidate is out, or the run is decided or at its end.
    End,
}

impl Stages {
    pub fn new(
        referee: Arc<dyn Referee>,
        observer: Arc<dyn Observer>,
        ends: Vec<(u64, usize)>,
        record: Record,
        lanes: impl Iterator<Item = String>,
    ) -> Self {
        let state = Mutex::new(State { lanes: lanes.collect(), ..State::default() });
        Self { referee, observer, ends, record, state, changed: watch::Sender::new(0) }
    }

    /// The job that comes after the first look.
    pub fn first(&self) -> usize {
        self.ends.first().map_or(usize::MAX, |(_, job)| *job)
    }

    /// Told by whoever records a trial.
    pub fn referee(&self) -> &dyn Referee {
        self.referee.as_ref()
    }

    /// A lane has done all that comes before the next look.
    pub async fn arrive(&self, label: &str) -> Next {
        let mut changed = self.changed.subscribe();
        let stage = {
            let mut state = self.lock();
            state.arrived.insert(label.to_owned());
            let stage = state.stage;
            self.look_if_all_are_here(&mut state);
            stage
        };
        // The look is made under the lock, so that nobody waits for one that was made.
        while self.lock().stage == stage && changed.changed().await.is_ok() {}
        let state = self.lock();
        match self.ends.get(state.stage) {
            Some((_, job)) if !state.is_over && !state.out.contains(label) => Next::Until(*job),
            _ => Next::End,
        }
    }

    /// A lane goes no further, for whatever reason: the others do not wait for it.
    pub fn leave(&self, label: &str) {
        let mut state = self.lock();
        state.lanes.remove(label);
        state.arrived.remove(label);
        self.look_if_all_are_here(&mut state);
    }

    /// What the disk refused.
    pub fn complaint(&self) -> Option<String> {
        self.lock().complaint.clone()
    }

    fn look_if_all_are_here(&self, state: &mut State) {
        if state.lanes.is_empty() || !state.lanes.iter().all(|lane| state.arrived.contains(lane)) {
            return;
        }
        if let Some((documents, _)) = self.ends.get(state.stage) {
            let look = self.referee.look(*documents);
            self.conclude(state, &look);
        }
        state.stage += 1;
        state.arrived.clear();
        self.changed.send_replace(state.stage);
    }

    fn conclude(&self, state: &mut State, look: &Look) {
        if let Err(error) = self.record.note_look(look) {
            state.complaint.get_or_insert(error.to_string());
        }
        self.observer.event(Event::Looked(look));
        for (label, _) in &look.out {
            if state.lanes.remove(label) {
                state.out.insert(label.clone());
            }
        }
        state.is_over |= look.settled;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
