//! Donut and Hugging Face image folders: `metadata.jsonl` of `{"file_name":"a.jpg","ground_truth":"{\"gt_parse\":{…}}"}`.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde_json::{Map, Value, json};
use vision_core::Task;

use super::Import;
use super::output::{Output, Row};
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
    let file = File::open(&path).map_err(|error| Problem::unreadable(&path, &error))?;
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
        Value::String(text) => serde_json::from_str(text)
            .map_err(|error| format!("`ground_truth` is not JSON: {}", json_message(&error)))?,
        Value::Object(_) => value.clone(),
        _ => return Err("`ground_truth` is missing".to_owned()),
    };
    let parse = truth.get_mut("gt_parse").map(Value::take).filter(|parse| !parse.is_null());
    let first = || truth.pointer_mut("/gt_parses/0").map(Value::take);
    parse.or_else(first).ok_or_else(|| "`ground_truth` has no `gt_parse`".to_owned())
}

/// `2026-11-21`, as labels write dates.
fn is_date(text: &str) -> bool {
    let digit_or_dash = |(at, letter): (usize, char)| match at {
        4 | 7 => letter == '-',
        _ => letter.is_ascii_digit(),
    };
    text.len() == 10 && text.chars().enumerate().all(digit_or_dash)
}

/// What all labels together look like, for settings and schema.
#[derive(Debug, Default)]
pub(super) struct Shape {
    fields: Map<String, Value>,
    labels: std::collections::BTreeSet<String>,
}

impl Shape {
    /// The label of a `gt_parse` for `task`.
    pub fn take(&mut self, task: Task, parse: &Value) -> Result<Value, String> {
        match task {
            Task::Classify => {
                let label = parse["class"].as_str().or(parse["label"].as_str()).or(parse.as_str());
                let label = label.ok_or("`gt_parse` has no `class`")?;
                self.labels.insert(label.to_owned());
                Ok(json!({ "label": label }))
            }
            Task::Text => {
                let text = parse["text_sequence"].as_str().or(parse.as_str());
                Ok(text.ok_or("`gt_parse` has no `text_sequence`")?.into())
            }
            Task::Document => self.document(parse),
            _ => Ok(parse.clone()),
        }
    }

    fn document(&mut self, parse: &Value) -> Result<Value, String> {
        let fields = parse.as_object().ok_or("`gt_parse` is not an object")?;
        if let Some((name, _)) = fields.iter().find(|(_, value)| value.is_object() || value.is_array()) {
            return Err(format!("the field `{name}` is nested: a document has plain fields"));
        }
        for (name, value) in fields {
            let known = self.fields.entry(name.clone()).or_insert(Value::Null);
            let kind: Value = match value {
                // What is not there says nothing about what it would be.
                Value::Null => continue,
                Value::Number(_) => "number".into(),
                Value::String(text) if is_date(text) => "date".into(),
                _ => "text".into(),
            };
            *known = if known.is_null() || *known == kind { kind } else { "text".into() };
        }
        Ok(parse.clone())
    }

    /// Writes settings and schema that fit the labels.
    pub fn describe(self, task: Task, output: &mut Output) {
        let Some(spec) = output.tasks.get_mut(&task) else { return };
        match task {
            Task::Document => {
                let kinds: toml::Table = self
                    .fields
                    .iter()
                    .map(|(name, kind)| (name.clone(), kind.as_str().unwrap_or("text").into()))
                    .collect();
                spec.settings.insert("fields".to_owned(), kinds.into());
                let types = self.fields.iter().map(|(name, kind)| {
                    let kind = if kind == "number" { "number" } else { "string" };
                    (name.clone(), json!({ "type": [kind, "null"] }))
                });
                let properties: Map<String, Value> = types.collect();
                let schema = super::templates::object("document", &properties);
                output.schemas.insert("document.schema.json".to_owned(), schema);
            }
            Task::Classify => super::templates::labels(spec, self.labels, &mut output.schemas),
            _ => {}
        }
    }
}
