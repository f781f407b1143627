use image::imageops;

use super::*;
use crate::layout::{Row, rows};
use crate::picture::decode;

const RECEIPT: &[u8] = include_bytes!("../../tests/fixtures/handmade_receipt.png");

fn texts(image: RgbImage, effort: Effort) -> Vec<String> {
    let page = read(image, effort).unwrap();
    rows(&page.lines).iter().map(Row::text).collect()
}

#[track_caller]
fn reads_receipt(image: RgbImage, effort: Effort) {
    let texts = texts(image, effort);
    for wanted in ["CORNER BAKERY", "Sourdough loaf £3.80", "Subtotal £11.25", "TOTAL £13.50"] {
        assert!(texts.iter().any(|text| text == wanted), "no {wanted:?} in {texts:#?}");
    }
}

#[test]
fn reads_a_clean_page_by_rows() {
    reads_receipt(decode(RECEIPT).unwrap(), Effort::Accurate);
    reads_receipt(decode(RECEIPT).unwrap(), Effort::Fast);
}

#[test]
fn reads_a_page_that_lies_on_its_side_or_head() {
    let upright = decode(RECEIPT).unwrap();
    reads_receipt(imageops::rotate90(&upright), Effort::Accurate);
    reads_receipt(imageops::rotate180(&upright), Effort::Accurate);
    reads_receipt(imageops::rotate270(&upright), Effort::Accurate);
}

#[test]
fn reads_the_top_of_a_cmyk_jpeg() {
    let picture = decode(include_bytes!("../../tests/fixtures/handmade_cmyk.jpg")).unwrap();
    assert!(texts(picture, Effort::Accurate).iter().any(|text| text == "CORNER BAKERY"));
}

#[test]
fn pictures_without_text_have_no_lines_whatever_their_size() {
    for (width, height) in [(1, 1), (1, 4000), (4000, 1), (33, 31)] {
        let page = read(RgbImage::new(width, height), Effort::Accurate).unwrap();
        assert!(page.lines.is_empty(), "{width} × {height}");
    }
}

#[test]
fn noise_is_no_panic() {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let noise = RgbImage::from_fn(300, 200, |_, _| image::Rgb([next(), next(), next()]));
    assert!(read(noise, Effort::Fast).is_ok());
}
