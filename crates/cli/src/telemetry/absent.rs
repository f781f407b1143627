use std::sync::Arc;

use eval::Observer;
use eval_record::Plan;

use crate::app::App;
use crate::progress::Progress;

/// A run that is watched by its progress only.
pub struct Watched(Arc<Progress>);

impl Watched {
    /// This build tells no collector. That one is named for all programs of a machine is no mistake.
    pub fn begin(progress: Arc<Progress>, _: &Plan, app: &App) -> Self {
        if app.environment.get("OTEL_EXPORTER_OTLP_ENDPOINT").is_some() && app.shared.verbose > 0 {
            eprintln!(
                "note: this build sends no telemetry; install one that does with: cargo install --path crates/cli \
                 --features otel"
            );
        }
        Self(progress)
    }

    /// Who is told.
    pub fn observer(&self) -> Arc<dyn Observer> {
        self.0.clone()
    }

    /// The run is over.
    #[expect(clippy::unused_async, reason = "as in builds that have telemetry")]
    pub async fn finish(self) {}
}
