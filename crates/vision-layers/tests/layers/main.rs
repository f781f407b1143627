//! What each layer promises, on a paused clock.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod budget;
mod limits;
mod retry;
mod support;
