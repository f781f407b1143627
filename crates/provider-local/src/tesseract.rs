//! The installed `tesseract` program as a rival engine under the same layout rules.

use std::io::{Cursor, ErrorKind, Write};
use std::process::{Command, Stdio};

use image::{ImageFormat, RgbImage};

use crate::geometry::{Point, Region};
use crate::page::{Glyph, Line, Page};
use crate::{Failure, layout};

/// Words further apart than this many times their height are different cells of a row.
const CELL_GAP: f32 = 1.5;

/// Whether the program can be started.
pub fn is_installed() -> bool {
    command()
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Reads a picture with the program, which turns pages upright itself where it can.
pub fn read(image: RgbImage) -> Result<Page, Failure> {
    let mut png = Cursor::new(Vec::new());
    image
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|error| Failure::Engine(format!("the picture cannot be handed to tesseract: {error}")))?;
    let table = run(png.get_ref())?;
    Ok(Page { lines: layout::arrange(lines(&table)), image })
}

fn command() -> Command {
    Command::new("tesseract")
}

fn run(png: &[u8]) -> Result<String, Failure> {
    let mut child = command()
        .args(["stdin", "stdout", "--psm", "4", "tsv"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Failure::Absent("the `tesseract` program is not installed".into()),
            _ => Failure::Engine(format!("tesseract does not start: {error}")),
        })?;
    let mut input = child.stdin.take().expect("its input is piped");
    // It reads all of its input before it writes, so this cannot stall. A program that leaves early
    // says why on its way out.
    let written = input.write_all(png);
    drop(input);
    let output = child
        .wait_with_output()
        .map_err(|error| Failure::Engine(format!("tesseract does not answer: {error}")))?;
    if !output.status.success() || written.is_err() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::Engine(format!("tesseract failed: {}", complaint.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// One word of the program's table.
struct Word<'a> {
    /// Block, paragraph and line.
    place: [&'a str; 3],
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
    confidence: f32,
    text: &'a str,
}

impl<'a> Word<'a> {
    /// A row of level 5; other levels have no text.
    fn parse(row: &'a str) -> Option<Self> {
        let columns: Vec<&str> = row.split('\t').collect();
        let ["5", _, block, paragraph, line, _, left, top, width, height, confidence, text] = columns[..]
        else {
            return None;
        };
        let (left, top): (f32, f32) = (left.parse().ok()?, top.parse().ok()?);
        let (width, height): (f32, f32) = (width.parse().ok()?, height.parse().ok()?);
        let confidence: f32 = confidence.parse().ok()?;
        let text = text.trim();
        (!text.is_empty()).then_some(Self {
            place: [block, paragraph, line],
            left,
            top,
            right: left + width,
            bottom: top + height,
            confidence: confidence / 100.0,
            text,
        })
    }

    fn continues(&self, last: &Self) -> bool {
        let height = (self.bottom - self.top).min(last.bottom - last.top).max(8.0);
        self.place == last.place && self.left - last.right < CELL_GAP * height
    }
}

fn lines(table: &str) -> Vec<Line> {
    let mut cells: Vec<Vec<Word<'_>>> = Vec::new();
    for word in table.lines().filter_map(Word::parse) {
        match cells.last_mut().filter(|cell| cell.last().is_some_and(|last| word.continues(last))) {
            Some(cell) => cell.push(word),
            None => cells.push(vec![word]),
        }
    }
    cells.iter().map(|cell| line(cell)).collect()
}

fn line(words: &[Word<'_>]) -> Line {
    let edge = |side: fn(&Word<'_>) -> f32, pick: fn(f32, f32) -> f32, start| {
        words.iter().map(side).fold(start, pick)
    };
    let left = edge(|word| word.left, f32::min, f32::MAX);
    let top = edge(|word| word.top, f32::min, f32::MAX);
    let right = edge(|word| word.right, f32::max, f32::MIN);
    let bottom = edge(|word| word.bottom, f32::max, f32::MIN);
    let center = Point::new((left + right) / 2.0, (top + bottom) / 2.0);
    let region = Region { center, width: right - left, height: bottom - top, angle: 0.0 };
    let texts: Vec<&str> = words.iter().map(|word| word.text).collect();
    Line {
        text: texts.join(" "),
        confidence: edge(|word| word.confidence, f32::min, 1.0),
        rect: region.bounds(),
        region,
        vertical: false,
        glyphs: words.iter().flat_map(|word| glyphs(word, left, right)).collect(),
    }
}

/// The program tells where words are; their characters share the width.
fn glyphs(word: &Word<'_>, left: f32, right: f32) -> Vec<Glyph> {
    let count = word.text.chars().count() as f32;
    let place = |index: usize| word.left + (word.right - word.left) * (index as f32 + 0.5) / count;
    let glyph =
        |(index, character)| Glyph { character, position: (place(index) - left) / (right - left).max(1.0) };
    word.text.chars().enumerate().map(glyph).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str =
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t520\t700\t-1\t
4\t1\t1\t1\t1\t0\t30\t110\t460\t20\t-1\t
5\t1\t1\t1\t1\t1\t30\t110\t90\t20\t96.2\tSourdough
5\t1\t1\t1\t1\t2\t126\t110\t40\t20\t91.0\tloaf
5\t1\t1\t1\t1\t3\t440\t110\t50\t20\t88.5\t3.80
5\t1\t1\t1\t2\t1\t30\t140\t40\t20\t95\tTotal
5\t1\t1\t1\t2\t2\t440\t140\t50\t20\t95\t ";

    #[test]
    fn wide_gaps_part_the_cells_of_a_row() {
        let found = lines(TABLE);
        let texts: Vec<&str> = found.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["Sourdough loaf", "3.80", "Total"]);
        assert!((found[0].confidence - 0.91).abs() < 1e-3);
        assert_eq!(found[1].rect.right, 490.0);
    }

    #[test]
    fn a_foreign_table_has_no_lines() {
        assert!(lines("").is_empty());
        assert!(lines("5\t1\t1\n5\tx\t1\t1\t1\t1\ta\tb\tc\td\te\tf").is_empty());
    }
}
