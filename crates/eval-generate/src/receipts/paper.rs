//! The printed lines as a drawing, one dot of the print head to a pixel.

use super::printout::{Cell, Line, Printout, Size};
use crate::{
    fonts::Family,
    rng::Rng,
    svg::{Path, Svg, TextStyle, fill, number, stroke},
};

/// Dots across one character, as on common printers.
const PITCH: f64 = 12.0;
const INK: &str = "#111111";
const PEN: &str = "#1d2f7a";

/// The letters of one printer.
#[derive(Debug, Clone, Copy)]
pub struct Typeface {
    family: Family,
    /// Height of the letters against their natural height.
    stretch: f64,
    /// From one line to the next, in dots.
    leading: f64,
}

impl Typeface {
    /// Mostly fixed-width letters, as most tills have; some print in an office face.
    pub fn draw(rng: &mut Rng) -> Self {
        let family = *rng.pick(&[
            Family::DejaVuSansMono,
            Family::DejaVuSansMono,
            Family::Hack,
            Family::ShareTechMono,
            Family::CourierPrime,
            Family::Arimo,
            Family::Roboto,
        ]);
        Self { family, stretch: rng.between(1.0, 1.28), leading: rng.between(25.0, 31.0) }
    }

    /// The font size at which a digit is as wide as a column, or smaller if a line would not fit.
    fn size(&self, printout: &Printout) -> f64 {
        let natural = PITCH / self.family.width("0", 1.0, 400);
        // Capitals and bold lines of office faces are wider than their digits.
        let widest = printout.lines.iter().map(|line| self.crowding(line, natural)).fold(1.0, f64::max);
        natural / widest
    }

    /// How many times wider the cells of a line are than the room between them.
    fn crowding(&self, line: &Line, size: f64) -> f64 {
        let Line::Cells(cells, weight) = line else { return 0.0 };
        let weight = if *weight == Size::Normal { 400 } else { 700 };
        let width = |cell: &Cell| self.family.width(&cell.text, size, weight);
        let crowding = |pair: &[Cell]| {
            let (first, second) = (&pair[0], &pair[1]);
            let needed = match (first.right, second.right) {
                (false, true) => width(first) + width(second),
                (false, false) => width(first),
                (true, true) => width(second),
                (true, false) => 0.0,
            };
            (needed + PITCH * 0.8) / (dots(second.at) - dots(first.at)).max(1.0)
        };
        cells.windows(2).map(crowding).fold(0.0, f64::max)
    }
}

/// Draws the receipt; its width follows from its columns, its height from its lines.
pub fn draw(printout: &Printout, face: &Typeface, rng: &mut Rng) -> Svg {
    let margin = rng.between(18.0, 40.0).round();
    let top = rng.between(20.0, 60.0).round();
    let bottom = if printout.torn { 24.0 } else { rng.between(30.0, 90.0).round() };
    let heights: f64 = printout.lines.iter().map(|line| height(line, face)).sum();
    let mut press = Press {
        svg: Svg::new(dots(printout.columns) + 2.0 * margin, (top + heights + bottom).round(), "#ffffff"),
        face: *face,
        size: face.size(printout),
        left: margin,
        width: dots(printout.columns),
        y: top,
    };
    for line in &printout.lines {
        press.line(line);
        press.y += height(line, face);
    }
    press.svg
}

fn height(line: &Line, face: &Typeface) -> f64 {
    match line {
        Line::Centre(_, Size::Large | Size::Tall) | Line::Cells(_, Size::Large | Size::Tall) => {
            face.leading * 1.9
        }
        Line::Centre(_, Size::Inverse) => face.leading * 1.5,
        Line::Centre(..) | Line::Cells(..) | Line::Rule(_) => face.leading,
        Line::Gap => face.leading * 0.6,
        Line::Barcode(_) => 96.0,
        Line::Square(_) => 168.0,
        Line::Emblem(_) => 92.0,
        Line::Pen { .. } => face.leading * 1.7,
    }
}

struct Press {
    svg: Svg,
    face: Typeface,
    size: f64,
    left: f64,
    width: f64,
    y: f64,
}

