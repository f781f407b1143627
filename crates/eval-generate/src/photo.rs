//! Sheets of paper as a scanner or a phone sees them.
//!
//! Everything is made of additions, multiplications, divisions and square roots, which every processor
//! rounds alike, and of seeded draws: the same sheet gives the same pixels everywhere.

mod camera;
mod desk;
mod field;
mod paper;
mod perspective;
mod scanner;
mod sensor;

use image::{RgbImage, codecs::jpeg::JpegEncoder, imageops};

pub use camera::photograph;
pub use paper::{Edges, Sheet};
pub use scanner::scan;
pub(crate) use sensor::quick_bell;

use crate::rng::Rng;

/// How badly the paper and the picture of it are treated.
#[derive(Debug, Clone, Copy)]
pub struct Wear {
    /// From 0 (new, well lit) to 1 (crumpled, dark, shaky).
    pub amount: f64,
}

impl Wear {
    /// A value between `low` and `high`, more likely high the more wear there is.
    fn between(self, rng: &mut Rng, low: f64, high: f64) -> f64 {
        low + (high - low) * self.amount * rng.between(0.35, 1.0)
    }

    /// True more often the more wear there is.
    fn chance(self, rng: &mut Rng, percent: f64) -> bool {
        rng.unit() * 100.0 < percent * (0.4 + self.amount)
    }
}

/// The picture turned clockwise by 90, 180 or 270 degrees; any other angle leaves it upright.
pub fn turn(image: &RgbImage, degrees: u32) -> RgbImage {
    match degrees {
        90 => imageops::rotate90(image),
        180 => imageops::rotate180(image),
        270 => imageops::rotate270(image),
        _ => image.clone(),
    }
}

/// The picture as a JPEG file.
pub fn jpeg(image: &RgbImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode_image(image)
        .expect("writing to memory cannot fail");
    file
}

/// The picture as a JPEG file without colour.
pub fn grey_jpeg(image: &RgbImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let grey = imageops::grayscale(image);
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode_image(&grey)
        .expect("writing to memory cannot fail");
    file
}

/// A channel value from a brightness where 0 is black and 1 white.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
fn byte(value: f32) -> u8 {
    (value * 255.0 + 0.5).clamp(0.0, 255.0) as u8
}

/// A size or coordinate in pixels; pictures are far too small to lose anything.
#[expect(clippy::cast_precision_loss, reason = "pictures have thousands of pixels, not millions")]
fn real(pixels: u32) -> f32 {
    pixels as f32
}

#[cfg(test)]
mod tests;
