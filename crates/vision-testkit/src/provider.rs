use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, ProviderId, Request, Response, Result, Stop, Usage,
    VisionProvider,
};

use crate::shared::Shared;

/// A provider that does what a test says, for everything that goes around providers.
///
/// It waits on the clock of tokio, which a test can pause.
pub struct ScriptedProvider {
    id: ProviderId,
    capabilities: Capabilities,
    estimate: Estimate,
    script: Box<Script>,
    asked: Shared<Vec<Asked>>,
    running: AtomicUsize,
    peak: AtomicUsize,
}

type Script = dyn Fn(usize, &Request) -> Turn + Send + Sync;

/// One request as a scripted provider saw it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// When it came.
    pub at: Instant,
    /// What it was.
    pub request: Request,
}

/// What a scripted provider does with one request.
#[derive(Debug)]
pub struct Turn {
    delay: Duration,
    result: Option<Result<Response>>,
}

impl Turn {
    /// Answers with this text and a few tokens.
    pub fn answer(text: impl Into<String>) -> Self {
        let usage = Usage { input: Some(100), output: Some(10), ..Usage::default() };
        Self::response(Response { text: text.into(), stop: Stop::Complete, usage, ..Response::default() })
    }

    /// Answers with this.
    pub fn response(response: Response) -> Self {
        Self { delay: Duration::ZERO, result: Some(Ok(response)) }
    }

    /// Fails with this kind.
    pub fn fail(kind: ErrorKind) -> Self {
        Self::error(Error::new(kind, format!("scripted {kind}")))
    }

    /// Fails with this.
    pub fn error(error: Error) -> Self {
        Self { delay: Duration::ZERO, result: Some(Err(error)) }
    }

    /// Never comes back.
    pub fn hang() -> Self {
        Self { delay: Duration::ZERO, result: None }
    }

    /// The same after a while.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// A failure that asks for this wait. An answer stays as it is.
    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        if let Some(Err(error)) = &mut self.result {
            error.details.retry_after = Some(delay);
        }
        self
    }
}

impl ScriptedProvider {
    /// A provider of this name that can do everything. `script` gets the number of the request, from 0, and
    /// the request.
    pub fn new(id: &str, script: impl Fn(usize, &Request) -> Turn + Send + Sync + 'static) -> Self {
        Self {
            id: id.parse().expect("an id is PROVIDER/MODEL"),
            capabilities: everything(),
            estimate: Estimate {
                text: 100,
                image: Some(0),
                pdf: Some(0),
                audio: Some(0),
                ..Estimate::default()
            },
            script: Box::new(script),
            asked: Shared::default(),
            running: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
        }
    }

    /// The same with other capabilities.
    #[must_use]
    pub fn with_capabilities(self, capabilities: Capabilities) -> Self {
        Self { capabilities, ..self }
    }

    /// The same with another estimate.
    #[must_use]
    pub fn with_estimate(self, estimate: Estimate) -> Self {
        Self { estimate, ..self }
    }

    /// To be wrapped in layers, and asked afterwards what it saw.
    pub fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }

    /// Every request so far, in order.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().clone()
    }

    /// How many requests came so far.
    pub fn count(&self) -> usize {
        self.asked.lock().len()
    }

    /// The most requests that ran at the same time.
    pub fn peak(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl VisionProvider for ScriptedProvider {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, _: &Request) -> Estimate {
        self.estimate
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let number = {
            let mut asked = self.asked.lock();
            asked.push(Asked { at: Instant::now(), request: request.clone() });
            asked.len() - 1
        };
        let _running = Running::start(self);
        let turn = (self.script)(number, request);
        if !turn.delay.is_zero() {
            tokio::time::sleep(turn.delay).await;
        }
        match turn.result {
            Some(result) => result,
            None => std::future::pending().await,
        }
    }
}

/// Counts a request as running until it is answered or given up.
struct Running<'a>(&'a AtomicUsize);

impl<'a> Running<'a> {
    fn start(provider: &'a ScriptedProvider) -> Self {
        let running = provider.running.fetch_add(1, Ordering::Relaxed) + 1;
        provider.peak.fetch_max(running, Ordering::Relaxed);
        Self(&provider.running)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for ScriptedProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScriptedProvider({})", self.id)
    }
}

fn everything() -> Capabilities {
    Capabilities {
        prompt: true,
        formats: MediaKind::ALL.into(),
        url_input: true,
        json: true,
        json_schema: true,
        system: true,
        detail: true,
        temperature: true,
        seed: true,
        effort: true,
        usage: true,
        ..Capabilities::default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use vision_core::{ErrorKind, VisionProvider};

    use super::{ScriptedProvider, Turn};

    #[test]
    fn follows_its_script_and_remembers() {
        let provider = ScriptedProvider::new("fake/one", |number, _| match number {
            0 => Turn::fail(ErrorKind::RateLimited).retry_after(Duration::from_secs(9)),
            _ => Turn::answer("hi").after(Duration::from_secs(3600)),
        });
        let request = crate::plain(provider.capabilities());
        crate::block_on(async {
            let error = provider.analyze(&request).await.unwrap_err();
            assert_eq!(error.details.retry_after, Some(Duration::from_secs(9)));
            let start = tokio::time::Instant::now();
            assert_eq!(provider.analyze(&request).await.unwrap().text, "hi");
            assert_eq!(start.elapsed(), Duration::from_secs(3600));
        });
        assert_eq!((provider.count(), provider.peak()), (2, 1));
    }

    #[test]
    fn a_request_that_is_given_up_no_longer_runs() {
        let provider = ScriptedProvider::new("fake/one", |_, _| Turn::hang());
        let request = crate::plain(provider.capabilities());
        crate::block_on(async {
            for _ in 0..2 {
                let wait = tokio::time::timeout(Duration::from_secs(1), provider.analyze(&request));
                assert!(wait.await.is_err());
            }
        });
        assert_eq!((provider.count(), provider.peak()), (2, 1));
    }
}
