use std::time::Duration;

use tokio::sync::watch;

/// A way to end a run early: what is on its way is finished within the grace, and recorded.
#[derive(Debug, Clone)]
pub struct Stop {
    asked: watch::Receiver<bool>,
    grace: Duration,
}

impl Stop {
    /// The sender asks for the end by sending `true`.
    pub fn new(grace: Duration) -> (watch::Sender<bool>, Self) {
        let (sender, asked) = watch::channel(false);
        (sender, Self { asked, grace })
    }

    /// It is never asked for.
    pub fn never() -> Self {
        Self::new(Duration::ZERO).1
    }

    pub(crate) fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Returns when the end is asked for and the grace is over; never, if it is not asked for.
    pub(crate) async fn grace_over(&mut self) {
        self.asked().await;
        tokio::time::sleep(self.grace).await;
    }

    /// Sleeps until the end is asked for, but no longer than this.
    pub(crate) async fn sleep(&mut self, wait: Duration) {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = self.asked() => {}
        }
    }

    /// Returns when the end is asked for; never, if it is not asked for.
    pub(crate) async fn asked(&mut self) {
        if self.asked.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
