//! A table of named rows and columns.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::label;
use super::other::{Name, Names};
use super::shape::Shape;
use super::unit::{times, without_unit};
use crate::MetricError;
use crate::metric::deplot_rms::Point;
use crate::task::category::words;
use crate::value::{is_absent, quantity, text};

/// An answer may list anything; rows and columns beyond this are not read.
const MOST_ROWS: usize = 4_000;

/// A table. Cells without a value are left out.
#[derive(Default, Clone)]
pub(super) struct Grid {
    /// The title; null if labelled absent, nothing if not labelled.
    pub(super) title: Option<Value>,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<String>,
    pub(super) cells: Vec<Cell>,
    /// It has the shape that was asked for.
    pub(super) in_place: bool,
}

#[derive(Clone)]
pub(super) struct Cell {
    row: String,
    pub(super) column: String,
    /// In the unit of the expected table.
    pub(super) value: Value,
    /// As it was given, where that is another unit.
    given: Option<Value>,
}

impl Cell {
    /// The value as it stands in the answer.
    pub(super) fn shown(&self) -> &Value {
        self.given.as_ref().unwrap_or(&self.value)
    }

    pub(super) fn rescale(&mut self, factor: f64, wanted: Option<f64>, in_full: bool) {
        if let Some(value) = times(&self.value, factor, wanted, in_full) {
            self.given = Some(std::mem::replace(&mut self.value, value));
        }
    }

    pub(super) fn path(&self) -> String {
        format!("{} / {}", self.row, self.column)
    }
}

impl Grid {
    pub(super) fn expected(value: &Value) -> Result<Self, MetricError> {
        crate::arguments::list("expected.columns", &value["columns"])?;
        let rows = crate::arguments::list("expected.rows", &value["rows"])?;
        for row in rows {
            crate::arguments::list("each row of expected.rows", row)?;
        }
        if rows.len() > MOST_ROWS {
            return Err(MetricError::new(format!(
                "a table of {} rows is too much; at most {MOST_ROWS} are read",
                rows.len()
            )));
        }
        Ok(Self::answered(value).unwrap_or_default())
    }

    /// The table in `{"columns": […], "rows": […]}`, or in whatever form it was given.
    pub(super) fn answered(value: &Value) -> Option<Self> {
        let shape = Shape::find(value, MOST_ROWS)?;
        let columns: Vec<String> = shape.columns.iter().map(label).collect();
        Some(Self { in_place: shape.in_place, ..Self::new(shape.title, &columns, shape.rows) })
    }

    fn new(title: Option<Value>, columns: &[String], rows: Vec<Vec<Value>>) -> Self {
        let mut grid = Self { title, columns: columns.iter().skip(1).cloned().collect(), ..Self::default() };
        for row in rows {
            let mut values = row.into_iter();
            let Some(name) = values.next().map(|name| label(&name)) else { continue };
            for (column, value) in grid.columns.iter().zip(values) {
                if !is_absent(&value) {
                    let (value, given) = (as_in_accounts(&value).unwrap_or(value), None);
                    grid.cells.push(Cell { row: name.clone(), column: column.clone(), value, given });
                }
            }
            grid.rows.push(name);
        }
        grid
    }

    /// A table with `|` between its cells.
    pub(super) fn markdown(text: &str) -> Option<Self> {
        let mut title = None;
        let mut lines: Vec<Vec<Value>> = Vec::new();
        for line in text.lines().filter(|line| line.contains('|')).take(MOST_ROWS) {
            let cells: Vec<&str> =
                line.trim().trim_start_matches('|').trim_end_matches('|').split('|').map(str::trim).collect();
            match cells.as_slice() {
                ["title" | "Title" | "TITLE", rest @ ..]
                    if lines.is_empty() && title.is_none() && rest.len() == 1 =>
                {
                    title = Some(Value::from(rest[0]));
                }
                cells
                    if cells
                        .iter()
                        .all(|cell| !cell.is_empty() && cell.chars().all(|c| "-: ".contains(c))) => {}
                cells => lines.push(cells.iter().map(|cell| Value::from(*cell)).collect()),
            }
        }
        let rows = lines.split_off(1.min(lines.len()));
        let header: Vec<String> = lines.pop()?.iter().map(label).collect();
        Some(Self::new(title, &header, rows))
    }

