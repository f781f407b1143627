use std::time::Duration;

use vision_core::{Error, ErrorKind, Response, Result};
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

/// How long to wait where the service does not say.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks in a row that may fail. Handing the document in once more would cost once more.
const MOST_FAILURES: u32 = 5;

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
        Ok(Self { config, transport, address, wait: wait_of(&reply), elapsed: reply.timing.total })
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
        let mut failures = 0;
        let mut waited = Duration::ZERO;
        loop {
            self.config.pause.wait(self.wait).await;
            waited += self.wait;
            self.elapsed += self.wait;
            let call = Call::get(&self.address).with_auth(self.config.auth.clone());
            let looked = match exchange(self.transport, call.clone()).await {
                Ok(reply) => self.looked(&reply),
                Err(error) => Err(error),
            };
            match looked {
                Ok(Look::Done(reply)) => return self.answer(call, reply, &decode).await,
                Ok(Look::Busy) => failures = 0,
                Err(error) if error.is_transient() && failures < MOST_FAILURES => {
                    failures += 1;
                    self.wait = error.details.retry_after.unwrap_or(self.wait).max(LOOK_EVERY);
                }
                Err(error) => return Err(billed(error)),
            }
            if waited >= self.config.longest_wait {
                let message = format!("{} was still reading after {waited:?}", host(&self.config.base_url));
                return Err(billed(Error::new(ErrorKind::Timeout, message)));
            }
        }
    }

    /// What one look showed.
    fn looked(&mut self, reply: &Reply) -> Result<Look> {
        self.elapsed += reply.timing.total;
        if !reply.is_success() {
            return Err(failure::decode(reply, host(&self.config.base_url)));
        }
        if answer::is_running(reply) {
            self.wait = wait_of(reply);
            return Ok(Look::Busy);
        }
        Ok(Look::Done(reply.clone()))
    }

    /// Reads a result through the same door as any other provider's, which scrubs what was read.
    async fn answer(
        &self,
        call: Call,
        reply: Reply,
        decode: &(impl Fn(&Reply) -> Result<Response> + Send + Sync),
    ) -> Result<Response> {
        vision_http::ask(&Here(reply), call, decode).await
    }

    /// Deletes the result. What cannot be deleted now goes by itself after a day, and is no reason to lose an answer.
    pub(crate) async fn delete(self) {
        let call = Call::new(Method::Delete, self.address.clone(), Body::Empty);
        let deleting = exchange(self.transport, call.with_auth(self.config.auth.clone()));
        let _ = self.config.pause.within(DELETE_WITHIN, deleting).await;
    }
}

enum Look {
    Busy,
    Done(Reply),
}

/// A reply that is here already.
#[derive(Debug)]
struct Here(Reply);

#[async_trait::async_trait]
impl Transport for Here {
    async fn send(&self, _: Call) -> Result<Reply> {
        Ok(self.0.clone())
    }
}

fn wait_of(reply: &Reply) -> Duration {
    reply.retry_after().unwrap_or(LOOK_EVERY).clamp(Duration::from_millis(100), Duration::from_secs(60))
}

/// The document was taken, so that it may be billed.
fn billed(mut error: Error) -> Error {
    error.details.maybe_billed = true;
    error
}
