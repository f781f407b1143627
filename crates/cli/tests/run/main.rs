//! Runs of the built binary, from the first flag to the last line of the record.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod killing;
mod support;
