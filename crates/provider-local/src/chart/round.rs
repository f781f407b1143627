//! Pies and donuts: colours along a circle.

use image::RgbImage;

use crate::geometry::{Point, Rect};
use crate::page::Page;

use super::colour::{Colour, Key, common, distance, pixels};
use super::label::Label;
use super::number::{Marks, number};
use super::rounding::to_digits;
use super::{Kind, Row, Table, names};

/// Steps around the circle.
const STEPS: usize = 1440;

struct Circle {
    center: Point,
    radius: f32,
}

/// A slice: its colour and the part of the circle it takes, clockwise from the top, 0 to 1.
#[derive(Debug, Clone, PartialEq)]
struct Slice {
    colour: Colour,
    from: f32,
    to: f32,
}

/// The table of a pie or donut, if there is one.
pub fn read(page: &Page, labels: &[Label], keys: &[Key], marks: Marks) -> Option<Table> {
    let image = &page.image;
    let whole = Rect::new(0.0, 0.0, image.width() as f32, image.height() as f32);
    let background = background(image, labels, whole);
    let circle = circle(image, background)?;
    let slices = slices(image, &circle, background);
    if slices.len() < 2 {
        return None;
    }
    let mut rows: Vec<Row> = Vec::new();
    let notes = Notes::of(labels, keys, &circle, marks);
    let printed: Vec<Option<f64>> = slices.iter().map(|slice| notes.value(slice, &circle)).collect();
    // A chart prints all of its values or none: one stray number must not mix with shares.
    let all = printed.iter().filter(|value| value.is_some()).count() * 3 >= slices.len() * 2;
    let total: f64 = slices
        .iter()
        .zip(&printed)
        .filter_map(|(slice, value)| value.map(|value| (slice, value)))
        .map(|(_, value)| value)
        .sum();
    let known: f32 = slices
        .iter()
        .zip(&printed)
        .filter(|(_, value)| value.is_some())
        .map(|(slice, _)| slice.to - slice.from)
        .sum();
    for (slice, printed) in slices.iter().zip(&printed) {
        let share = f64::from(slice.to - slice.from);
        let measured = if all { share * total / f64::from(known.max(0.01)) } else { 100.0 * share };
        let value = printed.filter(|_| all).unwrap_or_else(|| to_digits(measured, 3));
        let category = keys
            .iter()
            .filter(|_| keys.len() >= 2)
            .min_by_key(|key| distance(key.colour, slice.colour))
            .map(|key| key.name.clone());
        rows.push(Row {
            category: category.or_else(|| notes.name(slice, &circle)).unwrap_or_default(),
            values: vec![Some(value)],
        });
    }
    let top = circle.center.y - circle.radius;
    let heading = names::subtitle_of(labels, top).filter(|heading| {
        !rows.iter().any(|row| row.category == *heading) && !keys.iter().any(|key| key.name == *heading)
    });
    let columns = vec!["Category".to_owned(), heading.unwrap_or_else(|| "Value".to_owned())];
    let title = names::title(labels).filter(|title| !rows.iter().any(|row| row.category == *title));
    Some(Table { kind: Some(Kind::Slices), title, columns, rows })
}

/// The commonest colour around the labels: a pie may be larger than its background.
fn background(image: &RgbImage, labels: &[Label], whole: Rect) -> Colour {
    let named = labels.iter().find(|label| !label.text.is_empty());
    let near = named.map_or(whole, |label| label.rect);
    common(image, near).first().or(common(image, whole).first()).map_or([255; 3], |(colour, _)| *colour)
}

/// The largest patch that is not background and about as wide as high.
fn circle(image: &RgbImage, background: Colour) -> Option<Circle> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let whole = Rect::new(0.0, 0.0, width as f32, height as f32);
    let mut open = vec![false; width * height];
    for (x, y) in pixels(image, whole) {
        open[y as usize * width + x as usize] = distance(image.get_pixel(x, y).0, background) > 24;
    }
    // White seams part the slices: step over them.
    let reach = 4i64;
    let mut best: Option<(Rect, usize)> = None;
    for start in 0..open.len() {
        if !open[start] {
            continue;
        }
        let (bounds, area) = flood(&mut open, start, width, height, reach);
        let (wide, high) = (bounds.width(), bounds.height());
        let round = (wide - high).abs() < 0.08 * wide.max(high) && wide > 60.0;
        // A filled square would have more, a frame or a word less.
        let full = area as f32 / (wide * high);
        if round && (0.3..0.85).contains(&full) && best.as_ref().is_none_or(|(_, most)| area > *most) {
            best = Some((bounds, area));
        }
    }
    let (bounds, _) = best?;
    Some(Circle { center: bounds.center(), radius: (bounds.width() + bounds.height()) / 4.0 })
}

