//! The datasets in this repository are fit for use.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::path::Path;

use eval_datasets::{Dataset, check};

const METRICS: [&str; 9] = [
    "receipt",
    "chart-table",
    "chart-question",
    "classify",
    "compare",
    "document",
    "transcribe",
    "text",
    "checks",
];

#[test]
fn the_bundled_datasets_have_no_errors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets");
    for folder in Dataset::find(&root).unwrap() {
        let report = check(&folder, &METRICS);
        for finding in &report.findings {
            println!("{finding}");
        }
        println!("{}: {} cases, {} warnings", folder.display(), report.cases, report.warnings);
        assert!(report.passed(), "{}: {} errors", folder.display(), report.errors);
    }
}
