//! DocVQA: `{"data":[{"questionId":…,"question":…,"image":"documents/x_1.png","docId":…,"answers":[…],…}]}`.

use std::path::Path;

use serde_json::{Value, json};
use vision_core::Task;

use super::output::{Output, Row};
use super::{Import, json_array, templates};
use crate::{Problem, Result};

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    let root = import.input.parent().unwrap_or(Path::new("."));
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    output.use_task(Task::Text, import.prompt.as_ref());
    if let Some(spec) = output.tasks.get_mut(&Task::Text) {
        templates::question(spec, "document", import.prompt.as_deref(), &mut output.schemas);
    }
    json_array::each(&import.input, Some("data"), &mut |line, entry| {
        match row(&entry, root, output) {
            Ok(row) => output.case(row)?,
            Err(message) => output.refuse(Problem::at_line(&import.input, line, message)),
        }
        Ok(())
    })
}

fn row(entry: &Value, root: &Path, output: &mut Output) -> Result<Row, String> {
    let question = entry["question"].as_str().ok_or("`question` is missing")?;
    let answers = entry["answers"].as_array().ok_or("`answers` is missing: the test split has none")?;
    let texts: Option<Vec<&str>> = answers.iter().map(Value::as_str).collect();
    let texts = texts.ok_or("`answers` should be texts")?;
    let (first, aliases) = texts.split_first().ok_or("`answers` is empty")?;
    let image = entry["image"].as_str().ok_or("`image` is missing")?;
    let mut row = Row {
        id: format!("question-{}", plain(&entry["questionId"]).ok_or("`questionId` is missing")?),
        media: vec![output.copy(root, image)?],
        expected: json!({ "type": "category", "value": first, "aliases": aliases }),
        // Questions about one document are not independent.
        source: plain(&entry["ucsf_document_id"])
            .or(plain(&entry["docId"]))
            .map(|id| format!("document-{id}")),
        ..Row::default()
    };
    row.fields.insert("question".to_owned(), question.to_owned());
    if let Some(kind) = entry["question_types"][0].as_str() {
        row.tags.insert("question".to_owned(), kind.to_owned());
    }
    Ok(row)
}

/// A number or a text, as a text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
