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

/// A receipt on paper, the same in every look.
#[derive(Debug, Clone)]
pub struct Drawing {
    svg: String,
    columns: usize,
    torn: bool,
}

impl Drawing {
    /// Prints with a typeface drawn by lot.
    pub fn new(printout: &Printout, rng: &mut Rng) -> Self {
        let face = Typeface::draw(rng);
        let svg = paper::draw(printout, &face, rng).finish();
        Self { svg, columns: printout.columns, torn: printout.torn }
    }

    fn scanned(&self, difficulty: Difficulty, rng: &mut Rng) -> Result<RgbImage> {
        let sheet = self.sheet(rng)?;
        let width = self.width(rng.between(13.0, 17.0));
        let wear = wear(difficulty, rng);
        Ok(photo::scan(&sheet, width, rng, wear))
    }

    fn photographed(&self, difficulty: Difficulty, rng: &mut Rng) -> Result<RgbImage> {
        let sheet = self.sheet(rng)?;
        let width = self.width(rng.between(13.0, 16.0));
        let wear = wear(difficulty, rng);
        Ok(photo::photograph(&sheet, width, rng, wear))
    }

    /// What comes out of the till: black dots on white, softened a little by the paper.
    fn sheet(&self, rng: &mut Rng) -> Result<Sheet> {
        let print = if rng.chance(70) {
            let darkness = u8::try_from(rng.whole(110, 190)).expect("a grey");
            let dots = thermal(&render::pixels(&self.svg, 1.0)?, darkness);
            imageops::resize(&dots, dots.width() * 2, dots.height() * 2, imageops::FilterType::Triangle)
        } else {
            render::pixels(&self.svg, 2.0)?
        };
        let edges = if self.torn { Edges::Torn } else { Edges::Sawn };
        Ok(Sheet { print, edges, folded: true })
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hundreds of pixels")]
    fn width(&self, pitch: f64) -> u32 {
        (f64::from(u32::try_from(self.columns).expect("tens of columns")) * pitch + 60.0) as u32
    }
}

/// Looks at the drawing.
pub fn picture(drawing: &Drawing, look: Look, difficulty: Difficulty, rng: &mut Rng) -> Result<Picture> {
    let scan = |rng: &mut Rng, degrees| {
        let seen = photo::turn(&drawing.scanned(difficulty, rng)?, degrees);
        Ok(jpeg(photo::grey_jpeg(&seen, quality(difficulty, rng))))
    };
    let photograph = |rng: &mut Rng, degrees| {
        let seen = photo::turn(&drawing.photographed(difficulty, rng)?, degrees);
        Ok(jpeg(photo::jpeg(&seen, quality(difficulty, rng))))
    };
    match look {
        Look::Clean => clean(&drawing.svg, rng),
        Look::Scanned => scan(rng, 0),
        Look::Photo => photograph(rng, 0),
        Look::Rotated(degrees) if rng.chance(50) => scan(rng, degrees),
        Look::Rotated(degrees) => photograph(rng, degrees),
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
