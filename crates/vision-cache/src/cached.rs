use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::spawn_blocking;
use vision_core::{
    Capabilities, Estimate, Limits, Provider, ProviderId, Request, Response, Result, VisionProvider,
};

use crate::key::Key;
use crate::{Cache, Mode};

/// Answers from a cache where it can, and asks the provider inside where it cannot.
#[derive(Debug)]
pub struct Cached {
    inner: Provider,
    cache: Arc<Cache>,
    mode: Mode,
    scope: Arc<str>,
}

impl Cached {
    /// Goes around `inner` with all its layers.
    ///
    /// `scope` is everything that can change an answer and is not in a request: what kind of provider, the model, the
    /// base URL, further settings. Providers of one scope share their answers.
    pub fn new(inner: Provider, cache: Arc<Cache>, mode: Mode, scope: String) -> Self {
        Self { inner, cache, mode, scope: scope.into() }
    }

    /// Hashing and reading take their time with large media or a busy disk, so they leave the runtime's threads alone.
    async fn look_up(&self, request: Request) -> (Key, Option<Response>) {
        let (cache, mode, scope) = (self.cache.clone(), self.mode, self.scope.clone());
        let looking = spawn_blocking(move || {
            let key = Key::new(&scope, &request);
            let found = mode.reads().then(|| cache.get(&key)).flatten();
            (key, found)
        });
        looking.await.expect("looking something up neither panics nor is aborted")
    }

    /// Begun work of this kind is finished even if its caller is gone: what was paid for is kept.
    async fn keep(&self, key: Key, response: &Response) {
        let (cache, response) = (self.cache.clone(), untouched(response.clone()));
        spawn_blocking(move || cache.put(&key, &response)).await.ok();
    }
}

/// The answer itself, without what our layers have written on it.
fn untouched(response: Response) -> Response {
    Response { attempts: Vec::new(), limits: Limits::default(), cached: false, ..response }
}

#[async_trait]
impl VisionProvider for Cached {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.inner.estimate(request)
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        if self.mode == Mode::Off {
            return self.inner.analyze(request).await;
        }
        let (key, found) = self.look_up(request.clone()).await;
        if let Some(response) = found {
            return Ok(Response { cached: true, ..untouched(response) });
        }
        let response = self.inner.analyze(request).await?;
        if self.mode.writes() {
            self.keep(key, &response).await;
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests;
