//! Bytes to pixels, within limits.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits, Rgb, RgbImage};

use crate::Failure;

/// More pixels than any phone takes today; 192 MB once decoded.
const MAX_PIXELS: u64 = 64_000_000;
pub const MAX_SIDE: u32 = 20_000;
/// The most bytes for everything but pixels: a colour profile may unfold to thousands of times its size.
const MAX_BESIDE: u64 = 32 << 20;
/// The most bytes of a pixel, and as much again to work with.
const PIXEL: u64 = 16;
/// Text that is legible at all is legible at this size.
const WORKING_SIDE: u32 = 4096;

/// Decodes the first frame of a PNG, JPEG, WebP, GIF, BMP or TIFF, upright by its EXIF tag, on
/// white where it is transparent.
///
/// The limits are checked on the header, before any pixel is decoded.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, Failure> {
    let (width, height) = decoder(bytes, MAX_BESIDE)?.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS {
        return Err(Failure::TooLarge(format!(
            "the picture has {width} × {height} pixels, this reader takes at most {MAX_PIXELS}"
        )));
    }
    let mut decoder = decoder(bytes, pixels * PIXEL + MAX_BESIDE)?;
    let orientation = decoder.orientation().map_err(refusal)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    if picture.width().max(picture.height()) > WORKING_SIDE {
        picture = picture.thumbnail(WORKING_SIDE, WORKING_SIDE);
    }
    picture.apply_orientation(orientation);
    Ok(on_white(picture))
}

/// Reads the header, with so many bytes to allocate.
fn decoder(bytes: &[u8], most: u64) -> Result<impl ImageDecoder, Failure> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| Failure::Unreadable(format!("the picture cannot be read: {error}")))?;
    if reader.format().is_none() {
        return Err(Failure::Unreadable(
            "not a picture this reader knows (PNG, JPEG, WebP, GIF, BMP, TIFF)".into(),
        ));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(most);
    reader.limits(limits);
    reader.into_decoder().map_err(refusal)
}

fn refusal(error: ImageError) -> Failure {
    match error {
        ImageError::Limits(error) => Failure::TooLarge(format!(
            "the picture is too large: {error} (at most {MAX_SIDE} pixels a side, {MAX_PIXELS} in all)"
        )),
        error => Failure::Unreadable(format!("the picture cannot be decoded: {error}")),
    }
}

fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let over = |value: u8| {
            let (value, alpha) = (u16::from(value), u16::from(alpha));
            ((value * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

#[cfg(test)]
mod tests;
