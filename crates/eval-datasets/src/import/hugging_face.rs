//! A parquet file as the Hugging Face hub keeps them: `image` is a group of `bytes` and `path`; the names of classes stand in
//! the file's metadata. Labels are `ground_truth` (Donut), `question` and `answers`, `label`, or `text`.

use std::collections::BTreeSet;

use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::{Field, Row as Record};
use serde_json::{Value, json};
use vision_core::Task;

use super::donut::ground_truth;
use super::output::{Output, Row};
use super::shape::Shape;
use super::{Import, cord, templates};
use crate::{Problem, Result};

mod pages;

/// Guards against files that are small on disk and huge in memory.
const MOST_ROWS: i64 = 1_000_000;
const MOST_BYTES: i64 = 64 << 30;
const MOST_COLUMN_BYTES: i64 = 4 << 30;
const MOST_GROWTH: i64 = 200;

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    let path = &import.input;
    let wrong = |message: String| Problem::new(path, message);
    let file = super::open(path)?;
    let reader = caught(|| SerializedFileReader::new(file)).map_err(wrong)?;
    guard(reader.metadata()).map_err(wrong)?;
    let again = super::open(path)?;
    pages::guard(&again, reader.metadata()).map_err(wrong)?;
    let mut labels = Labels {
        names: class_names(reader.metadata()),
        used: BTreeSet::new(),
        shape: Shape::default(),
        task: import.task,
    };
    let mut rows = caught(|| reader.get_row_iter(None)).map_err(wrong)?;
    for number in 1.. {
        let record = match caught(|| rows.next().transpose()) {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(error) => {
                // Asked again, the reader may say the same for ever.
                let message = format!("row {number} and what follows cannot be read: {error}");
                output.refuse(Problem::at_line(path, number, message));
                break;
            }
        };
        match labels.row(&record, number, import, output) {
            Ok(row) => output.case(row)?,
            Err(message) => output.refuse(Problem::at_line(path, number, format!("row {number}: {message}"))),
        }
    }
    labels.describe(output);
    Ok(())
}

/// The reader of parquet panics at some broken files. Nothing of it is used after that.
fn caught<T>(read: impl FnOnce() -> parquet::errors::Result<T>) -> Result<T, String> {
    match vision_core::panics::caught(read) {
        Some(outcome) => outcome.map_err(|error| error.to_string()),
        None => Err("is broken in a way that its reader cannot name".to_owned()),
    }
}

fn guard(metadata: &ParquetMetaData) -> Result<(), String> {
    // The file counts its rows, and so does each group: whoever is believed, it must not be too many.
    let groups = metadata.row_groups().iter().map(|group| group.num_rows());
    let rows = groups.fold(0, i64::saturating_add).max(metadata.file_metadata().num_rows());
    if !(0..=MOST_ROWS).contains(&rows) {
        return Err(format!("has {rows} rows, more than {MOST_ROWS}"));
    }
    let mut total = 0_i64;
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let (packed, plain) = (column.compressed_size(), column.uncompressed_size());
        total = total.saturating_add(plain.max(0));
        if plain > MOST_COLUMN_BYTES || too_much(packed, plain) {
            return Err(format!(
                "the column `{}` unpacks from {packed} to {plain} bytes",
                column.column_path()
            ));
        }
    }
    if total > MOST_BYTES {
        return Err(format!("unpacks to {total} bytes, more than {MOST_BYTES}"));
    }
    Ok(())
}

/// Whether something grows as no real data do.
fn too_much(packed: i64, plain: i64) -> bool {
    plain > (1 << 24) && plain / packed.max(1) > MOST_GROWTH
}

