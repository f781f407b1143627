#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod case;
mod dataset;
mod index;
mod manifest;
mod problem;
mod selection;
mod template;
mod toml_file;

pub use case::{Case, MediaRef};
pub use dataset::Dataset;
pub use index::{Entry, Index};
pub use manifest::{Manifest, TaskSpec};
pub use problem::{Problem, Result};
pub use selection::{Partition, Range, Selection};
pub use template::Template;
pub use toml_file::{nearest, parse_toml};
