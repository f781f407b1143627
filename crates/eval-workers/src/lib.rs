#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod access;
mod claim;
mod coordinator;
mod desk;
mod leftovers;
mod names;
mod wire;
mod worker;

pub use access::{Access, Credentials};
pub use coordinator::{Coordinator, Presence, Terms};
pub use wire::Notice;
pub use worker::{Said, Setup, work};

/// Why a broker cannot be used, in a sentence for the person.
pub type Result<T> = std::result::Result<T, String>;
