//! A table: a header, and rows with a cell per column.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::super::{LIST, json_array, open};
use super::encoding::{Encoding, decode};
use super::names::names_files;
use super::sheet::Sheet;
use crate::lines::{Lines, json_message};
use crate::{Problem, Result};

/// A row's cells in the order of the header; nothing where a cell is empty or a key is missing.
pub(super) type Cells = Vec<Option<Value>>;

/// A row by its keys, or why it cannot be read.
type Row = Result<Map<String, Value>, String>;

/// What rows are read from.
#[derive(Debug)]
pub(super) struct Table {
    pub path: PathBuf,
    pub header: Vec<String>,
    /// The first row that is not empty, if it can be read.
    pub first: Cells,
    form: Form,
}

#[derive(Debug)]
enum Form {
    Csv { sheet: Sheet, encoding: Encoding },
    Jsonl,
    Json(Vec<(usize, Row)>),
}

impl Table {
    /// Reads the whole file: it is decoded once and walked through twice.
    pub fn csv(path: &Path) -> Result<Self> {
        let wrong = |message: String| Problem::new(path, message);
        let bytes = vision_files::read(path, LIST).map_err(|refused| wrong(refused.to_string()))?;
        let (text, encoding) = decode(bytes).map_err(wrong)?;
        let sheet = Sheet::new(text, names_files).map_err(wrong)?;
        let mut first = Vec::new();
        // Ends at the first row that can be read.
        let _ = sheet.rows(&mut |_, row| match row {
            Ok(row) => {
                first = row.into_iter().map(cell).collect();
                Err(())
            }
            Err(_) => Ok(()),
        });
        let header = sheet.header.clone();
        Ok(Self { path: path.to_owned(), header, first, form: Form::Csv { sheet, encoding } })
    }

    /// Every key that some line has is a column.
    pub fn jsonl(path: &Path) -> Result<Self> {
        Self::keyed(path, Form::Jsonl)
    }

    /// The same for a file that is one list of objects.
    pub fn json(path: &Path) -> Result<Self> {
        let mut rows = Vec::new();
        json_array::each(path, None, &mut |line, value| {
            let row = match value {
                Value::Object(row) => Ok(row),
                _ => Err("is not an object".to_owned()),
            };
            rows.push((line, row));
            Ok(())
        })?;
        Self::keyed(path, Form::Json(rows))
    }

    fn keyed(path: &Path, form: Form) -> Result<Self> {
        let mut table = Self { path: path.to_owned(), header: Vec::new(), first: Vec::new(), form };
        let mut first = None;
        let mut known = std::collections::HashSet::new();
        let mut header = Vec::new();
        table.lines(&mut |_, line| {
            if first.is_none() {
                first = line.as_ref().ok().cloned();
            }
            for key in line.into_iter().flat_map(|line| line.keys().cloned().collect::<Vec<_>>()) {
                if known.insert(key.clone()) {
                    header.push(key);
                }
            }
            Ok(())
        })?;
        let mut first = first.ok_or_else(|| Problem::new(path, "has no row that can be read"))?;
        table.first = header.iter().map(|key| first.remove(key)).collect();
        table.header = header;
        Ok(table)
    }

    /// The delimiter and the encoding of a CSV file.
    pub fn dialect(&self) -> Option<(char, Encoding)> {
        match &self.form {
            Form::Csv { sheet, encoding } => Some((char::from(sheet.delimiter), *encoding)),
            Form::Jsonl | Form::Json(_) => None,
        }
    }

    /// Whether cells are texts that stand for something else.
    pub fn is_csv(&self) -> bool {
        matches!(self.form, Form::Csv { .. })
    }

    /// Every row with its line; rows without anything are left out.
    pub fn rows(&self, each: &mut dyn FnMut(usize, Result<Cells, String>) -> Result<()>) -> Result<()> {
        match &self.form {
            Form::Csv { sheet, .. } => {
                sheet.rows(&mut |line, row| each(line, row.map(|row| row.into_iter().map(cell).collect())))
            }
            Form::Jsonl | Form::Json(_) => self.lines(&mut |number, line| {
                let cells =
                    line.map(|mut line| self.header.iter().map(|key| line.remove(key)).collect::<Cells>());
                each(number, cells)
            }),
        }
    }

    fn lines(&self, each: &mut dyn FnMut(usize, Row) -> Result<()>) -> Result<()> {
        if let Form::Json(rows) = &self.form {
            return rows.iter().try_for_each(|(line, row)| each(*line, row.clone()));
        }
        let unreadable = |error: std::io::Error| Problem::unreadable(&self.path, &error);
        let mut lines = Lines::new(BufReader::new(open(&self.path)?));
        while let Some(line) = lines.next().map_err(unreadable)? {
            let number = line.number;
            let bytes = line.bytes.map(|bytes| if number == 1 { bytes.trim_prefix_bom() } else { bytes });
            let parsed = match bytes {
                Ok(bytes) if bytes.trim_ascii().is_empty() => continue,
                Ok(bytes) => serde_json::from_slice(bytes).map_err(|error| json_message(&error)),
                Err(message) => Err(message),
            };
            each(number, parsed)?;
        }
        Ok(())
    }
}

fn cell(text: &str) -> Option<Value> {
    Some(text).filter(|text| !text.trim().is_empty()).map(Value::from)
}

trait Bom {
    fn trim_prefix_bom(&self) -> &Self;
}

impl Bom for [u8] {
    fn trim_prefix_bom(&self) -> &Self {
        self.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(self)
    }
}

/// A cell of JSON.
pub(super) fn structured(cell: &Value, is_csv: bool) -> Option<Value> {
    let text = cell.as_str().filter(|_| is_csv)?.trim();
    text.starts_with(['{', '[']).then(|| serde_json::from_str(text).ok()).flatten()
}

/// Whether a cell of a label says, in the studio's word, that the field is not labeled.
pub(super) fn is_left_unlabeled(cell: &Value, is_csv: bool) -> bool {
    is_csv && cell.as_str().is_some_and(|text| text.trim() == "unlabeled")
}

/// A text without the sign before it that keeps spreadsheets from carrying it out, and the studio from taking it for its
/// word.
pub(super) fn unguarded(text: &str) -> &str {
    let rest = text.strip_prefix('\'').unwrap_or_default();
    let is_guarded = rest.starts_with(['=', '+', '-', '@', '\'', '\t', '\r']) || rest == "unlabeled";
    if is_guarded { rest } else { text }
}
