#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod cached;
mod key;
mod mode;
mod private;
mod store;

pub use cached::Cached;
pub use mode::Mode;
pub use store::{Cache, Stats, is_unwritable};
