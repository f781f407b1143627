#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod expected;
pub mod race;
mod referee;

pub use expected::{Expected, expected, usual_spread};
pub use referee::ScoringReferee;
