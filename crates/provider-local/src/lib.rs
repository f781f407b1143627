#![doc = include_str!("../README.md")]

mod answer;
mod chart;
mod dates;
mod failure;
mod geometry;
mod layout;
mod ocr;
mod page;
mod picture;
mod provider;
mod receipt;
mod tasks;
mod tesseract;
mod text;
mod words;

pub use chart::chart_table;
pub use failure::Failure;
pub use ocr::{Effort, read};
pub use page::{Glyph, Line, Page};
pub use picture::decode;
pub use provider::{Model, provider};
pub use receipt::receipt;
pub use text::text;
