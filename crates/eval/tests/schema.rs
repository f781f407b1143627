//! The published schema of `eval.toml` knows what the program knows.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::Path;

use eval::{Config, DatasetConfig, ProviderConfig};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn schema() -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("schemas/eval.schema.json")).unwrap()).unwrap()
}

#[track_caller]
fn check(file: &str) {
    check_text(file, &fs::read_to_string(root().join(file)).unwrap());
}

#[track_caller]
fn check_text(file: &str, text: &str) {
    Config::parse(Path::new(file), text).unwrap_or_else(|problem| panic!("{problem}"));
    let value: Value = toml::from_str(text).unwrap();
    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{file}");
}

#[test]
fn the_repositorys_own_configuration_follows_the_schema() {
    check("eval.toml");
}

#[test]
fn what_init_writes_follows_the_schema() {
    let file = "crates/cli/src/init/eval.toml";
    let text = fs::read_to_string(root().join(file)).unwrap();
    let filled = [
        ("{name}", "\"ours\""),
        ("{budget}", "budget_usd = 2.0"),
        ("{datasets}", "[[dataset]]\npath = \"mine\"\nsample = 20"),
        ("{candidates}", "[[provider]]\nkind = \"local\"\nmodel = \"fast\"\nenabled = false"),
    ];
    let text = filled.iter().fold(text, |text, (place, value)| {
        assert!(text.contains(place), "{place}");
        text.replace(place, value)
    });
    check_text(file, &text);
}

#[test]
fn every_key_of_the_program_is_in_the_schema() {
    let config = Config {
        dataset: vec![DatasetConfig { path: "a".into(), ..DatasetConfig::default() }],
        provider: vec![ProviderConfig::new("openai", "a")],
        ..Config::default()
    };
    let value = serde_json::to_value(config).unwrap();
    let schema = schema();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for key in keys(&value) {
        assert!(schema["properties"][&key].is_object(), "{key}");
    }
    for part in ["dataset", "provider"] {
        for key in keys(&value[part][0]) {
            assert!(schema["properties"][part]["items"]["properties"][&key].is_object(), "{part}.{key}");
        }
    }
    for part in ["media", "generation", "decide", "gate"] {
        for key in keys(&value[part]) {
            assert!(schema["properties"][part]["properties"][&key].is_object(), "{part}.{key}");
        }
    }
}

/// Whatever a document API bills by.
#[test]
fn prices_by_the_piece_follow_the_schema() {
    let units = ["page", "annotated-page", "document", "request", "credit", "image", "minute"];
    let units: Vec<String> = units
        .iter()
        .map(|unit| {
            format!("{{ unit = \"{unit}\", usd = 0.1, most_usd = 0.2, per = 10, or_its_share = true }}")
        })
        .collect();
    check_text(
        "eval.toml",
        &format!(
            "[[dataset]]\npath = \"a\"\n[[provider]]\nkind = \"compatible\"\nmodel = \"m\"\nprice = {{ units = [{}] }}\n",
            units.join(", ")
        ),
    );
}

#[test]
fn every_task_can_be_selected_and_have_prompts() {
    let schema = schema();
    let all: Vec<&str> = vision_core::Task::ALL.iter().map(|task| task.name()).collect();
    for place in
        ["/properties/dataset/items/properties/tasks/items/enum", "/properties/prompt/propertyNames/enum"]
    {
        let listed: Vec<&str> =
            schema.pointer(place).unwrap().as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(all.iter().all(|task| listed.contains(task)), "{place}: {listed:?}");
    }
}
