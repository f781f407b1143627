use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use vision_core::{Error, ErrorKind, Result, Usd};

use super::Ledger;

/// The money of one run, shared by all its providers.
#[derive(Debug)]
pub struct Budget {
    limit: Option<Usd>,
    ledger: Option<Arc<dyn Ledger>>,
    state: Mutex<State>,
    settled: Notify,
}

#[derive(Debug, Default)]
struct State {
    spent: f64,
    /// One per provider.
    accounts: Vec<Account>,
}

/// What one provider has in hand.
#[derive(Debug)]
struct Account {
    /// The worst cases of its requests under way, by the rules of the model.
    worst: f64,
    /// How many requests that is.
    open: usize,
    /// How many times its worst case a request is reckoned with: 1, until an answer cost more.
    factor: f64,
    spent: f64,
}

/// An answer above its worst case is not the dearest that this host will give.
const MARGIN: f64 = 1.5;

/// What is lost in the last digits of a sum is no overrun.
const ROUNDING: f64 = 1e-9;

impl Budget {
    /// A budget of `limit`, of which `spent` is gone already. Without a limit it only counts.
    pub fn new(limit: Option<Usd>, spent: Usd) -> Arc<Self> {
        Self::build(limit, spent, None)
    }

    /// The same, and every reservation is written down before anything is sent.
    pub fn written(limit: Option<Usd>, spent: Usd, ledger: Arc<dyn Ledger>) -> Arc<Self> {
        Self::build(limit, spent, Some(ledger))
    }

    fn build(limit: Option<Usd>, spent: Usd, ledger: Option<Arc<dyn Ledger>>) -> Arc<Self> {
        let state = State { spent: spent.0, ..State::default() };
        Arc::new(Self { limit, ledger, state: Mutex::new(state), settled: Notify::new() })
    }

    /// What is spent so far; where a bill is not known, the most it can be.
    pub fn spent(&self) -> Usd {
        Usd(self.lock().spent)
    }

    /// What was counted as spent turns out to be counted under another reservation, too.
    pub fn give_back(&self, amount: Usd) {
        let mut state = self.lock();
        state.spent = (state.spent - amount.0).max(0.0);
        drop(state);
        self.settled.notify_waiters();
    }

    /// A way to this money for one provider, of which an answer has cost `overrun` times its worst case before.
    pub(crate) fn purse(self: &Arc<Self>, overrun: Option<f64>) -> Purse {
        let accounts = &mut self.lock().accounts;
        let factor = overrun.filter(|times| *times > 1.0).map_or(1.0, |times| times * MARGIN);
        accounts.push(Account { worst: 0.0, open: 0, factor, spent: 0.0 });
        Purse { budget: self.clone(), account: accounts.len() - 1 }
    }

    /// Whether there is room, or will never be; `None` while only others on their way stand against it.
    fn try_reserve(&self, account: usize, worst: Usd) -> Option<Result<()>> {
        let mut state = self.lock();
        let limit = self.limit.map_or(f64::INFINITY, |limit| limit.0);
        let amount = worst.0 * state.accounts[account].factor;
        let reserved = state.reserved();
        if state.is_free(account, worst) || state.spent + reserved + amount <= limit {
            let own = &mut state.accounts[account];
            own.worst += worst.0;
            own.open += 1;
            return Some(Ok(()));
        }
        if state.spent + amount <= limit && reserved > 0.0 {
            return None;
        }
        Some(Err(no_room(limit, limit - state.spent, amount)))
    }

    /// Whether a request whose money is put aside may still go out. An answer that cost more than its worst case has
    /// made all that is under way dearer than it was when this request asked for room.
    fn check(&self, account: usize, worst: Usd) -> Result<()> {
        let state = self.lock();
        let limit = self.limit.map_or(f64::INFINITY, |limit| limit.0);
        if state.is_free(account, worst) || state.spent + state.reserved() <= limit * (1.0 + ROUNDING) {
            return Ok(());
        }
        let amount = worst.0 * state.accounts[account].factor;
        Err(no_room(limit, limit - state.spent - state.reserved() + amount, amount))
    }

