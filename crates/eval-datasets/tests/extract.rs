//! Datasets of the task `extract`: a JSON Schema is all that has to be written.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::Path;

use eval_datasets::{Case, Dataset, Import, Imported, Selection, check, import, write_sums};
use serde_json::{Value, json};
use vision_core::Task;

const PDF: &[u8] = include_bytes!("../../../datasets/documents/media/0001.pdf");

const MANIFEST: &str =
    "name = 'bills'\nversion = '1'\nlicence = 'CC0-1.0'\nprovenance = 'made up'\n[tasks.extract]\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(manifest: &str, cases: &[Value]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("dataset.toml", manifest);
        folder.write("bill.schema.json", schema().to_string());
        folder.write("media/1.pdf", PDF);
        folder.write("cases.jsonl", cases.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"));
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn findings(&self) -> Vec<String> {
        write_sums(self.path()).unwrap();
        check(self.path(), &["extract"]).findings.iter().map(ToString::to_string).collect()
    }

    fn cases(&self) -> Vec<Case> {
        let index = Dataset::open(self.path()).unwrap().index(&Selection::default()).unwrap();
        index.cases().collect::<Result<_, _>>().unwrap()
    }
}

fn schema() -> Value {
    json!({ "type": "object", "properties": {
        "total": { "type": "number" },
        "items": { "type": "array", "items": { "type": "object", "properties": { "name": { "type": "string" } } } },
    } })
}

fn case(more: Value) -> Value {
    let mut case = json!({ "id": "a", "media": ["media/1.pdf"], "expected": { "total": 1, "items": [{ "name": "Tea" }] } });
    case.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    case
}

#[track_caller]
fn refused(folder: &Folder, says: &str) {
    let findings = folder.findings();
    assert!(findings.iter().any(|finding| finding.contains(says)), "{findings:#?}");
}

#[test]
fn a_schema_is_all_that_has_to_be_written() {
    let folder = Folder::new(&format!("{MANIFEST}schema = 'bill.schema.json'\n"), &[case(json!({}))]);
    assert_eq!(folder.findings(), Vec::<String>::new());
    let dataset = Dataset::open(folder.path()).unwrap();
    let spec = dataset.task(Task::Extract).unwrap();
    assert_eq!(spec.metric, "extract");
    assert!(spec.prompt.contains("{{schema}}"));
    let sent = dataset.schema(Task::Extract).unwrap().unwrap();
    assert!(sent.strict, "all fields are required: {}", sent.schema);
    assert_eq!(sent.schema["required"], json!(["total", "items"]));
    assert_eq!(sent.schema["properties"]["total"]["type"], json!(["number", "null"]));
}

#[test]
fn null_is_labelled_absent_whatever_the_schema_says_of_it() {
    let expected = json!({ "expected": { "total": null, "items": null } });
    let folder = Folder::new(&format!("{MANIFEST}schema = 'bill.schema.json'\n"), &[case(expected)]);
    assert_eq!(folder.findings(), Vec::<String>::new());
    let wrong = json!({ "expected": { "total": "much" } });
    let folder = Folder::new(&format!("{MANIFEST}schema = 'bill.schema.json'\n"), &[case(wrong)]);
    refused(&folder, "`expected/total`");
}

#[test]
fn a_case_may_have_a_schema_of_its_own() {
    let own = case(json!({ "schema": "bill.schema.json" }));
    let folder = Folder::new(MANIFEST, std::slice::from_ref(&own));
    assert_eq!(folder.findings(), Vec::<String>::new());
    let schema = folder.cases()[0].schema.clone().unwrap();
    assert_eq!(schema["required"], json!(["total", "items"]));
    let dataset = Dataset::open(folder.path()).unwrap();
    let before = dataset.content_hash(None).unwrap();
    folder.write("bill.schema.json", json!({ "properties": { "total": { "type": "number" } } }).to_string());
    write_sums(folder.path()).unwrap();
    assert_ne!(dataset.content_hash(None).unwrap(), before, "another schema is another dataset");

    refused(&Folder::new(MANIFEST, &[case(json!({}))]), "has no JSON Schema");
    refused(&Folder::new(MANIFEST, &[case(json!({ "schema": "../x.json" }))]), "schema");
    refused(&Folder::new(MANIFEST, &[case(json!({ "schema": "none.json" }))]), "none.json");
    let folder = Folder::new(MANIFEST, &[case(json!({ "schema": "list.json" }))]);
    folder.write("list.json", json!({ "type": "array" }).to_string());
    refused(&folder, "describes no object with `properties`");
}

#[test]
fn a_schema_that_leaves_the_folder_is_not_read() {
    let folder = Folder::new(MANIFEST, &[case(json!({ "schema": "../outside.json" }))]);
    let index = Dataset::open(folder.path()).unwrap().index(&Selection::default()).unwrap();
    let error = index.cases().next().unwrap().unwrap_err().to_string();
    assert!(error.contains("cases.jsonl:1") && error.contains("`schema`"), "{error}");
}

