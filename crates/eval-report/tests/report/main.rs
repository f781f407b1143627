//! What is made of fixed records, as people and programs read it, and what attacks leave of it.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod attacks;
mod brief;
mod comparisons;
mod findings;
mod first;
mod formats;
mod inert;
mod junit;
mod limits;
mod runs;
mod verdicts;
