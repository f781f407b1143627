use serde::Serialize;

use super::Tone;
use crate::figures::{self, UNKNOWN};

/// Columns stand in the order of their importance: a narrow terminal leaves out the last ones.
#[derive(Debug, Serialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Line>,
    /// Whether no column may be left out.
    pub(crate) whole: bool,
    /// A column, and the number below which a page folds a row.
    pub(crate) minor: Option<(usize, f64)>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// What the details of its cells are.
    pub(crate) detail: &'static str,
    /// What its figures say, where the name is too short for that.
    pub(crate) about: &'static str,
    /// Whether it holds numbers, which stand on the right.
    pub(crate) numeric: bool,
    /// Whether it is left out where it says nothing.
    pub(crate) optional: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) cells: Vec<Cell>,
    pub(crate) tone: Tone,
}

#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// An interval, a count, a remark.
    pub(crate) detail: String,
    /// What to sort by, for numbers.
    pub(crate) number: Option<f64>,
    /// The case that it names, as the case browser finds it.
    pub(crate) case: Option<String>,
}

impl Column {
    pub(crate) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), detail: "", about: "", numeric: false, optional: false }
    }

    pub(crate) fn detail(self, detail: &'static str) -> Self {
        Self { detail, ..self }
    }

    pub(crate) fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    pub(crate) fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The name, with that of the details.
    pub(crate) fn full_name(&self) -> String {
        if self.detail.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.detail) }
    }

    pub(crate) fn all<const N: usize>(names: [&str; N]) -> [Self; N] {
        names.map(Self::new)
    }
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A number in its printed form; nothing for an unknown one.
    pub(crate) fn number(value: Option<f64>, print: impl Fn(f64) -> String) -> Self {
        Self { text: value.map_or_else(|| UNKNOWN.to_owned(), print), number: value, ..Self::default() }
    }

    pub(crate) fn count(count: u64) -> Self {
        Self { text: figures::count(count), number: Some(count as f64), ..Self::default() }
    }

    pub(crate) fn with(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// The name of a case, which the case browser can open.
    pub(crate) fn case(dataset: &str, case: &str) -> Self {
        Self { case: Some(format!("{dataset}/{case}")), ..Self::text(case) }
    }

    /// In one line.
    pub(crate) fn full_text(&self) -> String {
        if self.detail.is_empty() { self.text.clone() } else { format!("{} ({})", self.text, self.detail) }
    }

    fn says_nothing(&self) -> bool {
        self.detail.is_empty() && (self.text.is_empty() || self.text == "–" || self.text == UNKNOWN)
    }
}

impl Line {
    pub(crate) fn plain(cells: Vec<Cell>) -> Self {
        Self { cells, tone: Tone::Plain }
    }
}

impl Table {
    pub(super) fn new(title: String, mut columns: Vec<Column>, mut rows: Vec<Line>) -> Self {
        for at in (0..columns.len()).rev() {
            if columns[at].optional && rows.iter().all(|row| row.cells[at].says_nothing()) {
                columns.remove(at);
                rows.iter_mut().for_each(|row| drop(row.cells.remove(at)));
            }
        }
        for (at, column) in columns.iter_mut().enumerate() {
            column.numeric = rows.iter().any(|row| row.cells[at].number.is_some());
            if rows.iter().all(|row| row.cells[at].detail.is_empty()) {
                column.detail = "";
            }
        }
        Self { title, columns, rows, whole: false, minor: None }
    }
}
