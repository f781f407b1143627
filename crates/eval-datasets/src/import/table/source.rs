//! A table: a header, and rows with a cell per column.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::super::{LIST, json_array, open};
use super::encoding::{Encoding, decode};
use super::names::names_files;
use crate::lines::{Lines, json_message};
use crate::{Problem, Result};

/// Rows that say which delimiter is meant.
const ENOUGH: usize = 100;

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
    Csv { text: String, delimiter: u8, encoding: Encoding, skipped: usize },
    Jsonl,
    Json(Vec<(usize, Row)>),
}

impl Table {
    /// Reads the whole file: it is decoded once and walked through twice.
    pub fn csv(path: &Path) -> Result<Self> {
        let wrong = |message: String| Problem::new(path, message);
        let bytes = vision_files::read(path, LIST).map_err(|refused| wrong(refused.to_string()))?;
        let (mut text, encoding) = decode(bytes).map_err(wrong)?;
        let mut delimiter = None;
        let mut skipped = 0;
        // Excel's own way to name it.
        if let Some(rest) = text.strip_prefix("sep=")
            && let Some((sign, rest)) = rest.split_once('\n')
            && let [sign] = sign.trim_end_matches('\r').as_bytes()
        {
            delimiter = Some(*sign);
            skipped = 1;
            text = rest.to_owned();
        }
        let delimiter = delimiter.unwrap_or_else(|| guess_delimiter(&text));
        let header = reader(&text, delimiter).headers().map_err(|error| wrong(error.to_string()))?.clone();
        let mut header: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        // Spreadsheets end lines with delimiters where a column was once.
        while header.len() > 1 && header.last().is_some_and(String::is_empty) {
            header.pop();
        }
        if header.iter().all(String::is_empty) {
            return Err(wrong("is empty".to_owned()));
        }
        let first =
            reader(&text, delimiter).records().flatten().find(|row| row.iter().any(|cell| !cell.is_empty()));
        let first = first.iter().flatten().take(header.len()).map(cell).collect();
        let form = Form::Csv { text, delimiter, encoding, skipped };
        Ok(Self { path: path.to_owned(), header, first, form })
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
            Form::Csv { delimiter, encoding, .. } => Some((char::from(*delimiter), *encoding)),
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
            Form::Csv { text, delimiter, skipped, .. } => self.records(text, *delimiter, *skipped, each),
            Form::Jsonl | Form::Json(_) => self.lines(&mut |number, line| {
                let cells =
                    line.map(|mut line| self.header.iter().map(|key| line.remove(key)).collect::<Cells>());
                each(number, cells)
            }),
        }
    }

    fn records(
        &self,
        text: &str,
        delimiter: u8,
        skipped: usize,
        each: &mut dyn FnMut(usize, Result<Cells, String>) -> Result<()>,
    ) -> Result<()> {
        let mut reader = reader(text, delimiter);
        let wrong = |error: csv::Error| Problem::new(&self.path, error.to_string());
        let mut record = csv::StringRecord::new();
        let columns = self.header.len();
        while reader.read_record(&mut record).map_err(wrong)? {
            let line = skipped + record.position().map_or(1, |position| line_of(text, position));
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let surplus = record.iter().skip(columns).any(|cell| !cell.trim().is_empty());
            if record.len() < columns || surplus {
                let count = record.len();
                let hint = match record.iter().any(|cell| cell.contains('\n')) {
                    true => "is a quote left open?".to_owned(),
                    false => format!("a cell that holds `{}` needs quotes", char::from(delimiter)),
                };
                let (cells, of) = (counted(count, "cell"), counted(columns, "column"));
                each(line, Err(format!("has {cells} for {of}; {hint}")))?;
                continue;
            }
            each(line, Ok(record.iter().take(columns).map(cell).collect()))?;
        }
        Ok(())
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

/// The line on which a record of `text` begins. Its position may be within the line end of the record before, `\r\n`, or on
/// empty lines.
#[must_use]
pub fn line_of(text: &str, position: &csv::Position) -> usize {
    let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() as usize + ends.filter(|byte| **byte == b'\n').count()
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

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes())
}

/// The sign by which most of the first rows have as many cells as the header; of several, the one that lets a column name
/// the files, and then the one that makes most columns.
fn guess_delimiter(text: &str) -> u8 {
    let fit = |delimiter: &u8| {
        let mut reader = reader(text, *delimiter);
        let header = reader.headers().cloned().unwrap_or_default();
        let columns = header.len();
        let rows: Vec<usize> = reader.records().take(ENOUGH).flatten().map(|row| row.len()).collect();
        let alike = rows.iter().filter(|len| **len == columns).count();
        // A sentence has commas, too, but not the same number in each row.
        let even = columns > 1 && 10 * alike >= 7 * rows.len();
        (even, header.iter().any(names_files), columns)
    };
    // Of equals the last is taken.
    [b'|', b'\t', b';', b','].into_iter().max_by_key(fit).unwrap_or(b',')
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
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

#[cfg(test)]
mod tests {
    use super::guess_delimiter;

    #[test]
    fn delimiters_are_told_by_the_rows() {
        for (text, delimiter) in [
            ("file,label\na.png,x\n", ','),
            ("file;total\na.png;1,50\nb.png;2,50\n", ';'),
            ("file\ttotal, net\na.png\t1,5\n", '\t'),
            ("file|files\na|b\n", '|'),
            ("file\na.png\n", ','),
            ("file;text\na.png;\"one, two\nthree\"\nb.png;x\n", ';'),
            ("file,text;more\n\"a.png\",x;y\nb.png,z\n", ','),
        ] {
            assert_eq!(char::from(guess_delimiter(text)), delimiter, "{text}");
        }
    }
}
