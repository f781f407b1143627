use std::sync::Arc;

use async_trait::async_trait;
use vision_core::{
    Capabilities, Estimate, ProviderId, Request, Response, Result, Secret, Timing, VisionProvider,
};

use crate::{Body, Call, Reply, Transport, Wire, scrub};

/// A provider made of a wire format and a transport.
#[derive(Debug)]
pub struct HttpProvider<W> {
    wire: W,
    transport: Arc<dyn Transport>,
}

impl<W: Wire> HttpProvider<W> {
    /// Joins the two.
    pub fn new(wire: W, transport: Arc<dyn Transport>) -> Self {
        Self { wire, transport }
    }
}

#[async_trait]
impl<W: Wire> VisionProvider for HttpProvider<W> {
    fn id(&self) -> &ProviderId {
        self.wire.id()
    }

    fn capabilities(&self) -> &Capabilities {
        self.wire.capabilities()
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.wire.estimate(request)
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.wire.capabilities().check(request)?;
        let mut call = self.wire.encode(request)?;
        if request.token_probabilities && !self.wire.capabilities().token_probabilities {
            let is_known = call.dropped.contains(&"token_probabilities");
            call.dropped.extend((!is_known).then_some("token_probabilities"));
        }
        ask(self.transport.as_ref(), call, |reply| self.wire.decode(reply)).await
    }
}

/// Sends a call and reads its reply, and lets no secret of the call through.
pub async fn ask(
    transport: &dyn Transport,
    call: Call,
    decode: impl FnOnce(&Reply) -> Result<Response> + Send,
) -> Result<Response> {
    let asked = Call { body: Body::Empty, ..call.clone() };
    let reply = exchange(transport, call).await?;
    read(&asked, &reply, decode)
}

/// Reads the reply to a call that was sent with [`exchange`], and lets no secret of the call through.
pub fn read(call: &Call, reply: &Reply, decode: impl FnOnce(&Reply) -> Result<Response>) -> Result<Response> {
    let secrets: Vec<Secret> = call.secrets().chain(&reply.sent).cloned().collect();
    let response = scrub::outcome(decode(reply), &secrets)?;
    let dropped_params = call.dropped.iter().map(|name| (*name).to_owned()).collect();
    // Money is reckoned with these counts: what a decoder takes at its word is not.
    let usage = response.usage.plausible(!response.text.is_empty());
    // What a decoder knows of a stream's first tokens; all else is the transport's to say.
    let Timing { first_token, first_text, .. } = response.timing;
    let timing = Timing { first_token, first_text, ..reply.timing };
    Ok(Response { dropped_params, timing, usage, ..response })
}

/// Sends a call and takes every secret of the call out of what comes back.
///
/// Hosts quote keys in error messages, and some echo whole requests. What is scrubbed here can reach
/// neither an error, an answer nor a record.
pub async fn exchange(transport: &dyn Transport, call: Call) -> Result<Reply> {
    let mut secrets: Vec<Secret> = call.secrets().cloned().collect();
    let mut reply = transport.send(call).await?;
    secrets.extend(reply.sent.iter().cloned());
    scrub::reply(&mut reply, &secrets);
    Ok(reply)
}
