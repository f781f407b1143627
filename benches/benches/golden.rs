//! Every metric that has a name, on the cases that its reference implementation has scored.

use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use eval_metrics::named;
use serde_json::Value;

fn golden(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("golden cases");
    for (name, cases) in cases() {
        let metric = named(&name).expect("a golden file is of a metric that there is");
        group.throughput(Throughput::Elements(cases.len() as u64));
        group.bench_function(format!("{name}, {} cases", cases.len()), |bencher| {
            bencher.iter(|| {
                for case in &cases {
                    let score = (metric.score)(&case["expected"], &case["predicted"], &case["params"]);
                    black_box(score).expect("the reference could score it");
                }
            });
        });
    }
    group.finish();
}

/// The golden cases by the metric they are for.
fn cases() -> BTreeMap<String, Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/eval-metrics/oracle");
    let files = fs::read_dir(folder).expect("the folder is committed");
    let mut cases: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for path in files.filter_map(|file| Some(file.ok()?.path())) {
        if path.extension().is_some_and(|it| it == "jsonl") {
            for line in fs::read_to_string(&path).expect("a text file").lines() {
                let case: Value = serde_json::from_str(line).expect("a line of JSON");
                if let Some(metric) = case["metric"].as_str().filter(|metric| named(metric).is_some()) {
                    cases.entry(metric.to_owned()).or_default().push(case);
                }
            }
        }
    }
    cases
}

criterion_group! {
    name = metrics;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800));
    targets = golden
}
criterion_main!(metrics);
