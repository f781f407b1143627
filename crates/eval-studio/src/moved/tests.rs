use std::fs;
use std::path::Path;

use serde_json::json;

use crate::event::Label;
use crate::project::Project;
use crate::request::{Change, Save, Wanted};
use crate::studio::{Settings, Studio};
use crate::view::DocumentView;

fn open(folder: &Path) -> Studio {
    let project = Project::from_template("invoice", &[]).unwrap();
    Studio::open(folder, Some(project), Settings::default()).unwrap()
}

fn show(studio: &Studio, document: &str) -> DocumentView {
    let wanted = Wanted { document: Some(document.to_owned()), again: false };
    studio.show("anna", &wanted, "2026-11-29T12:00:00Z").unwrap().unwrap()
}

fn label(studio: &Studio, document: &str, total: f64) -> u64 {
    let shown = show(studio, document).shown;
    let label = Some(Label::Value(json!(total)));
    let change = Change { field: "total".to_owned(), seen: 0, label, typed: None };
    let save = Save { document: document.to_owned(), shown, changes: vec![change] };
    studio.save("anna", &save, "2026-11-29T12:00:01Z").unwrap().batch
}

fn total(view: &DocumentView) -> Option<&Label> {
    view.fields.iter().find(|it| it.field.name == "total").unwrap().label.as_ref()
}

#[test]
fn labels_go_along_with_a_file_that_was_renamed_or_moved() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["a.png", "b.png"] {
        fs::write(path(name), name).unwrap();
    }
    let studio = open(folder.path());
    let batch = label(&studio, "a.png", 12.5);
    fs::create_dir(path("march")).unwrap();
    fs::rename(path("a.png"), path("march/one.png")).unwrap();
    let view = show(&studio, "march/one.png");
    assert_eq!(total(&view), Some(&Label::Value(json!(12.5))));
    assert_eq!((view.before.as_deref(), view.changed), (Some("a.png"), None));
    let lines = || fs::read_to_string(path(".studio/labels.jsonl")).unwrap().lines().count();
    let before = lines();
    let overview = studio.overview("anna").unwrap();
    assert_eq!((lines(), overview.documents, overview.people), (before, 2, vec!["anna".to_owned()]));

    // It stays so in the next studio, and what was labeled can still be undone.
    drop(studio);
    fs::rename(path("march/one.png"), path("c.png")).unwrap();
    let studio = open(folder.path());
    assert_eq!(total(&show(&studio, "c.png")), Some(&Label::Value(json!(12.5))));
    studio.undo("anna", batch, "2026-11-29T12:00:02Z").unwrap();
    assert_eq!(total(&show(&studio, "c.png")), None);
}

#[test]
fn a_copy_and_another_file_take_no_labels_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("a.png"), "a").unwrap();
    let studio = open(folder.path());
    label(&studio, "a.png", 12.5);
    fs::copy(path("a.png"), path("copy.png")).unwrap();
    fs::write(path("other.png"), "another").unwrap();
    assert_eq!(total(&show(&studio, "copy.png")), None);
    assert_eq!(total(&show(&studio, "a.png")), Some(&Label::Value(json!(12.5))));
    fs::remove_file(path("a.png")).unwrap();
    assert_eq!(total(&show(&studio, "other.png")), None);
}
