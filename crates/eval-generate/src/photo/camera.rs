//! A phone held over a table.

use image::{Rgb, RgbImage, imageops};

use super::{
    Sheet, Wear, byte,
    desk::Desk,
    field::{Field, ease, narrow},
    paper::Used,
    perspective::{Corners, Perspective, turned},
    real, sensor,
};
use crate::rng::Rng;

/// A photograph of the sheet, `width` pixels across before the picture's margins are drawn.
pub fn photograph(sheet: &Sheet, width: u32, rng: &mut Rng, wear: Wear) -> RgbImage {
    let print = sheet.print.width().min(width);
    let height = print * sheet.print.height() / sheet.print.width();
    // Averaged down first: picking single pixels of a large print would break thin strokes.
    let print_pixels = imageops::resize(&sheet.print, print, height, imageops::FilterType::Triangle);
    let sheet = &Sheet { print: print_pixels, ..sheet.clone() };
    let frame = Frame::draw(rng, print, height, wear);
    let scene = Scene {
        paper: Used::new(sheet, rng, wear),
        desk: Desk::draw(rng),
        map: Perspective::to_unit_square(&frame.corners),
        curl: [wear.between(rng, 0.0, 0.02), wear.between(rng, 0.0, 0.012)].map(|curl| {
            let sign = if rng.chance(50) { 1.0 } else { -1.0 };
            narrow(curl * sign)
        }),
        light: Light::draw(rng, wear),
        frame,
    };
    let mut image = scene.expose();
    sensor::finish(&mut image, rng, wear);
    image
}

/// The picture's size and where the sheet's corners are in it.
#[derive(Debug)]
struct Frame {
    width: u32,
    height: u32,
    corners: Corners,
}

impl Frame {
    fn draw(rng: &mut Rng, print: u32, paper: u32, wear: Wear) -> Self {
        let (w, h) = (f64::from(print), f64::from(paper));
        let side = w * rng.between(0.08, 0.30);
        let (above, below) =
            (h.min(w * 2.0) * rng.between(0.02, 0.09), h.min(w * 2.0) * rng.between(0.02, 0.09));
        let tilt = wear.between(rng, 0.01, 0.10) * if rng.chance(50) { 1.0 } else { -1.0 } * (w / h).min(1.0);
        let far = wear.between(rng, 0.01, 0.14);
        let mut jitter = || wear.between(rng, 0.0, 0.05);
        // A camera that leans back sees the far end smaller.
        let shape = [
            (w * (far / 2.0 + jitter()), 0.0),
            (w * (1.0 - far / 2.0 - jitter()), h * jitter() * 0.4),
            (w, h * (1.0 - jitter() * 0.4)),
            (0.0, h),
        ];
        let corners = shape.map(|(x, y)| turned((x - w / 2.0, y - h / 2.0), tilt));
        let least = |pick: fn(&(f64, f64)) -> f64| corners.iter().map(pick).fold(f64::MAX, f64::min);
        let most = |pick: fn(&(f64, f64)) -> f64| corners.iter().map(pick).fold(f64::MIN, f64::max);
        let (left, right) = (least(|corner| corner.0) - side, most(|corner| corner.0) + side);
        let (top, bottom) = (least(|corner| corner.1) - above, most(|corner| corner.1) + below);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a picture of a few thousand pixels"
        )]
        let size = |length: f64| length as u32;
        let corners = corners.map(|(x, y)| (x - left, y - top));
        Self { width: size(right - left), height: size(bottom - top), corners }
    }
}

/// Where the light comes from, and what stands in its way.
#[derive(Debug)]
struct Light {
    across: f32,
    down: f32,
    spots: Field,
    /// Darkness of the shadow of a hand or phone.
    shadow: f32,
    line: [f32; 3],
    softness: f32,
    edge: Field,
}

impl Light {
    fn draw(rng: &mut Rng, wear: Wear) -> Self {
        let mut way = |most| narrow(wear.between(rng, 0.02, most) * if rng.chance(50) { 1.0 } else { -1.0 });
        let (across, down) = (way(0.38), way(0.30));
        let spots = Field::new(rng, 3, 3);
        let shadow = if wear.chance(rng, 55.0) { narrow(0.12 + wear.between(rng, 0.08, 0.34)) } else { 0.0 };
        let line = [
            narrow(rng.between(-1.0, 1.0)),
            narrow(rng.between(-1.0, 1.0)),
            narrow(rng.between(-0.25, 0.35)),
        ];
        let softness = narrow(rng.between(0.015, 0.14));
        Self { across, down, spots, shadow, line, softness, edge: Field::new(rng, 6, 6) }
    }

    /// Brightness at a point of the picture, both coordinates from 0 to 1.
    fn at(&self, x: f32, y: f32) -> f32 {
        let even = 1.0 + self.across * (x - 0.5) + self.down * (y - 0.5) + 0.05 * self.spots.at(x, y);
        let (dx, dy) = (x - 0.5, y - 0.5);
        let corner = 1.0 - 0.18 * (dx * dx + dy * dy);
        let side = self.line[0] * dx + self.line[1] * dy - self.line[2] * 0.5
            + 0.05 * self.edge.at(x * 0.8, y * 0.8);
        let shadow = 1.0 - self.shadow * ease(-self.softness, self.softness, side);
        even * corner * shadow
    }
}

struct Scene<'a> {
    paper: Used<'a>,
    desk: Desk,
    map: Perspective,
    curl: [f32; 2],
    light: Light,
    frame: Frame,
}

impl Scene<'_> {
    fn expose(&self) -> RgbImage {
        let shadow = self.paper_shadow();
        let (width, height) = (self.frame.width, self.frame.height);
        let mut image = RgbImage::new(width, height);
        for (x, y, pixel) in image.enumerate_pixels_mut() {
            let colour = self.paper_at(x, y).unwrap_or_else(|| {
                let desk = self.desk.colour(real(x) / real(width), real(y) / real(width));
                let index = (y * width + x) as usize;
                desk.map(|value| value * (1.0 - 0.55 * shadow[index]))
            });
            let light = self.light.at(real(x) / real(width), real(y) / real(height));
            *pixel = Rgb(colour.map(|value| byte(value * light)));
        }
        image
    }

    fn paper_at(&self, x: u32, y: u32) -> Option<[f32; 3]> {
        let (u, v) = self.map.at(f64::from(x) + 0.5, f64::from(y) + 0.5);
        let (u, v) = (narrow(u), narrow(v));
        if !(-0.1..1.1).contains(&u) || !(-0.1..1.1).contains(&v) {
            return None;
        }
        // Curled paper: its long sides bow, its lines sag.
        let bowed = u + self.curl[0] * (4.0 * v * (1.0 - v) - 0.5) + self.paper.lift(v);
        let sagged = v + self.curl[1] * (4.0 * u * (1.0 - u) - 0.5);
        self.paper.colour(bowed, sagged)
    }

    /// The soft shadow that the sheet throws on the table.
    fn paper_shadow(&self) -> Vec<f32> {
        let (width, height) = (self.frame.width, self.frame.height);
        let (reach, offset) = ((width / 90).max(3), (width / 140).max(2));
        let covered = |x: u32, y: u32| f32::from(u8::from(self.paper_at(x, y).is_some()));
        let mut mask = vec![0.0; (width * height) as usize];
        for y in 0..height {
            for x in 0..width {
                mask[(y * width + x) as usize] = covered(x.saturating_sub(offset), y.saturating_sub(offset));
            }
        }
        sensor::soften(&mut mask, width as usize, reach as usize);
        mask
    }
}
