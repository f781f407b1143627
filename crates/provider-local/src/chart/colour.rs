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
    // Neighbours are mostly alike, so that runs are counted and not pixels.
    let mut run = ([0; 3], 0);
    for (x, y) in pixels(image, area) {
        let colour = image.get_pixel(x, y).0;
        if colour != run.0 {
            *counts.entry(run.0).or_default() += run.1;
            run = (colour, 0);
        }
        run.1 += 1;
    }
    *counts.entry(run.0).or_default() += run.1;
    counts.retain(|_, count| *count > 0);
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

/// The series named beside a patch of their colour: at least two, under or beside each other.
pub fn legend(image: &RgbImage, labels: &[Label]) -> Vec<Key> {
    let swatches: Vec<(usize, Swatch)> = labels
        .iter()
        .enumerate()
        .filter(|(_, label)| {
            label.value.is_none() && !label.vertical && !label.slanted && !label.text.is_empty()
        })
        .filter_map(|(index, label)| swatch(image, label).map(|swatch| (index, swatch)))
        .filter(|(index, swatch)| {
            let covered = |label: &Label| {
                !label.text.is_empty()
                    && (label.rect.left..label.rect.right).contains(&swatch.x)
                    && (label.rect.top..label.rect.bottom).contains(&swatch.y)
            };
            !labels.iter().enumerate().any(|(other, label)| other != *index && covered(label))
        })
        .filter(|(_, swatch)| is_used(image, swatch))
        .collect();
    let in_line = |(index, swatch): &(usize, Swatch)| {
        let near = 0.5 * labels[*index].height;
        let beside = |other: &Swatch| (other.x - swatch.x).abs() < near || (other.y - swatch.y).abs() < near;
        swatches.iter().any(|(other, swatch)| other != index && beside(swatch))
    };
    let keys = swatches.iter().filter(|swatch| in_line(swatch));
    keys.map(|(index, swatch)| Key {
        name: labels[*index].text.clone(),
        colour: swatch.colour,
        label: *index,
    })
    .collect()
}

/// A patch of colour in front of a label.
struct Swatch {
    colour: Colour,
    x: f32,
    y: f32,
    area: usize,
}

/// The patch left of a label, or at its start where OCR took it for a part of the text: a level run
/// of one colour too long for a letter and too low for a bar.
fn swatch(image: &RgbImage, label: &Label) -> Option<Swatch> {
    let height = label.height.max(8.0);
    let middle = label.center().y;
    let background = common(image, label.rect).first()?.0;
    let (from, to) = (label.rect.left - 2.6 * height, label.rect.left + 1.3 * height);
    let mut best: Option<(Colour, u32, u32, u32)> = None;
    for row in [-0.2f32, -0.1, 0.0, 0.1, 0.2] {
        let y = (middle + row * height).max(0.0) as u32;
        let mut run: Option<(Colour, u32, u32)> = None;
        for (x, y) in pixels(image, Rect::new(from, y as f32, to, y as f32 + 1.0)) {
            let colour = image.get_pixel(x, y).0;
            run = match run {
                Some((known, start, _)) if distance(known, colour) <= 16 => Some((known, start, x + 1)),
                _ => Some((colour, x, x + 1)),
            };
            let Some((colour, start, end)) = run else { continue };
            let longer = best.is_none_or(|(_, _, from, to)| end - start > to - from);
            if longer && distance(colour, background) > 24 && start as f32 > from + 1.0 {
                best = Some((colour, y, start, end));
            }
        }
    }
    let (colour, y, start, end) = best?;
    let length = (end - start) as f32;
    let x = (start + end) / 2;
    let tall = [-1i64, 1].map(|step| {
        let mut at = i64::from(y);
        while (0..i64::from(image.height())).contains(&at)
            && distance(image.get_pixel(x, at as u32).0, colour) <= 16
        {
            at += step;
        }
        (at - i64::from(y)).unsigned_abs() as f32
    });
    let high = tall[0] + tall[1];
    // A square, a dot, or a piece of a line; letters have neither.
    let patch = length >= 0.42 * height && high >= 0.35 * height;
    let fits = (patch || length >= 0.8 * height) && length <= 2.3 * height && high <= 1.35 * height;
    let area = (length * high) as usize;
    fits.then_some(Swatch { colour, x: x as f32, y: middle, area })
}

/// A key's colour is that of some mark as well.
fn is_used(image: &RgbImage, swatch: &Swatch) -> bool {
    let whole = Rect::new(0.0, 0.0, image.width() as f32, image.height() as f32);
    let count = pixels(image, whole)
        .filter(|(x, y)| distance(image.get_pixel(*x, *y).0, swatch.colour) <= 40)
        .count();
    count as f32 > 1.7 * swatch.area as f32
}

/// The colour behind the marks: of the commonest ones in the plot the one most like the page.
pub fn background(image: &RgbImage, labels: &[Label], plot: Rect) -> Colour {
    let named = labels.iter().find(|label| !label.text.is_empty());
    let page = named
        .and_then(|label| common(image, label.rect).first().map(|(colour, _)| *colour))
        .unwrap_or([255; 3]);
    let room = (plot.width() * plot.height()).max(1.0);
    common(image, plot)
        .into_iter()
        .filter(|(colour, count)| *count as f32 > 0.06 * room && !is_grid(image, plot, *colour))
        .min_by_key(|(colour, _)| distance(*colour, page))
        .map_or(page, |(colour, _)| colour)
}

/// The colour of the only series: much of it, and no grid line.
pub fn main_colour(image: &RgbImage, plot: Rect, background: Colour) -> Colour {
    let candidates =
        common(image, plot).into_iter().filter(|(colour, _)| distance(*colour, background) > 24).take(12);
    let weighed = candidates.map(|(colour, count)| {
        let vivid = if saturation(colour) > 40 { 6 } else { 1 };
        let weight = if is_grid(image, plot, colour) { 0 } else { count * vivid };
        (weight, colour)
    });
    weighed.max_by_key(|(weight, _)| *weight).map_or([0; 3], |(_, colour)| colour)
}

/// Whether a colour's pixels lie in lines that cross most of the plot.
fn is_grid(image: &RgbImage, plot: Rect, colour: Colour) -> bool {
    let mut rows = vec![0u32; image.height() as usize];
    let mut columns = vec![0u32; image.width() as usize];
    let mut all = 0u32;
    for (x, y) in pixels(image, plot) {
        if is(image.get_pixel(x, y), colour, 6) {
            rows[y as usize] += 1;
            columns[x as usize] += 1;
            all += 1;
        }
    }
    let long = |counts: Vec<u32>, length: f32| -> u32 {
        counts.into_iter().filter(|count| *count as f32 > 0.45 * length).sum()
    };
    let lines = long(rows, plot.width()).max(long(columns, plot.height()));
    // A wide area crosses the plot as well, but covers much of it.
    f64::from(lines) > 0.5 * f64::from(all) && (all as f32) < 0.12 * plot.width() * plot.height()
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
