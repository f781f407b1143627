//! A page as text and lines at places: drawn as a picture or written as PDF, it looks the same.

use crate::{
    fonts::Family,
    svg::{Anchor, Svg, TextStyle, fill, stroke},
};

/// A page; units are points, the origin is top left.
#[derive(Debug, Clone)]
pub struct Page {
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// In reading order.
    pub marks: Vec<Mark>,
}

/// Something on the page.
#[derive(Debug, Clone)]
pub enum Mark {
    /// One line of text with its baseline at y.
    Text {
        /// Left end.
        x: f64,
        /// Baseline.
        y: f64,
        /// What is written.
        text: String,
        /// How.
        style: TextStyle<'static>,
    },
    /// A filled rectangle.
    Bar {
        /// Left, top, width, height.
        at: [f64; 4],
        /// Any SVG colour of the form `#rrggbb`.
        colour: &'static str,
    },
    /// A line through points.
    Stroke {
        /// The points.
        points: Vec<(f64, f64)>,
        /// Thickness.
        width: f64,
        /// Any SVG colour of the form `#rrggbb`.
        colour: &'static str,
    },
}

impl Page {
    /// An empty sheet of US letter or A4 paper.
    pub fn new(letter_paper: bool) -> Self {
        let (width, height) = if letter_paper { (612.0, 792.0) } else { (595.0, 842.0) };
        Self { width, height, marks: Vec::new() }
    }

    /// All lines in reading order.
    pub fn text(&self) -> String {
        let lines = self.marks.iter().filter_map(|mark| match mark {
            Mark::Text { text, .. } => Some(text.as_str()),
            _ => None,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Writes a line of text; `x` means what the style's anchor says.
    pub fn write(&mut self, x: f64, y: f64, text: &str, style: &TextStyle<'static>) {
        let width = style.width(text);
        let x = match style.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        let style = TextStyle { anchor: Anchor::Start, ..*style };
        self.marks.push(Mark::Text { x, y, text: text.to_owned(), style });
    }

    /// Writes a paragraph within `width` and returns the baseline after its last line.
    pub fn paragraph(&mut self, x: f64, y: f64, width: f64, text: &str, style: &TextStyle<'static>) -> f64 {
        let mut y = y;
        for line in wrapped(text, width, style) {
            self.write(x, y, &line, style);
            y += style.size * 1.42;
        }
        y
    }

    /// Fills a rectangle.
    pub fn bar(&mut self, at: [f64; 4], colour: &'static str) {
        self.marks.push(Mark::Bar { at, colour });
    }

    /// Draws a line.
    pub fn stroke(&mut self, points: &[(f64, f64)], width: f64, colour: &'static str) {
        self.marks.push(Mark::Stroke { points: points.to_vec(), width, colour });
    }

    /// The page as a drawing.
    pub fn svg(&self) -> String {
        let mut svg = Svg::new(self.width, self.height, "#ffffff");
        for mark in &self.marks {
            match mark {
                Mark::Text { x, y, text, style } => svg.text(*x, *y, text, style),
                Mark::Bar { at: [x, y, width, height], colour } => {
                    svg.rect(*x, *y, *width, *height, &fill(colour));
                }
                Mark::Stroke { points, width, colour } => svg.polyline(points, &stroke(colour, *width)),
            }
        }
        svg.finish()
    }
}

/// The text broken into lines that fit.
fn wrapped(text: &str, width: f64, style: &TextStyle<'_>) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("starts with one");
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || style.width(&longer) <= width {
            *line = longer;
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// A typeface for the whole page.
pub fn typeface(rng: &mut crate::rng::Rng) -> Family {
    *rng.pick(&[Family::Arimo, Family::Lato, Family::OpenSans, Family::Roboto, Family::LibertinusSerif])
}
