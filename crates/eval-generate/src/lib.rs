#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod audio;
mod calendar;
mod card;
mod charts;
mod classify;
mod compare;
mod contact_sheet;
mod dataset_writer;
mod diagrams;
mod documents;
mod error;
mod fonts;
mod generate;
mod money;
mod palette;
mod photo;
mod photographs;
mod png;
mod receipts;
mod recipe;
mod render;
mod rng;
mod screens;
mod svg;
mod words;

pub use contact_sheet::contact_sheet;
pub use error::{Error, Result};
pub use generate::generate;
pub use recipe::{BUNDLED, Difficulty, Kind, Recipe};
