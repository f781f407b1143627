//! The copy of a picture that the detector sees: smaller, and in planes.

use image::RgbImage;

/// Planes in the order blue, green, red, as the network was trained.
pub fn planes(image: &RgbImage, width: usize, height: usize) -> Vec<f32> {
    const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
    const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];
    let plane = width * height;
    let mut values = vec![0.0; 3 * plane];
    let columns = taps(image.width() as usize, width);
    let mut row = vec![0.0; 3 * image.width() as usize];
    for (y, tap) in taps(image.height() as usize, height).iter().enumerate() {
        tap.blend(image, &mut row);
        for (x, tap) in columns.iter().enumerate() {
            let colour = tap.colour(&row);
            for channel in 0..3 {
                let value = colour[2 - channel] / 255.0;
                values[channel * plane + y * width + x] = (value - MEAN[channel]) / DEVIATION[channel];
            }
        }
    }
    values
}

/// What one row or column of the copy takes from the picture.
struct Tap {
    first: usize,
    weights: Vec<f32>,
}

/// A triangle filter: the nearer, the more; as wide as a pixel of the copy, and no narrower than one of the picture.
fn taps(from: usize, to: usize) -> Vec<Tap> {
    let ratio = from as f32 / to as f32;
    let reach = ratio.max(1.0);
    let tap = |index: usize| {
        let center = (index as f32 + 0.5) * ratio;
        let first = (center - reach).floor().max(0.0) as usize;
        let last = ((center + reach).ceil() as usize).clamp(first + 1, from);
        let near = |source: usize| (1.0 - ((source as f32 + 0.5 - center) / reach).abs()).max(0.0);
        let weights: Vec<f32> = (first..last).map(near).collect();
        let sum: f32 = weights.iter().sum();
        Tap { first, weights: weights.into_iter().map(|weight| weight / sum).collect() }
    };
    (0..to).map(tap).collect()
}

impl Tap {
    /// Rows of the picture into one.
    fn blend(&self, image: &RgbImage, row: &mut [f32]) {
        row.fill(0.0);
        for (source, weight) in image.as_raw().chunks_exact(row.len()).skip(self.first).zip(&self.weights) {
            for (sum, value) in row.iter_mut().zip(source) {
                *sum += weight * f32::from(*value);
            }
        }
    }

    /// Pixels of a row into one.
    fn colour(&self, row: &[f32]) -> [f32; 3] {
        let mut colour = [0.0; 3];
        for (pixel, weight) in row.as_chunks::<3>().0[self.first..].iter().zip(&self.weights) {
            for channel in 0..3 {
                colour[channel] += weight * pixel[channel];
            }
        }
        colour
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, imageops};

    /// The undoing of what the network wants, in red.
    fn reds(image: &RgbImage, width: usize, height: usize) -> Vec<f32> {
        let values = planes(image, width, height);
        values[2 * width * height..].iter().map(|value| (value * 0.225 + 0.406) * 255.0).collect()
    }

    #[test]
    fn agrees_with_the_filter_of_the_image_crate() {
        let picture = RgbImage::from_fn(97, 61, |x, y| Rgb([(x * 2) as u8, 0, (y * 4) as u8]));
        for (width, height) in [(64, 32), (96, 64), (97, 61), (128, 32)] {
            let expected = imageops::resize(&picture, width, height, imageops::FilterType::Triangle);
            let found = reds(&picture, width as usize, height as usize);
            for (pixel, red) in expected.pixels().zip(found) {
                assert!((f32::from(pixel.0[0]) - red).abs() < 1.0, "{width} × {height}: {pixel:?}, {red}");
            }
        }
    }

    #[test]
    fn a_single_pixel_fills_everything() {
        let picture = RgbImage::from_pixel(1, 1, Rgb([200, 0, 0]));
        assert!(reds(&picture, 32, 32).iter().all(|red| (red - 200.0).abs() < 0.01));
    }
}
