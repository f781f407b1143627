use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use vision_core::{Provider, Usd};
use vision_layers::RetryPolicy;

use crate::ended_trials::EndedTrials;
use crate::stop::Stop;
use crate::{BatchSettings, Observer, Referee, Steering, Workers};

/// How a run is carried out; nothing in here changes what is asked.
pub struct RunSettings {
    /// Requests on their way at once, over all providers.
    pub max_concurrency: usize,
    /// Connections that may be open at once, as far as this machine allows.
    pub max_connections: usize,
    /// The most time one attempt may take.
    pub timeout: Duration,
    /// How often to try.
    pub retry: RetryPolicy,
    /// What earlier parts of this run have spent.
    pub spent: Usd,
    /// How batches are carried out.
    pub batch: BatchSettings,
    /// Trials that are in the record already.
    pub ended: EndedTrials,
    /// Watches the run.
    pub observer: Arc<dyn Observer>,
    /// Ends it early.
    pub stop: Stop,
    /// Steers it.
    pub steering: Steering,
    /// Ends a run of a sequential plan when it is decided.
    pub referee: Option<Arc<dyn Referee>>,
    /// Goes around each provider with its layers: a cache, or nothing.
    pub outer_layer: OuterLayer,
    /// Who makes the attempts, if this process does not.
    pub workers: Option<Arc<dyn Workers>>,
}

/// Puts something around the provider of a label.
pub type OuterLayer = Arc<dyn Fn(&str, Provider) -> Provider + Send + Sync>;

impl fmt::Debug for RunSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunSettings").field("max_concurrency", &self.max_concurrency).finish_non_exhaustive()
    }
}