impl Press {
    fn line(&mut self, line: &Line) {
        match line {
            Line::Centre(text, size) => self.centre(text, *size),
            Line::Cells(cells, size) => cells.iter().for_each(|cell| self.cell(cell, *size)),
            Line::Rule(letter) => self.rule(*letter),
            Line::Gap => {}
            Line::Barcode(digits) => self.barcode(digits),
            Line::Square(dots) => self.square(*dots),
            Line::Emblem(shape) => self.emblem(*shape),
            Line::Pen { word, written } => self.pen(word, written),
        }
    }

    fn style(&self, size: Size) -> TextStyle<'static> {
        let style = TextStyle::new(self.face.family, self.size, INK);
        if size == Size::Normal { style } else { style.bold() }
    }

    /// Text with its left end at `x` on this line.
    fn text(&mut self, x: f64, text: &str, style: &TextStyle<'_>, across: f64, up: f64) {
        let baseline = self.y + self.face.leading * 0.72 * if up > 1.4 { 1.85 } else { 1.0 };
        let up = up * self.face.stretch;
        let place = format!(
            "transform=\"matrix({} 0 0 {} {} {})\"",
            number(across),
            number(up),
            number(x),
            number(baseline)
        );
        self.svg.group(&place, |svg| svg.text(0.0, 0.0, text, style));
    }

    fn centre(&mut self, text: &str, size: Size) {
        let (mut across, up) = scale(size);
        let mut style = self.style(size);
        let natural = style.width(text);
        across = across.min(self.width / natural.max(1.0));
        let x = self.left + (self.width - natural * across) / 2.0;
        if size == Size::Inverse {
            let (y, height) = (self.y, self.face.leading * 1.25);
            self.svg.rect(x - 14.0, y, natural * across + 28.0, height, &fill(INK));
            style = style.colour("#ffffff");
            self.y += self.face.leading * 0.14;
            self.text(x, text, &style, across, up);
            self.y -= self.face.leading * 0.14;
        } else {
            self.text(x, text, &style, across, up);
        }
    }

    fn cell(&mut self, cell: &Cell, size: Size) {
        let (across, up) = scale(size);
        let style = self.style(size);
        let at = dots(cell.at);
        let shift = if cell.right { style.width(&cell.text) * across } else { 0.0 };
        self.text(self.left + at - shift, &cell.text, &style, across, up);
    }

    fn rule(&mut self, letter: char) {
        let count = self.width / self.face.family.width(&letter.to_string(), self.size, 400).max(1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tens of letters")]
        let text = letter.to_string().repeat(count as usize);
        let style = self.style(Size::Normal);
        self.text(self.left, &text, &style, 1.0, 1.0);
    }

    fn pen(&mut self, word: &str, written: &str) {
        self.y += self.face.leading * 0.6;
        let style = self.style(Size::Normal);
        self.text(self.left, &format!("{word}:"), &style, 1.0, 1.0);
        let (start, end, y) =
            (self.left + 8.0 * PITCH, self.left + self.width, self.y + self.face.leading * 0.85);
        self.svg.line(start, y, end, y, &stroke(INK, 1.5));
        let hand = TextStyle::new(Family::Caveat, 46.0, PEN).bold();
        self.svg.text(start + self.width * 0.25, y - 3.0, written, &hand);
        self.y -= self.face.leading * 0.6;
    }

    fn barcode(&mut self, digits: &str) {
        // The odd-parity half of the digits of a European article number.
        const BARS: [&str; 10] = [
            "0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011",
            "0110111", "0001011",
        ];
        let codes = digits.bytes().filter_map(|digit| BARS.get(usize::from(digit.wrapping_sub(b'0'))));
        let bits: String = std::iter::once("101").chain(codes.copied()).chain(["101"]).collect();
        let module = 3.0;
        let start =
            self.left + (self.width - module * f64::from(u32::try_from(bits.len()).expect("short"))) / 2.0;
        let mut x = start;
        for bit in bits.bytes() {
            if bit == b'1' {
                self.svg.rect(x, self.y, module, 60.0, &fill(INK));
            }
            x += module;
        }
        let y = self.y;
        self.y += 62.0;
        self.centre(digits, Size::Normal);
        self.y = y;
    }

    fn square(&mut self, dots: u64) {
        const SIDE: i32 = 25;
        let (module, mut bits) = (6.0, Rng::new(&["square", &dots.to_string()]));
        let left = self.left + (self.width - f64::from(SIDE) * module) / 2.0;
        for row in 0..SIDE {
            for column in 0..SIDE {
                let dark = finder(row, column, SIDE).unwrap_or_else(|| bits.chance(50));
                if dark {
                    let (x, y) = (left + f64::from(column) * module, self.y + f64::from(row) * module);
                    self.svg.rect(x, y, module, module, &fill(INK));
                }
            }
        }
    }

    fn emblem(&mut self, shape: u64) {
        let (x, y) = (self.left + self.width / 2.0, self.y + 42.0);
        let at = |points: &[(f64, f64)]| points.iter().map(|(dx, dy)| (x + dx, y + dy)).collect::<Vec<_>>();
        match shape % 5 {
            0 => {
                self.svg.circle(x, y, 38.0, &fill(INK));
                self.svg.polygon(&at(&[(-20.0, 14.0), (0.0, -24.0), (20.0, 14.0)]), &fill("#ffffff"));
            }
            1 => {
                self.svg.polygon(
                    &at(&[
                        (-44.0, 0.0),
                        (0.0, -38.0),
                        (44.0, 0.0),
                        (30.0, 0.0),
                        (30.0, 36.0),
                        (-30.0, 36.0),
                        (-30.0, 0.0),
                    ]),
                    &fill(INK),
                );
                self.svg.rect(x - 8.0, y + 8.0, 16.0, 28.0, &fill("#ffffff"));
            }
            2 => {
                let mut leaf = Path::new();
                leaf.to(x - 40.0, y + 30.0).curve(x - 40.0, y - 30.0, x + 10.0, y - 40.0, x + 42.0, y - 34.0);
                leaf.curve(x + 44.0, y + 10.0, x + 10.0, y + 36.0, x - 40.0, y + 30.0).close();
                self.svg.path(&leaf, &fill(INK));
                self.svg.line(x - 40.0, y + 30.0, x + 26.0, y - 20.0, &stroke("#ffffff", 4.0));
            }
            3 => {
                for step in 0..3 {
                    let rise = f64::from(step) * 20.0 - 24.0;
                    let mut wave = Path::new();
                    wave.to(x - 60.0, y + rise).curve(
                        x - 30.0,
                        y + rise - 30.0,
                        x - 10.0,
                        y + rise + 30.0,
                        x + 10.0,
                        y + rise,
                    );
                    wave.curve(x + 26.0, y + rise - 22.0, x + 44.0, y + rise - 16.0, x + 60.0, y + rise);
                    self.svg.path(&wave, &stroke(INK, 7.0));
                }
            }
            _ => {
                self.svg.rounded(x - 60.0, y - 34.0, 120.0, 68.0, 16.0, &stroke(INK, 6.0));
                self.svg.polygon(
                    &at(&[(-36.0, 18.0), (-12.0, -20.0), (4.0, 4.0), (14.0, -8.0), (36.0, 18.0)]),
                    &fill(INK),
                );
            }
        }
    }
}

/// Columns as dots of the print head.
fn dots(columns: usize) -> f64 {
    f64::from(u32::try_from(columns).expect("tens of columns")) * PITCH
}

/// The corner marks of a square code, and the white around them.
fn finder(row: i32, column: i32, side: i32) -> Option<bool> {
    let corner = |r: i32, c: i32| {
        let (r, c) = (row - r, column - c);
        (-1..8).contains(&r).then_some(()).filter(|()| (-1..8).contains(&c))?;
        let ring = (r - 3).abs().max((c - 3).abs());
        Some(ring == 3 || ring <= 1)
    };
    corner(0, 0).or_else(|| corner(0, side - 7)).or_else(|| corner(side - 7, 0))
}

/// How much wider and higher a size is than normal.
fn scale(size: Size) -> (f64, f64) {
    match size {
        Size::Normal | Size::Bold | Size::Inverse => (1.0, 1.0),
        Size::Tall => (1.0, 1.75),
        Size::Large => (1.9, 1.75),
    }
}
