//! Cells that are not like the others of their column.

use eval_datasets::{Import, Mark};
use serde_json::json;
use vision_core::Task;

use super::tables::{csv, expected, notes, settings};
use super::{Fixture, refused};

#[test]
fn an_amount_is_never_a_thousandth_of_what_is_written() {
    for (rows, mark) in [
        ("a.png;1.234,56 €\nb.png;$2,500\nc.png;89,90 €\n", "comma"),
        ("a.png;1,234.56\nb.png;2.500 €\nc.png;89.90\n", "point"),
    ] {
        for task in [Task::Receipt, Task::Document] {
            let fixture = csv(&format!("file;total\n{rows}"), 3);
            let (imported, cases) = fixture.import(&settings(&fixture, Some(task)));
            assert_eq!(expected(&cases), [&json!({ "total": 1234.56 }), &json!({ "total": 89.9 })], "{rows}");
            let told = imported.refused[0].to_string();
            assert_eq!((imported.refused.len(), imported.refused[0].line), (1, Some(3)), "{told}");
            for words in ["amounts have no tenths of cents", &format!("--decimal total={mark}")] {
                assert!(told.contains(words), "{told}");
            }
        }
    }
}

#[test]
fn thousands_in_the_marks_of_the_column_are_amounts_and_so_is_what_a_person_confirms() {
    let fixture = csv("file;total\na.png;1.234,56\nb.png;2.500\nc.png;89,90\n", 3);
    let (imported, cases) = fixture.import(&settings(&fixture, Some(Task::Document)));
    assert_eq!(imported.refused, []);
    assert_eq!(cases[1].expected, json!({ "total": 2500 }));

    let fixture = csv("file;price\na.png;1,45 €\nb.png;1,459 €\n", 2);
    let confirmed = [("price".to_owned(), Mark::Comma)].into();
    let settings = Import { decimal: confirmed, ..settings(&fixture, Some(Task::Document)) };
    let (imported, cases) = fixture.import(&settings);
    assert_eq!(imported.refused, []);
    assert_eq!(cases[1].expected, json!({ "price": 1.459 }));
}

#[test]
fn answers_in_money_have_no_tenths_of_cents_either() {
    let rows = "file;question;answer\na.png;What?;1.234,56 €\nb.png;What?;$2,500\n";
    for task in [Task::Text, Task::ChartQuestion] {
        let fixture = csv(rows, 2);
        let (imported, cases) = fixture.import(&settings(&fixture, Some(task)));
        assert_eq!(cases.len(), 1, "{task}");
        assert!(imported.refused[0].message.contains("--decimal answer=comma"), "{:?}", imported.refused);
    }
}

#[test]
fn one_cell_that_cannot_be_read_is_refused_and_the_column_keeps_its_type() {
    let fixture = csv(
        "file,date,total\na.png,2025-01-12,12.50\nb.png,31.02.2025,13.50\nc.png,2025-01-14,unleserlich\nd.png,45678,1\n\
         e.png,2025-01-16,2\nf.png,2025-01-17,3\n",
        6,
    );
    let (imported, cases) = fixture.import(&settings(&fixture, Some(Task::Document)));
    assert_eq!(cases[0].expected, json!({ "date": "2025-01-12", "total": 12.5 }));
    assert_eq!(cases[1].expected, json!({ "date": "2025-01-16", "total": 2 }));
    refused(
        &imported,
        &fixture.input(),
        &[
            "labels.csv:3: `date` is no date: `31.02.2025`; --text date keeps the whole column as text",
            "labels.csv:4: `total` is no number: `unleserlich`; --text total keeps the whole column as text",
            "labels.csv:5: `date` is no date: `45678` (a spreadsheet's count of days? format the column as a date)",
        ],
    );
    let text = vec!["date".to_owned(), "total".to_owned()];
    let settings = Import {
        text,
        output: fixture.folder.path().join("as-text"),
        ..settings(&fixture, Some(Task::Document))
    };
    let (imported, cases) = fixture.import(&settings);
    assert_eq!(imported.refused, []);
    assert_eq!(cases[2].expected, json!({ "date": "2025-01-14", "total": "unleserlich" }));
}