    /// A table with commas, semicolons or tabs between its cells.
    pub(super) fn delimited(text: &str) -> Option<Self> {
        const LONGEST_LINE: usize = 2_000;
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| line.len() <= LONGEST_LINE).take(MOST_ROWS).collect();
        ['\t', ';', ','].into_iter().find_map(|mark| {
            // The first of at least two lines of equally many cells is the heading; a line before may be the title.
            let start = (0..lines.len()).find(|&at| {
                let count = split_cells(lines[at], mark).len();
                count >= 2 && lines.get(at + 1).is_some_and(|next| split_cells(next, mark).len() == count)
            })?;
            let width = split_cells(lines[start], mark).len();
            let all: Vec<Vec<&str>> = lines[start..]
                .iter()
                .map(|line| split_cells(line, mark))
                .take_while(|row| row.len() == width)
                .collect();
            let is_number = |cell: &&str| quantity(&Value::from(*cell)).is_some();
            let numbers = all[1..].iter().filter(|row| row[1..].iter().any(is_number)).count();
            (2 * numbers > all.len() - 1).then_some(())?;
            let title = start.checked_sub(1).map(|at| Value::from(lines[at].trim_end_matches(':')));
            let header: Vec<String> = all[0].iter().map(|cell| label(&Value::from(*cell))).collect();
            let rows =
                all[1..].iter().map(|row| row.iter().map(|cell| Value::from(*cell)).collect()).collect();
            Some(Self::new(title.filter(|_| start == 1), &header, rows))
        })
    }

    /// Takes the expected name for the only column of values, if the answer's says no more than that it holds values.
    pub(super) fn take_name_of_values(&mut self, expected: &Self) -> bool {
        const GENERAL: [&str; 8] = ["", "value", "values", "y", "amount", "number", "data", "count"];
        let ([column], [wanted]) = (self.columns.as_slice(), expected.columns.as_slice()) else {
            return false;
        };
        if column == wanted || !GENERAL.contains(&column.to_lowercase().as_str()) {
            return false;
        }
        self.cells.iter_mut().for_each(|cell| cell.column.clone_from(wanted));
        self.columns = expected.columns.clone();
        self.in_place = false;
        true
    }

    /// Whether more names of rows and columns of another table are where they were not asked for.
    pub(super) fn is_turned(&self, given: &Self) -> bool {
        let plain = |names: &[String]| -> HashSet<String> {
            names.iter().map(|name| words(&start_of(&without_unit(name))).join(" ")).collect()
        };
        let (rows, columns) = (plain(&self.rows), plain(&self.columns));
        let (other_rows, other_columns) = (plain(&given.rows), plain(&given.columns));
        let shared = |a: &HashSet<String>, b: &HashSet<String>| a.intersection(b).count();
        shared(&rows, &other_columns) + shared(&columns, &other_rows)
            > shared(&rows, &other_rows) + shared(&columns, &other_columns)
    }

    pub(super) fn transposed(&self) -> Self {
        let turn = |cell: &Cell| Cell {
            row: cell.column.clone(),
            column: cell.row.clone(),
            value: cell.value.clone(),
            given: cell.given.clone(),
        };
        Self {
            title: self.title.clone(),
            columns: self.rows.clone(),
            rows: self.columns.clone(),
            cells: self.cells.iter().map(turn).collect(),
            in_place: false,
        }
    }

    /// Cells with their names as key, in one spelling and without units, numbers in plain digits.
    pub(super) fn points(&self) -> Vec<Point> {
        let mut known = HashMap::new();
        let mut plain = |name: &str| {
            let plain = || words(&start_of(&without_unit(name))).join(" ");
            known.entry(name.to_owned()).or_insert_with(plain).clone()
        };
        let point = |cell: &Cell| {
            let value = quantity(&cell.value)
                .map_or_else(|| start_of(&text(&cell.value)).to_lowercase(), |number| number.to_string());
            (key(&plain(&cell.row), &plain(&cell.column)), value)
        };
        self.cells.iter().map(point).collect()
    }

    /// What tells the row and the column of each cell apart.
    pub(super) fn names(&self) -> Vec<(Rc<Name>, Rc<Name>)> {
        let mut names = Names::default();
        self.cells.iter().map(|cell| (names.of(&cell.row), names.of(&cell.column))).collect()
    }

    /// Cells as they stand, for a strict comparison: a number is only a number where it is one in JSON.
    pub(super) fn literal_points(&self) -> Vec<Point> {
        let point = |cell: &Cell| {
            let value = match cell.shown() {
                Value::Number(number) => number.to_string(),
                other => format!("\u{1f}{}", start_of(&text(other))),
            };
            (key(&cell.row, &cell.column), value)
        };
        self.cells.iter().map(point).collect()
    }
}

