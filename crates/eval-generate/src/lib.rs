#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod charts;
mod dataset_writer;
mod error;
mod fonts;
mod generate;
mod palette;
mod png;
mod recipe;
mod render;
mod rng;
mod svg;

pub use error::{Error, Result};
pub use generate::generate;
pub use recipe::{BUNDLED, Difficulty, Kind, Recipe};