fn flood(open: &mut [bool], start: usize, width: usize, height: usize, reach: i64) -> (Rect, usize) {
    let mut pending = vec![start];
    open[start] = false;
    let mut area = 0;
    let mut bounds = Rect::new(f32::MAX, f32::MAX, 0.0, 0.0);
    while let Some(index) = pending.pop() {
        let (x, y) = ((index % width) as i64, (index / width) as i64);
        area += 1;
        bounds = bounds.union(&Rect::new(x as f32, y as f32, x as f32 + 1.0, y as f32 + 1.0));
        let steps = [(1, 0), (-1, 0), (0, 1), (0, -1), (reach, 0), (-reach, 0), (0, reach), (0, -reach)];
        for (dx, dy) in steps {
            let (nx, ny) = (x + dx, y + dy);
            if (0..width as i64).contains(&nx) && (0..height as i64).contains(&ny) {
                let neighbour = ny as usize * width + nx as usize;
                if open[neighbour] {
                    open[neighbour] = false;
                    pending.push(neighbour);
                }
            }
        }
    }
    (bounds, area)
}

impl Circle {
    fn at(&self, share: f32, radius: f32) -> Point {
        let (sin, cos) = (share * std::f32::consts::TAU).sin_cos();
        Point::new(self.center.x + radius * sin, self.center.y - radius * cos)
    }

    /// The part of the circle towards a point, clockwise from the top.
    fn share(&self, point: Point) -> f32 {
        let angle = (point.x - self.center.x).atan2(self.center.y - point.y);
        (angle / std::f32::consts::TAU).rem_euclid(1.0)
    }
}

/// Reads the colours around the rim, where labels are rare, and joins what has one colour.
fn slices(image: &RgbImage, circle: &Circle, background: Colour) -> Vec<Slice> {
    let sample = |step: usize| -> Colour {
        let share = (step as f32 + 0.5) / STEPS as f32;
        // The colour most radii agree on.
        let colours: Vec<Colour> = [0.66, 0.7, 0.78, 0.85, 0.9, 0.94]
            .iter()
            .map(|part| {
                let point = circle.at(share, circle.radius * part);
                let x = (point.x.max(0.0) as u32).min(image.width() - 1);
                let y = (point.y.max(0.0) as u32).min(image.height() - 1);
                image.get_pixel(x, y).0
            })
            .collect();
        let support =
            |colour: &Colour| colours.iter().filter(|other| distance(*colour, **other) < 12).count();
        colours.iter().copied().max_by_key(|colour| support(colour)).unwrap_or(background)
    };
    let ring: Vec<Colour> = (0..STEPS).map(sample).collect();
    join(&ring)
}

fn join(ring: &[Colour]) -> Vec<Slice> {
    // Long runs of one colour are slices; what lies between them is seam.
    let mut runs: Vec<(Colour, usize, usize)> = Vec::new();
    for (step, &colour) in ring.iter().enumerate() {
        match runs.last_mut() {
            Some((known, _, end)) if distance(*known, colour) < 14 => *end = step + 1,
            _ => runs.push((colour, step, step + 1)),
        }
    }
    runs.retain(|(_, from, to)| to - from >= ring.len() / 120);
    let mut merged: Vec<(Colour, usize, usize)> = Vec::new();
    for run in runs {
        match merged.last_mut() {
            Some((known, _, end)) if distance(*known, run.0) < 14 && run.1 - *end < ring.len() / 100 => {
                *end = run.2;
            }
            _ => merged.push(run),
        }
    }
    let count = merged.len();
    let middle = |a: usize, b: usize| (a + b) as f32 / 2.0 / ring.len() as f32;
    let slice = |index: usize| {
        let (colour, from, to) = merged[index];
        let start = if index == 0 { 0.0 } else { middle(merged[index - 1].2, from) };
        let end = if index + 1 == count { 1.0 } else { middle(to, merged[index + 1].1) };
        Slice { colour, from: start, to: end }
    };
    (0..count).map(slice).collect()
}

