#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod capabilities;
mod error;
mod estimate;
mod evidence;
mod media;
pub mod panics;
mod provider;
mod request;
mod response;
pub mod schema;
mod secret;
mod task;
mod tokens;
mod usage;

pub use capabilities::{Capabilities, patches};
pub use error::{Details, Error, ErrorKind, Result};
pub use estimate::{Estimate, Surcharge};
pub use evidence::{Bounds, Evidence};
pub use media::{Facts, Media, MediaKind, Modality};
pub use provider::{Provider, ProviderId, VisionProvider};
pub use request::{Detail, Effort, Output, Part, Request, Schema};
pub use response::{Allowance, Attempt, Limits, Person, Response, Stop, Timing};
pub use secret::Secret;
pub use task::Task;
pub use tokens::{TokenProbabilities, ValueProbability};
pub use usage::{Usage, Usd};
