//! Turns a page upright: by the shape of its lines, then by which way up they can be read.

use image::{RgbImage, imageops};

use crate::Failure;
use crate::geometry::{Point, Region};

use super::{crop, detect, recognise};

/// Lines are read both ways only when the first way reads worse than this.
const READS_WELL: f32 = 0.85;
/// This many of the largest lines decide.
const SAMPLE: usize = 5;

/// The upright picture and the regions of its text.
pub fn upright(image: RgbImage, side: u32) -> Result<(RgbImage, Vec<Region>), Failure> {
    let regions = detect::detect(&image, side)?;
    let (image, regions) = if mostly_standing(&regions) {
        let turned = imageops::rotate90(&image);
        let regions = detect::detect(&turned, side)?;
        (turned, regions)
    } else {
        (image, regions)
    };
    if !stands_on_its_head(&image, &regions)? {
        return Ok((image, regions));
    }
    let (width, height) = (image.width() as f32, image.height() as f32);
    let turned = regions.into_iter().map(|region| Region {
        center: Point::new(width - region.center.x, height - region.center.y),
        ..region
    });
    Ok((imageops::rotate180(&image), turned.collect()))
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

fn stands_on_its_head(image: &RgbImage, regions: &[Region]) -> Result<bool, Failure> {
    let mut sample: Vec<&Region> = regions.iter().filter(|region| !region.is_tall()).collect();
    sample.sort_by(|a, b| b.area().total_cmp(&a.area()));
    sample.truncate(SAMPLE);
    let mean = |cut: fn(&RgbImage, &Region) -> crop::Strip| -> Result<f32, Failure> {
        let mut sum = 0.0;
        for region in &sample {
            sum += recognise::recognise(&cut(image, region))?.confidence;
        }
        Ok(sum / sample.len().max(1) as f32)
    };
    if sample.is_empty() {
        return Ok(false);
    }
    let as_it_is = mean(crop::level)?;
    Ok(as_it_is < READS_WELL && mean(crop::flipped)? > as_it_is)
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
