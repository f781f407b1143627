//! The built binary against a server on this machine that speaks every vendor's dialect, and misbehaves.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod asking;
mod cloud_shell;
mod clouds;
mod company;
mod dialects;
mod doors;
mod ended_keys;
mod engines;
mod extract;
mod leaks;
mod lists;
mod mistakes;
mod planning;
mod shell;
