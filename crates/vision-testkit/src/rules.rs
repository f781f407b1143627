//! The rules of the conformance suite. Each panics with what is wrong, or returns.

mod answers;
mod connections;
mod engines;
mod errors;
mod parameters;
mod requests;
mod secrets;
mod sizes;

pub use answers::*;
pub use connections::*;
pub use engines::*;
pub use errors::*;
pub use parameters::*;
pub(crate) use requests::snapshots;
pub use requests::*;
pub use secrets::*;
pub use sizes::*;
