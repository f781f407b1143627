//! From a summary to the texts that people and machines read.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eval_report::{Look, NoMedia, Page};
use eval_summary::testdata::SyntheticRun;
use eval_summary::{CaseView, Options, Summary, case_views};

/// Trials, roughly: as many as whole cases give.
const SIZES: [u64; 3] = [500, 5_000, 20_000];

fn reports(criterion: &mut Criterion) {
    for trials in SIZES {
        let (summary, cases) = recorded(trials);
        let mut write = |what: &str, text: &dyn Fn() -> String| {
            let mut group = criterion.benchmark_group(format!("write {what}"));
            group.throughput(Throughput::Elements(trials));
            group.bench_function(BenchmarkId::from_parameter(format!("{trials} trials")), |bencher| {
                bencher.iter(|| black_box(text()));
            });
            group.finish();
        };
        write("HTML", &|| eval_report::html(&summary, cases.iter().cloned(), &NoMedia, &Page::default()));
        write("Markdown", &|| eval_report::markdown(&summary));
        write("JSON", &|| eval_report::json(&summary));
        write("for a terminal", &|| eval_report::terminal(&summary, Look { columns: 120, color: true }));
    }
}

fn recorded(trials: u64) -> (Summary, Vec<CaseView>) {
    let run = SyntheticRun { repeats: 1, ..SyntheticRun::varied() };
    let each = (run.tasks.len() * run.providers.len()) as u64;
    let folder = tempfile::tempdir().expect("a folder for the record");
    let run = SyntheticRun { cases: trials.div_ceil(each), ..run };
    let record = run.write(&folder.path().join("run")).expect("a record");
    let options = Options::default();
    let views = case_views(&record, &options).expect("cases");
    let cases = views.collect::<Result<_, _>>().expect("whole cases");
    (Summary::of(&record, &options).expect("a summary"), cases)
}

criterion_group! {
    name = written;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    targets = reports
}
criterion_main!(written);