/// `(12)` and `▼12` as -12, and `12 [1]` without its footnote.
fn as_in_accounts(value: &Value) -> Option<Value> {
    const LONGEST: usize = 40;
    let text = value.as_str().filter(|text| text.len() <= LONGEST)?.trim();
    let is_number = |text: &str| quantity(&Value::from(text)).is_some();
    if let Some(below) = text.strip_prefix(['▼', '↓', '⬇']).map(str::trim).filter(|it| is_number(it)) {
        return Some(Value::from(format!("-{below}")));
    }
    let bracketed =
        text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')').or(rest.strip_suffix(")%")));
    if let Some(inner) = bracketed.filter(|it| is_number(it)) {
        return Some(Value::from(format!("-{inner}")));
    }
    let (number, note) = text.strip_suffix(']')?.split_once('[')?;
    let is_note = note.len() <= 2 && note.bytes().all(|it| it.is_ascii_alphanumeric());
    (is_note && is_number(number)).then(|| Value::from(number.trim()))
}

/// The cells of a line; what is in quotes is one of them.
fn split_cells(line: &str, mark: char) -> Vec<&str> {
    let mut quoted = false;
    let apart = move |c: char| {
        quoted ^= c == '"';
        c == mark && !quoted
    };
    line.split(apart).map(|cell| cell.trim().trim_matches('"')).collect()
}

/// Letters of a name that are compared.
const LONGEST: usize = 80;

fn start_of(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The name of a cell. A whole number in it is one long sign, so that 2024 and 2025 have nothing in common.
fn key(row: &str, column: &str) -> String {
    let mut key = String::new();
    let name = format!("{} {}", start_of(row), start_of(column)).to_lowercase();
    let mut rest = name.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = &rest[start..];
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let is_part = |c: char| ".,-".contains(c);
        let measured =
            rest[..start].ends_with(is_part) || digits[end..].starts_with(is_part) || key.ends_with('.');
        key.push_str(&rest[..start]);
        match digits[..end].parse::<u32>().ok().filter(|_| !measured) {
            Some(number) => (0..SIGN_LENGTH).for_each(|_| key.push(sign(number))),
            None => key.push_str(&digits[..end]),
        }
        rest = &digits[end..];
    }
    key.push_str(rest);
    key
}

/// Long enough that another number makes two names unlike.
const SIGN_LENGTH: usize = 8;

/// A letter for private use; numbers far apart may share one.
fn sign(number: u32) -> char {
    char::from_u32(0xf_0000 + number % 0x1_fffe).filter(|c| *c != '\u{fffff}').unwrap_or('\u{f0000}')
}
