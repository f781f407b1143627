#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod address;
mod body;
mod call;
mod model;
mod provider;
mod reply;
mod transport;
mod wire;

pub use address::{host, join};
pub use body::{DataUrl, json};
pub use call::{Auth, Body, Call, Method};
pub use model::ModelInfo;
pub use provider::{HttpProvider, exchange};
pub use reply::{Reply, parse_delay};
pub use transport::{HttpSettings, HttpTransport};
pub use wire::{Transport, Wire};
