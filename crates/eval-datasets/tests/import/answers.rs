//! Answers to questions, from tables.

use std::collections::BTreeMap;

use eval_datasets::{Import, Mark};
use serde_json::{Value, json};
use vision_core::Task;

use super::Fixture;
use super::tables::{csv, fails, settings, table};

#[test]
fn answers_to_questions_are_typed() {
    let fixture = csv("file,question,answer\na.png,How many?,12\nb.png,Is it?,yes\nc.png,Which?,blue\n", 3);
    let (_, cases) = fixture.import(&settings(&fixture, Some(Task::ChartQuestion)));
    let types: Vec<&Value> = cases.iter().map(|case| &case.expected["type"]).collect();
    assert_eq!(types, ["number", "yes_no", "category"]);
    assert_eq!(cases[0].fields["question"], "How many?");
}

#[test]
fn amounts_as_answers_are_numbers_with_their_unit() {
    let rows = [
        ("\"1,234.50\"", json!({ "type": "number", "value": 1234.5, "unit": null, "tolerance": 0.05 })),
        ("$12.50", json!({ "type": "number", "value": 12.5, "unit": "$", "tolerance": 0.05 })),
        ("45%", json!({ "type": "number", "value": 45, "unit": "%", "tolerance": 0.05 })),
        ("14:30", json!({ "type": "category", "value": "14:30", "aliases": [] })),
        ("2019-2021", json!({ "type": "category", "value": "2019-2021", "aliases": [] })),
    ];
    let lines: String =
        rows.iter().enumerate().map(|(at, (answer, _))| format!("{at}.png,q{at},What?,{answer}\n")).collect();
    let table = format!("file,id,question,answer\n{lines}");
    let fixture = Fixture::new(&[("labels.csv", table.as_str())]);
    (0..rows.len()).for_each(|at| fixture.picture(&format!("{at}.png"), at as u32 + 1));
    let (_, cases) = fixture.import(&settings(&fixture, Some(Task::ChartQuestion)));
    for (case, (answer, expected)) in cases.iter().zip(&rows) {
        assert_eq!(case.expected, *expected, "{answer}");
    }
    assert_eq!(cases.len(), rows.len());
}

#[test]
fn numbers_printed_on_a_document_are_right_or_wrong_to_the_last_digit() {
    let rows = [
        ("1234.50", json!({ "type": "number", "value": 1234.5, "unit": null, "tolerance": 0.0 })),
        ("\"1,234.50\"", json!({ "type": "number", "value": 1234.5, "unit": null, "tolerance": 0.0 })),
        ("4711001", json!({ "type": "number", "value": 4_711_001, "unit": null, "tolerance": 0.0 })),
        ("19%", json!({ "type": "number", "value": 19, "unit": "%", "tolerance": 0.0 })),
        ("$12.50", json!({ "type": "number", "value": 12.5, "unit": "$", "tolerance": 0.0 })),
        ("007", json!({ "type": "category", "value": "007", "aliases": [] })),
        ("no", json!({ "type": "yes_no", "value": false })),
    ];
    let lines: String =
        rows.iter().enumerate().map(|(at, (answer, _))| format!("{at}.png,q{at},What?,{answer}\n")).collect();
    let table = format!("file,id,question,answer\n{lines}");
    let fixture = Fixture::new(&[("labels.csv", table.as_str())]);
    (0..rows.len()).for_each(|at| fixture.picture(&format!("{at}.png"), at as u32 + 1));
    let (_, cases) = fixture.import(&settings(&fixture, Some(Task::Text)));
    for (case, (answer, expected)) in cases.iter().zip(&rows) {
        assert_eq!(case.expected, *expected, "{answer}");
    }
    assert_eq!(cases.len(), rows.len());
}

#[test]
fn numbers_with_units_are_numbers_and_names_with_numbers_are_names() {
    let rows = [
        ("1,500", "number", json!(1500), json!(null)),
        ("2,300.5", "number", json!(2300.5), json!(null)),
        ("5 kg", "number", json!(5), json!("kg")),
        ("3.5 m", "number", json!(3.5), json!("m")),
        ("20 °C", "number", json!(20), json!("°C")),
        ("1.5 million", "number", json!(1.5), json!("million")),
        ("Type 5", "category", json!("Type 5"), json!(null)),
        ("3M", "category", json!("3M"), json!(null)),
    ];
    for (task, tolerance) in [(Task::ChartQuestion, 0.05), (Task::Text, 0.0)] {
        let lines: String = rows
            .iter()
            .map(|row| format!("{}\n", json!({ "file": "a.png", "question": row.0, "answer": row.0 })))
            .collect();
        let fixture = table("labels.jsonl", lines.as_bytes(), 1);
        let settings = Import { task: Some(task), ..fixture.settings("jsonl", "labels.jsonl") };
        let (_, cases) = fixture.import(&settings);
        for (case, (text, kind, value, unit)) in cases.iter().zip(&rows) {
            let wanted = (json!(kind), value.clone(), unit.clone());
            let expected = &case.expected;
            assert_eq!(
                (expected["type"].clone(), expected["value"].clone(), expected["unit"].clone()),
                wanted,
                "{text}"
            );
            assert!(*kind != "number" || expected["tolerance"] == tolerance, "{text}: {expected}");
        }
    }
}

#[test]
fn the_decimal_mark_of_answers_is_asked_for_where_nobody_can_know_it() {
    let rows = "file,question,answer\na.png,How many?,\"1,500\"\nb.png,How heavy?,\"2,300 kg\"\n";
    fails(rows, Some(Task::ChartQuestion), "--decimal point reads 1500, --decimal comma reads 1.5");
    let fixture = csv(rows, 2);
    let decimal = BTreeMap::from([("answer".to_owned(), Mark::Point)]);
    let settings = Import { decimal, ..settings(&fixture, Some(Task::ChartQuestion)) };
    let (_, cases) = fixture.import(&settings);
    assert_eq!((&cases[0].expected["value"], &cases[1].expected["value"]), (&json!(1500), &json!(2300)));
}
