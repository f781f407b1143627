use async_trait::async_trait;
use tokio::time::Instant;
use vision_core::{Attempt, Error, Provider, Request, Response, Result, VisionProvider};

use crate::outcome::{Outcome, pass_on};

/// Writes down each attempt: how long it took and how it ended.
#[derive(Debug)]
pub struct Timed {
    inner: Provider,
}

impl Timed {
    /// Times `inner`.
    pub fn new(inner: Provider) -> Self {
        Self { inner }
    }
}

#[async_trait]
impl VisionProvider for Timed {
    pass_on!();

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let sent = Instant::now();
        let mut outcome = self.inner.analyze(request).await;
        let total = sent.elapsed();
        if let Ok(response) = &mut outcome
            && response.timing.total.is_zero()
        {
            // A provider without a wire does not measure itself.
            response.timing.total = total;
        }
        let attempt = Attempt {
            total,
            error: outcome.as_ref().err().map(Error::kind),
            status: outcome.as_ref().err().and_then(|error| error.details.status),
            ..Attempt::default()
        };
        outcome.attempts().push(attempt);
        outcome
    }
}
