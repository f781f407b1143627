use std::sync::Arc;

use async_trait::async_trait;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, Provider, ProviderId, Request, Response, Result, VisionProvider,
};

/// The same provider, which says what to do when nothing answers at its address.
pub fn with_advice(inner: Provider, advice: &str, model: &str) -> Provider {
    Arc::new(Local { inner, advice: advice.replace("{model}", model) })
}

/// A server that somebody has to start.
#[derive(Debug)]
struct Local {
    inner: Provider,
    advice: String,
}

#[async_trait]
impl VisionProvider for Local {
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
        self.inner.analyze(request).await.map_err(|error| {
            // With a status somebody did answer.
            if error.kind() != ErrorKind::Unavailable || error.details.status.is_some() {
                return error;
            }
            let mut advised = Error::new(error.kind(), format!("{} ({})", error.message(), self.advice));
            advised.details = error.details.clone();
            advised.with_source(error)
        })
    }
}
