//! A page as PDF with real text and embedded fonts. The same page gives the same bytes: no clock, no random ids.

use super::page::Page;
use crate::error::Result;

#[cfg(not(feature = "pdf"))]
pub(super) fn write(_page: &Page) -> Result<Vec<u8>> {
    Err("documents need PDF writing: build eval-generate with its feature `pdf`".into())
}

#[cfg(feature = "pdf")]
pub(super) fn write(page: &Page) -> Result<Vec<u8>> {
    writer::write(page)
}

#[cfg(feature = "pdf")]
mod writer {
    use krilla::{
        Document,
        color::rgb,
        geom::{PathBuilder, Point, Rect},
        page::PageSettings,
        paint::{Fill, Stroke},
        surface::Surface,
        text::{Font, TextDirection},
    };

    use crate::{
        documents::page::{Mark, Page},
        error::{Error, Result},
    };

    pub(super) fn write(page: &Page) -> Result<Vec<u8>> {
        let settings =
            PageSettings::from_wh(narrow(page.width), narrow(page.height)).ok_or("a page has no size")?;
        let mut document = Document::new();
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for mark in &page.marks {
            draw(&mut surface, mark)?;
        }
        surface.finish();
        sheet.finish();
        document.finish().map_err(|error| Error::from(format!("cannot write a PDF: {error:?}")))
    }

    fn draw(surface: &mut Surface<'_>, mark: &Mark) -> Result<()> {
        match mark {
            Mark::Text { x, y, text, style } => {
                let font = Font::new(style.family.file(style.weight).into(), 0)
                    .ok_or("an embedded font is damaged")?;
                surface.set_stroke(None);
                surface.set_fill(Some(fill(style.colour)));
                let start = Point::from_xy(narrow(*x), narrow(*y));
                surface.draw_text(start, font, narrow(style.size), text, false, TextDirection::LeftToRight);
            }
            Mark::Bar { at, colour } => {
                let [x, y, width, height] = at.map(narrow);
                let mut path = PathBuilder::new();
                path.push_rect(Rect::from_xywh(x, y, width, height).ok_or("a bar has no size")?);
                surface.set_stroke(None);
                surface.set_fill(Some(fill(colour)));
                surface.draw_path(&path.finish().ok_or("a bar has no outline")?);
            }
            Mark::Stroke { points, width, colour } => {
                let mut path = PathBuilder::new();
                for (index, (x, y)) in points.iter().enumerate() {
                    let (x, y) = (narrow(*x), narrow(*y));
                    if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
                }
                surface.set_fill(None);
                let paint = colour_of(colour).into();
                surface.set_stroke(Some(Stroke { paint, width: narrow(*width), ..Stroke::default() }));
                surface.draw_path(&path.finish().ok_or("a line has no points")?);
            }
        }
        Ok(())
    }

    fn fill(colour: &str) -> Fill {
        Fill { paint: colour_of(colour).into(), ..Fill::default() }
    }

    /// `#rrggbb`.
    fn colour_of(colour: &str) -> rgb::Color {
        let part = |at: usize| {
            colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or_default()
        };
        rgb::Color::new(part(1), part(3), part(5))
    }

    /// PDF knows single precision only; points on a page need no more.
    #[expect(clippy::cast_possible_truncation, reason = "points on a page")]
    fn narrow(value: f64) -> f32 {
        value as f32
    }
}
