//! A receipt as a file: drawn, printed, and looked at in one of several ways.

use image::{Rgb, RgbImage, imageops};

use super::{
    paper::{self, Typeface},
    printout::Printout,
};
use crate::{
    error::Result,
    photo::{self, Edges, Sheet, Wear},
    png,
    recipe::Difficulty,
    render,
    rng::Rng,
};

/// How a receipt is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Sent by e-mail.
    Clean,
    /// Laid on a scanner.
    Scanned,
    /// Photographed on a table.
    Photo,
    /// Scanned or photographed, and turned by so many degrees.
    Rotated(u32),
}

impl Look {
    /// The name in tags.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Scanned => "scanned",
            Self::Photo => "photo",
            Self::Rotated(_) => "rotated",
        }
    }

    /// Degrees clockwise.
    pub fn rotation(self) -> u32 {
        if let Self::Rotated(degrees) = self { degrees } else { 0 }
    }
}

/// An image file.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Its content.
    pub bytes: Vec<u8>,
    /// `png` or `jpg`.
    pub extension: &'static str,
}

/// Draws the printout and looks at it.
pub fn picture(printout: &Printout, look: Look, difficulty: Difficulty, rng: &mut Rng) -> Result<Picture> {
    let face = Typeface::draw(rng);
    let svg = paper::draw(printout, &face, rng).finish();
    match look {
        Look::Clean => clean(&svg, rng),
        Look::Scanned => {
            let seen = scanned(&svg, printout, difficulty, rng)?;
            Ok(jpeg(photo::grey_jpeg(&seen, quality(difficulty, rng))))
        }
        Look::Photo => {
            let seen = photographed(&svg, printout, difficulty, rng)?;
            Ok(jpeg(photo::jpeg(&seen, quality(difficulty, rng))))
        }
        Look::Rotated(degrees) if rng.chance(50) => {
            let seen = scanned(&svg, printout, difficulty, rng)?;
            Ok(jpeg(photo::grey_jpeg(&photo::turn(&seen, degrees), quality(difficulty, rng))))
        }
        Look::Rotated(degrees) => {
            let seen = photographed(&svg, printout, difficulty, rng)?;
            Ok(jpeg(photo::jpeg(&photo::turn(&seen, degrees), quality(difficulty, rng))))
        }
    }
}

fn jpeg(bytes: Vec<u8>) -> Picture {
    Picture { bytes, extension: "jpg" }
}

fn clean(svg: &str, rng: &mut Rng) -> Result<Picture> {
    let bytes = if rng.chance(25) {
        let dots = thermal(&render::pixels(svg, 1.0)?, 128);
        let (width, height) = (dots.width() * 2, dots.height() * 2);
        png::encode(&imageops::resize(&dots, width, height, imageops::FilterType::Nearest))
    } else {
        png::encode(&render::pixels(svg, *rng.pick(&[1.0, 1.25, 1.5]))?)
    };
    Ok(Picture { bytes, extension: "png" })
}

fn scanned(svg: &str, printout: &Printout, difficulty: Difficulty, rng: &mut Rng) -> Result<RgbImage> {
    let sheet = sheet(svg, printout, rng)?;
    let width = sheet_width(printout, rng.between(13.0, 17.0));
    let wear = wear(difficulty, rng);
    Ok(photo::scan(&sheet, width, rng, wear))
}

fn photographed(svg: &str, printout: &Printout, difficulty: Difficulty, rng: &mut Rng) -> Result<RgbImage> {
    let sheet = sheet(svg, printout, rng)?;
    let width = sheet_width(printout, rng.between(13.0, 16.0));
    let wear = wear(difficulty, rng);
    Ok(photo::photograph(&sheet, width, rng, wear))
}

/// What comes out of the till: black dots on white, softened a little by the paper.
fn sheet(svg: &str, printout: &Printout, rng: &mut Rng) -> Result<Sheet> {
    let print = if rng.chance(70) {
        let darkness = u8::try_from(rng.whole(110, 190)).expect("a grey");
        let dots = thermal(&render::pixels(svg, 1.0)?, darkness);
        imageops::resize(&dots, dots.width() * 2, dots.height() * 2, imageops::FilterType::Triangle)
    } else {
        render::pixels(svg, 2.0)?
    };
    let edges = if printout.torn { Edges::Torn } else { Edges::Sawn };
    Ok(Sheet { print, edges, folded: true })
}

/// A print head knows only black and white; a pen is not a print head.
fn thermal(image: &RgbImage, darkness: u8) -> RgbImage {
    let mut dots = image.clone();
    for pixel in dots.pixels_mut() {
        let [red, _, blue] = pixel.0;
        let ink = blue > red.saturating_add(12);
        if !ink {
            *pixel = Rgb([if red < darkness { 0 } else { 255 }; 3]);
        }
    }
    dots
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hundreds of pixels")]
fn sheet_width(printout: &Printout, pitch: f64) -> u32 {
    (f64::from(u32::try_from(printout.columns).expect("tens of columns")) * pitch + 60.0) as u32
}

fn wear(difficulty: Difficulty, rng: &mut Rng) -> Wear {
    let amount = match difficulty {
        Difficulty::Easy => rng.between(0.05, 0.25),
        Difficulty::Normal => rng.between(0.25, 0.8),
        Difficulty::Hard => rng.between(0.75, 1.0),
    };
    Wear { amount }
}

fn quality(difficulty: Difficulty, rng: &mut Rng) -> u8 {
    let quality = match difficulty {
        Difficulty::Easy => rng.whole(80, 90),
        Difficulty::Normal => rng.whole(58, 80),
        Difficulty::Hard => rng.whole(38, 55),
    };
    u8::try_from(quality).expect("at most 90")
}
