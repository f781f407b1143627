//! ChartQA: a split's folder with `png/X.png`, `tables/X.csv` and JSON lists of `{"imgname","query","label"}`.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use vision_core::Task;
use vision_files::TEXT;

use super::output::{Output, Row};
use super::sroie::{names, stem};
use super::{Import, amounts, json_array};
use crate::{Problem, Result};

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    let root = &import.input;
    let wanted = |task| import.task.is_none_or(|only| only == task);
    let mut labelled = BTreeSet::new();
    if wanted(Task::ChartTable) && root.join("tables").is_dir() {
        output.use_task(Task::ChartTable, import.prompt.as_ref());
        for table in names(&root.join("tables"))? {
            labelled.insert(stem(&table).to_owned());
            let path = root.join("tables").join(&table);
            match table_row(root, &path, stem(&table), output) {
                Ok(row) => output.case(row)?,
                Err(problem) => output.refuse(problem),
            }
        }
    }
    if wanted(Task::ChartQuestion) {
        for file in names(root)?.iter().filter(|name| name.ends_with(".json")) {
            output.use_task(Task::ChartQuestion, import.prompt.as_ref());
            let path = root.join(file);
            json_array::each(&path, None, &mut |line, entry| {
                match question_row(root, stem(file), &entry, output) {
                    Ok(row) => {
                        labelled.extend(row.source.clone());
                        output.case(row)?;
                    }
                    Err(message) => output.refuse(Problem::at_line(&path, line, message)),
                }
                Ok(())
            })?;
        }
    }
    for image in names(&root.join("png"))? {
        if !labelled.contains(stem(&image)) {
            output.refuse(Problem::new(root.join("png").join(image), "has neither a table nor a question"));
        }
    }
    Ok(())
}

fn table_row(root: &Path, path: &Path, name: &str, output: &mut Output) -> Result<Row> {
    let wrong = |message: String| Problem::new(path, message);
    let text = vision_files::read_text(path, TEXT).map_err(|refused| wrong(refused.to_string()))?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns: Vec<String> =
        reader.headers().map_err(|error| wrong(error.to_string()))?.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(1, |position| position.line() as usize);
            Problem::at_line(path, line, error.to_string())
        })?;
        let line = record.position().map_or(1, |position| position.line() as usize);
        let cells = record.iter().enumerate().map(|(at, cell)| match at {
            0 => Ok(cell.into()),
            _ => value(cell).ok_or_else(|| Problem::at_line(path, line, format!("`{cell}` is not a number"))),
        });
        rows.push(cells.collect::<Result<Value>>()?);
    }
    if rows.is_empty() {
        return Err(wrong("has no rows".to_owned()));
    }
    // The tables do not hold the title, so it is not labelled.
    let expected = json!({ "columns": columns, "rows": rows });
    let medium = output.copy(root, &format!("png/{name}.png")).map_err(wrong)?;
    let source = Some(name.to_owned());
    Ok(Row {
        id: name.to_owned(),
        task: Some(Task::ChartTable),
        media: vec![medium],
        expected,
        source,
        ..Row::default()
    })
}

/// A cell: a number, perhaps with a per cent sign, or nothing.
fn value(cell: &str) -> Option<Value> {
    match cell.trim() {
        "" | "-" | "nan" | "NaN" | "None" => Some(Value::Null),
        text => amounts::decimal(text.trim_end_matches('%')),
    }
}

fn question_row(root: &Path, set: &str, entry: &Value, output: &mut Output) -> Result<Row, String> {
    let text = |key: &str| entry[key].as_str().ok_or_else(|| format!("`{key}` is missing"));
    let (image, query, label) = (text("imgname")?, text("query")?, text("label")?);
    let name = stem(image).to_owned();
    let mut row = Row {
        id: format!("{name}-question"),
        task: Some(Task::ChartQuestion),
        media: vec![output.copy(root, &format!("png/{image}"))?],
        expected: answer(label),
        source: Some(name),
        ..Row::default()
    };
    row.fields.insert("question".to_owned(), query.to_owned());
    row.tags.insert("set".to_owned(), set.to_owned());
    Ok(row)
}

/// Numbers are right within five per cent, as in the paper, unless they are years.
pub(super) fn answer(label: &str) -> Value {
    let plain = label.trim().trim_end_matches('%');
    let number = plain.parse::<f64>().is_ok().then(|| amounts::decimal(plain)).flatten();
    match (number, label.trim().to_lowercase().as_str()) {
        (Some(value), _) => {
            let is_year =
                value.as_i64().is_some_and(|year| plain.len() == 4 && (1900..=2100).contains(&year));
            json!({ "type": "number", "value": value, "unit": null, "tolerance": if is_year { 0.0 } else { 0.05 } })
        }
        (None, "yes") => json!({ "type": "yes_no", "value": true }),
        (None, "no") => json!({ "type": "yes_no", "value": false }),
        _ => json!({ "type": "category", "value": label, "aliases": [] }),
    }
}
