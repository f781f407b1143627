use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use vision_core::{
    Error, ErrorKind, Estimate, Provider, Request, Response, Result, Usage, Usd, VisionProvider,
};

use crate::outcome::{Outcome, pass_on};

mod handed;
mod money;
mod written;

pub use handed::{HandedOver, Held};
pub use money::Budget;
pub(crate) use money::Purse;
pub(crate) use written::Written;

/// Sends nothing that could cost more than is left.
#[derive(Debug)]
pub struct Budgeted {
    inner: Provider,
    purse: Purse,
    pricing: Arc<dyn Pricing>,
}

/// What requests to one model cost. Not known is not nothing.
pub trait Pricing: fmt::Debug + Send + Sync {
    /// The most that a request can cost, or the reason why nobody knows.
    fn worst(&self, request: &Request, estimate: &Estimate) -> Result<Usd, String>;

    /// What an answer did cost.
    fn bill(&self, request: &Request, response: &Response) -> Bill;

    /// What was counted for a request that brought no answer.
    fn counted(&self, usage: &Usage) -> Option<Usd>;
}

/// The price of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bill {
    /// Counted or said by the host, and to be believed.
    Known(Usd),
    /// Nothing that can be believed; from its length it can have cost this much.
    Unknown(Usd),
}

/// Writes reservations down, so that a crash does not forget money.
pub trait Ledger: fmt::Debug + Send + Sync {
    /// Called before up to `amount` is spent. Returns the number of the entry.
    fn reserve(&self, amount: Usd) -> Result<u64>;

    /// The number of an entry that is written down elsewhere.
    fn number(&self) -> u64;
}

impl Budgeted {
    /// Lets `inner` spend from `budget`.
    pub fn new(inner: Provider, budget: Arc<Budget>, pricing: Arc<dyn Pricing>) -> Self {
        Self::of(inner, budget.purse(None), pricing)
    }

    pub(crate) fn of(inner: Provider, purse: Purse, pricing: Arc<dyn Pricing>) -> Self {
        Self { inner, purse, pricing }
    }

    /// What an attempt cost; `None` where it counts with all that was reserved for it.
    fn charge(&self, request: &Request, outcome: &Result<Response>, reserved: Usd) -> Option<Usd> {
        match outcome {
            Ok(response) => match self.pricing.bill(request, response) {
                Bill::Known(cost) => Some(cost),
                Bill::Unknown(least) => Some(least).filter(|least| *least > reserved),
            },
            Err(error) => {
                let refused = || (!error.details.maybe_billed).then_some(Usd::ZERO);
                self.pricing.counted(&error.details.usage).or_else(refused)
            }
        }
    }
}

#[async_trait]
impl VisionProvider for Budgeted {
    pass_on!();

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let worst = match self.pricing.worst(request, &self.inner.estimate(request)) {
            Ok(worst) => worst,
            Err(_) if self.purse.is_bottomless() => Usd::ZERO,
            Err(reason) => {
                let message =
                    format!("the most it can cost is not known, so no budget can be kept: {reason}");
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
        };
        let reservation = self.purse.reserve(worst).await?;
        let mut outcome = self.inner.analyze(request).await;
        let charge = self.charge(request, &outcome, reservation.amount());
        let (charged, overrun) = reservation.settle(charge);
        if let Some(attempt) = outcome.attempts().last_mut() {
            (attempt.charged, attempt.overrun) = (charged, overrun);
        }
        outcome
    }
}
