//! What a page may ask of the studio, line by line, as its server hands it on.

use std::fs;
use std::path::Path;

use eval_studio::{
    Chosen, Form, Mark, Project, Save, Settings, Studio, Wanted, export_labels, import_labels,
};
use serde::Deserialize;

const PICTURE: &[u8] = include_bytes!("../../crates/vision-media/tests/corpus/one_pixel.png");
const AT: &str = "2026-11-30T12:00:00Z";
const BY: &str = "anna";

/// More asks for nothing new, and each waits for the disk.
const MOST: usize = 12;

/// What is asked for, as the bodies of requests say it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    Fields(Chosen),
    Show(Wanted),
    Save(Save),
    Understand { field: String, text: String },
    Undo(u64),
    Mark { document: String, mark: Mark, on: bool, reason: String },
    Import { form: Form, text: String },
}

/// Each line is a request.
///
/// # Panics
/// If the studio does, or if one that is opened again does not hold what it had.
pub fn studio(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("there is room for a small folder");
    for name in ["a.png", "b.png"] {
        fs::write(folder.path().join(name), PICTURE).expect("there is room for a small file");
    }
    let project = Project::from_template("receipt", &[]).expect("there is such a template");
    let studio = open(folder.path(), Some(project));
    let asked = bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    asked.take(MOST).for_each(|asked| ask(&studio, asked));
    let kept = labels(&studio);
    drop(studio);
    assert_eq!(labels(&open(folder.path(), None)), kept, "what was saved is on the disk");
}

fn open(folder: &Path, project: Option<Project>) -> Studio {
    Studio::open(folder, project, Settings::default()).expect("the folder can be opened")
}

fn labels(studio: &Studio) -> [String; 3] {
    [Form::Csv, Form::Jsonl, Form::LabelStudio]
        .map(|form| export_labels(studio, form).expect("labels can always be written").text)
}

/// What does not fit is refused, which is all the same here.
fn ask(studio: &Studio, asked: Asked) {
    match asked {
        Asked::Fields(chosen) => drop(chosen.preview()),
        Asked::Show(wanted) => drop(studio.show(BY, &wanted, AT)),
        Asked::Save(save) => drop(studio.save(BY, &save, AT)),
        Asked::Understand { field, text } => drop(studio.understand(&field, &text)),
        Asked::Undo(batch) => drop(studio.undo(BY, batch, AT)),
        Asked::Mark { document, mark, on, reason } => {
            drop(studio.mark(BY, &document, (mark, on, &reason), AT));
        }
        Asked::Import { form, text } => drop(import_labels(studio, BY, form, &text, AT)),
    }
}
