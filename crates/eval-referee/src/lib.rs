#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod race;
mod referee;

pub use referee::ScoringReferee;
