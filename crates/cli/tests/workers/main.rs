//! Runs whose requests workers send, over a real NATS server.
#![cfg(all(unix, feature = "workers"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod broker;
mod cost;
mod disturbed;
mod hiding;
mod killing;
mod lean;
mod money;
mod same;
mod scale;
#[path = "../run/support.rs"]
#[allow(dead_code, reason = "the tests of plain runs use all of it")]
mod support;
mod team;
