#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod answer;
mod arguments;
pub mod assignment;
pub mod distance;
mod error;
pub mod metric;
mod named;
pub mod python;
pub mod speech;
pub mod task;
pub mod value;

pub use error::MetricError;
pub use named::{NAMED, NamedMetric, named};
