//! The medians that criterion left behind, if its benches were run before.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::table::Table;

/// Numbers of line items, each with scores a second.
type Sizes = [(&'static str, f64); 3];

/// Scores a second of the Python references for receipts of so many line items, measured once on a machine like this,
/// and how many times as fast we mean to be.
const REFERENCES: [(&str, Sizes, f64); 4] = [
    ("anls_star", [("10", 41.0), ("30", 4.3), ("100", 0.35)], 100.0),
    ("donut_ted", [("10", 8.6), ("30", 1.1), ("100", 0.08)], 100.0),
    ("wer", [("10", 23_000.0), ("30", 10_800.0), ("100", 3_600.0)], 10.0),
    ("line_items", [("10", 30_000.0), ("30", 3_600.0), ("100", 325.0)], 10.0),
];

/// Adds what is there.
pub fn add(table: &mut Table) {
    // target/tmp stands beside target/criterion.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("criterion");
    let mut found = Vec::new();
    collect(&folder, &mut found);
    found.sort_by(|a, b| in_order(&a.0).partial_cmp(&in_order(&b.0)).expect("sizes are numbers"));
    if found.is_empty() {
        return;
    }
    table.about("Metrics, scores a second; reference: Python");
    for (metric, sizes, times) in REFERENCES {
        for (size, reference) in sizes {
            let name = format!("{metric}/{size}");
            if let Some((_, seconds)) = found.iter().find(|it| it.0 == name) {
                let target = reference * times;
                table.least(&name, "/s", 1.0 / seconds, target, Some(reference));
                table.grows(power(&name, &found));
            }
        }
    }
    table.about("Medians of the other criterion benches; reference of the dialects: Base64 alone");
    for (name, seconds) in &found {
        let group = name.split('/').next().unwrap_or_default();
        if !REFERENCES.iter().any(|it| it.0 == group) {
            table.beside(name, "µs", seconds * 1e6, base64(name, &found).map(|seconds| seconds * 1e6));
            table.grows(power(name, &found));
        }
    }
}

/// Group and size of a bench: `write HTML/500 trials`.
fn in_order(name: &str) -> (&str, f64) {
    let (group, size) = name.rsplit_once('/').unwrap_or((name, ""));
    (group, size.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0.0))
}

/// With which power of the size the time has grown since the size before: 1 is linear.
fn power(name: &str, found: &[(String, f64)]) -> Option<f64> {
    let at = found.iter().position(|it| it.0 == name)?;
    let ((group, size), seconds) = (in_order(name), found[at].1);
    let (before, then) = found.get(at.checked_sub(1)?)?;
    let (group_before, size_before) = in_order(before);
    let comparable = group == group_before && size_before > 0.0 && size > size_before;
    comparable.then(|| (seconds / then).ln() / (size / size_before).ln())
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
