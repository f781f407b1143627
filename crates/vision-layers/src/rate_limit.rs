use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use vision_core::{Allowance, Error, ErrorKind, Limits, Provider, Request, Response, Result, VisionProvider};

use crate::outcome::{Outcome, pass_on};

/// Keeps to so many requests and tokens a minute, and to whatever the host itself says.
#[derive(Debug)]
pub struct RateLimit {
    inner: Provider,
    pace: Arc<Pace>,
}

/// The pace that the models of one host share.
///
/// A 429 closes the door until the host's own delay has passed; a header that says "none left" closes it until
/// the window is full again.
#[derive(Debug)]
pub struct Pace {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    requests: Option<Bucket>,
    tokens: Option<Bucket>,
    closed_until: Option<Instant>,
}

/// Holds up to a few seconds' worth, so that a run does not start with a whole minute's burst.
#[derive(Debug)]
struct Bucket {
    per_second: f64,
    room: f64,
    level: f64,
    filled: Instant,
}

/// How many seconds' worth may be used at once.
const BURST_SECONDS: f64 = 5.0;

impl Bucket {
    fn per_minute(amount: f64) -> Self {
        let per_second = amount / 60.0;
        let room = (per_second * BURST_SECONDS).max(1.0);
        Self { per_second, room, level: room, filled: Instant::now() }
    }

    fn fill(&mut self, now: Instant) {
        let seconds = (now - self.filled).as_secs_f64();
        self.level = (self.level + seconds * self.per_second).min(self.room);
        self.filled = now;
    }

    /// How long until `amount` may be taken. More than the bucket holds needs a full bucket, and leaves a debt.
    fn wait(&self, amount: f64) -> Duration {
        let missing = amount.min(self.room) - self.level;
        if missing <= 0.0 { Duration::ZERO } else { Duration::from_secs_f64(missing / self.per_second) }
    }
}

impl Pace {
    /// No limit of its own where a figure is not given; it still learns from the host.
    pub fn new(requests_per_minute: Option<f64>, tokens_per_minute: Option<f64>) -> Arc<Self> {
        let state = State {
            requests: requests_per_minute.map(Bucket::per_minute),
            tokens: tokens_per_minute.map(Bucket::per_minute),
            closed_until: None,
        };
        Arc::new(Self { state: Mutex::new(state) })
    }

    /// Waits for its turn and takes it.
    async fn take(&self, tokens: f64) {
        while let Some(wait) = self.try_take(tokens) {
            tokio::time::sleep(wait).await;
        }
    }

    /// Takes a turn, or says how long to wait before asking again.
    fn try_take(&self, tokens: f64) -> Option<Duration> {
        let mut state = self.lock();
        let now = Instant::now();
        if let Some(until) = state.closed_until.filter(|&until| until > now) {
            return Some(until - now);
        }
        let State { requests, tokens: token_bucket, .. } = &mut *state;
        let mut buckets: Vec<(&mut Bucket, f64)> = Vec::with_capacity(2);
        buckets.extend(requests.as_mut().map(|bucket| (bucket, 1.0)));
        buckets.extend(token_bucket.as_mut().map(|bucket| (bucket, tokens)));
        for (bucket, _) in &mut buckets {
            bucket.fill(now);
        }
        let wait = buckets.iter().map(|(bucket, amount)| bucket.wait(*amount)).max().unwrap_or_default();
        if !wait.is_zero() {
            // A clock ticks in whole nanoseconds: ask again a little late rather than a little early.
            return Some(wait + Duration::from_millis(1));
        }
        for (bucket, amount) in buckets {
            bucket.level -= amount;
        }
        None
    }

    fn learn(&self, limits: Limits, error: Option<&Error>) {
        let now = Instant::now();
        let asked = error
            .filter(|error| error.kind() == ErrorKind::RateLimited)
            .and_then(|error| error.details.retry_after);
        let empty = [limits.requests, limits.tokens].into_iter().flatten().filter_map(wait_for_window).max();
        let asked = asked.map(|wait| wait.min(LONGEST_CLOSURE));
        let Some(wait) = asked.max(empty.map(|wait| wait.min(LONGEST_GUESS))) else { return };
        tracing::debug!(seconds = wait.as_secs_f64(), "the host allows nothing for now: waiting");
        let mut state = self.lock();
        state.closed_until = state.closed_until.max(Some(now + wait));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A host may name a delay of hours; the retry layer decides whether that is worth waiting for, and meanwhile
/// other requests must not hang here for ever.
const LONGEST_CLOSURE: Duration = Duration::from_secs(120);

/// "None left" in the headers of an answer says when the window is full again, and not when there is room for the
/// next request: after a while one may try, and a refusal tells how long to wait.
const LONGEST_GUESS: Duration = Duration::from_secs(15);

fn wait_for_window(allowance: Allowance) -> Option<Duration> {
    allowance.reset.filter(|_| allowance.remaining == Some(0))
}

impl RateLimit {
    /// Keeps `inner` to the pace it shares with others.
    pub fn new(inner: Provider, pace: Arc<Pace>) -> Self {
        Self { inner, pace }
    }
}

#[async_trait]
impl VisionProvider for RateLimit {
    pass_on!();

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let arrived = Instant::now();
        let input = self.inner.estimate(request).input().unwrap_or_default();
        self.pace.take(input.saturating_add(u64::from(request.max_output_tokens.get())) as f64).await;
        let limited = arrived.elapsed();
        let mut outcome = self.inner.analyze(request).await;
        self.pace.learn(outcome.limits(), outcome.as_ref().err());
        if let Some(attempt) = outcome.attempts().last_mut() {
            attempt.limited += limited;
        }
        outcome
    }
}
