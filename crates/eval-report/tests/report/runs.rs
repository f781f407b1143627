//! Fixed runs that never happened, and what is made of them.

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{
    Baseline, ComparedCases, GateReport, GateRules, History, Options, RunComparison, Summary, case_views,
    compare_runs, compared_cases, gate, history, score,
};
use vision_core::Task;

/// Two providers, asked once about receipts and labels.
pub fn november() -> SyntheticRun {
    let reader = SyntheticProvider {
        fingerprint: Some("fp-1".to_owned()),
        ..SyntheticProvider::new("synthetic/reader", 1, 0.97)
    };
    let local = SyntheticProvider {
        price: Some(0.0),
        local: true,
        milliseconds: 90,
        ..SyntheticProvider::new("local/synthetic-ocr", 4, 0.9)
    };
    SyntheticRun {
        cases: 30,
        repeats: 1,
        tasks: vec![Task::Receipt, Task::Classify],
        providers: vec![reader, local],
        ..SyntheticRun::varied()
    }
}

pub fn scores(run: &SyntheticRun, name: &str) -> (Summary, Baseline) {
    let folder = tempfile::tempdir().expect("a synthetic record");
    let record = run.write(&folder.path().join("run")).expect("a synthetic record");
    let options = Options::default();
    let scored = score(&record, &options).expect("scores");
    (
        Summary::of_scored(&scored, &options).expect("a synthetic record"),
        Baseline::of(&scored, name).expect("a synthetic record"),
    )
}

/// A run that is compared: its name, and whether its record is there or only its scores.
pub type Side<'a> = (&'a str, &'a SyntheticRun, bool);

/// A comparison with its cases.
pub fn compared(sides: &[Side<'_>]) -> (RunComparison, ComparedCases) {
    let baselines: Vec<Baseline> = sides.iter().map(|(name, run, _)| scores(run, name).1).collect();
    let comparison = compare_runs(&baselines, &Options::default()).expect("a synthetic record");
    (
        RunComparison { command: Some("vision-eval compare november december".to_owned()), ..comparison },
        cases(sides),
    )
}

/// A gate of the last run by the first, with its cases.
pub fn gated(sides: &[Side<'_>; 2], rules: &GateRules) -> (GateReport, ComparedCases) {
    let [(before, old, _), (now, new, _)] = sides;
    let (summary, now) = scores(new, now);
    let report = gate(&summary, &now, Some(&scores(old, before).1), rules, &Options::default());
    let report = report.expect("a synthetic record");
    let command = Some("vision-eval gate december --baseline november".to_owned());
    (GateReport { command, ..report }, cases(sides))
}

fn cases(sides: &[Side<'_>]) -> ComparedCases {
    let folder = tempfile::tempdir().expect("a synthetic record");
    let record =
        |at: usize| sides[at].1.write(&folder.path().join(at.to_string())).expect("a synthetic record");
    let records: Vec<_> = (0..sides.len()).map(record).collect();
    let baselines: Vec<Baseline> = sides.iter().map(|(name, run, _)| scores(run, name).1).collect();
    let views = |at: usize| {
        sides[at].2.then(|| case_views(&records[at], &Options::default()).expect("a synthetic record"))
    };
    let runs = baselines.iter().enumerate().map(|(at, baseline)| (baseline, views(at))).collect();
    compared_cases(runs, 1_000).expect("a synthetic record")
}

/// Five weeks, in each of which something else changed.
pub fn weeks() -> History {
    let mut run = SyntheticRun { cases: 12, tasks: vec![Task::Receipt], ..november() };
    run.providers.truncate(1);
    let folder = tempfile::tempdir().expect("a synthetic record");
    let mut write = |week: usize, change: &dyn Fn(&mut SyntheticRun)| {
        change(&mut run);
        run.started = format!("2026-11-{:02}T08:00:00Z", 1 + 7 * week);
        run.write(&folder.path().join(format!("week-{}", week + 1))).expect("a synthetic record");
    };
    write(0, &|_| {});
    write(1, &|run| run.providers[0].served = "reader-2026-11-08".to_owned());
    write(2, &|run| run.providers[0].fingerprint = Some("fp-2".to_owned()));
    write(3, &|run| {
        run.prompt = "Read this {{kind}} carefully.".to_owned();
        run.content_hash = "ab".repeat(32);
        run.providers[0].accuracy = 0.8;
    });
    write(4, &|run| {
        run.price_date = "2026-11-28".to_owned();
        run.providers[0].price = Some(0.2);
    });
    history(folder.path(), &Options::default()).expect("a synthetic record")
}
