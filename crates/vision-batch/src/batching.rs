use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use vision_core::{Part, Provider, Request, Response, Result, Task};
use vision_http::{Call, Reply, Transport};

use crate::{BatchHost, Door, Relay};

/// A provider whose requests can be handed over in batches.
#[derive(Debug, Clone)]
pub struct Batching {
    /// The provider over the relay.
    provider: Provider,
    relay: Arc<Relay>,
    /// Moves the batches themselves.
    transport: Arc<dyn Transport>,
    /// How long the host may take to answer about them.
    patience: Duration,
    host: fn(Door) -> Result<Arc<dyn BatchHost>>,
}

impl Batching {
    /// A provider that was built over this relay, and the shape of its host's batches.
    pub fn new(
        provider: Provider,
        relay: Arc<Relay>,
        transport: Arc<dyn Transport>,
        patience: Duration,
        host: fn(Door) -> Result<Arc<dyn BatchHost>>,
    ) -> Self {
        Self { provider, relay, transport, patience, host }
    }

    /// The provider, to ask what it can do. It sends nothing.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// The host's batches.
    pub async fn host(&self) -> Result<Arc<dyn BatchHost>> {
        // Where a single request goes and what opens the door is in any of them.
        let words = vec![Part::Text("?".to_owned())];
        let sample = self.call(&Request::new(Task::Text, words, NonZeroU32::MIN)).await?;
        (self.host)(Door::new(sample, self.transport.clone(), self.patience))
    }

    /// What is sent for a request.
    pub async fn call(&self, request: &Request) -> Result<Call> {
        self.relay.call(&self.provider, request).await
    }

    /// The answer in a reply to a request.
    pub async fn read(&self, request: &Request, reply: Reply) -> Result<Response> {
        self.relay.read(&self.provider, request, reply).await
    }
}
