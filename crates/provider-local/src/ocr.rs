//! The embedded OCR engine: PP-OCRv6 tiny on `rten`.

mod crop;
mod detect;
mod network;
mod orientation;
mod recognise;
mod shrink;

use image::RgbImage;

use crate::page::{Line, Page};
use crate::{Failure, geometry::Region, layout};

use orientation::Found;
use recognise::Reading;

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

/// A standing region that reads this well one way is not tried the other way.
const READS_WELL: f32 = 0.85;

/// Finds and reads every line of a picture, whichever way up it is.
pub fn read(image: RgbImage, effort: Effort) -> Result<Page, Failure> {
    let (image, found) = orientation::upright(image, effort.detection_side())?;
    let mut lines = Vec::with_capacity(found.len());
    for Found { region, reading } in found {
        let vertical = region.is_tall();
        let reading = match reading {
            Some(reading) => reading,
            None if vertical => read_standing(&image, &region)?,
            None => recognise::recognise(crop::level(&image, &region))?,
        };
        if reading.confidence >= MIN_CONFIDENCE && !reading.text.is_empty() {
            lines.push(line(region, vertical, reading));
        }
    }
    Ok(Page { lines: layout::arrange(lines), image })
}

/// Running up, as axis titles do; or one upright character; or, seldom, running down.
fn read_standing(image: &RgbImage, region: &Region) -> Result<Reading, Failure> {
    let up = recognise::recognise(crop::standing(image, region, crop::Climb::Up))?;
    let level = recognise::recognise(crop::level(image, region))?;
    let best = better(up, level);
    if best.confidence >= READS_WELL {
        return Ok(best);
    }
    let down = recognise::recognise(crop::standing(image, region, crop::Climb::Down))?;
    Ok(better(best, down))
}

fn better(one: Reading, other: Reading) -> Reading {
    if other.confidence > one.confidence { other } else { one }
}

fn line(region: Region, vertical: bool, reading: Reading) -> Line {
    let Reading { text, confidence, glyphs } = reading;
    Line { text, confidence, rect: region.bounds(), region, vertical, glyphs }
}

#[cfg(test)]
mod tests;
