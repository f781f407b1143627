//! Donut and Hugging Face image folders: `metadata.jsonl` of `{"file_name":"a.jpg","ground_truth":"{\"gt_parse\":{…}}"}`.

use std::io::BufReader;
use std::path::Path;

use serde_json::Value;
use vision_core::Task;

use super::Import;
use super::output::{Output, Row};
use super::shape::Shape;
use super::sroie::stem;
use crate::lines::{Lines, json_message};
use crate::{Problem, Result};

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    let task = import.task.unwrap_or(Task::Document);
    output.use_task(task, import.prompt.as_ref());
    let mut shape = Shape::default();
    metadata(&import.input, output, &mut |parse| shape.take(task, parse))?;
    shape.describe(task, output);
    Ok(())
}

/// Reads `metadata.jsonl` below `root`; `label` makes the label of a `gt_parse`.
pub(super) fn metadata(
    root: &Path,
    output: &mut Output,
    label: &mut dyn FnMut(&Value) -> Result<Value, String>,
) -> Result<()> {
    let path = root.join("metadata.jsonl");
    let file = super::open(&path)?;
    let mut lines = Lines::new(BufReader::new(file));
    while let Some(line) = lines.next().map_err(|error| Problem::unreadable(&path, &error))? {
        let number = line.number;
        let row = match line.bytes {
            Ok(bytes) if bytes.trim_ascii().is_empty() => continue,
            Ok(bytes) => serde_json::from_slice::<Value>(bytes).map_err(|error| json_message(&error)),
            Err(message) => Err(message),
        };
        let row = row.and_then(|row| {
            let name = row["file_name"].as_str().ok_or("`file_name` is missing")?;
            let expected = label(&ground_truth(&row["ground_truth"])?)?;
            output.check_label(&expected)?;
            Ok(Row {
                id: stem(name).to_owned(),
                media: vec![output.copy(root, name)?],
                expected,
                ..Row::default()
            })
        });
        match row {
            Ok(row) => output.case(row)?,
            Err(message) => output.refuse(Problem::at_line(&path, number, message)),
        }
    }
    Ok(())
}

/// The `gt_parse` of a ground truth, which is JSON in a text, or plain JSON. Several (`gt_parses`) are alternatives: the first.
pub(super) fn ground_truth(value: &Value) -> Result<Value, String> {
    let mut truth = match value {
        Value::String(text) => {
            serde_json::from_str(text).map_err(|error| format!("`ground_truth` {}", json_message(&error)))?
        }
        Value::Object(_) => value.clone(),
        _ => return Err("`ground_truth` is missing".to_owned()),
    };
    let parse = truth.get_mut("gt_parse").map(Value::take).filter(|parse| !parse.is_null());
    let first = || truth.pointer_mut("/gt_parses/0").map(Value::take);
    parse.or_else(first).ok_or_else(|| "`ground_truth` has no `gt_parse`".to_owned())
}
