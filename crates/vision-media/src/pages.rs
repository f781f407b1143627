use bytes::Bytes;
use image::RgbImage;
use vision_core::{Error, ErrorKind, Result};

use crate::{Limits, Settings, apart};

/// The pages of a PDF as pictures on white, each `side` pixels long, with no more pages than `most`.
///
/// A document with more pages is [`ErrorKind::TooLarge`]: who reads only a part of it would not know what is missing.
pub fn pages(bytes: &Bytes, most: usize, side: u32) -> Result<Vec<RgbImage>> {
    let settings = Settings { page_side: side, ..Settings::default() };
    let mut pages = Vec::new();
    let wanted = u32::try_from(most).unwrap_or(u32::MAX);
    apart::draw("the PDF", bytes, &settings, (&Limits::default(), wanted), |_, picture| {
        if pages.len() == most {
            let message = format!("the PDF has more than {most} pages");
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        pages.push(picture.image.into_rgb8());
        Ok(())
    })?;
    match pages.is_empty() {
        true => Err(Error::new(ErrorKind::InvalidRequest, "the PDF has no pages")),
        false => Ok(pages),
    }
}
