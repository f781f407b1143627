#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod canonical;
mod collector;
pub mod completions;
mod conformance;
pub mod live;
mod log;
mod loopback;
pub mod media;
mod pointer;
mod provider;
pub mod rules;
mod scripted;
#[cfg(feature = "server")]
pub mod server;
mod shared;
mod specs;
pub mod streams;
mod subject;

pub use canonical::{full, plain, requests};
pub use collector::{Collector, Received};
pub use conformance::{RULES, run};
#[doc(hidden)]
pub use insta;
pub use provider::{Asked, ScriptedProvider, Turn};
pub use scripted::{Scripted, Step};
pub use specs::{SCHEMAS, schema, validate};
pub use subject::{Answer, Answers, Failure, Looks, Places, Subject, TaskAnswer};

/// What the stored snapshots of a subject hold: its canonical requests as they are written.
#[doc(hidden)]
pub fn snapshots(subject: &Subject) -> Vec<(&'static str, String)> {
    rules::snapshots(subject)
}

/// Runs a future to its end. Clocks are paused: waiting takes no time.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without I/O can always be made")
        .block_on(future)
}
