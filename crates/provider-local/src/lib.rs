#![doc = include_str!("../README.md")]

mod failure;
mod geometry;
mod layout;
mod ocr;
mod page;
mod picture;
mod text;

pub use failure::Failure;
pub use ocr::{Effort, read};
pub use page::{Glyph, Line, Page};
pub use picture::decode;
pub use text::text;
