//! Tables as Excel saves them, wherever a table is read.

use std::fs;

use serde_json::{Value, json};

use crate::support::Project;

/// One case with an amount.
fn project() -> Project {
    let project = Project::offline(1);
    let labels = "file;total;number\nmedia/0.png;38,80 €;007\n";
    fs::create_dir(project.path("media")).unwrap();
    fs::copy(project.path("data/0.png"), project.path("media/0.png")).unwrap();
    project.write("labels.csv", labels);
    project.expect(0, "datasets import csv labels.csv bills");
    project
}

fn labels(project: &Project) -> Value {
    serde_json::from_str::<Value>(project.read("bills/cases.jsonl").trim()).unwrap()["expected"].clone()
}

/// `;` between cells, and a byte-order mark.
fn queue(rows: &str) -> String {
    format!("\u{feff}dataset;case;field;label;suggestion;decision;value;reason;author\r\n{rows}\r\n")
}

#[test]
fn a_queue_of_labels_may_come_from_excel_and_values_are_read_by_the_type_of_their_field() {
    for (decision, value, total) in
        [("replace", "24,55", 24.55), ("Replace", "38,88 €", 38.88), ("REPLACE", "1.234,56", 1234.56)]
    {
        let project = project();
        project.write("queue.csv", &queue(&format!("bills;0;total;38.8;;{decision};{value};;anna")));
        project.expect(0, "labels apply queue.csv bills");
        assert_eq!(labels(&project)["total"], json!(total), "{value}");
        project.expect(0, "datasets check bills");
    }
}

#[test]
fn a_code_stays_a_text_and_what_is_no_value_of_the_field_is_refused_with_its_line() {
    let project = project();
    project.write("queue.csv", &queue("bills;0;number;\"\"\"007\"\"\";;replace;12345;;"));
    project.expect(0, "labels apply queue.csv bills");
    assert_eq!(labels(&project)["number"], json!("12345"));
    project.write("queue.csv", &queue("bills;0;total;38.8;;replace;unclear;;"));
    let refused = project.expect(96, "labels apply queue.csv bills");
    assert!(refused.err.contains("queue.csv:2: `value`: `unclear` is not an amount"), "{}", refused.err);
    project.write("queue.csv", &queue("bills;0;total;38.8;;replace;[1];;"));
    let refused = project.expect(96, "labels apply queue.csv bills");
    assert!(refused.err.contains("would not pass `datasets check`"), "{}", refused.err);
    assert_eq!(labels(&project)["total"], json!(38.8));
}

#[test]
fn answers_are_read_from_tables_of_excel() {
    let table = "case;candidate;answer\r\nc0;größe;photo\r\nc1;größe;chart\r\n";
    let utf16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = table.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    for (name, bytes) in
        [("bom", format!("\u{feff}{table}").into_bytes()), ("utf16", utf16), ("windows", windows)]
    {
        let project = Project::offline(2);
        fs::write(project.path("answers.csv"), bytes).unwrap();
        let told = project.expect(0, "import answers answers.csv --run-dir run");
        assert!(told.err.contains("run: 2 answers"), "{name}: {}", told.err);
        assert!(project.read("run/plan.json").contains("größe"), "{name}");
    }
}
