//! Help that fits a screen, with examples that work.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::process::Command;

/// A screen in lines and columns, somewhat larger than a terminal of old.
const SCREEN: (usize, usize) = (48, 100);

fn says(words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
    let output = command.args(words).env_clear().output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn help(verbs: &[String]) -> String {
    says(&verbs.iter().map(String::as_str).chain(["-h"]).collect::<Vec<_>>())
}

/// Every verb, and every verb of a verb; the program itself is the empty one.
fn all(verbs: Vec<String>) -> Vec<Vec<String>> {
    let text = help(&verbs);
    let below = text.split_once("Commands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap());
    let names = below.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    let names: Vec<String> = names.filter(|name| *name != "help").map(str::to_owned).collect();
    let inner = names.into_iter().flat_map(|name| all([&verbs[..], &[name]].concat()));
    let inner: Vec<_> = inner.collect();
    [vec![verbs], inner].concat()
}

fn examples(help: &str) -> Vec<&str> {
    help.lines().filter_map(|line| line.strip_prefix("  vision-eval ")).collect()
}

#[test]
fn the_help_of_every_verb_fits_a_screen_and_has_examples() {
    let verbs = all(Vec::new());
    assert!(verbs.len() > 25, "{verbs:?}");
    for verb in &verbs {
        let text = help(verb);
        let (lines, columns) = (text.lines().count(), text.lines().map(|line| line.chars().count()).max());
        assert!(lines <= SCREEN.0 && columns <= Some(SCREEN.1), "{verb:?}: {lines} × {columns:?}\n{text}");
        assert!(!examples(&text).is_empty() || *verb == ["completions"], "{verb:?} has no example:\n{text}");
        let whole = says(&verb.iter().map(String::as_str).chain(["--help"]).collect::<Vec<_>>());
        for flag in ["--help", "--color", "--ca-certificate"] {
            assert!(whole.contains(flag), "{verb:?} hides {flag}");
        }
    }
}

#[test]
fn the_examples_use_flags_that_there_are() {
    for verb in all(Vec::new()) {
        for example in examples(&help(&verb)) {
            let words: Vec<&str> = example.split_whitespace().collect();
            let names =
                words.iter().take_while(|word| word.chars().all(|letter| letter.is_ascii_lowercase()));
            let known: Vec<&str> = names.copied().collect();
            // Of `cache stats` both words are verbs, of `baseline set main` two.
            let whole = (1..=known.len().min(2)).rev().find_map(|count| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_vision-eval"));
                let output = command.arg("help").args(&known[..count]).env_clear().output().unwrap();
                output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
            });
            let whole = whole.unwrap_or_else(|| panic!("`{example}` is no command"));
            for flag in words.iter().filter(|word| word.starts_with('-')) {
                assert!(whole.contains(flag), "`{example}`: there is no {flag}");
            }
        }
    }
}

#[test]
fn the_manual_and_the_completions_know_every_flag() {
    let (manual, bash) = (says(&["man"]), says(&["completions", "bash"]));
    assert!(manual.starts_with(".ie") && manual.contains("vision\\-eval"), "{manual}");
    for flag in ["--failed-from", "--budget-usd", "--ca-certificate"] {
        assert!(bash.contains(flag), "{flag}");
        assert!(says(&["run", "--help"]).contains(flag), "{flag}");
    }
}
