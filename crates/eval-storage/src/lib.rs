#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod address;
mod bridge;
mod dataset;
mod objects;
mod run;
mod storage;
mod writer;

pub use storage::{CloudStorage, Settings};
pub use writer::{Refusal, Writer};
