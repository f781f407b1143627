//! A queue of doubtful labels as a person left it.

use std::collections::HashMap;
use std::path::Path;

use eval_datasets::Sheet;
use eval_decide::labels::{Decided, Ruling};
use eval_metrics::value::{FieldType, typed};
use serde::Deserialize;
use serde_json::Value;

use crate::exit::Failure;
use crate::settings::read_saved;

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

/// The types of a dataset's fields, where all its tasks agree.
pub type Types = HashMap<String, FieldType>;

/// The lines about a dataset that somebody decided.
pub fn read(path: &Path, dataset: &str, types: &Types) -> Result<Vec<Decided>, Failure> {
    let text = read_saved(path)?;
    let wrong =
        |line: usize, message: String| Failure::setup(format!("{}:{line}: {message}", path.display()));
    let mut rows: Vec<(usize, Row)> = Vec::new();
    match Form::of(path)? {
        Form::Jsonl => {
            for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let row = serde_json::from_str(line).map_err(|error| wrong(at + 1, error.to_string()))?;
                rows.push((at + 1, row));
            }
        }
        Form::Csv => {
            let known = |name: &str| ["dataset", "case", "decision"].contains(&name);
            let sheet = Sheet::new(text, known).map_err(|message| wrong(1, message))?;
            sheet.rows::<Failure>(&mut |line, row| {
                let cells = row.map_err(|message| wrong(line, message))?;
                let cells = sheet.header.iter().map(String::as_str).zip(cells).collect();
                rows.push((line, of_cells(&cells).map_err(|message| wrong(line, message))?));
                Ok(())
            })?;
        }
    }
    let own = rows.into_iter().filter(|(_, row)| row.dataset == dataset);
    let decided = own.map(|(line, row)| decide(line, row, types).map_err(|it| wrong(line, it)));
    decided.filter_map(Result::transpose).collect()
}

type Cells<'a> = HashMap<&'a str, &'a str>;

fn of_cells(cells: &Cells<'_>) -> Result<Row, String> {
    // An apostrophe keeps spreadsheets from running a cell.
    let cell = |name: &str| cells.get(name).map(|text| text.strip_prefix('\'').unwrap_or(text).trim());
    let needed =
        |name: &str| cell(name).map(str::to_owned).ok_or_else(|| format!("there is no column `{name}`"));
    let some = |name: &str| cell(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let value = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Row {
        dataset: needed("dataset")?,
        case: needed("case")?,
        field: needed("field")?,
        label: value(needed("label")?),
        suggestion: value(needed("suggestion")?),
        decision: some("decision"),
        value: some("value").map(Value::String),
        reason: some("reason"),
        author: some("author"),
    })
}

fn decide(line: usize, row: Row, types: &Types) -> Result<Option<Decided>, String> {
    let kind = types.get(&row.field).copied();
    let value = |word: &str| {
        let value = row.value.clone();
        let value = value.ok_or(format!("`{word}` needs a `value` (null if there is nothing)"))?;
        typed_value(kind, value).map_err(|message| format!("`value`: {message}"))
    };
    let ruling = match row.decision.as_deref().map(|word| word.trim().to_lowercase()).as_deref() {
        None | Some("") => return Ok(None),
        Some("accept") => Ruling::Replace(
            typed_value(kind, row.suggestion).map_err(|message| format!("`suggestion`: {message}"))?,
        ),
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

/// What a person typed, as imports and the studio read it: `24,55` in a field of amounts is 24.55. JSON stays JSON.
fn typed_value(kind: Option<FieldType>, value: Value) -> Result<Value, String> {
    let Value::String(text) = value else { return Ok(value) };
    match (serde_json::from_str(&text), kind) {
        (Ok(value @ (Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_))), _) => Ok(value),
        (Ok(Value::String(text)), Some(kind)) => typed(kind, &text, None),
        (_, Some(kind)) => typed(kind, &text, None),
        (Ok(value), None) => Ok(value),
        (Err(_), None) => Ok(Value::String(text)),
    }
}
