//! A queue of doubtful labels as a person left it.

use std::path::Path;

use eval_decide::labels::{Decided, Ruling};
use serde::Deserialize;
use serde_json::Value;

use crate::exit::Failure;
use crate::settings::read_text;

/// How a queue is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Csv,
    Jsonl,
}

impl Form {
    /// By the ending of its name.
    pub fn of(path: &Path) -> Result<Self, Failure> {
        match path.extension().and_then(|end| end.to_str()) {
            Some("csv") => Ok(Self::Csv),
            Some("jsonl") => Ok(Self::Jsonl),
            _ => Err(Failure::setup(format!("{}: a queue is a .csv or .jsonl file", path.display()))),
        }
    }
}

#[derive(Deserialize)]
struct Row {
    dataset: String,
    case: String,
    field: String,
    label: Value,
    suggestion: Value,
    decision: Option<String>,
    value: Option<Value>,
    reason: Option<String>,
    author: Option<String>,
}

/// The lines about a dataset that somebody decided.
pub fn read(path: &Path, dataset: &str) -> Result<Vec<Decided>, Failure> {
    let text = read_text(path)?;
    let wrong =
        |line: usize, message: String| Failure::setup(format!("{}:{line}: {message}", path.display()));
    let rows: Vec<(usize, Row)> = match Form::of(path)? {
        Form::Jsonl => {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let row = |(at, line): (usize, &str)| {
                let row = serde_json::from_str(line).map_err(|error| wrong(at + 1, error.to_string()))?;
                Ok((at + 1, row))
            };
            lines.map(row).collect::<Result<_, Failure>>()?
        }
        Form::Csv => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let columns = reader.headers().map_err(|error| wrong(1, error.to_string()))?.clone();
            let mut rows = Vec::new();
            for (at, record) in reader.records().enumerate() {
                let record = record.map_err(|error| wrong(at + 2, error.to_string()))?;
                let cells = columns.iter().zip(&record).map(|(name, cell)| (name.trim(), cell)).collect();
                rows.push((at + 2, of_cells(&cells).map_err(|message| wrong(at + 2, message))?));
            }
            rows
        }
    };
    let own = rows.into_iter().filter(|(_, row)| row.dataset == dataset);
    let decided = own.map(|(line, row)| decide(line, row).map_err(|it| wrong(line, it)));
    decided.filter_map(Result::transpose).collect()
}

type Cells<'a> = std::collections::HashMap<&'a str, &'a str>;

fn of_cells(cells: &Cells<'_>) -> Result<Row, String> {
    // An apostrophe keeps spreadsheets from running a cell.
    let cell = |name: &str| cells.get(name).map(|text| text.strip_prefix('\'').unwrap_or(text).trim());
    let needed =
        |name: &str| cell(name).map(str::to_owned).ok_or_else(|| format!("there is no column `{name}`"));
    let some = |name: &str| cell(name).filter(|text| !text.is_empty()).map(str::to_owned);
    // What a person types into a cell is mostly no JSON.
    let value = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Row {
        dataset: needed("dataset")?,
        case: needed("case")?,
        field: needed("field")?,
        label: value(needed("label")?),
        suggestion: value(needed("suggestion")?),
        decision: some("decision"),
        value: some("value").map(value),
        reason: some("reason"),
        author: some("author"),
    })
}

fn decide(line: usize, row: Row) -> Result<Option<Decided>, String> {
    let value =
        |word: &str| row.value.clone().ok_or(format!("`{word}` needs a `value` (null if there is nothing)"));
    let ruling = match row.decision.as_deref().map(str::trim) {
        None | Some("") => return Ok(None),
        Some("accept") => Ruling::Replace(row.suggestion),
        Some("keep") => Ruling::Keep,
        Some("replace") => Ruling::Replace(value("replace")?),
        Some("absent") => Ruling::Replace(Value::Null),
        Some("unlabel") => Ruling::Unlabel,
        Some("also") => Ruling::Also(value("also")?),
        Some(other) => {
            return Err(format!(
                "decision `{other}` is none of accept, keep, replace, absent, unlabel and also"
            ));
        }
    };
    Ok(Some(Decided {
        at: format!("line {line} of the queue"),
        case: row.case,
        field: row.field,
        label: row.label,
        ruling,
        reason: row.reason.unwrap_or_default(),
        author: row.author.unwrap_or_default(),
    }))
}
