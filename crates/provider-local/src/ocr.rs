//! The embedded OCR engine: PP-OCRv6 tiny on `rten`.

mod crop;
mod detect;
mod network;
mod orientation;
mod recognise;

use image::RgbImage;

use crate::page::{Line, Page};
use crate::{Failure, geometry::Region, layout};

/// How much work the detector does. Recognition is the same for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Finds small print.
    Accurate,
    /// Looks at a smaller copy of the page.
    Fast,
}

impl Effort {
    /// The longest side the detector sees.
    fn detection_side(self) -> u32 {
        match self {
            Self::Accurate => 960,
            Self::Fast => 640,
        }
    }
}

/// Below this a line is noise.
const MIN_CONFIDENCE: f32 = 0.5;

/// Finds and reads every line of a picture, whichever way up it is.
pub fn read(image: RgbImage, effort: Effort) -> Result<Page, Failure> {
    let (image, regions) = orientation::upright(image, effort.detection_side())?;
    let mut lines = Vec::with_capacity(regions.len());
    for region in regions {
        if let Some(line) = read_region(&image, region)? {
            lines.push(line);
        }
    }
    Ok(Page { lines: layout::arrange(lines), image })
}

fn read_region(image: &RgbImage, region: Region) -> Result<Option<Line>, Failure> {
    let vertical = region.is_tall();
    let reading = if vertical {
        let up = recognise::recognise(&crop::standing(image, &region, crop::Climb::Up))?;
        let down = recognise::recognise(&crop::standing(image, &region, crop::Climb::Down))?;
        let level = recognise::recognise(&crop::level(image, &region))?;
        [up, down, level].into_iter().max_by(|a, b| a.confidence.total_cmp(&b.confidence))
    } else {
        Some(recognise::recognise(&crop::level(image, &region))?)
    };
    Ok(reading.filter(|reading| reading.confidence >= MIN_CONFIDENCE && !reading.text.is_empty()).map(
        |reading| Line {
            text: reading.text,
            confidence: reading.confidence,
            rect: region.bounds(),
            region,
            vertical,
            glyphs: reading.glyphs,
        },
    ))
}

#[cfg(test)]
mod tests;
