use std::sync::Arc;

use eval::Workers;
use eval_record::{Plan, Record};

use crate::app::App;
use crate::exit::{Exit, Failure};
use crate::progress::Progress;
use crate::running::SendFlags;
use crate::worker::WorkerArguments;

/// This build has none.
pub enum Engaged {}

impl Engaged {
    /// Whoever makes the attempts.
    pub fn workers(&self) -> Arc<dyn Workers> {
        match *self {}
    }

    /// They are needed no longer.
    #[expect(clippy::unused_async, reason = "as in builds that have workers")]
    pub async fn dismiss(self, _: bool) {
        match self {}
    }
}

/// No workers, where none were asked for.
#[expect(clippy::unused_async, reason = "as in builds that have workers")]
pub async fn engage(
    how: &SendFlags,
    _: &Plan,
    _: &Record,
    _: Arc<Progress>,
    _: &App,
) -> Result<Option<Engaged>, Failure> {
    match &how.workers {
        None => Ok(None),
        Some(_) => Err(lacking()),
    }
}

/// This build cannot.
#[expect(clippy::unused_async, reason = "as in builds that have workers")]
pub async fn work(_: WorkerArguments, _: &App) -> Result<Exit, Failure> {
    Err(lacking())
}

fn lacking() -> Failure {
    Failure::setup(
        "this build has no workers; install one that has with: cargo install --path crates/cli --features workers",
    )
}
