use std::time::Duration;

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Provider, Request, Response, Result, VisionProvider};

use crate::outcome::pass_on;

/// Gives up on an attempt that takes too long.
#[derive(Debug)]
pub struct Timeout {
    inner: Provider,
    limit: Duration,
}

impl Timeout {
    /// Allows each attempt of `inner` at most `limit`.
    pub fn new(inner: Provider, limit: Duration) -> Self {
        Self { inner, limit }
    }
}

#[async_trait]
impl VisionProvider for Timeout {
    pass_on!();

    async fn analyze(&self, request: &Request) -> Result<Response> {
        match tokio::time::timeout(self.limit, self.inner.analyze(request)).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let limit = self.limit.as_secs_f64();
                let mut error = Error::new(ErrorKind::Timeout, format!("no answer within {limit} s"));
                // The host may well have finished the work that nobody waits for any more.
                error.details.maybe_billed = true;
                Err(error)
            }
        }
    }
}
