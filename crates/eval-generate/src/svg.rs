//! SVG text, written so that every machine renders the same pixels.
//!
//! Coordinates are rounded to hundredths, and shapes are made of lines and cubic curves only:
//! arcs and rotations would be computed with the platform's own sine and cosine.

use std::fmt::Write as _;

use crate::fonts::Family;

/// How far the control points of a quarter circle stand from its ends, as a share of the radius.
const QUARTER: f64 = 0.552_284_75;

/// Where the given x stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// At its left end.
    Start,
    /// In its middle.
    Middle,
    /// At its right end.
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct TextStyle<'a> {
    /// Typeface.
    pub family: Family,
    /// Font size in pixels.
    pub size: f64,
    /// 400 is regular, 700 bold; the nearest embedded weight is taken.
    pub weight: u16,
    /// Any SVG colour.
    pub colour: &'a str,
    /// What x means.
    pub anchor: Anchor,
}

impl<'a> TextStyle<'a> {
    /// Regular weight, starting at x.
    pub fn new(family: Family, size: f64, colour: &'a str) -> Self {
        Self { family, size, weight: 400, colour, anchor: Anchor::Start }
    }

    /// The same in bold.
    pub fn bold(self) -> Self {
        Self { weight: 700, ..self }
    }

    /// The same, centred on x.
    pub fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    /// The same, ending at x.
    pub fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }

    /// The same in another colour.
    pub fn colour(self, colour: &'a str) -> Self {
        Self { colour, ..self }
    }

    /// The same in another size.
    pub fn size(self, size: f64) -> Self {
        Self { size, ..self }
    }

    /// The width of `text` in this style, in pixels.
    pub fn width(&self, text: &str) -> f64 {
        self.family.width(text, self.size, self.weight)
    }
}

/// A picture under construction.
///
/// `style` arguments are raw SVG attributes written by the program, such as
/// `fill="#ffffff" stroke="#333"`; only texts may come from data, and they are escaped.
#[derive(Debug, Clone)]
pub struct Svg {
    width: f64,
    height: f64,
    body: String,
}

impl Svg {
    /// An empty picture filled with `background`.
    pub fn new(width: f64, height: f64, background: &str) -> Self {
        let mut svg = Self { width, height, body: String::new() };
        svg.rect(0.0, 0.0, width, height, &fill(background));
        svg
    }

