//! Plain lists of files and labels.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use vision_core::Task;

use super::output::{Output, Row};
use super::sroie::stem;
use super::{Import, donut::Shape};
use crate::lines::{Lines, json_message};
use crate::{Problem, Result};

/// Columns that are no fields of the label.
const KNOWN: [&str; 4] = ["file", "expected", "id", "source"];

/// A header, then a case a line. `tag:NAME` and `field:NAME` are tags and fields.
pub(super) fn csv(import: &Import, output: &mut Output) -> Result<()> {
    let path = &import.input;
    let wrong = |error: csv::Error| Problem::new(path, error.to_string());
    let mut reader = csv::ReaderBuilder::new().flexible(false).from_path(path).map_err(wrong)?;
    let header = reader.headers().map_err(wrong)?.clone();
    if !header.iter().any(|name| name == "file") {
        return Err(Problem::at_line(path, 1, "has no column `file`"));
    }
    let has = |wanted: &str| header.iter().any(|name| name == wanted);
    // A column of labels and nothing said: that is what sorting looks like.
    let guess = if has("label") && !has("expected") { Task::Classify } else { Task::Text };
    let words = words(path, &header).map_err(wrong)?;
    let mut rows = Rows::new(import, guess, output);
    for word in words.values() {
        output.note(Problem::at_line(path, word.line, word.note()));
    }
    for record in reader.records() {
        let at = |position: Option<&csv::Position>| position.map_or(1, |it| it.line() as usize);
        match record {
            Ok(record) => {
                let cells = header.iter().zip(record.iter());
                let line = from_cells(cells, &words, rows.task);
                rows.add(at(record.position()), line, output)?;
            }
            Err(error) => {
                let line = at(error.position());
                output.refuse(Problem::at_line(path, line, error.to_string()));
                if error.is_io_error() {
                    break;
                }
            }
        }
    }
    rows.shape.describe(rows.task, output);
    Ok(())
}

/// A case a line, in the words of our own format.
pub(super) fn jsonl(import: &Import, output: &mut Output) -> Result<()> {
    let path = &import.input;
    let file = File::open(path).map_err(|error| Problem::unreadable(path, &error))?;
    let mut rows = Rows::new(import, Task::Text, output);
    let mut lines = Lines::new(BufReader::new(file));
    while let Some(line) = lines.next().map_err(|error| Problem::unreadable(path, &error))? {
        let parsed = match line.bytes {
            Ok(bytes) if bytes.trim_ascii().is_empty() => continue,
            Ok(bytes) => serde_json::from_slice(bytes).map_err(|error| json_message(&error)),
            Err(message) => Err(message),
        };
        rows.add(line.number, parsed, output)?;
    }
    rows.shape.describe(rows.task, output);
    Ok(())
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    file: Option<String>,
    #[serde(default)]
    files: Vec<String>,
    expected: Value,
    id: Option<String>,
    source: Option<String>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    #[serde(default)]
    fields: BTreeMap<String, String>,
}

/// A word in a column that holds numbers, too.
struct Word {
    column: String,
    cell: String,
    line: usize,
}

impl Word {
    fn note(&self) -> String {
        let Self { column, cell, .. } = self;
        let cell: String = cell.chars().take(40).collect();
        format!("`{cell}` is no number, so that all of the column `{column}` is read as text")
    }
}

/// The columns of labels that hold both numbers and words, with the first word: one type must fit a whole column.
fn words(path: &Path, header: &csv::StringRecord) -> csv::Result<BTreeMap<String, Word>> {
    let mut first: Vec<Option<Word>> = header.iter().map(|_| None).collect();
    let mut numbers = vec![false; header.len()];
    // What cannot be read is refused later, with its line.
    for record in csv::Reader::from_path(path)?.records().flatten() {
        let line = record.position().map_or(1, |position| position.line() as usize);
        for (at, (column, cell)) in header.iter().zip(&record).enumerate() {
            if KNOWN.contains(&column) || column.contains(':') || cell.is_empty() {
                continue;
            }
            match scalar(cell) {
                Value::Null => {}
                Value::String(cell) if first[at].is_none() => {
                    first[at] = Some(Word { column: column.to_owned(), cell, line });
                }
                value => numbers[at] |= value.is_number(),
            }
        }
    }
    let mixed = first.into_iter().zip(numbers).filter(|(_, numbers)| *numbers).filter_map(|(word, _)| word);
    Ok(mixed.map(|word| (word.column.clone(), word)).collect())
}

