//! Runs in batches, through the built binary, against loopback counterparts of the vendors' batch endpoints.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod dialects;
mod faults;
mod killing;
mod project;
mod runs;
#[allow(dead_code, reason = "shared with the other runs of the binary, which need more of it")]
#[path = "../run/support.rs"]
mod support;
mod verbs;
