use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Provider, Request, Response, Result};
use vision_http::{Call, Reply, Transport};

/// Stands where a provider's transport would be, and sends nothing: it keeps the call that the provider writes, or gives
/// it a reply that came another way.
///
/// So whatever a provider does around its wire format is done for a batch, too.
#[derive(Debug, Default)]
pub struct Relay {
    /// One exchange at a time: nothing in it waits.
    turn: tokio::sync::Mutex<()>,
    step: Mutex<Step>,
}

#[derive(Debug, Default)]
enum Step {
    #[default]
    Idle,
    Keep,
    Kept(Box<Call>),
    Give(Reply),
}

impl Relay {
    /// The call that a provider over this relay makes of a request.
    pub async fn call(&self, provider: &Provider, request: &Request) -> Result<Call> {
        let _turn = self.turn.lock().await;
        *self.step() = Step::Keep;
        let outcome = provider.analyze(&whole(request)).await;
        match (mem::take(&mut *self.step()), outcome) {
            (Step::Kept(call), _) => Ok(*call),
            (_, Err(error)) => Err(error),
            (_, Ok(_)) => Err(more_than_one_call()),
        }
    }

    /// What a provider over this relay reads in a reply to a request.
    pub async fn read(&self, provider: &Provider, request: &Request, reply: Reply) -> Result<Response> {
        let _turn = self.turn.lock().await;
        *self.step() = Step::Give(reply);
        let outcome = provider.analyze(&whole(request)).await;
        *self.step() = Step::Idle;
        outcome
    }

    fn step(&self) -> MutexGuard<'_, Step> {
        self.step.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Transport for Relay {
    async fn send(&self, call: Call) -> Result<Reply> {
        let mut step = self.step();
        match mem::take(&mut *step) {
            Step::Keep => {
                *step = Step::Kept(Box::new(call));
                Err(Error::new(ErrorKind::Unsupported, "the request waits for its batch"))
            }
            Step::Give(reply) => Ok(reply),
            Step::Idle => Err(more_than_one_call()),
            // A provider that goes on after a failure has more to ask.
            kept @ Step::Kept(_) => {
                *step = kept;
                Err(more_than_one_call())
            }
        }
    }
}

/// In a batch every answer comes whole.
fn whole(request: &Request) -> Request {
    Request { stream: false, ..request.clone() }
}

fn more_than_one_call() -> Error {
    Error::new(ErrorKind::Unsupported, "what takes more than one call cannot be asked in a batch")
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::sync::Arc;

    use async_trait::async_trait;
    use vision_core::{
        Capabilities, Error, ErrorKind, Estimate, Part, Provider, ProviderId, Request, Response, Result,
        Task, VisionProvider,
    };
    use vision_http::{Call, Reply, Transport};

    use super::Relay;

    /// Asks in so many calls, each with the words of the request, and answers with the last body.
    #[derive(Debug)]
    struct Asking {
        id: ProviderId,
        capabilities: Capabilities,
        transport: Arc<dyn Transport>,
        calls: usize,
    }

    #[async_trait]
    impl VisionProvider for Asking {
        fn id(&self) -> &ProviderId {
            &self.id
        }

        fn capabilities(&self) -> &Capabilities {
            &self.capabilities
        }

        fn estimate(&self, _: &Request) -> Estimate {
            Estimate::default()
        }

        async fn analyze(&self, request: &Request) -> Result<Response> {
            let mut text = request.texts().collect::<String>();
            if text.is_empty() {
                return Err(Error::new(ErrorKind::Unsupported, "nothing is asked"));
            }
            if request.stream {
                text.push_str(" piece by piece");
            }
            for _ in 0..self.calls {
                let reply = self.transport.send(Call::post_json("https://a.test/ask", text.into())).await?;
                text = reply.text().into_owned();
            }
            Ok(Response { text, ..Response::default() })
        }
    }

    fn asking(calls: usize) -> (Arc<Relay>, Provider) {
        let relay = Arc::new(Relay::default());
        let id = ProviderId::new("a", "m");
        let capabilities = Capabilities::default();
        let provider = Asking { id, capabilities, transport: relay.clone(), calls };
        (relay, Arc::new(provider))
    }

    fn request(words: &str) -> Request {
        Request::new(Task::Text, vec![Part::Text(words.to_owned())], NonZeroU32::MIN)
    }

    #[tokio::test]
    async fn a_call_is_kept_and_a_reply_is_read() {
        let (relay, provider) = asking(1);
        let call = relay.call(&provider, &request("how much?")).await.unwrap();
        assert_eq!((call.url.as_str(), &*call.body.bytes()), ("https://a.test/ask", &b"how much?"[..]));
        let reply = Reply::json_text(200, "12.50");
        assert_eq!(relay.read(&provider, &request("how much?"), reply).await.unwrap().text, "12.50");
        assert_eq!(relay.call(&provider, &request("when?")).await.unwrap().body.bytes(), &b"when?"[..]);
    }

    #[tokio::test]
    async fn who_streams_answers_whole_in_a_batch() {
        let (relay, provider) = asking(1);
        let call = relay.call(&provider, &Request { stream: true, ..request("when?") }).await.unwrap();
        assert_eq!(call.body.bytes(), &b"when?"[..]);
    }

    #[tokio::test]
    async fn what_cannot_be_asked_stays_an_error() {
        let (relay, provider) = asking(1);
        let error = relay.call(&provider, &request("")).await.unwrap_err();
        assert_eq!(error.message(), "nothing is asked");
    }

    #[tokio::test]
    async fn what_takes_two_calls_is_refused() {
        let (relay, provider) = asking(2);
        let reply = Reply::json_text(200, "12.50");
        let error = relay.read(&provider, &request("how much?"), reply).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        // A provider that sends nothing at all has no call either.
        let (relay, provider) = asking(0);
        assert!(relay.call(&provider, &request("how much?")).await.is_err());
    }
}
