#![doc = include_str!("../README.md")]

mod dates;
mod failure;
mod geometry;
mod layout;
mod ocr;
mod page;
mod picture;
mod receipt;
mod text;
mod words;

pub use failure::Failure;
pub use ocr::{Effort, read};
pub use page::{Glyph, Line, Page};
pub use picture::decode;
pub use receipt::receipt;
pub use text::text;
