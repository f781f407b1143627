//! The executor that hands requests over in batches and takes their answers later, maybe in another process.
//!
//! It serves one candidate. What it is about to do stands in `batches.jsonl` before it does it, so that a process that
//! dies at any moment is continued by the next: nothing is submitted twice, and no answer is lost.

use std::time::Duration;

mod cancelling;
mod collecting;
mod filling;
mod lane;
mod log;
mod opening;
mod search;
mod submitting;

pub use cancelling::{Cancelled, cancel_batches};
pub(crate) use lane::{BatchLane, BatchState};
pub(crate) use log::BatchLog;

/// How batches are carried out; nothing in here changes what is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct BatchSettings {
    /// How often to look at batches until all are collected; nothing, and the run ends once they are submitted.
    pub look_every: Option<Duration>,
    /// The most requests in one batch, if fewer than the host takes.
    pub most_requests: Option<usize>,
    /// Whether to submit again what may have been submitted before and is not found at the host.
    pub resubmit: bool,
}
