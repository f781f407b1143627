//! Small pictures for people to look at, where speed counts more than every pixel.

use bytes::Bytes;
use vision_core::panics::caught;
use vision_core::{MediaKind, Modality};

use crate::picture::{self, Picture};
use crate::{Limits, Pixels};

/// How small a preview is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PreviewSettings {
    /// The longest side in pixels; smaller pictures keep their size.
    pub side: u32,
    /// About how many bytes one may take.
    pub bytes: usize,
    /// The quality of the JPEG, from 1 to 100.
    pub quality: u8,
    /// The most pages of a document that are drawn.
    pub pages: usize,
    /// Images with more pixels have no preview: decoding them would take too long and too much memory.
    pub pixels: u64,
}

/// The medium as small JPEGs: an image as one, a PDF page by page. Nothing for other media, and for what cannot be read.
///
/// The same bytes give the same previews.
#[must_use]
pub fn previews(bytes: &Bytes, settings: &PreviewSettings) -> Vec<Vec<u8>> {
    let Some(kind) = MediaKind::sniff(bytes) else { return Vec::new() };
    // A decoder may meet what it was never tested with.
    caught(|| match kind.modality() {
        Modality::Image => image(kind, bytes, settings).into_iter().collect(),
        _ if kind == MediaKind::Pdf => pages(bytes, settings),
        _ => Vec::new(),
    })
    .unwrap_or_default()
}

fn image(kind: MediaKind, bytes: &[u8], settings: &PreviewSettings) -> Option<Vec<u8>> {
    let limits = Limits { pixels: settings.pixels, ..Limits::default() };
    let format = picture::format(kind)?;
    let header = picture::header(format, bytes).ok()?;
    if header.stored.count() > settings.pixels {
        return None;
    }
    let side = side(kind, bytes.len(), header.stored, settings);
    let mut picture = small(picture::decode(format, bytes, &limits).ok()?, side);
    // Turned when it is small, which is less work.
    picture.image.apply_orientation(header.orientation);
    picture.jpeg(settings.quality).ok()
}

/// How large the preview may be. What takes many bytes for each of its pixels is shown smaller, instead of being written
/// twice to see how many bytes it takes.
fn side(kind: MediaKind, length: usize, stored: Pixels, settings: &PreviewSettings) -> u32 {
    if kind != MediaKind::Jpeg {
        return settings.side;
    }
    let per_pixel = length as f64 / stored.count().max(1) as f64;
    let pixels = settings.bytes as f64 / per_pixel;
    let share = (pixels / stored.count().max(1) as f64).sqrt().min(1.0);
    // Letters that nobody can read are no preview.
    let side = (f64::from(stored.long_side()) * share).max(f64::from(settings.side) / 2.0);
    settings.side.min(side as u32)
}

/// A mean of the pixels below each pixel: as good as the sharper filters where much is left out, and ten times as fast.
fn small(picture: Picture, side: u32) -> Picture {
    let whole = picture.pixels();
    if whole.long_side() <= side { picture } else { picture.averaged(whole.shrunk(side)) }
}

#[cfg(feature = "pdf")]
fn pages(bytes: &Bytes, settings: &PreviewSettings) -> Vec<Vec<u8>> {
    use crate::{Settings, apart};
    use vision_core::{Error, ErrorKind};

    let drawing = Settings { page_side: settings.side, ..Settings::default() };
    let mut pages = Vec::new();
    let wanted = u32::try_from(settings.pages).unwrap_or(u32::MAX);
    // The error only ends the drawing: what was drawn before it is shown.
    apart::draw("the PDF", bytes, &drawing, (&Limits::default(), wanted), |_, picture| {
        pages.extend(picture.jpeg(settings.quality));
        if pages.len() < settings.pages { Ok(()) } else { Err(Error::new(ErrorKind::TooLarge, "enough")) }
    })
    .ok();
    pages
}

#[cfg(not(feature = "pdf"))]
fn pages(_bytes: &Bytes, _settings: &PreviewSettings) -> Vec<Vec<u8>> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use image::{DynamicImage, RgbImage};

    use super::*;

    const SETTINGS: PreviewSettings =
        PreviewSettings { side: 200, bytes: 10_000, quality: 60, pages: 2, pixels: 1_000_000 };

    /// A picture in which every pixel is another colour.
    fn noise(width: u32, height: u32) -> Picture {
        let mut state = 7_u32;
        let picture = RgbImage::from_fn(width, height, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
        });
        Picture::new(DynamicImage::from(picture))
    }

    fn seen(preview: &[u8]) -> (u32, u32) {
        let header = picture::header(image::ImageFormat::Jpeg, preview).unwrap();
        (header.seen().width, header.seen().height)
    }

    #[test]
    fn large_images_become_small_ones_and_small_ones_keep_their_size() {
        let of = |picture: &Picture| previews(&picture.png().unwrap().into(), &SETTINGS);
        let [large] = &of(&noise(600, 300))[..] else { panic!("one image is one preview") };
        assert_eq!(seen(large), (200, 100));
        assert_eq!(seen(&of(&noise(40, 30))[0]), (40, 30));
        assert_eq!(of(&noise(600, 300)), of(&noise(600, 300)), "the same bytes give the same preview");
    }

    #[test]
    fn what_takes_many_bytes_a_pixel_is_shown_smaller_but_not_unreadably_so() {
        let dense = noise(400, 400).jpeg(95).unwrap();
        let preview = &previews(&dense.into(), &SETTINGS)[0];
        assert_eq!(seen(preview), (100, 100));
    }

    #[test]
    fn what_cannot_be_shown_has_no_preview() {
        let large = noise(1_001, 1_000).jpeg(60).unwrap();
        for bytes in
            [Bytes::from_static(b"RIFF....WAVEfmt "), Bytes::from_static(b"\x89PNG\r\n\x1a\n"), large.into()]
        {
            assert_eq!(previews(&bytes, &SETTINGS), Vec::<Vec<u8>>::new());
        }
    }
}
