#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod batching;
mod door;
mod host;
mod relay;

pub use batching::Batching;
pub use door::{Door, Pages, checked};
pub use host::{
    BatchHost, BatchLimits, BatchLine, BatchStatus, Counts, Found, Item, LineOutcome, Parcel, Phase, Sought,
};
pub use relay::Relay;
