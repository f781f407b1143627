use std::sync::Arc;

use bytes::Bytes;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, RgbaImage};
use vision_core::panics::caught;
use vision_core::{Error, ErrorKind, Result};

use crate::picture::Picture;
use crate::{Limits, Settings};

/// Draws the pages of a document in this process, one after another, so that only one picture is in memory at a time.
/// Nothing bounds the memory and the time that this takes.
///
/// `each` takes a page's number, counted from one, and its picture.
pub(crate) fn draw(
    name: &str,
    bytes: &Bytes,
    settings: &Settings,
    limits: &Limits,
    mut each: impl FnMut(u32, Picture) -> Result<()>,
) -> Result<()> {
    let data = Arc::new(bytes.clone());
    let unreadable =
        |page: u32| Error::new(ErrorKind::InvalidRequest, format!("page {page} of {name} cannot be drawn"));
    let pdf = Pdf::new(data).map_err(|_| unreadable(1))?;
    for (number, page) in (1..).zip(pdf.pages().iter()) {
        let scale = scale(page, settings, limits).ok_or_else(|| unreadable(number))?;
        // A page may hold what nobody has drawn before.
        let picture = caught(|| picture(page, scale));
        each(number, picture.flatten().ok_or_else(|| unreadable(number))?)?;
    }
    Ok(())
}

fn picture(page: &Page<'_>, scale: f32) -> Option<Picture> {
    let pixmap = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    // On white nothing is transparent, so that multiplied alpha makes no difference.
    let rgba = RgbaImage::from_raw(width, height, pixmap.data_as_u8_slice().to_vec())?;
    (width > 0 && height > 0).then(|| Picture::new(DynamicImage::from(rgba).to_rgb8().into()))
}

/// The scale at which the page is as large as the settings say; `None` for a page without a size.
fn scale(page: &Page<'_>, settings: &Settings, limits: &Limits) -> Option<f32> {
    let (width, height) = page.render_dimensions();
    let (long, short) = (width.max(height), width.min(height));
    if !long.is_finite() || short <= 0.0 {
        return None;
    }
    let side = settings.page_side.min(u32::from(u16::MAX)) as f32;
    let most = (limits.pixels as f32).sqrt();
    let scale = side.min(most) / long;
    // A page may be so narrow that nothing of it is left.
    (short * scale >= 1.0).then_some(scale)
}
