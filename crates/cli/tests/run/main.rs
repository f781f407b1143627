//! Runs of the built binary, from the first flag to the last line of the record.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod agreeing;
mod bills;
mod changes;
mod cloned;
mod decide;
mod disk;
mod exits;
mod factors;
mod faults;
mod films;
mod flags;
mod importing;
mod interrupts;
mod killing;
mod links;
mod looking;
mod losses;
mod money;
mod needs;
mod quotes;
mod receipts;
mod resuming;
mod scale;
mod silence;
mod spreadsheets;
mod steering;
mod strangers;
mod streaming;
mod support;
mod tokens;
mod tries;
mod types;
mod until_decided;
mod uploads;
mod variants;
