//! What a model, a host or a dataset chose to say, through every command that prints it.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::path::Path;
use std::process::Command;

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use vision_core::Task;

const ATTACK: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\r\n::error::owned<script>=1+1";

/// Starts the binary in a folder; whatever it says, nothing of it may steer a terminal.
#[track_caller]
fn is_harmless(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
    command.args(words).current_dir(folder).env_clear().env("GITHUB_ACTIONS", "true");
    let output = command.output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    for text in [&out, &err] {
        let steers = |one: char| (one.is_control() && !"\n\t".contains(one)) || one == '\u{202e}';
        assert!(!text.contains(steers), "{words:?}: {text:?}");
        // GitHub obeys these, whatever blanks stand before them.
        let begins = text.lines().any(|line| line.trim_start().starts_with("::error::"));
        assert!(!begins, "{words:?}: {text}");
    }
    assert!(!out.is_empty() || !err.is_empty(), "{words:?} says nothing");
    out + &err
}

#[test]
fn no_command_lets_hostile_names_steer_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("eval.toml"), "").unwrap();
    let mut run = SyntheticRun {
        name: format!("run {ATTACK}"),
        cases: 12,
        repeats: 1,
        tasks: vec![Task::Receipt],
        providers: vec![SyntheticProvider::new(&format!("hostile/{ATTACK}"), 1, 0.9)],
        ..SyntheticRun::varied()
    };
    run.providers[0].served = ATTACK.to_owned();
    run.providers[0].fingerprint = Some(ATTACK.to_owned());
    run.write(&path.join("runs/one")).unwrap();
    run.started = ATTACK.to_owned();
    run.prompt = ATTACK.to_owned();
    run.providers[0].accuracy = 0.3;
    run.write(&path.join("runs/two")).unwrap();

    for format in ["text", "markdown", "html", "json", "jsonl", "csv", "junit", "junit-cases"] {
        is_harmless(path, &["report", "runs/one", "--format", format]);
    }
    is_harmless(path, &["baseline", "set", "main", "runs/one"]);
    is_harmless(path, &["baseline", "show", "main"]);
    is_harmless(path, &["baseline", "list"]);
    for format in ["text", "markdown", "html", "json"] {
        is_harmless(path, &["compare", "runs/one", "runs/two", "--format", format]);
        is_harmless(path, &["history", "--format", format]);
    }
    for format in ["text", "markdown", "json"] {
        let gate = is_harmless(path, &["gate", "runs/two", "--baseline", "main", "--format", format]);
        assert!(gate.contains("::error title=") && gate.contains("owned"), "{gate}");
    }
    let unknown = is_harmless(path, &["compare", "runs/one", &format!("runs/two@{ATTACK}")]);
    assert!(unknown.contains("has no provider"), "{unknown}");
}
