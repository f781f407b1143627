use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, ImageResult, Rgb, RgbImage};
use vision_core::MediaKind;

use crate::{Limits, Pixels};

/// What the header of an image says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Header {
    /// The size as it is stored.
    pub stored: Pixels,
    /// What has to be done to see it the right way up.
    pub orientation: Orientation,
}

impl Header {
    /// The size as it is seen.
    pub(crate) fn seen(&self) -> Pixels {
        let Pixels { width, height } = self.stored;
        match self.orientation {
            Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH => Pixels { width: height, height: width },
            _ => self.stored,
        }
    }

    pub(crate) fn is_upright(&self) -> bool {
        self.orientation == Orientation::NoTransforms
    }
}

/// Whether images of this kind can be decoded here.
pub(crate) fn format(kind: MediaKind) -> Option<ImageFormat> {
    let format = match kind {
        MediaKind::Png => ImageFormat::Png,
        MediaKind::Jpeg => ImageFormat::Jpeg,
        MediaKind::Webp => ImageFormat::WebP,
        MediaKind::Gif => ImageFormat::Gif,
        MediaKind::Bmp => ImageFormat::Bmp,
        MediaKind::Tiff => ImageFormat::Tiff,
        _ => return None,
    };
    Some(format)
}

/// Reads the header and no pixels.
///
/// A profile may be compressed, and unfold to thousands of times its size: it is bounded, whatever the limits are.
pub(crate) fn header(format: ImageFormat, bytes: &[u8]) -> ImageResult<Header> {
    let mut decoder = reader(format, bytes, HEADER).into_decoder()?;
    let (width, height) = decoder.dimensions();
    // The decoder reads the header of a JPEG once more to find EXIF.
    let may_be_turned = format != ImageFormat::Jpeg || memchr::memmem::find(bytes, b"Exif").is_some();
    // A broken EXIF block is no reason to refuse an image that is whole.
    let orientation = may_be_turned.then(|| decoder.orientation().ok()).flatten();
    let orientation = orientation.unwrap_or(Orientation::NoTransforms);
    Ok(Header { stored: Pixels { width, height }, orientation })
}

/// An image in memory, with the profile that its colours are meant in.
pub(crate) struct Picture {
    pub image: DynamicImage,
    profile: Option<Vec<u8>>,
}

/// Decodes the image, the first frame if there are several.
pub(crate) fn decode(format: ImageFormat, bytes: &[u8], limits: &Limits) -> ImageResult<Picture> {
    let stored = header(format, bytes)?.stored;
    // Sixteen bits for each of four channels, and as much again to work with.
    let most = stored.count().min(limits.pixels).saturating_mul(16).saturating_add(HEADER);
    let mut decoder = reader(format, bytes, most).into_decoder()?;
    let profile = decoder.icc_profile().unwrap_or(None);
    Ok(Picture { image: DynamicImage::from_decoder(decoder)?, profile })
}

/// The most bytes that are allocated for everything but pixels.
const HEADER: u64 = 32 << 20;

fn reader(format: ImageFormat, bytes: &[u8], most: u64) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut alloc = image::Limits::no_limits();
    alloc.max_alloc = Some(most);
    reader.limits(alloc);
    reader
}

impl Picture {
    /// An image without a profile.
    #[cfg(any(feature = "pdf", test))]
    pub(crate) fn new(image: DynamicImage) -> Self {
        Self { image, profile: None }
    }

    pub(crate) fn pixels(&self) -> Pixels {
        Pixels { width: self.image.width(), height: self.image.height() }
    }

    /// The same picture made smaller.
    pub(crate) fn resized(&self, to: Pixels) -> Self {
        let filter = image::imageops::FilterType::Lanczos3;
        Self { image: self.image.resize_exact(to.width, to.height, filter), profile: self.profile.clone() }
    }

    /// The same picture made smaller, each pixel a mean: quick, and good enough to look at.
    pub(crate) fn averaged(&self, to: Pixels) -> Self {
        Self { image: self.image.thumbnail_exact(to.width, to.height), profile: self.profile.clone() }
    }

    pub(crate) fn has_alpha(&self) -> bool {
        self.image.color().has_alpha()
    }

    /// As a PNG, with all its bits.
    pub(crate) fn png(&self) -> ImageResult<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        if let Some(profile) = self.fitting_profile(self.is_grey()) {
            encoder.set_icc_profile(profile).ok();
        }
        let eight_bits: DynamicImage;
        let image = match &self.image {
            // PNG has no fractions.
            DynamicImage::ImageRgb32F(_) | DynamicImage::ImageRgba32F(_) => {
                eight_bits = self.image.to_rgba8().into();
                &eight_bits
            }
            image => image,
        };
        image.write_with_encoder(encoder)?;
        Ok(bytes)
    }

    /// As a JPEG, on white where it is transparent.
    pub(crate) fn jpeg(&self, quality: u8) -> ImageResult<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality.clamp(1, 100));
        let grey = self.is_grey() && !self.has_alpha();
        if let Some(profile) = self.fitting_profile(grey) {
            encoder.set_icc_profile(profile).ok();
        }
        if grey {
            self.image.to_luma8().write_with_encoder(encoder)?;
        } else if self.has_alpha() {
            self.on_white().write_with_encoder(encoder)?;
        } else {
            self.image.to_rgb8().write_with_encoder(encoder)?;
        }
        Ok(bytes)
    }

    fn is_grey(&self) -> bool {
        !self.image.color().has_color()
    }

    /// Without transparency, in eight bits.
    pub(crate) fn opaque(&self) -> RgbImage {
        if self.has_alpha() { self.on_white() } else { self.image.to_rgb8() }
    }

    fn on_white(&self) -> RgbImage {
        let rgba = self.image.to_rgba8();
        let mut rgb = RgbImage::new(rgba.width(), rgba.height());
        for (out, pixel) in rgb.pixels_mut().zip(rgba.pixels()) {
            let [red, green, blue, alpha] = pixel.0.map(u16::from);
            let over = |channel: u16| {
                let mixed = (channel * alpha + 255 * (255 - alpha) + 127) / 255;
                u8::try_from(mixed).expect("a mean of bytes is a byte")
            };
            *out = Rgb([over(red), over(green), over(blue)]);
        }
        rgb
    }

    /// The profile, if it is meant for these channels: that of a CMYK image makes no sense once it is RGB.
    fn fitting_profile(&self, grey: bool) -> Option<Vec<u8>> {
        let space: &[u8] = if grey { b"GRAY" } else { b"RGB " };
        self.profile.clone().filter(|profile| profile.get(16..20) == Some(space))
    }
}

#[cfg(test)]
mod tests {
    use image::codecs::png::PngEncoder;
    use image::{DynamicImage, ImageEncoder, ImageFormat, RgbImage};

    use super::{HEADER, decode, header};
    use crate::Limits;

    #[test]
    fn a_profile_that_unfolds_to_more_than_all_pixels_is_not_read() {
        let profile = vec![0; 4 * HEADER as usize];
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        DynamicImage::from(RgbImage::new(4, 4)).write_with_encoder(encoder).unwrap();
        assert!(bytes.len() < 1 << 20, "it is small as a file");
        let most = |profile: Option<Vec<u8>>| profile.map_or(0, |profile| profile.len() as u64);
        let read = header(ImageFormat::Png, &bytes)
            .and_then(|_| decode(ImageFormat::Png, &bytes, &Limits::default()))
            .map(|picture| most(picture.profile));
        assert!(read.as_ref().map_or(true, |length| *length <= HEADER), "{read:?}");
    }
}
