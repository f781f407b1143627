//! Open answers before judges and people, through the built binary, with models on this machine that read what they are
//! sent.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod attacks;
mod gates;
mod judging;
mod killing;
mod money;
mod pairs;
mod people;
#[allow(dead_code, reason = "shared with the other runs of the binary, which need more of it")]
#[path = "../run/support.rs"]
mod support;
mod world;
