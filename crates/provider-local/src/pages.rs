//! A file as the pages to read: one for a picture, several for a PDF.

use bytes::Bytes;
use image::{Rgb, RgbImage, imageops};

use crate::page::{Line, Page};
use crate::{Failure, picture};

/// Reading more takes too long for one request, and reading a part would be a wrong answer.
pub const MAX_PAGES: u32 = 10;
/// Long side of a drawn page: small print of a letter is then about 20 pixels high.
const PAGE_SIDE: u32 = 2000;

/// The pictures of a file.
pub fn decode(bytes: &Bytes) -> Result<Vec<RgbImage>, Failure> {
    if !bytes.starts_with(b"%PDF-") {
        return Ok(vec![picture::decode(bytes)?]);
    }
    vision_media::pages(bytes, MAX_PAGES as usize, PAGE_SIDE).map_err(|error| {
        let message = error.to_string();
        match error.kind() {
            vision_core::ErrorKind::TooLarge => Failure::TooLarge(message),
            _ => Failure::Unreadable(message),
        }
    })
}

/// All pages below one another, as one long page.
pub fn stacked(pages: Vec<Page>) -> Page {
    let mut pages = pages;
    if pages.len() == 1 {
        return pages.remove(0);
    }
    let width = pages.iter().map(|page| page.image.width()).max().unwrap_or(0);
    let height = pages.iter().map(|page| page.image.height()).sum();
    let mut image = RgbImage::from_pixel(width, height, Rgb([255, 255, 255]));
    let mut lines = Vec::new();
    let mut top = 0;
    for page in pages {
        imageops::replace(&mut image, &page.image, 0, i64::from(top));
        lines.extend(page.lines.into_iter().map(|line| lowered(line, top as f32)));
        top += page.image.height();
    }
    Page { image, lines }
}

fn lowered(mut line: Line, by: f32) -> Line {
    line.rect.top += by;
    line.rect.bottom += by;
    line.region.center.y += by;
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::tests::line;

    #[test]
    fn pages_follow_one_another() {
        let page = |text| Page { image: RgbImage::new(40, 60), lines: vec![line(text, 5.0, 10.0)] };
        let whole = stacked(vec![page("first"), page("second")]);
        assert_eq!(whole.image.dimensions(), (40, 120));
        assert_eq!(crate::text(&whole), "first\nsecond");
        assert!(whole.lines[1].rect.top > 60.0);
    }

    #[test]
    fn what_is_no_pdf_inside_is_refused() {
        let refused = decode(&Bytes::from_static(b"%PDF-1.7 and nothing else")).unwrap_err();
        assert!(matches!(refused, Failure::Unreadable(_)), "{refused}");
    }
}
