//! A folder of files, each with its label beside it: `bill.pdf` and `bill.json`.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use vision_core::Task;
use vision_files::TEXT;

use super::output::{Output, Row};
use super::shape::Shape;
use super::sroie::{names, stem};
use super::{Import, table};
use crate::{Problem, Result};

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    let root = &import.input;
    let task = import.task.unwrap_or(Task::Document);
    output.use_task(task, import.prompt.as_ref());
    let mut shape = Shape::default();
    let names = names(root)?;
    let mut labels: BTreeMap<&str, &String> = BTreeMap::new();
    labels.extend(names.iter().filter(|name| name.ends_with(".json")).map(|name| (stem(name), name)));
    for medium in names.iter().filter(|name| table::names_a_medium(name)) {
        let Some(label) = labels.remove(stem(medium)) else {
            output.refuse(Problem::new(root.join(medium), "has no label of its name: a .json file"));
            continue;
        };
        let row = label_file(&root.join(label)).and_then(|label| {
            let expected = shape.take(task, &label)?;
            output.check_label(&expected)?;
            let media = vec![output.copy(root, medium)?];
            Ok(Row { id: stem(medium).to_owned(), media, expected, ..Row::default() })
        });
        match row {
            Ok(row) => output.case(row)?,
            Err(message) => output.refuse(Problem::new(root.join(label), message)),
        }
    }
    for label in labels.into_values() {
        output.refuse(Problem::new(root.join(label), "has no file of its name"));
    }
    shape.describe(task, output);
    Ok(())
}

fn label_file(path: &Path) -> Result<Value, String> {
    let text = vision_files::read_text(path, TEXT).map_err(|refused| refused.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}
