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
    /// The same within an attempt that may take so long: whoever gives up first must be the provider, which takes away
    /// what it handed in.
    #[must_use]
    pub fn within(self, attempt: Duration) -> Self {
        let longest = attempt.saturating_sub(TO_TIDY_UP).max(attempt / 2);
        Self { longest: self.longest.min(longest), ..self }
    }

    /// The same for a job that has taken so long already.
    #[must_use]
    pub fn after(&self, spent: Duration) -> Self {
        Self { longest: self.longest.saturating_sub(spent), ..self.clone() }
    }

    /// Looks until the job is done, `first` after it began; gives what there is to see, and how long was waited for it.
    ///
    /// Looks that fail are tried again. A failure in the end may be billed, as the document was taken, and nothing asks
    /// again after it: the document would be handed in, and billed, once more.
    pub async fn watch<J: Job>(
        &self,
        job: &mut J,
        first: Duration,
        host: &str,
    ) -> (Result<J::Done>, Duration) {
        let mut waited = Duration::ZERO;
        let looking = self.look_until_done(job, first, &mut waited);
        // A look that hangs is no reason to wait for longer.
        let outcome = self.pause.within(self.longest, looking).await.unwrap_or_else(|| {
            let seconds = self.longest.as_secs_f64();
            let message = format!("{host} was still reading after {seconds:.1} s");
            Err(Error::new(ErrorKind::Timeout, message))
        });
        (outcome.map_err(taken), waited)
    }

    async fn look_until_done<J: Job>(
        &self,
        job: &mut J,
        first: Duration,
        waited: &mut Duration,
    ) -> Result<J::Done> {
        let (mut wait, mut failures) = (first, 0);
        loop {
            self.pause.wait(wait).await;
            *waited += wait;
            match job.look().await {
                Ok(Look::Done(done)) => return Ok(done),
                Ok(Look::Busy(next)) => (failures, wait) = (0, next),
                Err(error) if error.is_transient() && failures < MOST_FAILURES => {
                    failures += 1;
                    wait = error.details.retry_after.unwrap_or(wait).max(LOOK_EVERY);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// What is kept of an attempt's time to hand a document in and to take it away again.
const TO_TIDY_UP: Duration = Duration::from_secs(10);

/// When the service wants to be looked at again.
pub fn next_look(reply: &Reply) -> Option<Duration> {
    let wait = reply.retry_after()?;
    Some(wait.clamp(Duration::from_millis(100), Duration::from_secs(60)))
}

/// A failure after the document was taken.
fn taken(mut error: Error) -> Error {
    error.details.maybe_billed = true;
    error.details.should_retry = Some(false);
    error
}
