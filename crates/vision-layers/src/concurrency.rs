use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use vision_core::{Error, ErrorKind, Provider, Request, Response, Result, VisionProvider};

use crate::outcome::{Outcome, pass_on};

/// Lets only so many attempts run at once.
#[derive(Debug)]
pub struct Concurrency {
    inner: Provider,
    places: Arc<Places>,
}

/// The places that the models of one host share.
///
/// A host that says "too many" gets half as many; each full round of answers after that gives one place back.
#[derive(Debug)]
pub struct Places {
    free: Arc<Semaphore>,
    state: Mutex<State>,
    adapts: bool,
}

#[derive(Debug)]
struct State {
    limit: usize,
    /// What it may recover to.
    most: usize,
    /// Places that were taken away while in use: they vanish when they are given back.
    owed: usize,
    /// Answers since the limit last changed.
    answers: usize,
    shrunk: Option<Instant>,
}

impl Places {
    /// At most `most` places, and at least one.
    pub fn new(most: usize) -> Arc<Self> {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        Arc::new(Self {
            free: Arc::new(Semaphore::new(most)),
            state: Mutex::new(State { limit: most, most, owed: 0, answers: 0, shrunk: None }),
            adapts: true,
        })
    }

    /// `most` places that hosts of different minds share: what one of them says changes nothing for the others.
    pub fn fixed(most: usize) -> Arc<Self> {
        let mut places = Arc::into_inner(Self::new(most)).expect("it was just created");
        places.adapts = false;
        Arc::new(places)
    }

    /// How many attempts may run at once just now.
    pub fn limit(&self) -> usize {
        self.lock().limit
    }

    /// Gives it other places from now on; none at all for 0. What runs already goes on.
    pub fn resize(&self, most: usize) {
        let most = most.min(Semaphore::MAX_PERMITS);
        let mut state = self.lock();
        state.most = most;
        self.set(&mut state, most);
    }

    fn set(&self, state: &mut State, limit: usize) {
        let before = state.limit;
        state.limit = limit;
        state.answers = 0;
        if limit < before {
            let taken = before - limit;
            state.owed += taken - self.free.forget_permits(taken);
        } else {
            let more = limit - before;
            let kept = more.min(state.owed);
            state.owed -= kept;
            self.free.add_permits(more - kept);
        }
    }

    /// Gives no place any more: who waits for one leaves at once. What runs already goes on.
    pub fn close(&self) {
        self.free.close();
    }

    /// The kind of the failure is that of all requests that were not sent for a reason of the run.
    async fn take(&self) -> Result<OwnedSemaphorePermit> {
        let taken = self.free.clone().acquire_owned().await;
        taken.map_err(|_| Error::new(ErrorKind::Budget, "the run is ending, and nothing more is sent"))
    }

    fn give_back(&self, place: OwnedSemaphorePermit) {
        let mut state = self.lock();
        if state.owed > 0 {
            state.owed -= 1;
            place.forget();
        }
    }

    /// Halves the limit, once for all the attempts that were on their way together.
    fn shrink(&self, sent: Instant) {
        let mut state = self.lock();
        if !self.adapts || state.limit <= 1 || state.shrunk.is_some_and(|shrunk| sent <= shrunk) {
            return;
        }
        let less = state.limit / 2;
        self.set(&mut state, less);
        state.shrunk = Some(Instant::now());
        tracing::debug!(places = less, "too many at once");
    }

    fn recover(&self) {
        let mut state = self.lock();
        state.answers += 1;
        if state.limit < state.most && state.answers >= state.limit {
            let more = state.limit + 1;
            self.set(&mut state, more);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Concurrency {
    /// Limits `inner` to the places it shares with others.
    pub fn new(inner: Provider, places: Arc<Places>) -> Self {
        Self { inner, places }
    }
}

/// Gives the place back also when the attempt is dropped half-way.
struct Guard<'a> {
    places: &'a Places,
    place: Option<OwnedSemaphorePermit>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            self.places.give_back(place);
        }
    }
}

#[async_trait]
impl VisionProvider for Concurrency {
    pass_on!();

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let arrived = Instant::now();
        let _guard = Guard { places: &self.places, place: Some(self.places.take().await?) };
        let sent = Instant::now();
        let mut outcome = self.inner.analyze(request).await;
        match &outcome {
            Err(error) if error.kind() == ErrorKind::RateLimited => self.places.shrink(sent),
            Ok(_) => self.places.recover(),
            Err(_) => {}
        }
        if let Some(attempt) = outcome.attempts().last_mut() {
            attempt.queued += sent - arrived;
        }
        outcome
    }
}
