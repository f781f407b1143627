//! The sheet itself: its print, its edges, its folds and crumples.

use image::RgbImage;

use super::{
    Wear,
    field::{Field, Rough, ease, narrow},
    real,
};
use crate::rng::Rng;

/// How a sheet's short sides end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edges {
    /// Cut clean, as office paper.
    Straight,
    /// The saw of a till, top and bottom.
    Sawn,
    /// The same, but the bottom was torn off.
    Torn,
}

/// A printed sheet.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The print on white.
    pub print: RgbImage,
    /// Its short sides.
    pub edges: Edges,
    /// Folds run across the sheet, as in letters and long receipts.
    pub folded: bool,
}

/// A sheet with everything that happened to it.
#[derive(Debug)]
pub(super) struct Used<'a> {
    sheet: &'a Sheet,
    tint: [f32; 3],
    folds: Vec<Fold>,
    crumple: Rough,
    crumpled: f32,
    fade: Field,
    fading: f32,
    tear: Rough,
    saw: f32,
}

#[derive(Debug)]
struct Fold {
    at: f32,
    strength: f32,
    slope: f32,
}

impl<'a> Used<'a> {
    pub(super) fn new(sheet: &'a Sheet, rng: &mut Rng, wear: Wear) -> Self {
        let warm = narrow(rng.between(0.0, 0.05));
        let white = narrow(rng.between(0.93, 0.99));
        let folds = if sheet.folded && wear.chance(rng, 60.0) { folds(rng, wear) } else { Vec::new() };
        let crumple = Rough::new(rng, 3, 5, 4);
        let crumpled = narrow(wear.between(rng, 0.15, 1.0));
        let fade = Field::new(rng, 5, 7);
        let fading = narrow(wear.between(rng, 0.0, 0.55));
        let tear = Rough::new(rng, 6, 1, 5);
        let saw = 1.0 / real(sheet.print.height());
        Self {
            sheet,
            tint: [white, white - warm * 0.5, white - warm],
            folds,
            crumple,
            crumpled,
            fade,
            fading,
            tear,
            saw,
        }
    }

    /// Colour of the sheet at a point of its unit square; `None` beside the sheet.
    pub(super) fn colour(&self, u: f32, v: f32) -> Option<[f32; 3]> {
        if !(0.0..1.0).contains(&u) || v < self.top(u) || v > self.bottom(u) {
            return None;
        }
        let print = sample(&self.sheet.print, u, v);
        let ink = 1.0 - self.fading * ease(-0.2, 0.9, self.fade.at(u, v));
        let shade = self.shade(u, v);
        let mut colour = [0.0; 3];
        for (channel, value) in colour.iter_mut().enumerate() {
            let dark = (1.0 - print[channel]) * ink;
            *value = self.tint[channel] * (1.0 - dark * 0.9) * shade;
        }
        Some(colour)
    }

    /// How the folds lift the paper: a small shift of the print.
    pub(super) fn lift(&self, v: f32) -> f32 {
        self.folds.iter().map(|fold| fold.slope * (v - fold.at).abs()).sum()
    }

    fn shade(&self, u: f32, v: f32) -> f32 {
        // A crumpled surface is bright where it turns to the light, dark where it turns away.
        let step = 0.012;
        let slope = self.crumple.at(u + step, v + step) - self.crumple.at(u, v);
        let mut shade = 1.0 + (slope * 0.55 * self.crumpled).clamp(-0.16, 0.12);
        for fold in &self.folds {
            let distance = v - fold.at + 0.004 * self.crumple.at(u, fold.at);
            let near = 1.0 - ease(0.0, 0.10, distance.abs());
            shade += fold.strength * near * if distance < 0.0 { -0.13 } else { 0.05 };
            // The crease itself, where the coating broke.
            shade -= fold.strength * 0.22 * (1.0 - ease(0.0, 0.0022, distance.abs()));
        }
        shade
    }

    fn top(&self, u: f32) -> f32 {
        match self.sheet.edges {
            Edges::Straight => 0.0,
            Edges::Sawn | Edges::Torn => self.saw * 4.0 * tooth(u),
        }
    }

    fn bottom(&self, u: f32) -> f32 {
        match self.sheet.edges {
            Edges::Straight => 1.0,
            Edges::Sawn => 1.0 - self.saw * 4.0 * tooth(u),
            Edges::Torn => 1.0 - self.saw * (9.0 + 16.0 * self.tear.at(u, 0.5)),
        }
    }
}

/// The teeth of a till's cutter, from 0 to 1.
fn tooth(u: f32) -> f32 {
    let place = u * 46.0;
    (place - place.floor() - 0.5).abs() * 2.0
}

fn folds(rng: &mut Rng, wear: Wear) -> Vec<Fold> {
    let count = rng.whole(1, 3);
    (1..=count)
        .map(|index| {
            #[expect(clippy::cast_precision_loss, reason = "a handful of folds")]
            let even = index as f64 / (count + 1) as f64;
            let at = narrow(even + rng.between(-0.06, 0.06));
            let strength = narrow(0.35 + wear.between(rng, 0.1, 0.65));
            let slope = narrow(rng.between(-0.02, 0.02));
            Fold { at, strength, slope }
        })
        .collect()
}

/// The print between four pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the picture")]
pub(super) fn sample(image: &RgbImage, u: f32, v: f32) -> [f32; 3] {
    let (right, bottom) = (image.width() - 1, image.height() - 1);
    let x = (u * real(image.width()) - 0.5).clamp(0.0, real(right));
    let y = (v * real(image.height()) - 0.5).clamp(0.0, real(bottom));
    let (x0, y0) = (x as u32, y as u32);
    let (x1, y1) = ((x0 + 1).min(right), (y0 + 1).min(bottom));
    let (across, down) = (x - real(x0), y - real(y0));
    let mut colour = [0.0; 3];
    for (channel, value) in colour.iter_mut().enumerate() {
        let at = |x, y| f32::from(image.get_pixel(x, y).0[channel]);
        let upper = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * across;
        let lower = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * across;
        *value = (upper + (lower - upper) * down) / 255.0;
    }
    colour
}
