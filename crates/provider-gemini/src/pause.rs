use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How to wait. The caller brings the clock: `Pause::new(tokio::time::sleep)`.
#[derive(Clone)]
pub struct Pause(Arc<dyn Fn(Duration) -> Wait + Send + Sync>);

type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Pause {
    /// Waits with this function.
    pub fn new<F, W>(sleep: F) -> Self
    where
        F: Fn(Duration) -> W + Send + Sync + 'static,
        W: Future<Output = ()> + Send + 'static,
    {
        Self(Arc::new(move |duration| Box::pin(sleep(duration))))
    }

    pub(crate) async fn wait(&self, duration: Duration) {
        (self.0)(duration).await;
    }
}

impl fmt::Debug for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pause")
    }
}