/// The names of the column `label`'s classes.
fn class_names(metadata: &ParquetMetaData) -> Vec<String> {
    let pairs = metadata.file_metadata().key_value_metadata();
    let text = pairs
        .into_iter()
        .flatten()
        .find(|pair| pair.key == "huggingface")
        .and_then(|pair| pair.value.as_deref());
    let info: Value = text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let names = info["info"]["features"]["label"]["names"].as_array();
    names.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

struct Labels {
    names: Vec<String>,
    used: BTreeSet<String>,
    shape: Shape,
    task: Option<Task>,
}

impl Labels {
    fn row(
        &mut self,
        record: &Record,
        number: usize,
        import: &Import,
        output: &mut Output,
    ) -> Result<Row, String> {
        let get = |names: &[&str]| {
            record
                .get_column_iter()
                .find(|(name, field)| names.contains(&name.as_str()) && **field != Field::Null)
        };
        let image =
            get(&["image"]).and_then(|(_, field)| bytes(field)).ok_or("`image` has no embedded bytes")?;
        let mut row = Row { id: format!("row-{number:06}"), ..Row::default() };
        let (task, expected) = if let Some((_, truth)) = get(&["ground_truth"]) {
            let parse = ground_truth(&text(truth).ok_or("`ground_truth` is no text")?.into())?;
            let task = self.task.unwrap_or(Task::Document);
            (
                task,
                if task == Task::Receipt { cord::receipt(&parse)? } else { self.shape.take(task, &parse)? },
            )
        } else if let Some((_, question)) = get(&["question", "query"]) {
            row.fields.insert("question".to_owned(), text(question).ok_or("`question` is no text")?);
            let answers =
                get(&["answers", "answer", "label"]).map(|(_, field)| texts(field)).unwrap_or_default();
            let (first, aliases) = answers.split_first().ok_or("`answers` is empty")?;
            (Task::Text, json!({ "type": "category", "value": first, "aliases": aliases }))
        } else if let Some((_, label)) = get(&["label"]) {
            (Task::Classify, json!({ "label": self.class(label)? }))
        } else if let Some((_, words)) = get(&["text"]) {
            (Task::Text, text(words).ok_or("`text` is no text")?.into())
        } else {
            return Err("has none of ground_truth, question, label and text".to_owned());
        };
        row.media.push(output.store(&row.id, image)?);
        if !output.tasks.contains_key(&task) {
            output.use_task(task, import.prompt.as_ref());
            self.task.get_or_insert(task);
            if let Some(spec) = output.tasks.get_mut(&task).filter(|_| !row.fields.is_empty()) {
                templates::question(spec, "document", import.prompt.as_deref(), &mut output.schemas);
            }
        }
        row.expected = expected;
        Ok(row)
    }

    fn class(&mut self, label: &Field) -> Result<String, String> {
        let number = match label {
            Field::Long(number) => Some(*number),
            Field::Int(number) => Some(i64::from(*number)),
            _ => None,
        };
        let name = match number {
            None => text(label).ok_or("`label` is neither a number nor a text")?,
            Some(number) => {
                let name = usize::try_from(number).ok().and_then(|at| self.names.get(at));
                name.cloned()
                    .ok_or_else(|| format!("the label {number} has no name in the file's metadata"))?
            }
        };
        self.used.insert(name.clone());
        Ok(name)
    }

    fn describe(mut self, output: &mut Output) {
        if let Some(spec) = output.tasks.get_mut(&Task::Classify) {
            self.used.extend(self.names);
            templates::labels(spec, self.used, &mut output.schemas);
        } else if let Some(task) = self.task {
            self.shape.describe(task, output);
        }
    }
}

fn bytes(field: &Field) -> Option<&[u8]> {
    match field {
        Field::Bytes(bytes) => Some(bytes.data()),
        Field::Group(group) => {
            group.get_column_iter().find(|(name, _)| *name == "bytes").and_then(|(_, field)| bytes(field))
        }
        _ => None,
    }
}

fn text(field: &Field) -> Option<String> {
    match field {
        Field::Str(text) => Some(text.clone()),
        _ => None,
    }
}

fn texts(field: &Field) -> Vec<String> {
    match field {
        Field::ListInternal(list) => list.elements().iter().filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    }
}
