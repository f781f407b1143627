use std::time::Duration;

use async_trait::async_trait;
use vision_core::{Response, Result};
use vision_document::{Job, LOOK_EVERY, Look, next_look};
use vision_http::{Body, Call, Method, Reply, Transport, at_host_of, exchange, host};

use crate::{Config, answer, failure};

/// A document that was handed in, and how long the service has taken with it.
pub(crate) struct Operation<'a> {
    config: &'a Config,
    transport: &'a dyn Transport,
    /// Where its result will be.
    address: String,
    /// What the service asked us to wait before the first look.
    wait: Duration,
    elapsed: Duration,
}

/// A host that is well deletes within a second.
const DELETE_WITHIN: Duration = Duration::from_secs(5);

impl<'a> Operation<'a> {
    /// Hands a document in.
    pub(crate) async fn submit(config: &'a Config, transport: &'a dyn Transport, call: Call) -> Result<Self> {
        let reply = exchange(transport, call).await?;
        let host = host(&config.base_url);
        if !reply.is_success() {
            return Err(failure::decode(&reply, host));
        }
        let Some(address) = reply.header("operation-location") else {
            return Err(match failure::is_failure(&reply) {
                true => failure::decode(&reply, host),
                // A page or half a reply stays what it is.
                false => match reply.json::<serde_json::Value>() {
                    Ok(_) => {
                        reply.malformed(format!("{host} took the document and named no place for its result"))
                    }
                    Err(error) => error,
                },
            });
        };
        // The key goes to the result's address, so that it must be at the same host.
        let address = at_host_of(&config.base_url, address);
        let wait = next_look(&reply).unwrap_or(LOOK_EVERY);
        Ok(Self { config, transport, address, wait, elapsed: reply.timing.total })
    }

    /// How long the service has taken so far, waiting between looks included.
    pub(crate) fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Looks until the document is read.
    pub(crate) async fn result(
        &mut self,
        decode: impl Fn(&Reply) -> Result<Response> + Send + Sync,
    ) -> Result<Response> {
        let (config, first) = (self.config, self.wait);
        let (outcome, waited) =
            config.patience.after(self.elapsed).watch(self, first, host(&config.base_url)).await;
        self.elapsed += waited;
        vision_http::read(&self.call(Method::Get), &outcome?, decode)
    }

    /// Deletes the result. What cannot be deleted now goes by itself after a day, and is no reason to lose an answer.
    pub(crate) async fn delete(self) {
        let deleting = exchange(self.transport, self.call(Method::Delete));
        let _ = self.config.patience.pause.within(DELETE_WITHIN, deleting).await;
    }

    fn call(&self, method: Method) -> Call {
        Call::new(method, self.address.clone(), Body::Empty).with_auth(self.config.auth.clone())
    }
}

#[async_trait]
impl Job for Operation<'_> {
    type Done = Reply;

    async fn look(&mut self) -> Result<Look<Reply>> {
        let reply = exchange(self.transport, self.call(Method::Get)).await?;
        self.elapsed += reply.timing.total;
        if !reply.is_success() {
            return Err(failure::decode(&reply, host(&self.config.base_url)));
        }
        Ok(match answer::is_running(&reply) {
            true => Look::Busy(next_look(&reply).unwrap_or(LOOK_EVERY)),
            false => Look::Done(reply),
        })
    }
}
