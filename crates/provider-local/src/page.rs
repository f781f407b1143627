//! What an OCR engine hands to the layout rules.

use image::RgbImage;

use crate::geometry::{Rect, Region};

/// An upright page: its pixels and the lines found on it.
#[derive(Debug, Clone)]
pub struct Page {
    /// The pixels, turned so that text reads from left to right.
    pub image: RgbImage,
    /// The lines, in reading order: by row from the top, then from the left.
    pub lines: Vec<Line>,
}

/// One run of text, as the detector cut it out: often a whole line, or one cell of a table.
#[derive(Debug, Clone)]
pub struct Line {
    /// What was read.
    pub text: String,
    /// Mean confidence of its characters, 0 to 1.
    pub confidence: f32,
    /// Where it stands on a page with its skew and perspective taken out.
    pub rect: Rect,
    /// Where it stands in the pixels.
    pub region: Region,
    /// Whether it runs up or down the page, as the title of a vertical axis does.
    pub vertical: bool,
    /// Its characters, blanks left out, with their places along the line.
    pub glyphs: Vec<Glyph>,
}

/// One character and where along its line it stands, 0 at the start and 1 at the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    pub character: char,
    pub position: f32,
}
