//! The medians that criterion left behind, if its benches were run before.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::table::Table;

/// Seconds that the Python references take for one score, as measured once; the target is to be no slower.
const REFERENCES: [(&str, &str, f64); 9] = [
    ("anls_star", "10", 1.0 / 41.0),
    ("anls_star", "30", 1.0 / 4.3),
    ("anls_star", "100", 1.0 / 0.35),
    ("donut_ted", "10", 1.0 / 8.6),
    ("donut_ted", "30", 1.0 / 1.1),
    ("donut_ted", "100", 1.0 / 0.08),
    ("wer", "100", 1.0 / 3_600.0),
    ("line_items", "30", 1.0 / 3_600.0),
    ("line_items", "100", 1.0 / 325.0),
];

/// Adds what is there.
pub fn add(table: &mut Table) {
    // target/tmp stands beside target/criterion.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("criterion");
    let mut found = Vec::new();
    collect(&folder, &mut found);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    if found.is_empty() {
        return;
    }
    table.about(
        "Medians of the criterion benches; reference: Python for the metrics, Base64 alone for the wire",
    );
    for (name, seconds) in &found {
        let reference = python(name).or_else(|| base64(name, &found));
        table.beside(name, "ms", seconds * 1e3, reference.map(|seconds| seconds * 1e3));
    }
}

fn python(name: &str) -> Option<f64> {
    let (group, size) = name.split_once('/')?;
    REFERENCES.iter().find(|it| (it.0, it.1) == (group, size)).map(|it| it.2)
}

/// What a dialect adds to the least that must be done.
fn base64(name: &str, found: &[(String, f64)]) -> Option<f64> {
    let (group, size) = name.split_once('/')?;
    let alone = format!("base64 alone/{size}");
    group.starts_with("encode").then(|| found.iter().find(|it| it.0 == alone).map(|it| it.1)).flatten()
}

/// Every bench below a folder, with its median in seconds.
fn collect(folder: &Path, found: &mut Vec<(String, f64)>) {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    for path in entries.filter(|path| path.is_dir()) {
        match median(&path) {
            Some(measured) => found.push(measured),
            None => collect(&path, found),
        }
    }
}

fn median(folder: &Path) -> Option<(String, f64)> {
    let read = |name: &str| -> Option<Value> {
        let path: PathBuf = folder.join("new").join(name);
        serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
    };
    let nanoseconds = read("estimates.json")?["median"]["point_estimate"].as_f64()?;
    Some((read("benchmark.json")?["full_id"].as_str()?.to_owned(), nanoseconds / 1e9))
}
