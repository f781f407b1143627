use std::fs;

use eval_metrics::value::FieldType;
use serde_json::{Value, json};

use super::{Form, cell, read, write};
use crate::event::{Label, Mark};
use crate::field::{Column, Field, Shape};
use crate::project::Project;
use crate::request::{Change, Save, Wanted};
use crate::studio::{Settings, Studio};

fn of(shape: Shape) -> Field {
    Field { name: "f".to_owned(), shape, critical: false, nullable: true }
}

fn kind(kind: FieldType) -> Field {
    of(Shape::One { kind, choices: Vec::new() })
}

#[test]
fn every_label_comes_back_from_its_cell() {
    let texts = [
        "",
        " ",
        "'",
        "''",
        "'null",
        "null",
        "unlabeled",
        "=1+1",
        "+49 30",
        "-5",
        "@x",
        "a,b;c\td",
        "two\nlines",
        "\"quoted\"",
        " blanks ",
        "[]",
        "[1]",
        "ü",
        "03/04/2024",
        "\tx",
    ];
    for shape in [kind(FieldType::Name), kind(FieldType::Code), of(Shape::Text)] {
        for text in texts {
            check(&shape, Label::Value(json!(text)));
        }
    }
    for number in [
        json!(0),
        json!(-5),
        json!(12.5),
        json!(1.234),
        json!(1234567),
        json!(0.1),
        json!(1e-7),
        json!(1e300),
    ] {
        for shape in [kind(FieldType::Money), kind(FieldType::Number), kind(FieldType::Quantity)] {
            check(&shape, Label::Value(number.clone()));
        }
    }
    for truth in [true, false] {
        check(&kind(FieldType::Boolean), Label::Value(json!(truth)));
    }
    check(&kind(FieldType::Date), Label::Value(json!("2024-04-03")));
    check(&kind(FieldType::List), Label::Value(json!(["a; b", "c"])));
    let columns = vec![
        Column { name: "name".to_owned(), kind: FieldType::Name },
        Column { name: "price".to_owned(), kind: FieldType::Money },
    ];
    let rows = of(Shape::Rows { columns });
    check(&rows, Label::Value(json!([])));
    check(&rows, Label::Value(json!([{"name": "a | b\n", "price": null}, {"name": "'", "price": -1.5}])));
    for label in [Label::Absent, Label::Unlabeled] {
        check(&rows, label.clone());
        check(&kind(FieldType::Money), label);
    }
}

#[track_caller]
fn check(field: &Field, label: Label) {
    let text = cell::write(field, &label);
    assert_eq!(cell::read(field, &text, None), Ok(Some(label)), "through `{text}`");
    let is_number = text.parse::<f64>().is_ok();
    assert!(is_number || !text.starts_with(['=', '+', '-', '@']), "a spreadsheet would carry out `{text}`");
}

/// A studio with these labels, each document labeled blind by anna.
fn labeled(labels: &[(&str, &str, Value)]) -> (tempfile::TempDir, Studio) {
    let folder = tempfile::tempdir().unwrap();
    for (document, ..) in labels {
        fs::write(folder.path().join(document), document).unwrap();
    }
    let project = Project::from_template("invoice", &[]).unwrap();
    let studio = Studio::open(folder.path(), Some(project), Settings::default()).unwrap();
    for (document, field, label) in labels {
        let wanted = Wanted { document: Some((*document).to_owned()), again: false };
        let view = studio.show("anna", &wanted, "2026-11-29T12:00:00Z").unwrap().unwrap();
        let label = match label {
            Value::Null => Label::Absent,
            value => Label::Value(value.clone()),
        };
        let change = Change { field: (*field).to_owned(), seen: 0, label: Some(label), typed: None };
        let save = Save { document: (*document).to_owned(), shown: view.shown, changes: vec![change] };
        studio.save("anna", &save, "2026-11-29T12:00:01Z").unwrap();
    }
    (folder, studio)
}

#[test]
fn what_goes_out_comes_in_again_in_every_form() {
    let labels = [
        ("a.png", "sender", json!("'quoted', \"Firm\"")),
        ("a.png", "total", json!(1.234)),
        ("a.png", "tax", Value::Null),
        ("=b.png", "sender", json!("null")),
        ("=b.png", "number", json!("")),
        ("c d%.png", "date", json!("2026-03-31")),
    ];
    let (_folder, studio) = labeled(&labels);
    for form in [Form::Csv, Form::Jsonl, Form::LabelStudio] {
        let first = write(&studio, form).unwrap();
        let empty: Vec<_> = labels.iter().map(|(document, ..)| *document).collect();
        let other = tempfile::tempdir().unwrap();
        empty.iter().for_each(|name| fs::write(other.path().join(name), name).unwrap());
        let project = Project::from_template("invoice", &[]).unwrap();
        let copy = Studio::open(other.path(), Some(project), Settings::default()).unwrap();
        let imported = read(&copy, "ben", form, &first.text, "2026-11-29T12:00:00Z").unwrap();
        assert_eq!(
            (imported.labels, imported.batch),
            (labels.len(), Some(1)),
            "{form:?}: {:?}",
            imported.refused
        );
        assert_eq!(write(&copy, form).unwrap(), first, "{form:?}");
        let again = read(&copy, "ben", form, &first.text, "2026-11-29T12:00:00Z").unwrap();
        assert_eq!((again.known, again.batch), (labels.len(), None));
        let message = copy.undo("anna", 1, "t").unwrap_err().message;
        assert!(message.contains("only ben"), "{message}");
        copy.undo("ben", 1, "2026-11-29T12:00:00Z").unwrap();
        assert_eq!(copy.overview("ben").unwrap().done, 0);
    }
}

