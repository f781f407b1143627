//! The published schemas and what our own reader takes agree.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::{Path, PathBuf};

use eval_datasets::{Dataset, Manifest, Selection};
use jsonschema::Validator;
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn schema(name: &str) -> Validator {
    let text = fs::read_to_string(root().join("schemas").join(name)).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[track_caller]
fn valid(schema: &Validator, value: &Value, place: &str) {
    let faults: Vec<String> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{place}: {faults:?}");
}

#[test]
fn the_bundled_datasets_follow_the_published_schemas() {
    let (dataset, case) = (schema("dataset.schema.json"), schema("case.schema.json"));
    let folders = Dataset::find(&root().join("datasets")).unwrap();
    assert!(!folders.is_empty());
    for folder in folders {
        let text = fs::read_to_string(folder.join("dataset.toml")).unwrap();
        let manifest: Value = serde_json::to_value(toml::from_str::<toml::Table>(&text).unwrap()).unwrap();
        valid(&dataset, &manifest, &folder.display().to_string());
        for (at, line) in fs::read_to_string(folder.join("cases.jsonl")).unwrap().lines().enumerate() {
            valid(&case, &serde_json::from_str(line).unwrap(), &format!("{}:{}", folder.display(), at + 1));
        }
    }
}

const MANIFEST: &str = "name = 'a'\nversion = '1'\nlicence = 'CC0-1.0'\nprovenance = 'made up'\n[tasks.classify]\nprompt = 'x'\nmetric = 'classify'\n";

/// Schema and reader take it, or both refuse it.
#[track_caller]
fn agree_on_manifest(text: &str, right: bool) {
    let value = serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    assert_eq!(schema("dataset.schema.json").is_valid(&value), right, "schema");
    assert_eq!(Manifest::parse(Path::new("dataset.toml"), text).is_ok(), right, "reader");
}

#[test]
fn schema_and_reader_agree_on_manifests() {
    agree_on_manifest(MANIFEST, true);
    agree_on_manifest(&format!("{MANIFEST}critical = ['a']\nsettings = {{ a = 1 }}\n"), true);
    agree_on_manifest(&format!("{MANIFEST}promt = 'x'\n"), false);
    agree_on_manifest(&format!("{MANIFEST}max_output_tokens = -1\n"), false);
    agree_on_manifest(&MANIFEST.replace("licence = 'CC0-1.0'\n", ""), false);
    agree_on_manifest(&MANIFEST.replace("tasks.classify", "tasks.classification"), false);
    agree_on_manifest(&MANIFEST.replace("prompt = 'x'\n", ""), false);
    let bare = "[tasks.extract]\nschema = 'a.schema.json'\n";
    agree_on_manifest(&MANIFEST.replace("[tasks.classify]\nprompt = 'x'\nmetric = 'classify'\n", bare), true);
}

#[track_caller]
fn agree_on_case(case: &Value, right: bool) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("dataset.toml"), MANIFEST).unwrap();
    fs::write(folder.path().join("cases.jsonl"), format!("{case}\n")).unwrap();
    let index = Dataset::open(folder.path()).unwrap().index(&Selection::default());
    let read = index.and_then(|index| index.cases().collect::<Result<Vec<_>, _>>());
    assert_eq!(read.is_ok(), right, "reader: {case}");
    assert_eq!(schema("case.schema.json").is_valid(case), right, "schema: {case}");
}

#[test]
fn schema_and_reader_agree_on_cases() {
    agree_on_case(&json!({ "id": "a", "media": ["a.png"], "expected": null }), true);
    agree_on_case(
        &json!({ "id": "a", "media": [], "expected": 1, "task": "classify", "source": "s", "tags": { "a": "b" }, "note": "torn" }),
        true,
    );
    agree_on_case(&json!({ "id": " ", "media": [], "expected": 1 }), false);
    agree_on_case(&json!({ "id": "a", "media": "a.png", "expected": 1 }), false);
    agree_on_case(&json!({ "id": "a", "media": [], "expected": 1, "tags": { "a": 1 } }), false);
    agree_on_case(&json!({ "id": "a", "media": [], "expected": 1, "tag": {} }), false);
    agree_on_case(&json!({ "id": "a", "media": [] }), false);
    let bounds = json!({ "left": 0.1, "top": 0.1, "right": 0.2, "bottom": 0.2 });
    let evidence = json!({ "a": [{ "value": 1, "text": "1", "page": 1, "box": bounds, "normalizers": ["phone_digits"] }, {}] });
    agree_on_case(&json!({ "id": "a", "media": [], "expected": {}, "evidence": evidence }), true);
    agree_on_case(
        &json!({ "id": "a", "media": [], "expected": {}, "evidence": { "a": [{ "pages": 1 }] } }),
        false,
    );
    agree_on_case(&json!({ "id": "a", "media": [], "expected": {}, "evidence": { "a": {} } }), false);
}
