use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use vision_core::{Error, ErrorKind, Result};
use vision_http::{Call, Reply, Transport};

use crate::shared::Shared;

/// A transport that answers from a script and remembers what it was asked. It moves nothing.
#[derive(Debug, Default)]
pub struct Scripted {
    script: Shared<VecDeque<Step>>,
    last: Option<Reply>,
    calls: Shared<Vec<Call>>,
}

/// What a scripted transport does with one call.
#[derive(Debug)]
pub enum Step {
    /// Answers.
    Reply(Reply),
    /// Fails as a transport does.
    Fail(ErrorKind, &'static str),
    /// Never comes back.
    Hang,
}

impl From<Reply> for Step {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

impl Scripted {
    /// Plays each step once, in order. A call after the last one panics: the test is wrong.
    pub fn new<S: Into<Step>>(steps: impl IntoIterator<Item = S>) -> Arc<Self> {
        let script = steps.into_iter().map(Into::into).collect();
        Arc::new(Self { script: Shared::new(script), ..Self::default() })
    }

    /// Gives the same reply to every call.
    pub fn always(reply: Reply) -> Arc<Self> {
        Arc::new(Self { last: Some(reply), ..Self::default() })
    }

    /// Every call so far, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().clone()
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn send(&self, call: Call) -> Result<Reply> {
        let name = format!("{} {}", call.method.name(), call.url);
        self.calls.lock().push(call);
        let step = self.script.lock().pop_front();
        match (step, &self.last) {
            (Some(Step::Reply(reply)), _) => Ok(reply),
            (Some(Step::Fail(kind, message)), _) => Err(Error::new(kind, message)),
            (Some(Step::Hang), _) => std::future::pending().await,
            (None, Some(reply)) => Ok(reply.clone()),
            (None, None) => panic!("the script has no step left for {name}"),
        }
    }
}
