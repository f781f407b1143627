use vision_core::{Error, ErrorKind, Result};
use vision_http::{Call, ModelInfo, Reply, Transport, exchange};

/// How to ask for a host's models, and how to read its replies.
pub struct ModelList {
    /// What to send first.
    pub call: Call,
    /// Reads a reply.
    pub decode: Decode,
    /// What to send for the models that a reply leaves out, if there are more.
    pub next: Next,
}

type Decode = Box<dyn Fn(&Reply) -> Result<Vec<ModelInfo>> + Send + Sync>;
type Next = Box<dyn Fn(&Reply) -> Option<Call> + Send + Sync>;

/// No list is longer; a host may name the same page for ever.
const MOST_PAGES: usize = 100;

impl ModelList {
    /// Asks for all of them.
    pub async fn all(&self, transport: &dyn Transport) -> Result<Vec<ModelInfo>> {
        let (mut models, mut call) = (Vec::new(), self.call.clone());
        for _ in 0..MOST_PAGES {
            let reply = exchange(transport, call).await?;
            models.extend((self.decode)(&reply)?);
            match (self.next)(&reply) {
                Some(next) => call = next,
                None => return Ok(models),
            }
        }
        let message = format!("the list of models does not end after {MOST_PAGES} pages");
        Err(Error::new(ErrorKind::Malformed, message))
    }
}