    /// Width in pixels.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// A rectangle; a negative width or height draws nothing.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, style: &str) {
        self.element("rect", &[("x", x), ("y", y), ("width", width), ("height", height)], style);
    }

    /// A rectangle with round corners.
    pub fn rounded(&mut self, x: f64, y: f64, width: f64, height: f64, radius: f64, style: &str) {
        let r = radius.min(width / 2.0).min(height / 2.0);
        let (right, bottom, c) = (x + width, y + height, r * (1.0 - QUARTER));
        let mut path = Path::new();
        path.to(x + r, y).line(right - r, y).curve(right - c, y, right, y + c, right, y + r);
        path.line(right, bottom - r).curve(right, bottom - c, right - c, bottom, right - r, bottom);
        path.line(x + r, bottom).curve(x + c, bottom, x, bottom - c, x, bottom - r);
        path.line(x, y + r).curve(x, y + c, x + c, y, x + r, y).close();
        self.path(&path, style);
    }

    /// A circle.
    pub fn circle(&mut self, x: f64, y: f64, radius: f64, style: &str) {
        self.ellipse(x, y, radius, radius, style);
    }

    /// An ellipse along the axes.
    pub fn ellipse(&mut self, x: f64, y: f64, rx: f64, ry: f64, style: &str) {
        let (cx, cy) = (rx * QUARTER, ry * QUARTER);
        let mut path = Path::new();
        path.to(x + rx, y).curve(x + rx, y + cy, x + cx, y + ry, x, y + ry);
        path.curve(x - cx, y + ry, x - rx, y + cy, x - rx, y);
        path.curve(x - rx, y - cy, x - cx, y - ry, x, y - ry);
        path.curve(x + cx, y - ry, x + rx, y - cy, x + rx, y).close();
        self.path(&path, style);
    }

    /// A straight line.
    pub fn line(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, style: &str) {
        self.element("line", &[("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)], style);
    }

    /// A line through all points; the style should be a [`stroke`].
    pub fn polyline(&mut self, points: &[(f64, f64)], style: &str) {
        self.path(&Path::through(points), style);
    }

    /// A closed shape through all points.
    pub fn polygon(&mut self, points: &[(f64, f64)], style: &str) {
        self.path(Path::through(points).close(), style);
    }

    /// Any path.
    pub fn path(&mut self, path: &Path, style: &str) {
        let _ = writeln!(self.body, "<path d=\"{}\" {style}/>", path.data.trim_start());
    }

    /// A text with its baseline at y.
    pub fn text(&mut self, x: f64, y: f64, text: &str, style: &TextStyle<'_>) {
        let place = format!("x=\"{}\" y=\"{}\"", number(x), number(y));
        self.text_element(&place, text, style);
    }

    /// A text that reads upwards, its baseline to the right of the letters, at x.
    pub fn text_up(&mut self, x: f64, y: f64, text: &str, style: &TextStyle<'_>) {
        self.text_element(
            &format!("transform=\"matrix(0 -1 1 0 {} {})\"", number(x), number(y)),
            text,
            style,
        );
    }

    /// A text that rises to the right with slope 1:2, as crowded axis labels do.
    pub fn text_slanted(&mut self, x: f64, y: f64, text: &str, style: &TextStyle<'_>) {
        let matrix = format!("transform=\"matrix(0.8 -0.6 0.6 0.8 {} {})\"", number(x), number(y));
        self.text_element(&matrix, text, style);
    }

    /// Whatever `draw` draws, with attributes such as `opacity="0.5"` or a `transform` around it.
    pub fn group(&mut self, attributes: &str, draw: impl FnOnce(&mut Self)) {
        let _ = writeln!(self.body, "<g {attributes}>");
        draw(self);
        self.body.push_str("</g>\n");
    }

    /// The complete SVG document.
    pub fn finish(self) -> String {
        let (width, height) = (number(self.width), number(self.height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\n{}</svg>\n",
            self.body
        )
    }

    fn element(&mut self, name: &str, numbers: &[(&str, f64)], style: &str) {
        let _ = write!(self.body, "<{name}");
        for (key, value) in numbers {
            let _ = write!(self.body, " {key}=\"{}\"", number(*value));
        }
        let _ = writeln!(self.body, " {style}/>");
    }

    fn text_element(&mut self, place: &str, text: &str, style: &TextStyle<'_>) {
        let anchor = match style.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight =
            if style.weight == 400 { String::new() } else { format!(" font-weight=\"{}\"", style.weight) };
        let _ = writeln!(
            self.body,
            "<text {place} font-family=\"{}\" font-size=\"{}\"{weight} fill=\"{}\"{anchor} xml:space=\"preserve\">{}</text>",
            style.family.name(),
            number(style.size),
            style.colour,
            escape(text),
        );
    }
}

/// The outline of a shape.
#[derive(Debug, Clone, Default)]
pub struct Path {
    data: String,
}

impl Path {
    /// An empty outline.
    pub fn new() -> Self {
        Self::default()
    }

    /// An open line through all points.
    pub fn through(points: &[(f64, f64)]) -> Self {
        let mut path = Self::new();
        for (index, &(x, y)) in points.iter().enumerate() {
            if index == 0 {
                path.to(x, y)
            } else {
                path.line(x, y)
            };
        }
        path
    }

    /// Moves the pen.
    pub fn to(&mut self, x: f64, y: f64) -> &mut Self {
        self.add('M', &[x, y])
    }

    /// Draws a straight line.
    pub fn line(&mut self, x: f64, y: f64) -> &mut Self {
        self.add('L', &[x, y])
    }

    /// Draws a cubic curve with two control points.
    pub fn curve(&mut self, x1: f64, y1: f64, x2: f64, y2: f64, x: f64, y: f64) -> &mut Self {
        self.add('C', &[x1, y1, x2, y2, x, y])
    }

    /// Closes the shape.
    pub fn close(&mut self) -> &mut Self {
        self.data.push_str(" Z");
        self
    }

    fn add(&mut self, command: char, numbers: &[f64]) -> &mut Self {
        let _ = write!(self.data, " {command}");
        for value in numbers {
            let _ = write!(self.data, " {}", number(*value));
        }
        self
    }
}

/// The attribute that fills a shape.
pub fn fill(colour: &str) -> String {
    format!("fill=\"{colour}\"")
}

/// The attributes that draw a line and leave its inside empty.
pub fn stroke(colour: &str, width: f64) -> String {
    format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\"", number(width))
}

/// A coordinate rounded to hundredths, without needless zeros.
pub fn number(value: f64) -> String {
    let text = format!("{:.2}", (value * 100.0).round() / 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A small count as a number to calculate places with.
pub fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("a small count"))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_texts_and_rounds_coordinates() {
        let mut svg = Svg::new(20.0, 10.0, "#fff");
        svg.text(1.0 / 3.0, -0.001, "R&D <\"a\">", &TextStyle::new(Family::Inter, 12.0, "#000").end());
        svg.circle(5.0, 5.0, 2.0, "fill=\"red\"");
        insta::assert_snapshot!(svg.finish(), @r##"
        <svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10">
        <rect x="0" y="0" width="20" height="10" fill="#fff"/>
        <text x="0.33" y="0" font-family="Inter" font-size="12" fill="#000" text-anchor="end" xml:space="preserve">R&amp;D &lt;&quot;a&quot;&gt;</text>
        <path d="M 7 5 C 7 6.1 6.1 7 5 7 C 3.9 7 3 6.1 3 5 C 3 3.9 3.9 3 5 3 C 6.1 3 7 3.9 7 5 Z" fill="red"/>
        </svg>
        "##);
    }
}
