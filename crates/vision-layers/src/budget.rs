use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::Notify;
use vision_core::{
    Error, ErrorKind, Estimate, Provider, Request, Response, Result, Usage, Usd, VisionProvider,
};

use crate::outcome::{Outcome, pass_on};

/// Sends nothing that could cost more than is left.
#[derive(Debug)]
pub struct Budgeted {
    inner: Provider,
    budget: Arc<Budget>,
    pricing: Arc<dyn Pricing>,
}

/// What tokens of one model cost. `None` is "not known", which is not "nothing".
pub trait Pricing: fmt::Debug + Send + Sync {
    /// The most that a request can cost.
    fn worst(&self, request: &Request, estimate: &Estimate) -> Option<Usd>;

    /// What an answer did cost.
    fn actual(&self, usage: &Usage) -> Option<Usd>;
}

/// The money of one run, shared by all its providers.
#[derive(Debug)]
pub struct Budget {
    limit: Option<Usd>,
    state: Mutex<State>,
    settled: Notify,
}

#[derive(Debug, Default)]
struct State {
    spent: f64,
    reserved: f64,
    /// Requests that hold a reservation.
    open: usize,
}

impl Budget {
    /// A budget of `limit`, of which `spent` is gone already. Without a limit it only counts.
    pub fn new(limit: Option<Usd>, spent: Usd) -> Arc<Self> {
        let state = State { spent: spent.0, ..State::default() };
        Arc::new(Self { limit, state: Mutex::new(state), settled: Notify::new() })
    }

    /// What is spent so far; where a bill is not known, the most it can be.
    pub fn spent(&self) -> Usd {
        Usd(self.lock().spent)
    }

    /// Puts `worst` aside. If only other requests on their way stand against it, waits for them to be settled:
    /// most cost far less than their worst case.
    async fn reserve(self: &Arc<Self>, worst: Usd) -> Result<Reservation> {
        loop {
            let settled = self.settled.notified();
            tokio::pin!(settled);
            // Registered before the look at the state, so that no settlement is missed in between.
            settled.as_mut().enable();
            if let Some(outcome) = self.try_reserve(worst) {
                return outcome;
            }
            settled.await;
        }
    }

    fn try_reserve(self: &Arc<Self>, worst: Usd) -> Option<Result<Reservation>> {
        let mut state = self.lock();
        let limit = self.limit.map_or(f64::INFINITY, |limit| limit.0);
        if state.spent + state.reserved + worst.0 <= limit {
            state.reserved += worst.0;
            state.open += 1;
            return Some(Ok(Reservation { budget: self.clone(), worst, actual: None }));
        }
        if state.spent + worst.0 <= limit && state.open > 0 {
            return None;
        }
        // A budget of less than a cent is not to read as none.
        let limit = if limit < 0.01 { format!("{limit:.4}") } else { format!("{limit:.2}") };
        let message = format!(
            "the budget of ${limit} has no room: ${:.4} are spent and this request may cost ${:.4}",
            state.spent, worst.0
        );
        Some(Err(Error::new(ErrorKind::Budget, message)))
    }

    fn settle(&self, worst: Usd, actual: Usd) {
        let mut state = self.lock();
        state.open -= 1;
        state.reserved = if state.open == 0 { 0.0 } else { (state.reserved - worst.0).max(0.0) };
        state.spent += actual.0;
        drop(state);
        self.settled.notify_waiters();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Money put aside for one attempt. Dropped without a word (the run was interrupted) it counts as spent.
struct Reservation {
    budget: Arc<Budget>,
    worst: Usd,
    actual: Option<Usd>,
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.settle(self.worst, self.actual.unwrap_or(self.worst));
    }
}

impl Budgeted {
    /// Lets `inner` spend from `budget`.
    pub fn new(inner: Provider, budget: Arc<Budget>, pricing: Arc<dyn Pricing>) -> Self {
        Self { inner, budget, pricing }
    }

    fn bill(&self, outcome: &Result<Response>, worst: Usd) -> Usd {
        match outcome {
            Ok(response) => response.cost.or_else(|| self.known_cost(&response.usage)).unwrap_or(worst),
            Err(error) => match self.known_cost(&error.details.usage) {
                Some(cost) => cost,
                None if error.details.maybe_billed => worst,
                None => Usd::ZERO,
            },
        }
    }

    /// A bill needs counts: without usage there is none, whatever the price.
    fn known_cost(&self, usage: &Usage) -> Option<Usd> {
        usage.is_known().then(|| self.pricing.actual(usage)).flatten()
    }
}

#[async_trait]
impl VisionProvider for Budgeted {
    pass_on!();

    async fn analyze(&self, request: &Request) -> Result<Response> {
        let worst = match self.pricing.worst(request, &self.inner.estimate(request)) {
            Some(worst) => worst,
            None if self.budget.limit.is_none() => Usd::ZERO,
            None => {
                let message =
                    format!("the price of {} is not known, so no budget can be kept", self.inner.id());
                return Err(Error::new(ErrorKind::Budget, message));
            }
        };
        let mut reservation = self.budget.reserve(worst).await?;
        let mut outcome = self.inner.analyze(request).await;
        let bill = self.bill(&outcome, worst);
        reservation.actual = Some(bill);
        if let Some(attempt) = outcome.attempts().last_mut() {
            attempt.charged = bill;
        }
        outcome
    }
}
