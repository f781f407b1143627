//! Where is text? A probability per pixel, cut into turned rectangles.

use image::RgbImage;

use crate::Failure;
use crate::geometry::{Point, Region};

use super::{network, shrink};

/// A pixel above this is text.
const PIXEL_THRESHOLD: f32 = 0.2;
/// A rectangle whose mean is below this is not.
const REGION_THRESHOLD: f32 = 0.4;
/// The network marks the core of a line; this grows it back to the glyphs' edges.
const UNCLIP: f32 = 1.4;
/// Both sides of a rectangle, in pixels of the map, must reach this.
const MIN_SIDE: f32 = 3.0;
/// A page has fewer lines; noise has more.
const MAX_REGIONS: usize = 1000;

/// The regions of `image` that hold text, in its own pixels, unordered.
pub fn detect(image: &RgbImage, longest_side: u32) -> Result<Vec<Region>, Failure> {
    let (width, height) = map_size(image.dimensions(), longest_side);
    let values = shrink::planes(image, width, height);
    let shape = [1, 3, height, width];
    let ([_, _, rows, columns], probabilities) = network::detector().run(shape, values)?;
    let map = Map { probabilities, width: columns, height: rows };
    let scale = (image.width() as f32 / columns.max(1) as f32, image.height() as f32 / rows.max(1) as f32);
    Ok(map.regions().into_iter().map(|region| scaled(region, scale)).collect())
}

/// Never enlarged, and both sides a multiple of 32 as the network wants.
fn map_size((width, height): (u32, u32), longest_side: u32) -> (usize, usize) {
    let scale = (longest_side as f32 / width.max(height).max(1) as f32).min(1.0);
    let side = |length: u32| ((length as f32 * scale / 32.0).round() as usize).max(1) * 32;
    (side(width), side(height))
}

/// Sides scale apart when rounding to 32 stretched the picture a little; a tilt that small stays.
fn scaled(region: Region, (across, down): (f32, f32)) -> Region {
    Region {
        // The map counts pixels; a pixel's middle lies half a pixel in.
        center: Point::new((region.center.x + 0.5) * across, (region.center.y + 0.5) * down),
        width: region.width * across,
        height: region.height * down,
        angle: region.angle,
    }
}

struct Map {
    probabilities: Vec<f32>,
    width: usize,
    height: usize,
}

impl Map {
    fn regions(&self) -> Vec<Region> {
        let mut seen = vec![false; self.probabilities.len()];
        let mut regions = Vec::new();
        for start in 0..self.probabilities.len() {
            if seen[start] || self.probabilities[start] <= PIXEL_THRESHOLD {
                continue;
            }
            let patch = self.fill(start, &mut seen);
            if let Some(region) = patch.region().and_then(|region| self.accept(region)) {
                regions.push(region);
                if regions.len() == MAX_REGIONS {
                    break;
                }
            }
        }
        regions
    }

    /// Marks one connected patch as seen.
    fn fill(&self, start: usize, seen: &mut [bool]) -> Patch {
        let mut patch = Patch::default();
        let mut pending = vec![start];
        seen[start] = true;
        while let Some(index) = pending.pop() {
            let (x, y) = (index % self.width, index / self.width);
            let mut inside = 0;
            for ny in y.saturating_sub(1)..=(y + 1).min(self.height - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(self.width - 1) {
                    let neighbour = ny * self.width + nx;
                    if self.probabilities[neighbour] > PIXEL_THRESHOLD {
                        inside += 1;
                        if !seen[neighbour] {
                            seen[neighbour] = true;
                            pending.push(neighbour);
                        }
                    }
                }
            }
            patch.add(x, y, inside < 9);
        }
        patch
    }

    /// Judges a rectangle by its mean and grows it to the glyphs' edges.
    fn accept(&self, region: Region) -> Option<Region> {
        let Region { width, height, .. } = region;
        if width.min(height) < MIN_SIDE || self.mean(&region) < REGION_THRESHOLD {
            return None;
        }
        let margin = UNCLIP * width * height / (2.0 * (width + height));
        Some(Region { width: width + 2.0 * margin, height: height + 2.0 * margin, ..region })
    }

    fn mean(&self, region: &Region) -> f32 {
        let (columns, rows) = (region.width.ceil().max(1.0), region.height.ceil().max(1.0));
        let mut sum = 0.0;
        for row in 0..rows as usize {
            for column in 0..columns as usize {
                let across = (column as f32 + 0.5) / columns - 0.5;
                let down = (row as f32 + 0.5) / rows - 0.5;
                let point = region.at(across, down);
                let x = (point.x.round().max(0.0) as usize).min(self.width - 1);
                let y = (point.y.round().max(0.0) as usize).min(self.height - 1);
                sum += self.probabilities[y * self.width + x];
            }
        }
        sum / (columns * rows)
    }
}

/// Connected pixels of text: their rim, and the sums that tell where they point.
#[derive(Default)]
struct Patch {
    rim: Vec<Point>,
    count: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Patch {
    fn add(&mut self, x: usize, y: usize, on_rim: bool) {
        if on_rim {
            self.rim.push(Point::new(x as f32, y as f32));
        }
        let (x, y) = (x as f64, y as f64);
        self.count += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
        self.yy += y * y;
    }

    /// A long patch points along its main axis, finer than any side of its rim does.
    fn region(self) -> Option<Region> {
        let direction = self.direction();
        let region = Region::around(self.rim.clone())?;
        let long = region.width.max(region.height) > 3.0 * region.width.min(region.height);
        Some(if long { Region::along(&self.rim, direction) } else { region })
    }

    fn direction(&self) -> f32 {
        let covariance =
            |products: f64, a: f64, b: f64| products / self.count - (a / self.count) * (b / self.count);
        let (xx, yy) = (covariance(self.xx, self.x, self.x), covariance(self.yy, self.y, self.y));
        let xy = covariance(self.xy, self.x, self.y);
        (0.5 * (2.0 * xy).atan2(xx - yy)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(width: usize, rows: &[&str]) -> Map {
        let probabilities =
            rows.concat().chars().map(|c| c.to_digit(10).map_or(0.0, |d| d as f32 / 9.0)).collect();
        Map { probabilities, width, height: rows.len() }
    }

    #[test]
    fn separate_patches_become_separate_grown_regions() {
        let bar = ".99999999..99999999.";
        let blank = "....................";
        let found = map(20, &[blank, bar, bar, bar, bar, bar, blank]).regions();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|region| region.width > 7.0 && region.angle.abs() < 0.01), "{found:?}");
    }

    #[test]
    fn faint_and_tiny_patches_are_dropped() {
        let faint = ".22222222...9.......";
        assert!(map(20, &[faint; 6]).regions().is_empty());
    }

    #[test]
    fn sizes_are_multiples_of_32_and_never_enlarged() {
        assert_eq!(map_size((800, 520), 960), (800, 512));
        assert_eq!(map_size((1, 1), 960), (32, 32));
        assert_eq!(map_size((20_000, 10), 960), (960, 32));
    }
}
