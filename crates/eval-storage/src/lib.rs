#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod address;
mod amazon;
mod bridge;
mod dataset;
mod objects;
mod run;
mod storage;
mod writer;

pub use amazon::{Amazon, FindAmazon};
pub use storage::{CloudStorage, Settings};
pub use writer::{Refusal, Writer};
