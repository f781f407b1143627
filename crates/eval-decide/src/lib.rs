#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod agreement;
pub mod betting;
pub mod cascade;
pub mod evalues;
mod named;
pub mod planning;
pub mod ppi;
pub mod preference;
pub mod selective;

pub use named::{DecideError, NAMED, NamedDecision};
