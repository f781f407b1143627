#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod body;
mod call;
mod provider;
mod reply;
mod wire;

pub use body::{DataUrl, json};
pub use call::{Auth, Body, Call, Method};
pub use provider::{HttpProvider, exchange};
pub use reply::Reply;
pub use wire::{Transport, Wire};
