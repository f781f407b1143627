//! Whole reports on providers that are alike: does anything in them call anybody better or worse?
//!
//! Each is a record on disk, scored and summarized like any other.

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Opinion, Options, StandingKind, Summary};
use vision_core::Task;

/// Receipts and texts are graded, labels come two to a document, the others are right or wrong.
const TASKS: [Task; 5] = [Task::Receipt, Task::Classify, Task::Text, Task::ChartQuestion, Task::Document];

#[derive(Default)]
struct Found {
    /// Reports in which any difference, overall or in a task, is called better or worse.
    differences: u64,
    /// Reports in which the verdict calls any candidate worse than another.
    worse: u64,
    /// Reports with either.
    any: u64,
    /// Reports that recommend a candidate that is dearer than another.
    dearer: u64,
}

fn simulate(candidates: u64, tasks: &[Task], cases: u64, reports: u64, seed: u64) -> Found {
    let mut found = Found::default();
    for number in 0..reports {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // Each is a little dearer than the one before.
        let one = |at: u64| SyntheticProvider {
            price: Some(1.0 + at as f64 / 10.0),
            ..SyntheticProvider::new(&format!("twin/{at:02}"), at + 1, 0.9)
        };
        let run = SyntheticRun {
            seed: seed ^ number << 16,
            cases,
            repeats: 1,
            tasks: tasks.to_vec(),
            providers: (0..candidates).map(one).collect(),
            ..SyntheticRun::varied()
        };
        let record = run.write(folder.path()).expect("a record is written");
        let summary = Summary::of(&record, &Options::default()).expect("a record is summarized");
        let mut pairs = summary.differences.iter().flat_map(|scope| &scope.pairs);
        let differs = pairs.any(|pair| pair.opinion != Opinion::CannotTell);
        let worse = summary.verdict.candidates.iter().any(|one| one.standing == StandingKind::Worse);
        found.differences += u64::from(differs);
        found.worse += u64::from(worse);
        found.any += u64::from(differs || worse);
        found.dearer += u64::from(summary.verdict.winner.is_some_and(|winner| winner != "twin/00"));
    }
    found
}

/// Small reports with a control: how often a candidate is recommended that is truly worse by ten points, because the
/// other is not shown to beat the control.
fn small(cases: u64, reports: u64, seed: u64) -> u64 {
    let wrong = (0..reports).filter(|number| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let one = SyntheticProvider::new;
        let run = SyntheticRun {
            seed: seed ^ number << 16,
            cases,
            repeats: 1,
            tasks: vec![Task::Document],
            providers: vec![
                SyntheticProvider { price: Some(5.0), ..one("a/better", 1, 0.7) },
                one("b/worse", 2, 0.6),
                SyntheticProvider { price: Some(0.0), control: true, ..one("control/blank", 3, 0.0) },
            ],
            ..SyntheticRun::varied()
        };
        let record = run.write(folder.path()).expect("a record is written");
        let summary = Summary::of(&record, &Options::default()).expect("a record is summarized");
        summary.verdict.winner.as_deref() == Some("b/worse")
    });
    wrong.count() as u64
}

/// Prints the tables.
pub fn print(reports: u64, seed: u64) {
    println!(
        "\n### Reports on identical providers: what calls anybody better or worse, in % of reports (at most 5)\n"
    );
    println!(
        "{reports} reports for each line (four times as many with two candidates), each a record that is summarized like any other.\n"
    );
    println!("| report | a difference | the verdict | either | recommends a dearer one |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let settings =
        [(2, 5, 20), (2, 5, 60), (2, 1, 60), (5, 5, 20), (5, 5, 60), (12, 5, 20), (12, 5, 60), (12, 1, 60)];
    for (candidates, tasks, cases) in settings {
        let reports = if candidates == 2 { 4 * reports } else { reports };
        let found =
            simulate(candidates, &TASKS[..tasks], cases, reports, seed ^ candidates << 40 ^ cases << 32);
        let share = |count: u64| format!("{:.1}", 100.0 * count as f64 / reports as f64);
        println!(
            "| {candidates} candidates, {tasks} × {cases} cases | {} | {} | {} | {} |",
            share(found.differences),
            share(found.worse),
            share(found.any),
            share(found.dearer)
        );
    }
    println!(
        "\n### Few cases and a control: reports that recommend the one that is worse by 10 points, in % (at most 5)\n"
    );
    println!("| report | recommends the worse |");
    println!("| --- | ---: |");
    for cases in [1, 4, 6, 8, 12, 20] {
        let wrong = small(cases, 2 * reports, seed ^ cases << 24);
        println!("| 60 and 70 % right, {cases} cases | {:.1} |", 50.0 * wrong as f64 / reports as f64);
    }
}
