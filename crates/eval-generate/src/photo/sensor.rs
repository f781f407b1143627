//! What lens, sensor and the phone's software add: blur, noise, colour.

use image::RgbImage;

use super::{Wear, byte, field::narrow};
use crate::rng::Rng;

/// Blurs, adds noise and shifts colours.
pub(super) fn finish(image: &mut RgbImage, rng: &mut Rng, wear: Wear) {
    let focus = narrow(wear.between(rng, 0.05, 0.33));
    blur(image, focus);
    if wear.chance(rng, 18.0) {
        shake(image, rng.chance(50));
    }
    let noise = narrow(wear.between(rng, 0.004, 0.026));
    let (warm, exposure) = (narrow(rng.between(-0.05, 0.08)), narrow(rng.between(0.88, 1.06)));
    let gains = [exposure * (1.0 + warm), exposure, exposure * (1.0 - warm)];
    let row_length = image.width() as usize * 3;
    let mut grain = vec![0.0_f32; image.width() as usize];
    for row in image.chunks_exact_mut(row_length) {
        // Neighbouring pixels share part of their noise, as after a phone's own smoothing.
        let mut last = 0.0;
        for value in &mut grain {
            last = 0.45 * last + noise * quick_bell(rng);
            *value = last;
        }
        for (pixel, grain) in row.chunks_exact_mut(3).zip(&grain) {
            for (value, gain) in pixel.iter_mut().zip(gains) {
                *value = byte(f32::from(*value) / 255.0 * gain + grain);
            }
        }
    }
}

/// Mixes each pixel with its neighbours; `share` up to a third.
pub(super) fn blur(image: &mut RgbImage, share: f32) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut values: Vec<f32> = image.as_raw().iter().map(|value| f32::from(*value)).collect();
    let stride = width * 3;
    for row in values.chunks_exact_mut(stride) {
        let original = row.to_vec();
        for index in 3..stride - 3 {
            row[index] =
                share * (original[index - 3] + original[index + 3]) + (1.0 - 2.0 * share) * original[index];
        }
    }
    let rows = values.clone();
    for row in 1..height - 1 {
        for index in 0..stride {
            let at = row * stride + index;
            values[at] = share * (rows[at - stride] + rows[at + stride]) + (1.0 - 2.0 * share) * rows[at];
        }
    }
    for (byte_value, value) in image.iter_mut().zip(values) {
        *byte_value = byte(value / 255.0);
    }
}

/// A short movement of the hand, along the rows or down the columns.
fn shake(image: &mut RgbImage, sideways: bool) {
    let step = if sideways { 3 } else { image.width() as usize * 3 };
    let original = image.as_raw().clone();
    for (index, value) in image.iter_mut().enumerate() {
        let near = |offset: usize| f32::from(original.get(index + offset).copied().unwrap_or(*value));
        *value = byte((near(0) * 0.45 + near(step) * 0.35 + near(2 * step) * 0.2) / 255.0);
    }
}

/// Averages a mask over squares of `2 * reach + 1`, twice, so that its edges run out softly.
pub(super) fn soften(mask: &mut [f32], width: usize, reach: usize) {
    for _ in 0..2 {
        for row in mask.chunks_exact_mut(width) {
            running_mean(row, reach);
        }
        let height = mask.len() / width;
        let mut column = vec![0.0; height];
        for x in 0..width {
            for (y, value) in column.iter_mut().enumerate() {
                *value = mask[y * width + x];
            }
            running_mean(&mut column, reach);
            for (y, value) in column.iter().enumerate() {
                mask[y * width + x] = *value;
            }
        }
    }
}

fn running_mean(values: &mut [f32], reach: usize) {
    let mut sums = Vec::with_capacity(values.len() + 1);
    sums.push(0.0_f64);
    for value in values.iter() {
        sums.push(sums[sums.len() - 1] + f64::from(*value));
    }
    for index in 0..values.len() {
        let (from, to) = (index.saturating_sub(reach), (index + reach + 1).min(values.len()));
        #[expect(clippy::cast_precision_loss, reason = "a window of tens of pixels")]
        let mean = (sums[to] - sums[from]) / (to - from) as f64;
        values[index] = narrow(mean);
    }
}

/// A bell-shaped draw from one raw word: the sum of its eight bytes, centred, with standard deviation 1.
pub(crate) fn quick_bell(rng: &mut Rng) -> f32 {
    let sum: u32 = rng.bits().to_le_bytes().into_iter().map(u32::from).sum();
    (super::real(sum) - 1020.0) / 209.0
}
