//! Cuts a region out as the level strip the recogniser wants.

use image::RgbImage;

use crate::geometry::{Point, Region};

/// The recogniser's fixed input height.
pub const HEIGHT: usize = 48;
/// Anything longer is squeezed; it bounds the memory one strip can take.
const MAX_WIDTH: usize = 2400;
const MIN_WIDTH: usize = 16;

/// A strip of text in the recogniser's own form: three planes, -1 black to 1 white.
pub struct Strip {
    pub width: usize,
    pub values: Vec<f32>,
}

/// Which way the text of a standing region runs.
#[derive(Debug, Clone, Copy)]
pub enum Climb {
    Up,
    Down,
}

/// The strip of a region whose text runs from left to right.
pub fn level(image: &RgbImage, region: &Region) -> Strip {
    strip(image, region.width, region.height, |along, across| region.at(along, across))
}

/// The same strip upside down, for a page that lies on its head.
pub fn flipped(image: &RgbImage, region: &Region) -> Strip {
    strip(image, region.width, region.height, |along, across| region.at(-along, -across))
}

/// The strip of a region whose text runs up or down the page.
pub fn standing(image: &RgbImage, region: &Region, climb: Climb) -> Strip {
    strip(image, region.height, region.width, |along, across| match climb {
        Climb::Up => region.at(across, -along),
        Climb::Down => region.at(-across, along),
    })
}

/// `place` maps (along, across), each from -0.5 to 0.5, to the picture, straight lines to straight lines.
fn strip(image: &RgbImage, length: f32, thickness: f32, place: impl Fn(f32, f32) -> Point) -> Strip {
    let width = (HEIGHT as f32 * length / thickness.max(1.0)).round() as usize;
    let width = width.clamp(MIN_WIDTH, MAX_WIDTH);
    // Several samples a pixel where the strip is smaller than its source, lest strokes vanish.
    let samples = ((thickness / HEIGHT as f32).round() as usize).clamp(1, 4);
    let grid = Grid::new(place, width * samples, HEIGHT * samples);
    let plane = width * HEIGHT;
    let mut values = vec![0.0; 3 * plane];
    let share = 1.0 / (samples * samples) as f32;
    for y in 0..HEIGHT {
        for x in 0..width {
            let mut sum = [0.0f32; 3];
            for sample in 0..samples * samples {
                let colour =
                    bilinear(image, grid.at(x * samples + sample % samples, y * samples + sample / samples));
                for channel in 0..3 {
                    sum[channel] += colour[channel];
                }
            }
            for channel in 0..3 {
                values[channel * plane + y * width + x] = sum[2 - channel] * share / 127.5 - 1.0;
            }
        }
    }
    Strip { width, values }
}

/// Sample points in equal steps over a turned rectangle.
struct Grid {
    first: Point,
    along: Point,
    across: Point,
}

impl Grid {
    fn new(place: impl Fn(f32, f32) -> Point, columns: usize, rows: usize) -> Self {
        let corner = place(-0.5, -0.5);
        let step = |end: Point, count: usize| {
            Point::new((end.x - corner.x) / count as f32, (end.y - corner.y) / count as f32)
        };
        let (along, across) = (step(place(0.5, -0.5), columns), step(place(-0.5, 0.5), rows));
        let first = Point::new(corner.x + (along.x + across.x) / 2.0, corner.y + (along.y + across.y) / 2.0);
        Self { first, along, across }
    }

    fn at(&self, column: usize, row: usize) -> Point {
        let (column, row) = (column as f32, row as f32);
        Point::new(
            self.first.x + column * self.along.x + row * self.across.x,
            self.first.y + column * self.along.y + row * self.across.y,
        )
    }
}

/// Pixels beyond the edge repeat the edge.
fn bilinear(image: &RgbImage, point: Point) -> [f32; 3] {
    let (right, bottom) = ((image.width() - 1) as f32, (image.height() - 1) as f32);
    let (x, y) = ((point.x - 0.5).clamp(0.0, right), (point.y - 0.5).clamp(0.0, bottom));
    let (x0, y0) = (x as u32, y as u32);
    let (x1, y1) = ((x0 + 1).min(image.width() - 1), (y0 + 1).min(image.height() - 1));
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let corner = |x, y| image.get_pixel(x, y).0.map(f32::from);
    let (a, b, c, d) = (corner(x0, y0), corner(x1, y0), corner(x0, y1), corner(x1, y1));
    std::array::from_fn(|channel| {
        let top = a[channel] + (b[channel] - a[channel]) * fx;
        let bottom = c[channel] + (d[channel] - c[channel]) * fx;
        top + (bottom - top) * fy
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    /// Dark on the left half, light on the right.
    fn halves(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([0; 3]) } else { Rgb([255; 3]) })
    }

    fn whole(image: &RgbImage) -> Region {
        let (width, height) = (image.width() as f32, image.height() as f32);
        Region { center: Point::new(width / 2.0, height / 2.0), width, height, angle: 0.0 }
    }

    #[track_caller]
    fn starts_dark(strip: &Strip, dark: bool) {
        let (first, last) = (strip.values[0], strip.values[strip.width - 1]);
        assert_eq!((first < -0.9, last > 0.9), (dark, dark), "first {first}, last {last}");
    }

    #[test]
    fn a_level_strip_keeps_left_on_the_left() {
        let image = halves(200, 40);
        let strip = level(&image, &whole(&image));
        assert_eq!(strip.width, 240);
        starts_dark(&strip, true);
        starts_dark(&flipped(&image, &whole(&image)), false);
    }

    #[test]
    fn a_standing_strip_starts_where_its_text_does() {
        let upright = halves(200, 40);
        let climbing = image::imageops::rotate270(&upright);
        starts_dark(&standing(&climbing, &whole(&climbing), Climb::Up), true);
        let falling = image::imageops::rotate90(&upright);
        starts_dark(&standing(&falling, &whole(&falling), Climb::Down), true);
    }

    #[test]
    fn regions_beyond_the_picture_repeat_its_edge() {
        let image = halves(2, 1);
        let region = Region { width: 40.0, height: 20.0, ..whole(&image) };
        starts_dark(&level(&image, &region), true);
    }
}
