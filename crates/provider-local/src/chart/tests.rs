use image::{Rgb, RgbImage};

use super::*;
use crate::geometry::{Point, Region};
use crate::page::Line;

const BLUE: Rgb<u8> = Rgb([31, 119, 180]);
const ORANGE: Rgb<u8> = Rgb([255, 127, 14]);

/// A page of 500 by 400 with an axis from 0 (y 350) to 300 (y 50) at its left and A to D below.
struct Sketch {
    image: RgbImage,
    lines: Vec<Line>,
}

impl Sketch {
    fn new() -> Self {
        let mut sketch = Self { image: RgbImage::from_pixel(500, 400, Rgb([255; 3])), lines: vec![] };
        sketch.write("Sales of fruit", 250.0, 20.0);
        for tick in 0..4u8 {
            sketch.write(&(u32::from(tick) * 100).to_string(), 30.0, 350.0 - 100.0 * f32::from(tick));
        }
        for (name, x) in ["Ash", "Beech", "Cedar", "Dogwood"].iter().zip([100.0, 200.0, 300.0, 400.0]) {
            sketch.write(name, x, 370.0);
        }
        sketch
    }

    fn write(&mut self, text: &str, x: f32, y: f32) {
        let region =
            Region { center: Point::new(x, y), width: 8.0 * text.len() as f32, height: 14.0, angle: 0.0 };
        self.lines.push(Line {
            text: text.into(),
            confidence: 0.99,
            rect: region.bounds(),
            region,
            vertical: false,
            glyphs: vec![],
        });
    }

    fn fill(&mut self, (left, top): (u32, u32), (right, bottom): (u32, u32), colour: Rgb<u8>) {
        for y in top..bottom {
            for x in left..right {
                self.image.put_pixel(x, y, colour);
            }
        }
    }

    #[track_caller]
    fn check(self, wanted: &[[Option<f64>; 4]]) -> Table {
        let table = read(&Page { image: self.image, lines: self.lines });
        let names: Vec<&str> = table.rows.iter().map(|row| row.category.as_str()).collect();
        assert_eq!(names, ["Ash", "Beech", "Cedar", "Dogwood"], "{table:?}");
        for (series, wanted) in wanted.iter().enumerate() {
            let found: Vec<Option<f64>> = table.rows.iter().map(|row| row.values[series]).collect();
            assert_eq!(found, wanted, "series {series} of {table:?}");
        }
        table
    }
}

#[test]
fn measures_bars_without_printed_values() {
    let mut sketch = Sketch::new();
    for (x, top) in [(100, 250), (200, 150), (300, 300), (400, 100)] {
        sketch.fill((x - 30, top), (x + 30, 350), BLUE);
    }
    let table = sketch.check(&[[Some(100.0), Some(200.0), Some(50.0), Some(250.0)]]);
    assert_eq!(table.title.as_deref(), Some("Sales of fruit"));
    assert_eq!(table.columns, ["Category", "Value"]);
}

#[test]
fn printed_values_win_over_measured_ones() {
    let mut sketch = Sketch::new();
    for (x, top, value) in [(100, 250, "103"), (200, 150, "198"), (300, 300, "52"), (400, 100, "251")] {
        sketch.fill((x - 30, top), (x + 30, 350), BLUE);
        sketch.write(value, x as f32, top as f32 - 9.0);
    }
    sketch.check(&[[Some(103.0), Some(198.0), Some(52.0), Some(251.0)]]);
}

#[test]
fn keys_tell_grouped_bars_apart_and_a_missing_bar_is_null() {
    let mut sketch = Sketch::new();
    for (x, first, second) in [(100, 250, 200), (200, 150, 350), (300, 300, 250), (400, 100, 150)] {
        sketch.fill((x - 30, first), (x, 350), BLUE);
        sketch.fill((x, second), (x + 30, 350), ORANGE);
    }
    for (x, name, colour) in [(100, "North", BLUE), (260, "South", ORANGE)] {
        sketch.fill((x, 385), (x + 11, 396), colour);
        sketch.write(name, x as f32 + 42.0, 390.0);
    }
    let table = sketch.check(&[
        [Some(100.0), Some(200.0), Some(50.0), Some(250.0)],
        [Some(150.0), None, Some(100.0), Some(200.0)],
    ]);
    assert_eq!(table.columns, ["Category", "North", "South"]);
}

#[test]
fn measures_a_line() {
    let mut sketch = Sketch::new();
    for x in 100..=400u32 {
        let y = 250 - (x - 100) / 3;
        sketch.fill((x, y - 1), (x + 1, y + 2), BLUE);
    }
    sketch.check(&[[Some(99.5), Some(132.5), Some(165.5), Some(199.5)]]);
}

#[test]
fn a_page_without_a_chart_has_no_rows() {
    let page = Page { image: RgbImage::new(40, 40), lines: vec![] };
    assert_eq!(read(&page).rows, []);
}