    /// Counts a charge, or all that was reserved. Returns what was counted, and how many times its worst case the
    /// request cost, if more than once.
    fn settle(&self, account: usize, worst: Usd, charge: Option<Usd>) -> (Usd, Option<f64>) {
        let mut state = self.lock();
        let own = &mut state.accounts[account];
        own.open -= 1;
        own.worst = if own.open == 0 { 0.0 } else { (own.worst - worst.0).max(0.0) };
        let charged = charge.map_or(worst.0 * own.factor, |charge| charge.0);
        own.spent += charged;
        let times = charge.filter(|_| worst.0 > 0.0).map(|charge| charge.0 / worst.0);
        let overrun = times.filter(|times| *times > 1.0 + ROUNDING);
        if let Some(times) = overrun.filter(|times| *times > own.factor) {
            // From now on every request of this provider, those under way too, is reckoned with as much.
            own.factor = times * MARGIN;
        }
        state.spent += charged;
        drop(state);
        self.settled.notify_waiters();
        (Usd(charged), overrun)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_room(limit: f64, left: f64, amount: f64) -> Error {
    let message = format!(
        "the budget of {} has no room: {} is left and this request may cost {}",
        Usd(limit).in_full(),
        Usd(left.max(0.0)).rounded_down(),
        Usd(amount).rounded_up()
    );
    Error::new(ErrorKind::Budget, message)
}

impl State {
    /// What is free and has proved to be needs no room, however much others have spent.
    fn is_free(&self, account: usize, worst: Usd) -> bool {
        worst.is_zero() && self.accounts[account].spent == 0.0
    }

    fn reserved(&self) -> f64 {
        self.accounts.iter().map(|account| account.worst * account.factor).sum()
    }
}

/// One provider's way to the money of the run.
#[derive(Debug, Clone)]
pub(crate) struct Purse {
    budget: Arc<Budget>,
    account: usize,
}

impl Purse {
    /// Whether there is no limit.
    pub fn is_bottomless(&self) -> bool {
        self.budget.limit.is_none()
    }

    /// Puts the worst case aside. If only other requests on their way stand against it, waits for them to be settled:
    /// most cost far less than their worst case.
    pub async fn reserve(&self, worst: Usd) -> Result<Reservation> {
        loop {
            let settled = self.budget.settled.notified();
            tokio::pin!(settled);
            // Registered before the look at the state, so that no settlement is missed in between.
            settled.as_mut().enable();
            if let Some(outcome) = self.budget.try_reserve(self.account, worst) {
                return outcome.map(|()| Reservation { purse: self.clone(), worst, settled: false });
            }
            settled.await;
        }
    }

    /// Writes down that a request is about to be sent, if the budget still has room for it. Returns the number of the
    /// entry, if anybody keeps them.
    pub fn write_down(&self, worst: Usd) -> Result<Option<u64>> {
        self.budget.check(self.account, worst)?;
        let amount = self.amount(worst);
        let Some(ledger) = self.budget.ledger.as_ref().filter(|_| !amount.is_zero()) else { return Ok(None) };
        ledger.reserve(amount).map(Some)
    }

    /// A number for money that is written down elsewhere, if anybody keeps count.
    pub fn number(&self) -> Option<u64> {
        self.budget.ledger.as_ref().map(|ledger| ledger.number())
    }

    /// Replaces what was counted for a request by what it cost.
    pub fn correct(&self, counted: Usd, cost: Usd) {
        let mut state = self.budget.lock();
        state.spent = (state.spent - counted.0 + cost.0).max(0.0);
        let own = &mut state.accounts[self.account];
        // Earlier processes may have counted it.
        own.spent = (own.spent - counted.0 + cost.0).max(0.0);
        drop(state);
        self.budget.settled.notify_waiters();
    }

    /// What a request of this worst case is reckoned with: more, if this host has not kept to the limits before.
    fn amount(&self, worst: Usd) -> Usd {
        Usd(worst.0 * self.budget.lock().accounts[self.account].factor)
    }
}

/// Money put aside for one attempt. Dropped without a word (the run was interrupted) it counts as spent.
pub(crate) struct Reservation {
    purse: Purse,
    worst: Usd,
    settled: bool,
}

impl Reservation {
    /// What is put aside.
    pub fn amount(&self) -> Usd {
        self.purse.amount(self.worst)
    }

    /// Counts what was charged, or all that was put aside. Returns what was counted, and how many times its worst case
    /// the request cost, if more than once.
    pub fn settle(mut self, charge: Option<Usd>) -> (Usd, Option<f64>) {
        self.settled = true;
        self.purse.budget.settle(self.purse.account, self.worst, charge)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if !self.settled {
            self.purse.budget.settle(self.purse.account, self.worst, None);
        }
    }
}