fn from_cells<'a>(
    cells: impl Iterator<Item = (&'a str, &'a str)>,
    words: &BTreeMap<String, Word>,
    task: Task,
) -> Result<Line, String> {
    let (mut line, mut label) = (Line::default(), Map::new());
    for (name, cell) in cells {
        let some = || Some(cell.to_owned()).filter(|cell| !cell.is_empty());
        match name.split_once(':') {
            Some(("tag", tag)) => line.tags.extend(some().map(|cell| (tag.to_owned(), cell))),
            Some(("field", field)) => line.fields.extend(some().map(|cell| (field.to_owned(), cell))),
            _ => match name {
                "file" => line.files = cell.split(';').map(|file| file.trim().to_owned()).collect(),
                "id" => line.id = some(),
                "source" => line.source = some(),
                "expected" => line.expected = expected(cell, task)?,
                _ => {
                    debug_assert!(!KNOWN.contains(&name));
                    // An empty cell is not labelled; the word null says that there is nothing.
                    if let Some(cell) = some() {
                        let value = scalar(&cell);
                        let is_text = task == Task::Classify || value.is_number() && words.contains_key(name);
                        label.insert(name.to_owned(), if is_text { cell.into() } else { value });
                    }
                }
            },
        }
    }
    match (line.expected.is_null(), label.is_empty()) {
        (true, false) => line.expected = label.into(),
        (false, false) => return Err("has both `expected` and columns of labelled fields".to_owned()),
        _ => {}
    }
    Ok(line)
}

/// A cell with a whole label: a text, a class, or JSON.
fn expected(cell: &str, task: Task) -> Result<Value, String> {
    match task {
        Task::Text | Task::Transcribe => Ok(cell.into()),
        Task::Classify if !cell.trim_start().starts_with('{') => Ok(json!({ "label": cell })),
        _ => serde_json::from_str(cell)
            .map_err(|error| format!("`expected` is not JSON: {}", json_message(&error))),
    }
}

/// Numbers and `null` are what they look like, but `007` is a code, and `true` a word.
fn scalar(cell: &str) -> Value {
    match serde_json::from_str(cell) {
        Ok(value @ (Value::Number(_) | Value::Null)) => value,
        _ => cell.into(),
    }
}

struct Rows<'a> {
    path: &'a Path,
    root: &'a Path,
    task: Task,
    shape: Shape,
}

impl<'a> Rows<'a> {
    fn new(import: &'a Import, guess: Task, output: &mut Output) -> Self {
        let task = import.task.unwrap_or(guess);
        output.use_task(task, import.prompt.as_ref());
        let root = import.input.parent().filter(|root| !root.as_os_str().is_empty());
        Self { path: &import.input, root: root.unwrap_or(Path::new(".")), task, shape: Shape::default() }
    }

    fn add(&mut self, number: usize, line: Result<Line, String>, output: &mut Output) -> Result<()> {
        match line.and_then(|line| self.row(line, number, output)) {
            Ok(row) => output.case(row),
            Err(message) => {
                output.refuse(Problem::at_line(self.path, number, message));
                Ok(())
            }
        }
    }

    fn row(&mut self, line: Line, number: usize, output: &mut Output) -> Result<Row, String> {
        let files: Vec<String> = line.file.into_iter().chain(line.files).collect();
        let first = files.first().filter(|file| !file.is_empty()).ok_or("`file` is missing")?;
        let id = line.id.unwrap_or_else(|| match stem(first) {
            "" => format!("line-{number}"),
            stem => stem.to_owned(),
        });
        if line.expected.is_null() {
            return Err("`expected` is missing".to_owned());
        }
        let expected = match self.task {
            Task::Text | Task::Transcribe if !line.expected.is_string() => {
                let hint = "`expected` should be a text; or say with --task what else is asked";
                return Err(hint.to_owned());
            }
            task => self.shape.take(task, &line.expected)?,
        };
        let media = files.iter().map(|file| output.copy(self.root, file)).collect::<Result<_, _>>()?;
        let (source, tags, fields) = (line.source, line.tags, line.fields);
        Ok(Row { id, media, expected, source, tags, fields, ..Row::default() })
    }
}
