//! A provider that does as it is told, on the paused clock.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, ProviderId, Request, Response, Result, Task, Usage,
    VisionProvider,
};

/// Gives its outcomes one after the other, each after its delay, then plain answers.
#[derive(Debug)]
pub struct Scripted {
    id: ProviderId,
    capabilities: Capabilities,
    delay: Duration,
    outcomes: Mutex<VecDeque<Result<Response>>>,
    pub calls: Mutex<Vec<Instant>>,
    running: AtomicUsize,
    pub most_at_once: AtomicUsize,
}

impl Scripted {
    pub fn new(delay: Duration, outcomes: impl IntoIterator<Item = Result<Response>>) -> Self {
        Self {
            id: ProviderId::new("scripted", "one"),
            capabilities: Capabilities { prompt: true, ..Capabilities::default() },
            delay,
            outcomes: Mutex::new(outcomes.into_iter().collect()),
            calls: Mutex::default(),
            running: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        }
    }

    pub fn count(&self) -> usize {
        self.calls.lock().unwrap().len()
    }

    /// When the calls came, in whole milliseconds after the first.
    pub fn times(&self) -> Vec<u128> {
        let calls = self.calls.lock().unwrap();
        calls.iter().map(|call| (*call - calls[0]).as_millis()).collect()
    }
}

#[async_trait]
impl VisionProvider for Scripted {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, _: &Request) -> Estimate {
        Estimate { text: 90, image: Some(0), pdf: Some(0), audio: Some(0), ..Estimate::default() }
    }

    async fn analyze(&self, _: &Request) -> Result<Response> {
        self.calls.lock().unwrap().push(Instant::now());
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(running, Ordering::SeqCst);
        tokio::time::sleep(self.delay).await;
        self.running.fetch_sub(1, Ordering::SeqCst);
        self.outcomes.lock().unwrap().pop_front().unwrap_or_else(|| Ok(answer()))
    }
}

pub fn answer() -> Response {
    let usage = Usage { input: Some(90), output: Some(10), ..Usage::default() };
    Response { text: "yes".into(), usage, ..Response::default() }
}

pub fn request() -> Request {
    Request::new(Task::Text, vec![], NonZeroU32::new(10).unwrap())
}

pub fn failure(kind: ErrorKind) -> Result<Response> {
    Err(Error::new(kind, "no"))
}

pub fn failure_after(kind: ErrorKind, delay: Duration) -> Result<Response> {
    let mut error = Error::new(kind, "no");
    error.details.retry_after = Some(delay);
    Err(error)
}
