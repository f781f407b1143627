//! Fixed runs that never happened, and what is made of them.

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Baseline, History, Options, RunComparison, Summary, compare_runs, history, score};
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

/// The same later: another model, other prices, fewer cases, and a reader that swaps digits.
pub fn december() -> SyntheticRun {
    let mut run = november();
    run.started = "2026-12-01T08:00:00Z".to_owned();
    run.price_date = "2026-12-01".to_owned();
    run.cases = 28;
    let reader = &mut run.providers[0];
    reader.served = "reader-2026-12-01".to_owned();
    reader.fingerprint = Some("fp-2".to_owned());
    reader.damage = 0.3;
    run
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

pub fn comparison() -> RunComparison {
    let sides = [scores(&november(), "november").1, scores(&december(), "december").1];
    compare_runs(&sides, &Options::default()).expect("a synthetic record")
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
