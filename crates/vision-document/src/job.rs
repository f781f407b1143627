//! Work that a service does after it took a document in, looked at until it is done.

use std::time::Duration;

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result};
use vision_http::{Pause, Reply};

/// A document that was handed in.
#[async_trait]
pub trait Job: Send {
    /// What there is to see in the end.
    type Done: Send;

    /// Looks once.
    async fn look(&mut self) -> Result<Look<Self::Done>>;
}

/// What one look showed.
#[derive(Debug)]
pub enum Look<T> {
    /// Nothing yet. The next look is worth while after this.
    Busy(Duration),
    /// The end.
    Done(T),
}

/// How to wait for a service.
#[derive(Debug, Clone)]
pub struct Patience {
    /// How to wait.
    pub pause: Pause,
    /// How long to wait in all.
    pub longest: Duration,
}

/// How long to wait where the service does not say.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks in a row that may fail. Handing the document in once more would cost once more.
const MOST_FAILURES: u32 = 5;

impl Patience {
    /// Looks until the job is done, `first` after it began; gives what there is to see, and how long was waited for it.
    /// Looks that fail are tried again. Every failure may be billed, as the document was taken.
    pub async fn watch<J: Job>(
        &self,
        job: &mut J,
        first: Duration,
        host: &str,
    ) -> (Result<J::Done>, Duration) {
        let (mut wait, mut waited, mut failures) = (first, Duration::ZERO, 0);
        let outcome = loop {
            self.pause.wait(wait).await;
            waited += wait;
            match job.look().await {
                Ok(Look::Done(done)) => break Ok(done),
                Ok(Look::Busy(next)) => (failures, wait) = (0, next),
                Err(error) if error.is_transient() && failures < MOST_FAILURES => {
                    failures += 1;
                    wait = error.details.retry_after.unwrap_or(wait).max(LOOK_EVERY);
                }
                Err(error) => break Err(billed(error)),
            }
            if waited >= self.longest {
                let message = format!("{host} was still reading after {waited:?}");
                break Err(billed(Error::new(ErrorKind::Timeout, message)));
            }
        };
        (outcome, waited)
    }
}

/// When the service wants to be looked at again.
pub fn next_look(reply: &Reply) -> Option<Duration> {
    let wait = reply.retry_after()?;
    Some(wait.clamp(Duration::from_millis(100), Duration::from_secs(60)))
}

fn billed(mut error: Error) -> Error {
    error.details.maybe_billed = true;
    error
}
