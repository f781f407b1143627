//! Turns a page upright: by the shape of its lines, then by which way up they can be read.

use image::{RgbImage, imageops};

use crate::Failure;
use crate::geometry::{Point, Region};

use super::recognise::{self, Reading};
use super::{crop, detect};

/// Lines are read both ways only when the first way reads worse than this.
const READS_WELL: f32 = 0.85;
/// This many of the largest lines decide.
const SAMPLE: usize = 5;

/// A region of text and, where telling up from down needed it, what it says.
pub struct Found {
    pub region: Region,
    pub reading: Option<Reading>,
}

/// The upright picture and its text.
pub fn upright(image: RgbImage, side: u32) -> Result<(RgbImage, Vec<Found>), Failure> {
    let regions = detect::detect(&image, side)?;
    let (image, regions) = if mostly_standing(&regions) {
        let turned = imageops::rotate90(&image);
        let regions = detect::detect(&turned, side)?;
        (turned, regions)
    } else {
        (image, regions)
    };
    let mut found: Vec<Found> = regions.into_iter().map(|region| Found { region, reading: None }).collect();
    if !stands_on_its_head(&image, &mut found)? {
        return Ok((image, found));
    }
    let (width, height) = (image.width() as f32, image.height() as f32);
    for Found { region: Region { center, .. }, .. } in &mut found {
        *center = Point::new(width - center.x, height - center.y);
    }
    Ok((imageops::rotate180(&image), found))
}

/// Weighs by area, so that one axis title does not outvote a page.
fn mostly_standing(regions: &[Region]) -> bool {
    let (standing, level): (Vec<&Region>, Vec<&Region>) = regions
        .iter()
        .filter(|region| region.is_tall() || region.width > region.height * 1.5)
        .partition(|region| region.is_tall());
    let area = |regions: &[&Region]| regions.iter().map(|region| region.area()).sum::<f32>();
    standing.len() > level.len() && area(&standing) > area(&level)
}

/// Keeps what it read, the better way up, so that nothing is read twice.
fn stands_on_its_head(image: &RgbImage, found: &mut [Found]) -> Result<bool, Failure> {
    let mut sample: Vec<&mut Found> = found.iter_mut().filter(|found| !found.region.is_tall()).collect();
    sample.sort_by(|a, b| b.region.area().total_cmp(&a.region.area()));
    sample.truncate(SAMPLE);
    let read = |cut: fn(&RgbImage, &Region) -> crop::Strip| -> Result<Vec<Reading>, Failure> {
        sample.iter().map(|found| recognise::recognise(cut(image, &found.region))).collect()
    };
    let as_it_is = read(crop::level)?;
    let flipped = if mean(&as_it_is) < READS_WELL { read(crop::flipped)? } else { Vec::new() };
    let on_its_head = mean(&flipped) > mean(&as_it_is);
    let readings = if on_its_head { flipped } else { as_it_is };
    for (found, reading) in sample.into_iter().zip(readings) {
        found.reading = Some(reading);
    }
    Ok(on_its_head)
}

/// The mean confidence; 0 of none.
fn mean(readings: &[Reading]) -> f32 {
    readings.iter().map(|reading| reading.confidence).sum::<f32>() / readings.len().max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(width: f32, height: f32) -> Region {
        Region { center: Point::new(0.0, 0.0), width, height, angle: 0.0 }
    }

    #[test]
    fn one_axis_title_does_not_turn_a_chart() {
        assert!(!mostly_standing(&[region(10.0, 200.0), region(60.0, 10.0), region(30.0, 10.0)]));
        assert!(mostly_standing(&[region(10.0, 200.0), region(10.0, 80.0), region(60.0, 10.0)]));
        assert!(!mostly_standing(&[]));
    }
}
