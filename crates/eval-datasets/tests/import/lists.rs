//! Lists of files with a label each.

use std::fs;

use eval_datasets::{Dataset, Import};
use serde_json::{Value, json};
use vision_core::Task;

use super::{Fixture, labels, refused};

#[test]
fn csv_rows_with_a_label_each() {
    let fixture = Fixture::new(&[(
        "labels.csv",
        "file,expected,tag:look,source\na.png,chart,plain,one\nb.png,\"photo\",,\nnone.png,chart,,\n../b.png,chart,,\nb.png\n",
    )]);
    fixture.picture("a.png", 1);
    fixture.picture("b.png", 2);
    let settings = Import { task: Some(Task::Classify), ..fixture.settings("csv", "labels.csv") };
    let (imported, cases) = fixture.import(&settings);
    assert_eq!(labels(&cases), [("a", &json!({"label": "chart"})), ("b", &json!({"label": "photo"}))]);
    assert_eq!((cases[0].tags["look"].as_str(), cases[0].source.as_str()), ("plain", "one"));
    refused(
        &imported,
        &fixture.input(),
        &[
            "labels.csv:4: `none.png` cannot be read",
            "labels.csv:5: `../b.png` leaves its folder",
            "labels.csv:6: has 1 cell for 4 columns",
        ],
    );
    let card = fs::read_to_string(settings.output.join("README.md")).unwrap();
    assert!(card.contains("licence | unknown") && card.contains("rows refused | 3"), "{card}");
}

#[test]
fn classes_may_have_numbers_for_names() {
    let fixture = Fixture::new(&[("labels.csv", "file,label\na.png,0\nb.png,1\nc.png,null\n")]);
    for (name, seed) in [("a.png", 1), ("b.png", 2), ("c.png", 3)] {
        fixture.picture(name, seed);
    }
    let (imported, cases) = fixture.import(&fixture.settings("csv", "labels.csv"));
    let names: Vec<&Value> = cases.iter().map(|case| &case.expected["label"]).collect();
    assert_eq!((names, imported.notes), (vec![&json!("0"), &json!("1"), &json!("null")], vec![]));
}

#[test]
fn a_column_of_labels_is_for_sorting_unless_something_else_is_said() {
    let fixture = Fixture::new(&[("labels.csv", "file,label\na.png,cat\nb.png,dog\n")]);
    fixture.picture("a.png", 1);
    fixture.picture("b.png", 2);
    let settings = fixture.settings("csv", "labels.csv");
    let (_, cases) = fixture.import(&settings);
    assert_eq!(labels(&cases), [("a", &json!({"label": "cat"})), ("b", &json!({"label": "dog"}))]);
    assert!(Dataset::open(&settings.output).unwrap().manifest.tasks.contains_key(&Task::Classify));
}

#[test]
fn jsonl_rows_in_our_own_words() {
    let fixture = Fixture::new(&[(
        "labels.jsonl",
        "{\"file\":\"a.png\",\"expected\":\"HELLO\"}\n\n{oops\n{\"file\":\"a.png\",\"expected\":5}\n{\"file\":\"a.png\"}\n{\"files\":[\"a.png\",\"b.png\"],\"expected\":\"x\",\"id\":\"two\",\"source\":\"a\"}\n",
    )]);
    fixture.picture("a.png", 1);
    fixture.picture("b.png", 2);
    let (imported, cases) = fixture.import(&fixture.settings("jsonl", "labels.jsonl"));
    assert_eq!(labels(&cases), [("a", &json!("HELLO")), ("two", &json!("x"))]);
    assert_eq!(cases[1].media.len(), 2);
    refused(
        &imported,
        &fixture.input(),
        &[
            "labels.jsonl:3: is not JSON: key must be a string",
            "labels.jsonl:4: `expected` should be a text",
            "labels.jsonl:5: labels nothing: `expected` is missing",
        ],
    );
}