#[test]
fn a_column_of_many_kinds_is_text_and_the_note_names_the_odd_cell() {
    let fixture = csv("file,when\na.png,12. März 2025\nb.png,45678\n", 2);
    let (imported, cases) = fixture.import(&settings(&fixture, Some(Task::Document)));
    assert_eq!(cases[0].expected, json!({ "when": "12. März 2025" }));
    assert_eq!(notes(&imported), ["3: `45678` is no date, so that all of the column `when` is read as text"]);
}

#[test]
fn only_columns_whose_type_the_table_says_can_be_kept_as_text() {
    let fixture = csv("file,total\na.png,12\n", 1);
    for (column, words) in [("totl", "has no column `totl`"), ("total", "cannot be kept as text")] {
        let settings = Import { text: vec![column.to_owned()], ..settings(&fixture, Some(Task::Receipt)) };
        let told = eval_datasets::import(&settings).unwrap_err().to_string();
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn yes_and_no_are_one_type_in_any_language_and_case() {
    for [yes, no] in
        [["True", "FALSE"], ["Y", "n"], ["Ja", "NEIN"], ["oui", "Non"], ["sí", "no"], ["YES", "No"]]
    {
        for task in [Task::Text, Task::ChartQuestion] {
            let rows = format!("file,question,answer\na.png,Signed?,{yes}\nb.png,Signed?,{no}\n");
            let fixture = csv(&rows, 2);
            let (_, cases) = fixture.import(&settings(&fixture, Some(task)));
            let wanted = [true, false].map(|truth| json!({ "type": "yes_no", "value": truth }));
            assert_eq!(expected(&cases), wanted.iter().collect::<Vec<_>>(), "{yes} {no}");
        }
    }
    let fixture = csv("file,question,answer\na.png,Where?,N\nb.png,Where?,Si\nc.png,Where?,E\n", 3);
    let (_, cases) = fixture.import(&settings(&fixture, Some(Task::Text)));
    assert!(cases.iter().all(|case| case.expected["type"] == "category"), "{:?}", expected(&cases));
}

#[test]
fn assertions_of_promptfoo_are_labels_where_they_name_the_answer() {
    let rows = "file,question,__expected\na.png,How many?,contains: 12\nb.png,Who?,icontains: Anna\nc.png,Who?,equals: Bo\n\
                d.png,How?,javascript: output.length > 3\ne.png,Who?,Cy\n";
    let fixture = csv(rows, 5);
    let (imported, cases) = fixture.import(&settings(&fixture, Some(Task::Text)));
    let values: Vec<_> = cases.iter().map(|case| case.expected["value"].clone()).collect();
    assert_eq!(values, [json!(12), json!("Anna"), json!("Bo"), json!("Cy")]);
    refused(
        &imported,
        &fixture.input(),
        &[
            "labels.csv:5: `__expected` holds an assertion of promptfoo that names no answer: `javascript: output.length > 3`",
        ],
    );
}

#[test]
fn classes_that_differ_in_capitals_only_are_noted_once() {
    let fixture = csv("file,label\na.png,invoice\nb.png,Invoice\nc.png,invoice\nd.png,INVOICE\n", 4);
    let (imported, _) = fixture.import(&settings(&fixture, Some(Task::Classify)));
    assert_eq!(
        notes(&imported),
        ["3: the classes `invoice` and `Invoice` differ only in capitals, and count as two"]
    );
}

#[test]
fn a_line_that_is_not_json_is_said_to_be_none() {
    let fixture = Fixture::new(&[("labels.jsonl", "{\"file\":\"a.png\",\"label\":\"x\"}\noops\n")]);
    fixture.picture("a.png", 1);
    let (imported, _) = fixture.import(&fixture.settings("jsonl", "labels.jsonl"));
    refused(&imported, &fixture.input(), &["labels.jsonl:2: is not JSON"]);
}
