//! A picture of many pictures: thumbnails of a dataset with their ids and labels.

use std::{fs, io::Cursor, path::Path};

use image::{DynamicImage, ImageFormat, RgbImage, imageops};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{Error, Result},
    fonts::Family,
    render,
    svg::{Svg, TextStyle},
};

/// Width of the sheet, and the size of a thumbnail.
const SHEET: u32 = 1800;
const WIDTH: u32 = 300;
const HEIGHT: u32 = 220;
const CAPTION: u32 = 34;

#[derive(Deserialize)]
struct Line {
    id: String,
    media: Vec<String>,
    expected: Value,
    #[serde(default)]
    tags: Value,
}

/// Draws cases `from` to `to` (counting from 1) of a dataset folder as one PNG.
///
/// A case with several images shows them beside each other. A picture that serves several cases is shown
/// once; media that are not PNG or JPEG appear as their file name.
pub fn contact_sheet(folder: &Path, from: usize, to: usize) -> Result<Vec<u8>> {
    let cases = cases(folder)?;
    let cases = cases.get(from.saturating_sub(1)..to.min(cases.len())).unwrap_or_default();
    // A pair of images takes the room of two.
    let most = cases.iter().map(|case| case.media.len()).max().unwrap_or(1).clamp(1, 3);
    let cell = WIDTH * u32::try_from(most).unwrap_or(1);
    let columns = SHEET / cell;
    let rows = u32::try_from(cases.len()).unwrap_or(u32::MAX).div_ceil(columns).max(1);
    let background = image::Rgb([70, 74, 82]);
    let mut sheet = RgbImage::from_pixel(SHEET, rows * (HEIGHT + CAPTION), background);
    for (at, case) in (0..).zip(cases) {
        let (x, y) = (at % columns * cell, at / columns * (HEIGHT + CAPTION));
        let share = cell / u32::try_from(case.media.len().max(1)).unwrap_or(1);
        for (place, media) in (0..).zip(&case.media) {
            let thumbnail = thumbnail(&folder.join(media), share - 8)?;
            let (dx, dy) = ((share - thumbnail.width()) / 2, (HEIGHT - thumbnail.height()) / 2);
            imageops::replace(&mut sheet, &thumbnail, i64::from(x + place * share + dx), i64::from(y + dy));
        }
        imageops::replace(&mut sheet, &caption(case, cell)?, i64::from(x), i64::from(y + HEIGHT));
    }
    // With all its colours, unlike the pictures of a dataset: a sheet of photographs has more than 256.
    let mut file = Cursor::new(vec![]);
    sheet
        .write_to(&mut file, ImageFormat::Png)
        .map_err(|source| Error::because("cannot encode a contact sheet", source))?;
    Ok(file.into_inner())
}

fn cases(folder: &Path) -> Result<Vec<Line>> {
    let path = folder.join("cases.jsonl");
    let failed = |source| Error::because(format!("cannot read {}", path.display()), source);
    let mut cases: Vec<Line> = vec![];
    for line in fs::read_to_string(&path).map_err(failed)?.lines() {
        let case: Line = serde_json::from_str(line)
            .map_err(|source| Error::because("a case is not valid JSON", source))?;
        if cases.last().is_none_or(|last| last.media != case.media) {
            cases.push(case);
        }
    }
    Ok(cases)
}

fn thumbnail(path: &Path, width: u32) -> Result<RgbImage> {
    let bytes =
        fs::read(path).map_err(|source| Error::because(format!("cannot read {}", path.display()), source))?;
    match image::load_from_memory(&bytes) {
        Ok(image) => Ok(shrunk(&image, width)),
        Err(_) => {
            let mut svg = Svg::new(f64::from(width), 40.0, "#e8e8e8");
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            svg.text(8.0, 25.0, &name, &TextStyle::new(Family::Arimo, 13.0, "#333333"));
            render::pixels(&svg.finish(), 1.0)
        }
    }
}

fn shrunk(image: &DynamicImage, width: u32) -> RgbImage {
    let (width, height) = (width.min(image.width()), (HEIGHT - 6).min(image.height()));
    image.resize(width, height, imageops::FilterType::Triangle).to_rgb8()
}

fn caption(case: &Line, width: u32) -> Result<RgbImage> {
    let mut svg = Svg::new(f64::from(width), f64::from(CAPTION), "#46525e");
    let style = TextStyle::new(Family::Arimo, 11.0, "#ffffff");
    let label = case.expected.get("label").and_then(Value::as_str).unwrap_or_default();
    svg.text(6.0, 13.0, &format!("{} {label}", case.id), &style.bold());
    let tags: Vec<&str> =
        case.tags.as_object().into_iter().flatten().filter_map(|(_, tag)| tag.as_str()).collect();
    svg.text(6.0, 27.0, &tags.join(" · "), &style);
    render::pixels(&svg.finish(), 1.0)
}
