//! The labels of a chart: OCR lines, cut where a wide gap parts two of them.

use crate::geometry::{Point, Rect, Region};
use crate::page::{Line, Page};

use super::number::{Marks, marks, number};

/// What OCR makes of the keys of a legend.
const DECORATION: &[char] =
    &['|', '·', '•', '■', '●', '▪', '_', '~', '—', '–', '◆', '▲', '+', '*', '=', '口', '□', ' '];

/// One label in pixels of the picture.
#[derive(Debug, Clone)]
pub struct Label {
    pub text: String,
    pub rect: Rect,
    /// Runs up or down.
    pub vertical: bool,
    /// Runs neither level nor straight up.
    pub slanted: bool,
    /// The end of a slanted label, where its tick is.
    pub end: Point,
    pub value: Option<f64>,
    pub height: f32,
}

impl Label {
    pub fn center(&self) -> Point {
        self.rect.center()
    }

    /// Mirrored at the diagonal, for charts whose values run to the right.
    pub fn transposed(&self) -> Self {
        let Rect { left, top, right, bottom } = self.rect;
        Self {
            rect: Rect::new(top, left, bottom, right),
            end: Point::new(self.end.y, self.end.x),
            ..self.clone()
        }
    }
}

/// The labels of a page, and how it writes numbers.
pub fn labels(page: &Page) -> (Vec<Label>, Marks) {
    let lines: Vec<Line> = page.lines.iter().flat_map(cut).collect();
    let marks = marks(lines.iter().map(|line| line.text.as_str()));
    let labels = lines.iter().filter(|line| !is_dot(line)).map(|line| label(line, marks)).collect();
    (labels, marks)
}

/// A point of a chart looks like a nought.
fn is_dot(line: &Line) -> bool {
    matches!(line.text.as_str(), "0" | "O" | "o" | "●" | "•" | "·" | "。") && line.confidence < 0.8
}

fn label(line: &Line, marks: Marks) -> Label {
    let region = line.region;
    let slanted = region.angle.abs() > 0.2 && region.width > 1.8 * region.height;
    let text = line.text.trim_start_matches(DECORATION).trim().to_owned();
    Label {
        value: number(&text, marks),
        text,
        rect: region.bounds(),
        vertical: line.vertical,
        slanted,
        end: region.at(0.5, 0.0),
        height: region.width.min(region.height),
    }
}

/// Cuts a level line where the gap between two characters is much wider than a blank.
fn cut(line: &Line) -> Vec<Line> {
    let width = line.region.width;
    let visible: Vec<char> = line.text.chars().filter(|c| !c.is_whitespace()).collect();
    if line.vertical || visible.len() != line.glyphs.len() || line.glyphs.len() < 2 {
        return vec![line.clone()];
    }
    let wide = 1.9 * line.region.height;
    let gaps = line.glyphs.windows(2).enumerate();
    let decorated = line.text.starts_with(DECORATION);
    let cuts: Vec<usize> = gaps
        .filter(|(_, pair)| {
            let gap = (pair[1].position - pair[0].position) * width;
            gap > wide || (decorated && DECORATION.contains(&pair[1].character))
        })
        .map(|(index, _)| index + 1)
        .collect();
    if cuts.is_empty() {
        return vec![line.clone()];
    }
    let ends = cuts.iter().copied().chain([line.glyphs.len()]);
    let starts = [0].into_iter().chain(cuts.iter().copied());
    starts.zip(ends).map(|(start, end)| piece(line, start, end)).collect()
}

/// The part of `line` with the characters from `start` to `end`.
fn piece(line: &Line, start: usize, end: usize) -> Line {
    let half = 0.3 * line.region.height / line.region.width.max(1.0);
    let from = (line.glyphs[start].position - half).max(0.0);
    let to = (line.glyphs[end - 1].position + half).min(1.0);
    let mut seen = 0;
    let mut text = String::new();
    for character in line.text.chars() {
        let inside = (start..end).contains(&seen);
        if inside && !(character.is_whitespace() && seen == start) {
            text.push(character);
        }
        seen += usize::from(!character.is_whitespace());
    }
    let region = Region {
        center: line.region.at((from + to) / 2.0 - 0.5, 0.0),
        width: (to - from) * line.region.width,
        ..line.region
    };
    Line { text: text.trim().to_owned(), region, rect: region.bounds(), glyphs: vec![], ..line.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Glyph;

    #[test]
    fn a_wide_gap_parts_two_labels() {
        let region = Region { center: Point::new(150.0, 50.0), width: 300.0, height: 20.0, angle: 0.0 };
        let glyphs = [('N', 0.02), ('o', 0.05), ('E', 0.9), ('x', 0.98)];
        let line = Line {
            text: "No Ex".into(),
            confidence: 1.0,
            rect: region.bounds(),
            region,
            vertical: false,
            glyphs: glyphs.map(|(character, position)| Glyph { character, position }).to_vec(),
        };
        let parts = cut(&line);
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["No", "Ex"]);
        assert!(parts[0].region.center.x < 20.0 && parts[1].region.center.x > 260.0, "{parts:?}");
    }
}
