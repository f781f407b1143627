//! A dataset that consists of a JSON Schema, a document and its label, through the binary.

use std::path::Path;

use serde_json::{Value, json};
use vision_testkit::server::{Answers, Settings};

use super::doors::{DOORS, KEY};
use super::shell::{Host, Shell};

/// The dataset `tests/fixtures/bills`: one invoice as a PDF with nested records, and a case with a schema of its own.
fn bills(shell: &Shell) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bills");
    let files = [
        "dataset.toml",
        "bill.schema.json",
        "number.schema.json",
        "cases.jsonl",
        "SHA256SUMS",
        "media/0001.pdf",
        "media/0001.png",
    ];
    for name in files {
        shell.write(&format!("bills/{name}"), std::fs::read(fixture.join(name)).unwrap());
    }
}

fn project(model: &str) -> String {
    let (kind, model) = model.split_once('/').unwrap();
    format!("[[dataset]]\npath = \"bills\"\n[[provider]]\nkind = \"{kind}\"\nmodel = \"{model}\"\n")
}

/// Right but for the second unit price, the records in another order and the date in another spelling.
fn answer() -> Value {
    json!({
        "invoice_number": "INV-76146", "invoice_date": "August 6, 2023", "due_date": "2023-08-20",
        "vendor": { "name": "Tallgrass Studio LLC", "address": "48 Quarry Road, Madison, WI 53703", "email": null },
        "customer": { "name": "Rosa Delgado", "address": "1200 Larkspur Ave, Portland, OR 97205", "email": null },
        "items": [
            { "description": "On-site consulting, hours", "quantity": 2, "unit_price": 120, "amount": 240 },
            { "description": "Oak shelf, made to measure", "quantity": 1, "unit_price": 265.5, "amount": 265.5 },
            { "description": "Network cabling, per point", "quantity": 1, "unit_price": 46.9, "amount": 64.9 },
        ],
        "taxes": { "Sales tax 8.25%": 47.06 }, "total": 617.46, "paid": null,
    })
}

#[test]
fn a_schema_is_asked_and_scored() {
    let lines = [
        json!({ "prompt": "customer_number", "answer": { "customer_number": "K1564" } }),
        json!({ "answer": answer() }),
    ];
    let answers = Answers::parse(&lines.map(|line| line.to_string()).join("\n")).unwrap();
    let host = Host::start(Settings { key: Some(KEY.to_owned()), answers, ..Settings::default() });
    let shell = DOORS[0].shell(&host, None);
    bills(&shell);
    shell.write("eval.toml", project(DOORS[0].name));
    shell.run(&["datasets", "check", "bills"]).expect(0);
    let listed = shell.run(&["datasets", "list", "--format", "json"]).expect(0).json();
    assert_eq!(listed.pointer("/datasets/0/metric"), Some(&json!("extract")), "{listed}");
    shell.run(&["run", "--budget-usd", "1", "--yes", "--no-progress", "--run-dir", "run"]).expect(0);
    let trials = std::fs::read_to_string(shell.path("run/trials.jsonl")).unwrap();
    assert!(trials.lines().all(|line| line.contains("\"output\":\"schema\"")), "{trials}");

    let scored = shell.run(&["score", "run"]).expect(0);
    let of = |case: &str| -> Value {
        let line =
            scored.out.lines().find(|line| line.contains(case)).unwrap_or_else(|| panic!("{}", scored.out));
        serde_json::from_str(line).unwrap()
    };
    assert_eq!(of("bill-1-number")["headline"], json!(1.0));
    let bill = of("bill-1-pdf");
    // 21 values are there. The three unit prices count twice, and the wrong one is one of them.
    let headline = bill["headline"].as_f64().unwrap();
    assert!((headline - 22.0 / 24.0).abs() < 1e-9, "{bill}");
    assert_eq!(bill["score"]["critical_right"], json!(1.0));
    assert_eq!(bill["score"]["wrong"].as_f64().unwrap() + bill["score"]["shifted"].as_f64().unwrap(), 1.0);
    // The model gave no places, so that only values can be compared.
    assert!(bill["score"]["value_f1"].is_number() && bill["score"]["grounding_f1"].is_null(), "{bill}");

    shell.run(&["report", "run", "-o", "report.json"]).expect(0);
    let report = std::fs::read_to_string(shell.path("report.json")).unwrap();
    assert!(report.contains("items[].unit_price"), "the fields of records are told by their path");
}

#[test]
fn engines_that_take_no_schema_are_refused_before_anything_is_sent() {
    let host = Host::start(Settings { key: Some(KEY.to_owned()), ..Settings::default() });
    let shell = DOORS[0].shell(&host, None);
    bills(&shell);
    shell.write("eval.toml", project("textract/text"));
    let planned = shell.run(&["plan"]);
    let said = format!("{}{}", planned.out, planned.err);
    assert!(said.contains("task `extract` not supported"), "{said}");
    assert_eq!(host.journal().requests, 0);
}
