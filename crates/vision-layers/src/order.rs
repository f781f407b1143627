use std::sync::Arc;
use std::time::Duration;

use vision_core::Provider;

use crate::budget::Written;
use crate::{
    Budget, Budgeted, Concurrency, Pace, Places, Pricing, RateLimit, Retry, RetryPolicy, Timed, Timeout,
};

/// What goes around one provider. What is shared with others comes as an `Arc`.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How often to try.
    pub retry: RetryPolicy,
    /// Decides the jitter between attempts.
    pub seed: u64,
    /// The run's money.
    pub budget: Arc<Budget>,
    /// This model's prices.
    pub pricing: Arc<dyn Pricing>,
    /// How many times its worst case an answer of this provider has cost in an earlier part of the run, if more than
    /// once.
    pub overrun: Option<f64>,
    /// The host's pace.
    pub pace: Arc<Pace>,
    /// The host's places.
    pub places: Arc<Places>,
    /// The places of the whole run.
    pub run_places: Arc<Places>,
    /// The most time one attempt may take.
    pub timeout: Duration,
}

/// Puts the layers around a provider, in the one order that is right.
pub fn layered(provider: Provider, settings: Settings) -> Provider {
    let provider = timed(provider, settings.timeout);
    around(provider, settings)
}

/// The layers that stand where the attempt is made, which need not be where it is decided on.
pub fn timed(provider: Provider, timeout: Duration) -> Provider {
    // Innermost, so that only the host's own time runs against it.
    let provider = Arc::new(Timeout::new(provider, timeout));
    // Around the timeout, so that an attempt that was cut off is written down too; inside all waiting, so that no
    // queue is ever mistaken for the provider's time.
    Arc::new(Timed::new(provider))
}

/// The layers around what writes each attempt down itself. Read from the last line to the first.
pub fn around(provider: Provider, settings: Settings) -> Provider {
    let purse = settings.budget.purse(settings.overrun);
    // Inside all waiting: what was only waiting when the process died was not sent, and has cost nothing.
    let provider = Arc::new(Written::new(provider, purse.clone(), settings.pricing.clone()));
    // Inside the host's limit: who queues for a busy host must not keep a place from others.
    let provider = Arc::new(Concurrency::new(provider, settings.run_places));
    // Inside the rate limit: a request that waits for its turn must not hold a place.
    let provider = Arc::new(Concurrency::new(provider, settings.places));
    // Inside the retry: every attempt counts against the host's limits.
    let provider = Arc::new(RateLimit::new(provider, settings.pace));
    // Inside the retry too: an attempt that timed out may be billed as well as its successor, so each one reserves
    // its own worst case, and a wait between attempts holds no money.
    let provider = Arc::new(Budgeted::of(provider, purse, settings.pricing));
    // Outermost. A cache, if there is one, goes around all of this: a hit costs nothing and waits for nobody.
    Arc::new(Retry::new(provider, settings.retry, settings.seed))
}
