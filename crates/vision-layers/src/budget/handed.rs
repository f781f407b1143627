use std::sync::Arc;

use vision_core::{Attempt, Error, ErrorKind, Estimate, Request, Response, Result, Usd};

use super::{Bill, Pricing, Purse};
use crate::Budget;
use crate::outcome::Outcome;

/// One provider's money for requests that are handed over now and answered later, maybe to another process.
///
/// What is put aside counts as spent until the answer is there: nothing waits for it, as that may take a day.
#[derive(Debug)]
pub struct HandedOver {
    purse: Purse,
    pricing: Arc<dyn Pricing>,
}

/// What is put aside for one request that is handed over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// Its number, if the budget has a limit. Whoever holds it writes it down before the request is sent.
    pub number: Option<u64>,
    /// The most that it can cost, as the budget counts it.
    pub amount: Usd,
}

impl HandedOver {
    /// Lets requests be paid from `budget`. An answer of this provider has cost `overrun` times its worst case before.
    pub fn new(budget: &Arc<Budget>, pricing: Arc<dyn Pricing>, overrun: Option<f64>) -> Self {
        Self { purse: budget.purse(overrun), pricing }
    }

    /// Puts the most aside that a request can cost, if there is room.
    pub async fn hold(&self, request: &Request, estimate: &Estimate) -> Result<Held> {
        let worst = match self.pricing.worst(request, estimate) {
            Ok(worst) => worst,
            Err(_) if self.purse.is_bottomless() => Usd::ZERO,
            Err(reason) => {
                let message =
                    format!("the most it can cost is not known, so no budget can be kept: {reason}");
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
        };
        let reservation = self.purse.reserve(worst).await?;
        let number = self.purse.number();
        let (amount, _) = reservation.settle(None);
        Ok(Held { number, amount })
    }

    /// Gives back what was held for a request that was not carried out.
    pub fn release(&self, held: Held) {
        self.purse.correct(held.amount, Usd::ZERO);
    }

    /// Counts what an answer cost in the place of what was held for it, and notes it as the attempt that brought it.
    pub fn settle(&self, held: Held, request: &Request, mut outcome: Result<Response>) -> Result<Response> {
        let charge = match &outcome {
            Ok(response) => match self.pricing.bill(request, response) {
                Bill::Known(cost) => Some(cost),
                Bill::Unknown(least) => Some(least).filter(|least| *least > held.amount),
            },
            Err(error) => {
                let refused = || (!error.details.maybe_billed).then_some(Usd::ZERO);
                self.pricing.counted(&error.details.usage).or_else(refused)
            }
        };
        let charged = charge.unwrap_or(held.amount);
        self.purse.correct(held.amount, charged);
        let times = charged.0 / held.amount.0;
        let failure = outcome.as_ref().err();
        let attempt = Attempt {
            error: failure.map(Error::kind),
            status: failure.and_then(|error| error.details.status),
            charged,
            reservation: held.number,
            overrun: Some(times).filter(|times| times.is_finite() && *times > 1.0 + 1e-9),
            ..Attempt::default()
        };
        outcome.attempts().push(attempt);
        outcome
    }
}
