//! Hosts that answer one call after the other.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result};
use vision_http::{Call, Reply, Transport};

use crate::reply::read;

/// Parts one reply from the next.
const BETWEEN: &[u8] = b"\n---\n";

/// Replies to so many calls. To a further one there is none.
#[derive(Debug)]
pub(crate) struct Script(Mutex<VecDeque<Reply>>);

impl Script {
    /// The first byte of each reply is its status; then come header lines, an empty line and the body.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let reply = |bytes: &[u8]| bytes.split_first().map(|(status, rest)| read(*status, rest));
        Self(Mutex::new(parts(bytes).into_iter().filter_map(reply).collect()))
    }
}

fn parts(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some(end) = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        parts.push(&bytes[..end]);
        bytes = &bytes[end + BETWEEN.len()..];
    }
    parts.push(bytes);
    parts
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, _: Call) -> Result<Reply> {
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        next.ok_or_else(|| Error::new(ErrorKind::Unavailable, "the host is silent"))
    }
}

/// Runs it on a clock that waits for nothing.
pub(crate) fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime without I/O can always be made").block_on(work)
}
