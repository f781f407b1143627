//! A run from plan to record, with providers that fail on purpose, on a paused clock.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod faults;
mod resuming;
mod support;
mod tries;
mod until_decided;