#[test]
fn flagged_documents_are_left_out_and_counted() {
    let (_folder, studio) = labeled(&[("a.png", "sender", json!("x")), ("b.png", "sender", json!("y"))]);
    studio.mark("anna", "a.png", (Mark::Flagged, true, "torn"), "t").unwrap();
    for form in [Form::Csv, Form::Jsonl, Form::LabelStudio] {
        let written = write(&studio, form).unwrap();
        assert!(!written.text.contains("a.png") && written.text.contains("b.png"), "{}", written.text);
        assert_eq!(written.left_out, 1);
    }
}

#[test]
fn labels_of_a_file_that_has_changed_since_are_not_given_out_as_its_own() {
    let (folder, studio) = labeled(&[("a.png", "sender", json!("x")), ("b.png", "sender", json!("y"))]);
    let wanted = Wanted { document: Some("a.png".to_owned()), again: false };
    let show = || studio.show("anna", &wanted, "2026-11-29T12:00:02Z").unwrap().unwrap();
    assert_eq!(show().changed, None);
    fs::write(folder.path().join("a.png"), "another invoice").unwrap();
    let view = show();
    assert!(view.changed.unwrap().contains("has changed since it was labeled"));
    let written = write(&studio, Form::Csv).unwrap();
    assert!(!written.text.contains("a.png") && written.left_out == 1, "{}", written.text);
    // Whoever labels it again labels the file as it is.
    let seen = view.fields.iter().find(|it| it.field.name == "sender").unwrap().version;
    let label = Some(Label::Value(json!("x")));
    let change = Change { field: "sender".to_owned(), seen, label, typed: None };
    let save = Save { document: "a.png".to_owned(), shown: view.shown, changes: vec![change] };
    studio.save("anna", &save, "2026-11-29T12:00:03Z").unwrap();
    assert_eq!(show().changed, None);
    assert_eq!(write(&studio, Form::Csv).unwrap().left_out, 0);
}

#[test]
fn a_table_of_a_spreadsheet_is_read_and_what_is_wrong_is_named() {
    let (_folder, studio) = labeled(&[("a.png", "sender", json!("x")), ("b.png", "sender", json!("y"))]);
    let text =
        "\u{feff}File;date;total;remark\na.png;31.3.2026;1.234,50 €;x\nb.png;03/04/2026;12;\nc.png;;;\n";
    let imported = read(&studio, "ben", Form::Csv, text, "t").unwrap();
    assert_eq!(imported.labels, 3);
    assert_eq!(imported.refused.len(), 2, "{:?}", imported.refused);
    assert!(
        imported.refused[0].starts_with("line 3: date: `03/04/2026` can be read as"),
        "{:?}",
        imported.refused
    );
    assert_eq!(imported.refused[1], "line 4: there is no document `c.png`");
    let message = read(&studio, "ben", Form::Csv, "a,b\n1,2\n", "t").unwrap_err().message;
    for words in ["no column that names the files", "Datei", "it has `a`, `b`"] {
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn files_are_found_by_whatever_name_their_column_has() {
    for name in ["Datei", "Dateiname", "filename", "Beleg"] {
        let (_folder, studio) = labeled(&[("a.png", "sender", json!("x")), ("b.png", "sender", json!("y"))]);
        let header = format!("total,{name}");
        let fields = Project::from_header(&format!("{header}\n1,a.png\n")).unwrap().fields().unwrap();
        assert_eq!(fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["total"]);
        let table = format!("{header}\n12.50,a.png\n7,b.png\n");
        let line = json!({ name: "a.png", "expected": { "tax": 2 } }).to_string();
        // What else may look like a file in a task is none in this folder.
        let task = json!([{ "data": { "model": "v1.2", name: "/data/local-files/?d=b.png" }, "annotations": [
            { "result": [{ "from_name": "tax", "type": "textarea", "value": { "text": ["3"] } }] }] }]);
        for (form, text, labels) in [
            (Form::Csv, table.as_str(), 2),
            (Form::Jsonl, line.as_str(), 1),
            (Form::LabelStudio, &task.to_string(), 1),
        ] {
            let imported = read(&studio, "ben", form, text, "t").unwrap();
            assert_eq!(
                (imported.labels, imported.refused.len()),
                (labels, 0),
                "{name} {form:?}: {imported:?}"
            );
        }
    }
}

#[test]
fn tasks_of_label_studio_find_their_files() {
    let (_folder, studio) = labeled(&[("a b.png", "sender", json!("x")), ("c.png", "sender", json!("y"))]);
    let result = |text: &str| json!([{"from_name": "total", "type": "textarea", "value": {"text": [text]}}]);
    let tasks = json!([
        {"id": 7, "data": {"image": "/data/upload/3/0a1b2c3d-c.png"}, "annotations": [
            {"was_cancelled": false, "result": result("12.50")}, {"was_cancelled": true, "result": result("1")}]},
        {"id": 8, "data": {"image": "/data/local-files/?d=a%20b.png"}, "annotations": [{"result": result("null")}]},
        {"id": 9, "data": {"image": "/data/upload/3/none.png"}, "annotations": [{"result": result("1")}]},
        {"id": 10, "data": {"image": "c.png"}, "annotations": []},
    ]);
    let imported = read(&studio, "ben", Form::LabelStudio, &tasks.to_string(), "t").unwrap();
    assert_eq!((imported.labels, imported.refused.len()), (2, 1), "{:?}", imported.refused);
    let text = write(&studio, Form::Jsonl).unwrap().text;
    assert!(text.contains(r#""total":12.5"#) && text.contains(r#""total":null"#), "{text}");
}
