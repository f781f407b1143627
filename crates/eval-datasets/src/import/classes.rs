//! One folder of images per class.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;
use vision_core::Task;

use super::output::{Output, Row};
use super::sroie::{names, stem};
use super::table::names_a_medium;
use super::{Import, templates};
use crate::{Problem, Result};

pub(super) fn read(import: &Import, output: &mut Output) -> Result<()> {
    output.use_task(Task::Classify, import.prompt.as_ref());
    let mut labels = BTreeSet::new();
    for class in names(&import.input)? {
        let folder = import.input.join(&class);
        if !folder.is_dir() {
            // A project's own files may stand beside its classes.
            if names_a_medium(&class) {
                output.refuse(Problem::new(&folder, "stands outside any class's folder"));
            }
            continue;
        }
        if import.output.starts_with(&folder) || !holds_media(&folder)? {
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

/// A folder without media is no class: a project has others.
fn holds_media(folder: &Path) -> Result<bool> {
    Ok(names(folder)?.iter().any(|name| names_a_medium(name) && folder.join(name).is_file()))
}
