//! Histories through the binary, over runs that a helper made up: nobody is asked.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::path::Path;
use std::process::Command;

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use vision_core::Task;

/// Three runs: the second is answered by another model, the third has other prices and another prompt.
fn runs(folder: &Path) {
    let mut run = SyntheticRun {
        cases: 12,
        repeats: 1,
        tasks: vec![Task::Receipt, Task::Classify],
        providers: vec![SyntheticProvider::new("synthetic/reader", 1, 0.95)],
        ..SyntheticRun::varied()
    };
    run.write(&folder.join("runs/one")).unwrap();
    run.started = "2026-11-22T08:00:00Z".to_owned();
    run.providers[0].served = "reader-2026-11-22".to_owned();
    run.providers[0].fingerprint = Some("fp-2".to_owned());
    run.write(&folder.join("runs/two")).unwrap();
    run.started = "2026-11-23T08:00:00Z".to_owned();
    run.price_date = "2026-11-23".to_owned();
    run.prompt = "Read this {{kind}} carefully.".to_owned();
    run.write(&folder.join("runs/three")).unwrap();
}

#[track_caller]
fn history(folder: &Path, words: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
    command.arg("history").args(words.split_whitespace()).current_dir(folder).env_clear();
    let output = command.env("COLUMNS", "160").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_run_is_told_with_what_changed_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    runs(folder.path());
    let text = history(folder.path(), "");
    assert!(
        text.starts_with("3 runs; in 2 of them the model, prompt, data or prices are not those"),
        "{text}"
    );
    assert!(text.contains("served model, fingerprint") && text.contains("prices, prompt"), "{text}");
    let markdown = history(folder.path(), "runs --format md");
    assert!(markdown.contains("<details><summary>classify</summary>"), "tasks are folded: {markdown}");
    let json: serde_json::Value = serde_json::from_str(&history(folder.path(), "--format json")).unwrap();
    assert_eq!(json["lines"].as_array().unwrap().len(), 9, "three runs, overall and two tasks");
    let html = history(folder.path(), "--format html");
    assert_eq!(html.matches("<svg ").count(), 9, "score, time and cost of each");
    assert!(html.contains("changed: M served model, F fingerprint, P prompt, $ prices"));
}
