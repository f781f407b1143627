//! One folder of images per class.

use std::collections::BTreeSet;

use serde_json::json;
use vision_core::Task;

use super::output::{Output, Row};
use super::sroie::{names, stem};
use super::{Import, templates};
use crate::{Problem, Result};

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    output.use_task(Task::Classify, import.prompt.as_ref());
    let mut labels = BTreeSet::new();
    for class in names(&import.input)? {
        let folder = import.input.join(&class);
        if !folder.is_dir() {
            output.refuse(Problem::new(&folder, "stands outside any class's folder"));
            continue;
        }
        for image in names(&folder)? {
            match output.copy(&import.input, &format!("{class}/{image}")) {
                Ok(medium) => {
                    labels.insert(class.clone());
                    let id = format!("{class}-{}", stem(&image));
                    let expected = json!({ "label": class });
                    output.case(Row { id, media: vec![medium], expected, ..Row::default() })?;
                }
                Err(message) => output.refuse(Problem::new(folder.join(&image), message)),
            }
        }
    }
    if let Some(spec) = output.tasks.get_mut(&Task::Classify) {
        templates::labels(spec, labels, &mut output.schemas);
    }
    Ok(())
}
