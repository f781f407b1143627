//! Pages drawn by a process of their own.

use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use bytes::Bytes;
use image::RgbImage;
use vision_core::{Error, ErrorKind, Result};

use crate::picture::Picture;
use crate::program::{self, Apart};
use crate::{Limits, Settings, raster};

/// The first argument by which the program knows that it is to draw.
pub const DRAW_PAGES: &str = "draw-pages";

/// Seconds of a core for a document, and one more for each page: the slowest scans take about a second.
const BEGINNING: u32 = 5;
const LONGEST: u32 = 900;

/// Draws the pages of a document, one after another, so that only one picture is in memory at a time. About so many
/// `pages` are wanted, which decides how long it may take.
///
/// `each` takes a page's number, counted from one, and its picture.
pub(crate) fn draw(
    name: &str,
    bytes: &Bytes,
    settings: &Settings,
    (limits, pages): (&Limits, u32),
    each: impl FnMut(u32, Picture) -> Result<()>,
) -> Result<()> {
    match program::known() {
        Some(program) => draw_by(program, name, bytes, (settings, limits, pages), each),
        None => raster::draw(name, bytes, settings, limits, each),
    }
}

/// The seconds that drawing may take, as the first of the arguments after [`DRAW_PAGES`] says.
pub fn seconds_to_draw(words: &[String]) -> u64 {
    words.first().and_then(|word| word.parse().ok()).unwrap_or(u64::from(BEGINNING))
}

/// Draws the document on `input`: the other side of `draw_by`. `words` are the arguments after the first.
pub fn serve_pages(
    words: &[String],
    mut input: impl Read,
    mut output: impl Write,
) -> std::result::Result<(), String> {
    let number = |at: usize| words.get(at).and_then(|word| word.parse::<u64>().ok());
    let (Some(side), Some(pixels)) = (number(1).and_then(|side| u32::try_from(side).ok()), number(2)) else {
        return Err("the size of a page is missing".to_owned());
    };
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let settings = Settings { page_side: side, ..Settings::default() };
    let limits = Limits { pixels, ..Limits::default() };
    let mut put = |picture: &RgbImage| -> io::Result<()> {
        output.write_all(&picture.width().to_le_bytes())?;
        output.write_all(&picture.height().to_le_bytes())?;
        output.write_all(picture.as_raw())?;
        output.flush()
    };
    raster::draw("it", &bytes.into(), &settings, &limits, |_, picture| {
        put(&picture.image.into_rgb8())
            .map_err(|error| Error::new(ErrorKind::Unavailable, "the pages are not read").with_source(error))
    })
    .map_err(|error| error.to_string())?;
    // No page is so small.
    output.write_all(&0_u32.to_le_bytes()).and_then(|()| output.flush()).map_err(|error| error.to_string())
}

/// Has the pages of a document drawn, one after another. The process is gone when this returns.
fn draw_by(
    program: &Path,
    name: &str,
    bytes: &[u8],
    (settings, limits, pages): (&Settings, &Limits, u32),
    mut each: impl FnMut(u32, Picture) -> Result<()>,
) -> Result<()> {
    let failed = |page: u32| {
        let message = format!("page {page} of {name} cannot be drawn, or takes too much memory or time");
        Error::new(ErrorKind::InvalidRequest, message)
    };
    let seconds = BEGINNING.saturating_add(pages).min(LONGEST);
    let words =
        [u64::from(seconds), u64::from(settings.page_side), limits.pixels].map(|word| word.to_string());
    let mut drawing = Apart::start(program, DRAW_PAGES, &words)?;
    // It reads all of it before it writes. One that ends earlier is seen by what it writes.
    drawing.tell(bytes).ok();
    drawing.end_of_input();
    let mut output = BufReader::new(drawing.output());
    for page in 1.. {
        match picture(&mut output, limits) {
            Ok(Some(picture)) => each(page, picture)?,
            Ok(None) => break,
            Err(_) => return Err(failed(page)),
        }
    }
    Ok(())
}

/// The next picture; none after the last.
fn picture(output: &mut impl Read, limits: &Limits) -> io::Result<Option<Picture>> {
    let mut number = || -> io::Result<u32> {
        let mut bytes = [0; 4];
        output.read_exact(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    };
    let width = number()?;
    if width == 0 {
        return Ok(None);
    }
    let height = number()?;
    let pixels = u64::from(width) * u64::from(height);
    let length = usize::try_from(pixels.saturating_mul(3)).unwrap_or(usize::MAX);
    // The side is bounded, and a page as wide as it is high is the largest.
    if pixels > limits.pixels.saturating_mul(2) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes)?;
    let image = RgbImage::from_raw(width, height, bytes).ok_or(io::ErrorKind::InvalidData)?;
    Ok(Some(Picture::new(image.into())))
}
