use std::fs;
use std::path::Path;

use eval_datasets::Dataset;
use eval_decide::labels::{Decided, Ruling, corrected, events};
use serde_json::{Value, json};

use crate::event::Label;
use crate::exchange::{Form, write};
use crate::export::export;
use crate::project::Project;
use crate::request::{Change, Save, Wanted};
use crate::studio::{Settings, Studio};

/// A picture of one pixel.
const PNG: &[u8] =
    b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\
\x02\x00\x00\x00\x90\x77\x53\xde\x00\x00\x00\x0c\x49\x44\x41\x54\x78\x9c\x63\x10\x50\x30\x00\x00\x00\
\xa4\x00\x61\x34\x66\x7d\x72\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

/// A picture with this label, as anna gave it.
fn label(studio: &Studio, field: &str, value: Value, at: &str) {
    let wanted = Wanted { document: Some("a.png".to_owned()), again: false };
    let view = studio.show("anna", &wanted, at).unwrap().unwrap();
    let seen = view.fields.iter().find(|it| it.field.name == field).unwrap().version;
    let change = Change { field: field.to_owned(), seen, label: Some(Label::Value(value)), typed: None };
    let save = Save { document: "a.png".to_owned(), shown: view.shown, changes: vec![change] };
    studio.save("anna", &save, at).unwrap();
}

/// As `labels apply` and the review do it.
fn decide(folder: &Path, field: &str, from: Value, ruling: Ruling, at: &str) {
    let dataset = Dataset::open(folder).unwrap();
    let case = "a.png".to_owned();
    let (reason, author) = ("misread".to_owned(), "ben".to_owned());
    let one =
        Decided { at: String::new(), case, field: field.to_owned(), label: from, ruling, reason, author };
    let text = fs::read_to_string(dataset.cases_path()).unwrap();
    let (cases, _) = corrected(&text, std::slice::from_ref(&one)).unwrap();
    dataset.write_version("1.0.1", &cases, &events(&[one], "1.0.1", "", at)).unwrap();
}

fn case(folder: &Path) -> Value {
    serde_json::from_str(fs::read_to_string(folder.join("cases.jsonl")).unwrap().trim()).unwrap()
}

#[test]
fn what_a_review_corrected_is_corrected_in_the_next_export_until_it_is_labeled_anew() {
    let folder = tempfile::tempdir().unwrap();
    let scans = folder.path().join("scans");
    fs::create_dir(&scans).unwrap();
    fs::write(scans.join("a.png"), PNG).unwrap();
    let project = Project::from_template("invoice", &[]).unwrap();
    let studio = Studio::open(&scans, Some(project), Settings::default()).unwrap();
    label(&studio, "total", json!(12.5), "2026-11-29T12:00:00.000Z");
    label(&studio, "tax", json!(2), "2026-11-29T12:00:01.000Z");
    label(&studio, "number", json!("A1"), "2026-11-29T12:00:02.000Z");
    let base = studio.export_base();
    let first = export(&studio, &base).unwrap();
    assert_eq!((first.kept, first.outdated), (0, 0));
    decide(&base, "total", json!(12.5), Ruling::Replace(json!(15.5)), "2026-11-29T13:00:00Z");
    decide(&base, "tax", json!(2), Ruling::Unlabel, "2026-11-29T13:00:00Z");
    decide(&base, "number", json!("A1"), Ruling::Also(json!("Al")), "2026-11-29T13:00:00Z");

    // The file may have another name by then.
    fs::rename(scans.join("a.png"), scans.join("b.png")).unwrap();
    let second = export(&studio, &base).unwrap();
    assert_eq!((second.kept, second.outdated, &second.findings), (3, 0, &Vec::new()));
    let now = case(&second.folder);
    assert_eq!((&now["id"], &now["expected"]), (&json!("b.png"), &json!({"total": 15.5, "number": "A1"})));
    assert_eq!(now["evidence"], json!({"number": [{"value": "Al"}]}));
    let events = fs::read_to_string(second.folder.join("labels.jsonl")).unwrap();
    let decisions: Vec<Value> = events.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let total = decisions.iter().find(|it| it["decision"] == "correct").unwrap();
    assert_eq!(
        (&total["author"], &total["reason"], &total["case"]),
        (&json!("ben"), &json!("misread"), &json!("b.png"))
    );
    assert!(write(&studio, Form::Jsonl).unwrap().text.contains(r#""total":15.5"#));

    // Twice exported is not twice decided, and who labels anew has the last word.
    assert_eq!(export(&studio, &base).unwrap().kept, 3);
    fs::rename(scans.join("b.png"), scans.join("a.png")).unwrap();
    label(&studio, "total", json!(12.5), "2026-11-29T14:00:00.000Z");
    let last = export(&studio, &base).unwrap();
    assert_eq!((last.kept, last.outdated), (2, 1));
    assert_eq!(case(&last.folder)["expected"]["total"], json!(12.5));
}
