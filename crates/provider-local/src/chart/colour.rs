//! Colours: the background, the keys of a legend, and which pixels are whose.

use std::collections::HashMap;

use image::{Rgb, RgbImage};

use crate::geometry::Rect;

use super::label::Label;

/// A colour in 8-bit channels.
pub type Colour = [u8; 3];

/// One series: its name, if a legend gives it, and its colour.
#[derive(Debug, Clone)]
pub struct Key {
    pub name: String,
    pub colour: Colour,
    /// The index of its label.
    pub label: usize,
}

/// The largest difference of a channel.
pub fn distance(a: Colour, b: Colour) -> u8 {
    a.iter().zip(b).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
}

/// How much colour there is in a colour: 0 for greys.
pub fn saturation(colour: Colour) -> u8 {
    let (low, high) = (colour.iter().min(), colour.iter().max());
    high.zip(low).map_or(0, |(high, low)| high - low)
}

/// The commonest colours inside `area` with their pixel counts, the commonest first. Nearly
/// equal colours count as one.
pub fn common(image: &RgbImage, area: Rect) -> Vec<(Colour, usize)> {
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for (x, y) in pixels(image, area) {
        *counts.entry(image.get_pixel(x, y).0).or_default() += 1;
    }
    let mut counted: Vec<(Colour, usize)> = counts.into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counted.truncate(512);
    let mut merged: Vec<(Colour, usize)> = Vec::new();
    for (colour, count) in counted {
        match merged.iter_mut().find(|(known, _)| distance(*known, colour) <= 12) {
            Some((_, total)) => *total += count,
            None => merged.push((colour, count)),
        }
    }
    merged.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    merged
}

/// The coordinates inside both the picture and `area`.
pub fn pixels(image: &RgbImage, area: Rect) -> impl Iterator<Item = (u32, u32)> {
    let bound = |value: f32, most: u32| (value.max(0.0) as u32).min(most);
    let (left, right) = (bound(area.left, image.width()), bound(area.right, image.width()));
    let (top, bottom) = (bound(area.top, image.height()), bound(area.bottom, image.height()));
    (top..bottom).flat_map(move |y| (left..right).map(move |x| (x, y)))
}

/// The series named beside a patch of their colour.
pub fn legend(image: &RgbImage, labels: &[Label]) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        if label.value.is_some() || label.vertical || label.slanted || label.text.is_empty() {
            continue;
        }
        if let Some(colour) = swatch(image, label) {
            keys.push(Key { name: label.text.clone(), colour, label: index });
        }
    }
    keys
}

/// The colour of a patch left of a label: a few rows of it, clear of anything else above and below.
fn swatch(image: &RgbImage, label: &Label) -> Option<Colour> {
    let height = label.height.max(8.0);
    let middle = label.center().y;
    let near = Rect::new(
        label.rect.left - 2.4 * height,
        middle - 0.25 * height,
        label.rect.left + 0.1 * height,
        middle + 0.25 * height,
    );
    let around = Rect::new(near.left, middle - 0.9 * height, near.right, middle + 0.9 * height);
    let background = common(image, around).first()?.0;
    let patch = common(image, near).into_iter().find(|(colour, _)| distance(*colour, background) > 30)?;
    let is_patch = |(x, y): &(u32, u32)| distance(image.get_pixel(*x, *y).0, patch.0) <= 16;
    let inside = pixels(image, around).filter(is_patch).count() as f32;
    let rows: Vec<u32> = pixels(image, around).filter(is_patch).map(|(_, y)| y).collect();
    let columns: Vec<u32> = pixels(image, around).filter(is_patch).map(|(x, _)| x).collect();
    let extent =
        |values: &[u32]| values.iter().max().zip(values.iter().min()).map_or(0, |(high, low)| high - low + 1);
    let (wide, high) = (extent(&columns) as f32, extent(&rows) as f32);
    // It ends above and below the label; a bar or an area would go on.
    let contained = high < 1.5 * height && wide < 2.5 * height && wide >= 0.3 * height;
    let solid = inside >= 0.4 * wide * high.min(4.0) && inside > 12.0;
    let coloured = saturation(patch.0) > 24 || distance(patch.0, background) > 60;
    (contained && solid && coloured).then_some(patch.0)
}

/// How far a pixel's colour may be from its series': well below half the way to the next one.
pub fn tolerance(colours: &[Colour], background: Colour) -> u8 {
    let mut least = 80;
    for (index, &a) in colours.iter().enumerate() {
        least = least.min(distance(a, background));
        for &b in &colours[index + 1..] {
            least = least.min(distance(a, b));
        }
    }
    (least / 2).saturating_sub(1).clamp(3, 36)
}

/// Whether a pixel has a colour.
pub fn is(pixel: &Rgb<u8>, colour: Colour, tolerance: u8) -> bool {
    distance(pixel.0, colour) <= tolerance
}