/// The words and numbers in and around the circle.
struct Notes<'a> {
    names: Vec<(&'a Label, String)>,
    values: Vec<(&'a Label, f64)>,
}

impl<'a> Notes<'a> {
    fn of(labels: &'a [Label], keys: &[Key], circle: &Circle, marks: Marks) -> Self {
        let mut notes = Self { names: vec![], values: vec![] };
        for (index, label) in labels.iter().enumerate() {
            let away = apart(circle, label);
            if keys.len() >= 2 && keys.iter().any(|key| key.label == index) || away > 1.75 * circle.radius {
                continue;
            }
            if let Some(value) = label.value {
                // The sum in the hole of a donut is nobody's value.
                if away > 0.35 * circle.radius {
                    notes.values.push((label, value));
                }
                continue;
            }
            // `Chrome 45%` and `Chrome (45%)` are both.
            let (name, tail) = label.text.rsplit_once([' ', ':']).unwrap_or((&label.text, ""));
            match number(tail.trim_matches(['(', ')']), marks) {
                Some(value) if tail.contains('%') || keys.len() < 2 => {
                    notes.values.push((label, value));
                    notes.names.push((label, name.trim_end_matches([':', ',', '(']).to_owned()));
                }
                _ if away > 0.9 * circle.radius => notes.names.push((label, label.text.clone())),
                _ => {}
            }
        }
        notes
    }

    fn value(&self, slice: &Slice, circle: &Circle) -> Option<f64> {
        nearest(self.values.iter().map(|(label, value)| (*label, *value)), slice, circle)
    }

    fn name(&self, slice: &Slice, circle: &Circle) -> Option<String> {
        nearest(self.names.iter().map(|(label, name)| (*label, name.clone())), slice, circle)
    }
}

/// From the centre to the nearest point of a label.
fn apart(circle: &Circle, label: &Label) -> f32 {
    let near = towards(circle, label);
    (near.x - circle.center.x).hypot(near.y - circle.center.y)
}

/// The point of a label nearest to the centre of the circle; its middle where it covers it.
fn towards(circle: &Circle, label: &Label) -> Point {
    let x = circle.center.x.clamp(label.rect.left, label.rect.right);
    let y = circle.center.y.clamp(label.rect.top, label.rect.bottom);
    Point::new(x, y)
}

/// The note nearest to the slice's middle direction, inside the slice or right beside it.
fn nearest<'a, T>(notes: impl Iterator<Item = (&'a Label, T)>, slice: &Slice, circle: &Circle) -> Option<T> {
    let middle = (slice.from + slice.to) / 2.0;
    let half = (slice.to - slice.from) / 2.0;
    notes
        .map(|(label, note)| {
            let inside = apart(circle, label) < 0.95 * circle.radius;
            let point = if inside { label.center() } else { towards(circle, label) };
            let difference = (circle.share(point) - middle).abs();
            (difference.min(1.0 - difference), note)
        })
        .filter(|(difference, _)| *difference < half.max(0.02) + 0.02)
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, note)| note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_colour_become_slices_without_gaps() {
        let colour = |share: f32| match share {
            s if s < 0.25 => [200, 0, 0],
            s if s < 0.255 => [255, 255, 255],
            s if s < 0.75 => [0, 200, 0],
            _ => [0, 0, 200],
        };
        let ring: Vec<Colour> = (0..400).map(|step| colour(step as f32 / 400.0)).collect();
        let slices = join(&ring);
        let shares: Vec<i32> =
            slices.iter().map(|slice| (100.0 * (slice.to - slice.from)).round() as i32).collect();
        assert_eq!(shares, [25, 50, 25]);
        assert_eq!((slices[0].from, slices[2].to), (0.0, 1.0));
    }
}
