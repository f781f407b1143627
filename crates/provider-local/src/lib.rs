#![doc = include_str!("../README.md")]

mod answer;
mod chart;
mod classify;
mod dates;
mod describe;
mod differ;
mod document;
mod extract;
mod failure;
mod geometry;
mod invariants;
mod layout;
mod ocr;
mod page;
mod pages;
mod picture;
mod provider;
mod question;
mod receipt;
mod tasks;
mod tesseract;
mod text;
mod words;

pub use chart::chart_table;
pub use failure::Failure;
#[doc(hidden)]
pub use invariants::check_rules;
pub use ocr::{Effort, read};
pub use page::{Glyph, Line, Page};
pub use picture::decode;
pub use provider::{Model, provider};
pub use receipt::receipt;
pub use text::text;
