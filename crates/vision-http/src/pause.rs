use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
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

    /// Waits so long.
    pub async fn wait(&self, duration: Duration) {
        (self.0)(duration).await;
    }

    /// What `work` comes to, unless it takes longer than this; then it is given up.
    pub async fn within<T>(&self, most: Duration, work: impl Future<Output = T>) -> Option<T> {
        let (mut work, mut end) = (pin!(work), pin!(self.wait(most)));
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => end.as_mut().poll(context).map(|()| None),
        })
        .await
    }
}

impl fmt::Debug for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pause")
    }
}
