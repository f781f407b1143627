//! The committed reports, through the binary.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const REPORTS: [&str; 3] = ["report.md", "report.json", "report.html"];

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

/// Holds reports against a record, as CI does.
fn check(record: &Path, reports: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
    command.current_dir(workspace()).arg("report").arg(record).arg("--check");
    for report in reports {
        command.arg("-o").arg(report);
    }
    command.output().unwrap()
}

#[track_caller]
fn ends_with(output: &Output, code: i32, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(words), "{said}");
}

#[test]
fn the_committed_reports_follow_from_the_committed_record() {
    let paths = REPORTS.map(|name| Path::new("reports").join(name));
    let paths: Vec<&Path> = paths.iter().map(|path| path.as_path()).collect();
    ends_with(&check(Path::new("reports/record"), &paths), 0, "report.html matches reports/record");
}

#[test]
fn a_report_that_was_changed_by_hand_is_found() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("changed.md");
    let text = fs::read_to_string(workspace().join("reports/report.md")).unwrap();
    fs::write(&path, text.replacen("### Verdict", "### Our verdict", 1)).unwrap();
    ends_with(&check(Path::new("reports/record"), &[&path]), 100, "does not match reports/record");
    let there = fs::read_to_string(&path).unwrap();
    assert!(there.contains("### Our verdict"), "a check writes nothing");
}

#[test]
fn a_report_that_is_not_there_is_a_mistake_of_the_set_up() {
    ends_with(&check(Path::new("reports/record"), &[Path::new("reports/none.md")]), 96, "cannot be read");
}
