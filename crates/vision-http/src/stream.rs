//! Replies that come piece by piece: as server-sent events, each with the moment at which it came.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use vision_core::ErrorKind;

mod events;
mod fold;
mod split;

pub use events::{Event, EventKind, Events};
pub use fold::{Chunk, Chunks, Folded};
pub(crate) use split::unsplit;

/// What is known of a reply that came as events, beside its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    /// From sending to each event, in their order, in microseconds.
    pub arrivals: Vec<u64>,
    /// Why it ended before its host closed it, if so. What had come is in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken: Option<Broken>,
}

/// How a stream broke off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// The kind of failure that this is.
    pub kind: ErrorKind,
    /// A lower-case fragment for the person.
    pub message: String,
}

impl Stream {
    /// When an event came.
    pub(crate) fn arrival(&self, event: usize) -> Option<Duration> {
        self.arrivals.get(event).copied().map(Duration::from_micros)
    }
}
