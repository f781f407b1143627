use std::sync::Arc;

use async_trait::async_trait;
use vision_core::{Provider, Request, Response, Result, VisionProvider};

use super::{Pricing, Purse};
use crate::outcome::{Outcome, pass_on};

/// Writes down what a request may cost, right before it is sent: if the process dies, its money is not forgotten, and
/// what only waited for its turn is not counted.
#[derive(Debug)]
pub(crate) struct Written {
    inner: Provider,
    purse: Purse,
    pricing: Arc<dyn Pricing>,
}

impl Written {
    pub fn new(inner: Provider, purse: Purse, pricing: Arc<dyn Pricing>) -> Self {
        Self { inner, purse, pricing }
    }
}

#[async_trait]
impl VisionProvider for Written {
    pass_on!();

    async fn analyze(&self, request: &Request) -> Result<Response> {
        // Without a bound there is no budget either, and nothing to write down.
        let number = match self.pricing.worst(request, &self.inner.estimate(request)) {
            Ok(worst) => self.purse.write_down(worst)?,
            Err(_) => None,
        };
        let mut outcome = self.inner.analyze(request).await;
        if let Some(attempt) = outcome.attempts().last_mut() {
            attempt.reservation = number;
        }
        outcome
    }
}
