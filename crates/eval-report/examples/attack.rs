//! Writes a report in which every text that a model, a dataset or a provider could choose is an attack:
//! `attack OUT.html`. With `--plain`, the same report without attacks.

use std::path::Path;

use eval_report::NoMedia;
use eval_summary::testdata::SyntheticRun;
use eval_summary::{CaseView, Options, Summary, case_views};

#[path = "../tests/attacks/corpus.rs"]
mod corpus;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let out = arguments.iter().find(|one| !one.starts_with("--")).expect("usage: attack [--plain] OUT.html");
    let folder = tempfile::tempdir().expect("a folder for the record");
    let record = SyntheticRun::varied().write(&folder.path().join("run")).expect("a record");
    let options = Options::default();
    let mut summary = Summary::of(&record, &options).expect("a summary");
    let views = case_views(&record, &options).expect("cases");
    let mut cases: Vec<CaseView> = views.collect::<Result<_, _>>().expect("whole cases");
    if !arguments.iter().any(|one| one == "--plain") {
        corpus::poison(&mut summary, &mut cases);
    }
    std::fs::write(Path::new(out), eval_report::html(&summary, cases, &NoMedia)).expect("a writable file");
}
