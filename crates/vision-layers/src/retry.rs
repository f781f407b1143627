use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
use tokio::time::Instant;
use vision_core::{Error, Provider, Request, Response, Result, VisionProvider};

use crate::outcome::{Outcome, pass_on};

/// Tries again where that may help, and no longer than its policy allows.
#[derive(Debug)]
pub struct Retry {
    inner: Provider,
    policy: RetryPolicy,
    jitter: Mutex<SplitMix64>,
}

/// How often and how long to try.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included.
    pub attempts: u32,
    /// The longest first wait; each further one may be twice as long.
    pub base: Duration,
    /// The longest wait that is chosen here. A host may ask for more.
    pub cap: Duration,
    /// The most time from the first attempt to the start of the last, all waits included.
    pub total: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            base: Duration::from_secs(1),
            cap: Duration::from_secs(60),
            total: Duration::from_secs(300),
        }
    }
}

/// Attempts of one request whose maker may stop before they end. More than that is no accident.
const MOST_INTERRUPTIONS: u32 = 5;

impl Retry {
    /// Retries `inner`; `seed` decides the jitter.
    pub fn new(inner: Provider, policy: RetryPolicy, seed: u64) -> Self {
        Self { inner, policy, jitter: Mutex::new(SplitMix64::seed_from_u64(seed)) }
    }

    /// How long to wait after failed attempt `attempt`: as the host asks, else exponentially with full jitter.
    fn delay(&self, attempt: u32, asked: Option<Duration>) -> Duration {
        let longest = self.policy.base.saturating_mul(1 << (attempt - 1).min(16)).min(self.policy.cap);
        let jittered = longest.mul_f64(self.lot());
        match asked {
            // "At once" does not mean as fast as the wire allows, again and again.
            Some(asked) if asked < self.policy.base => asked.max(jittered),
            // A little more than the host asks for, so that all who were told the same do not come back at once.
            Some(asked) => asked + jittered.min(asked / 10),
            None => jittered,
        }
    }

    /// The failure, with the wait that its host asks for where no run waits so long.
    fn with_wait(&self, error: Error) -> Error {
        match error.details.retry_after.filter(|asked| *asked > self.policy.total) {
            Some(asked) => {
                error.reworded(|said| format!("{said}; the host asks to wait for {}", in_words(asked)))
            }
            None => error,
        }
    }

    /// For whoever listens: what failed, and what comes of it.
    fn tell(&self, attempt: u32, outcome: &Result<Response>, wait: Option<Duration>) {
        let Err(error) = outcome else { return };
        let (provider, kind, status) = (self.id().as_str(), error.kind().name(), error.details.status);
        match wait {
            Some(wait) => {
                let wait_ms = wait.as_millis();
                tracing::debug!(provider, attempt, kind, status, wait_ms, "trying again");
            }
            None => tracing::debug!(provider, attempt, kind, status, "giving up"),
        }
    }

    /// The next number in [0, 1).
    fn lot(&self) -> f64 {
        let mut stream = self.jitter.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        (stream.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[async_trait]
impl VisionProvider for Retry {
    pass_on!();

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let begun = Instant::now();
        let (mut attempts, mut interruptions) = (Vec::new(), 0);
        for number in 1.. {
            let start = begun.elapsed();
            let mut outcome = self.inner.analyze(request).await;
            for mut attempt in outcome.attempts().drain(..) {
                attempt.start += start;
                attempts.push(attempt);
            }
            let number = number - interruptions;
            let wait = match &outcome {
                // It says nothing about the host, and counts for nothing against it.
                Err(error) if error.details.interrupted => {
                    interruptions += 1;
                    (interruptions < MOST_INTERRUPTIONS).then_some(Duration::ZERO)
                }
                Err(error) if error.is_transient() && number < self.policy.attempts => {
                    let wait = self.delay(number, error.details.retry_after);
                    // Coming back before the host is ready only earns another refusal: rather give up.
                    (begun.elapsed() + wait <= self.policy.total).then_some(wait)
                }
                _ => None,
            };
            self.tell(number, &outcome, wait);
            let Some(wait) = wait else {
                outcome = outcome.map_err(|error| self.with_wait(error));
                *outcome.attempts() = attempts;
                return outcome;
            };
            if let Some(attempt) = attempts.last_mut() {
                attempt.wait = wait;
            }
            tokio::time::sleep(wait).await;
        }
        unreachable!("the loop returns on its last attempt")
    }
}

/// `12 minutes`, `30 hours`, `365 days`.
fn in_words(wait: Duration) -> String {
    let minutes = wait.as_secs().div_ceil(60);
    match minutes {
        0..=119 => format!("{minutes} minutes"),
        120..=2_879 => format!("{} hours", minutes.div_ceil(60)),
        _ => format!("{} days", minutes.div_ceil(24 * 60)),
    }
}
