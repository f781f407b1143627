//! A flatbed scanner, or a phone app that pretends to be one.

use image::{Rgb, RgbImage, imageops};

use super::{
    Sheet, Wear, byte,
    field::{Field, narrow},
    paper::Used,
    perspective::{Perspective, turned},
    sensor,
};
use crate::rng::Rng;

/// A grey scan of the sheet, `width` pixels across: flat, slightly askew, with dust and a grey background.
pub fn scan(sheet: &Sheet, width: u32, rng: &mut Rng, wear: Wear) -> RgbImage {
    let print = sheet.print.width().min(width);
    let height = print * sheet.print.height() / sheet.print.width();
    let print_pixels = imageops::resize(&sheet.print, print, height, imageops::FilterType::Triangle);
    let sheet = &Sheet { print: print_pixels, ..sheet.clone() };
    let margin = rng.between(6.0, 30.0);
    let tilt = rng.between(-0.012, 0.012) * wear.amount;
    let (w, h) = (f64::from(print), f64::from(height));
    let reach = h * tilt.abs() * 2.0;
    let corners = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(|(x, y)| {
        let (x, y) = turned((x - w / 2.0, y - h / 2.0), tilt);
        (x + w / 2.0 + margin + reach, y + h / 2.0 + margin)
    });
    let map = Perspective::to_unit_square(&corners);
    let paper = Used::new(sheet, rng, Wear { amount: wear.amount * 0.5 });
    let lid = narrow(if rng.chance(70) { rng.between(0.9, 0.98) } else { rng.between(0.25, 0.5) });
    let uneven = Field::new(rng, 4, 6);
    let contrast = narrow(rng.between(1.05, 1.3));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a picture of a few thousand pixels"
    )]
    let size = |length: f64| length as u32;
    let mut image = RgbImage::new(size(w + 2.0 * (margin + reach)), size(h + 2.0 * margin));
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let (u, v) = map.at(f64::from(x) + 0.5, f64::from(y) + 0.5);
        let (u, v) = (narrow(u), narrow(v));
        let grey =
            paper.colour(u, v).map_or(lid, |[red, green, blue]| 0.3 * red + 0.59 * green + 0.11 * blue);
        let grey = (grey - 0.5) * contrast + 0.55 + 0.02 * uneven.at(u, v);
        *pixel = Rgb([byte(grey); 3]);
    }
    sensor::blur(&mut image, narrow(rng.between(0.04, 0.2)));
    dust(&mut image, rng, wear);
    image
}

/// Grain, specks, and now and then the line that dirt on the glass leaves.
fn dust(image: &mut RgbImage, rng: &mut Rng, wear: Wear) {
    let grain = narrow(wear.between(rng, 0.002, 0.014));
    for pixel in image.pixels_mut() {
        let value = byte(f32::from(pixel.0[0]) / 255.0 + grain * sensor::quick_bell(rng));
        *pixel = Rgb([value; 3]);
    }
    let (width, height) = (image.width() as usize, image.height() as usize);
    for _ in 0..rng.below(25) {
        let (x, y) = (rng.below(width), rng.below(height));
        let shade = u8::try_from(rng.whole(60, 190)).expect("a grey");
        let dark = |x: usize| u32::try_from(x).expect("inside the picture");
        image.put_pixel(dark(x), dark(y), Rgb([shade; 3]));
    }
    if wear.chance(rng, 14.0) {
        let x = u32::try_from(rng.below(width)).expect("inside the picture");
        for y in 0..image.height() {
            let value = image.get_pixel(x, y).0[0];
            image.put_pixel(x, y, Rgb([value - value / 5; 3]));
        }
    }
}
