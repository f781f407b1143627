//! Summaries, gates and histories of synthetic records.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod changes;
mod constraints;
mod gates;
mod looks;
mod money;
mod open;
mod referred;
mod runs;
mod summaries;
mod tried;
mod verdicts;

use eval_record::Record;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Baseline, Options, Row, Summary, score};
use tempfile::TempDir;
use vision_core::Task;

fn run(providers: Vec<SyntheticProvider>, cases: u64, tasks: &[Task]) -> SyntheticRun {
    SyntheticRun { providers, cases, tasks: tasks.to_vec(), repeats: 1, ..SyntheticRun::varied() }
}

fn written(run: &SyntheticRun) -> (TempDir, Record) {
    let folder = tempfile::tempdir().unwrap();
    let record = run.write(&folder.path().join("run")).unwrap();
    (folder, record)
}

fn summary(run: &SyntheticRun) -> Summary {
    Summary::of(&written(run).1, &Options::default()).unwrap()
}

fn row<'a>(summary: &'a Summary, provider: &str) -> &'a Row {
    summary.overall.rows.iter().find(|row| row.provider == provider).unwrap()
}

fn ocr(damage: f64) -> Vec<SyntheticProvider> {
    vec![SyntheticProvider { damage, ..SyntheticProvider::new("local/ocr", 4, 0.95) }]
}

fn baseline(run: &SyntheticRun) -> Baseline {
    let (_folder, record) = written(run);
    Baseline::of(&score(&record, &Options::default()).unwrap(), "main").unwrap()
}
