#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod budget;
mod cascade;
mod concurrency;
mod order;
mod outcome;
mod rate_limit;
mod retry;
mod timed;
mod timeout;

pub use budget::{Bill, Budget, Budgeted, HandedOver, Held, Ledger, Pricing};
pub use cascade::{Answer, Cascade, Trust, adapted};
pub use concurrency::{Concurrency, Places};
pub use order::{Settings, around, layered, timed};
pub use rate_limit::{Pace, RateLimit};
pub use retry::{Retry, RetryPolicy};
pub use timed::Timed;
pub use timeout::Timeout;