#[test]
fn evidence_is_checked() {
    let place = |left: f64| json!({ "left": left, "top": 0.1, "right": 0.3, "bottom": 0.2 });
    let with = |evidence: Value| {
        Folder::new(
            &format!("{MANIFEST}schema = 'bill.schema.json'\n"),
            &[case(json!({ "evidence": evidence }))],
        )
    };
    let sound = with(
        json!({ "items[0].name": [{ "text": "Tea", "page": 1, "box": place(0.1) }], "total": [{ "value": "1.00" }] }),
    );
    assert_eq!(sound.findings(), Vec::<String>::new());
    assert_eq!(sound.cases()[0].evidence["items[0].name"][0].page, Some(1));
    refused(&with(json!({ "items[1].name": [] })), "`items[1].name`, which is not in `expected`");
    refused(&with(json!({ "total": [{ "page": 0 }] })), "counted from 1");
    refused(&with(json!({ "total": [{ "page": 1, "box": place(0.5) }] })), "left < right");
    refused(&with(json!({ "total": [{ "box": place(0.1) }] })), "a box needs a `page`");
}

/// Made by hand in the form of the published rows; all content is made up.
fn document(id: &str, more: Value) -> Value {
    let rules = json!({
        "total": { "evidence": [{ "page": 1, "bbox": [0.5, 0.5, 0.25, 0.125], "quote": "1.00", "value": 1 }, { "value": null }],
                   "normalizers": ["optional_terminal_punctuation"], "verified": true, "tags": [] },
        "items[0].name": { "evidence": [{ "page": 1, "bbox": null, "quote": null, "value": "Tea", "coarse": true }] },
        "items[7].name": { "evidence": [{ "value": "x" }] },
    });
    let mut row = json!({
        "id": id, "category": "short", "pdf": "docs/short/bill.pdf", "tags": ["T1", "P2_scan", "S1", "S3", "handwritten"],
        "data_schema": schema().to_string(),
        "expected_output": json!({ "total": 1, "items": [{ "name": "Tea" }] }).to_string(),
        "field_rules": rules.to_string(), "repeated_structure": "{}",
    });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row
}

fn imported(rows: &[Value]) -> (tempfile::TempDir, Imported) {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("handmade");
    fs::create_dir_all(input.join("docs/short")).unwrap();
    fs::write(input.join("docs/short/bill.pdf"), PDF).unwrap();
    fs::write(input.join("short.jsonl"), rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"))
        .unwrap();
    let settings = Import {
        kind: "extractbench".to_owned(),
        input,
        output: folder.path().join("out"),
        ..Import::default()
    };
    let imported = import(&settings).unwrap();
    (folder, imported)
}

#[test]
fn imports_extractbench() {
    let legacy = json!([{
        "field_path": "total", "expected_value": 1, "bboxes": [{ "page": 2, "bbox": [0, 0, 0.5, 0.5] }], "type": "extract_field",
    }]);
    let other = json!({ "properties": { "total": { "type": ["number", "null"] } } });
    let (folder, result) = imported(&[
        document("a", json!({})),
        document("b", json!({ "field_rules": legacy.to_string() })),
        document(
            "c",
            json!({ "data_schema": other.to_string(), "field_rules": "{}", "expected_output": "{\"value\": {\"total\": null}}" }),
        ),
        document("bad", json!({ "expected_output": "[]" })),
        document("odd", json!({ "expected_output": "{\"total\": \"much\"}" })),
    ]);
    assert_eq!((result.cases, result.refused.len(), result.notes.len()), (3, 2, 1), "{result:#?}");
    assert!(result.refused[1].message.contains("does not follow `data_schema`"), "{:?}", result.refused);
    assert!(result.notes[0].message.contains("items[7].name"));
    let out = folder.path().join("out");
    let report = check(&out, &["extract"]);
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    let dataset = Dataset::open(&out).unwrap();
    let cases: Vec<Case> =
        dataset.index(&Selection::default()).unwrap().cases().collect::<Result<_, _>>().unwrap();
    assert_eq!(
        cases[0].tags,
        [
            ("capture", "P2_scan"),
            ("handwritten", "yes"),
            ("split", "short"),
            ("table", "S1, S3"),
            ("task", "T1"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into()
    );
    assert_eq!(cases[0].schema, cases[1].schema);
    assert_ne!(cases[0].schema, cases[2].schema);
    assert_eq!(cases[2].expected, json!({ "total": null }));
    let total = &cases[0].evidence["total"][0];
    assert_eq!(
        (total.value.clone(), total.text.as_deref(), total.page),
        (Some(json!(1)), Some("1.00"), Some(1))
    );
    let bounds = total.bounds.unwrap();
    assert_eq!((bounds.left, bounds.top, bounds.right, bounds.bottom), (0.5, 0.5, 0.75, 0.625));
    assert_eq!(total.normalizers, ["optional_terminal_punctuation"]);
    assert_eq!(cases[1].evidence["total"][0].page, Some(2));
    // Documents that share a file are one source.
    assert_eq!(cases[0].source, cases[2].source);
}
