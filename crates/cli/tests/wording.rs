//! What people read is written in the field's own words: phrases that put readers off stay out of everything printed.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::{Path, PathBuf};

/// Phrases that readers stumbled over. They are looked for without regard to case.
const BANNED: [&str; 53] = [
    "nobody",
    "somebody",
    "everybody",
    "whoever",
    "whom to",
    "foretold",
    "cannot be told",
    "cannot tell",
    "is surely",
    "turned out to cost",
    "did not matter",
    "cost anything",
    "what would flip",
    "nothing in particular",
    "was not asked",
    "it takes no pdf",
    "runs here for nothing",
    "so that stability is not known",
    "all right",
    "where they fail",
    "labels up",
    "can i trust",
    "not there",
    "as they are.",
    "who answered",
    "set it anew",
    "make it anew",
    "held to json",
    "again and again",
    "on their way at once",
    "where that may help",
    "so often",
    "gave no answer",
    "who is asked",
    "what is asked",
    "only what must be said",
    "hold a run",
    "nothing is paid twice",
    "go on with an",
    "text above the question",
    "known are",
    "is no capability",
    "would have shown",
    "go unseen",
    "drawn files",
    "the least score",
    "on the way",
    "colour",
    "labelled",
    "behaviour",
    "$0.0000",
    "nan%",
    "% %",
];

/// Where a phrase is another thing than it seems.
const ALLOWED: [(&str, &str); 1] = [("crates/eval-datasets/src/import/templates.rs", "colour")];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn files(folder: &Path, is_wanted: &dyn Fn(&Path) -> bool, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => files(&path, is_wanted, found),
            false if is_wanted(&path) => found.push(path),
            false => {}
        }
    }
}

fn with_ending<'a>(endings: &'a [&'a str]) -> impl Fn(&Path) -> bool + 'a {
    move |path| path.extension().is_some_and(|it| endings.iter().any(|ending| it == *ending))
}

/// The texts inside the quotes of a line of code, without comments and attributes that nobody sees.
fn quoted(line: &str) -> String {
    let code = line.trim_start();
    if code.starts_with("//") && !code.starts_with("///") || code.starts_with("#[expect") {
        return String::new();
    }
    // Help texts are doc comments; whether one is help cannot be seen here, so that the tests of the help look at those.
    if code.starts_with("///") {
        return String::new();
    }
    code.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" ")
}

fn violations(name: &str, text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let found = BANNED.iter().filter(|phrase| lower.contains(*phrase));
    let found = found
        .filter(|phrase| !ALLOWED.iter().any(|(file, allowed)| name.starts_with(file) && allowed == *phrase));
    found.map(|phrase| format!("{name}: `{phrase}`: {}", text.trim())).collect()
}

fn check(paths: &[PathBuf], of_line: impl Fn(&str) -> String) {
    let root = workspace();
    let mut found = Vec::new();
    for path in paths {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let text = fs::read_to_string(path).unwrap();
        for (number, line) in text.lines().enumerate() {
            found.extend(violations(&format!("{name}:{}", number + 1), &of_line(line)));
        }
    }
    assert!(found.is_empty(), "{} lines:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_docs_are_in_plain_words() {
    let root = workspace();
    let mut pages = vec![root.join("README.md"), root.join("SECURITY.md"), root.join("benches/README.md")];
    files(&root.join("docs"), &with_ending(&["md"]), &mut pages);
    files(&root.join("schemas"), &with_ending(&["json"]), &mut pages);
    files(&root.join("crates/cli/src/init"), &|_| true, &mut pages);
    check(&pages, str::to_owned);
}

#[test]
fn what_the_program_prints_is_in_plain_words() {
    let root = workspace();
    let mut sources = Vec::new();
    for name in [
        "cli",
        "eval",
        "eval-report",
        "eval-summary",
        "eval-datasets",
        "eval-record",
        "eval-studio",
        "vision-layers",
    ] {
        let is_printed = |path: &Path| {
            let path = path.display().to_string();
            path.ends_with(".rs") && !path.contains("tests") && !path.contains("testdata")
        };
        files(&root.join("crates").join(name).join("src"), &is_printed, &mut sources);
    }
    check(&sources, quoted);
}
