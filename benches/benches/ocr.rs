//! The local reader's stages on one bundled receipt photo and one bundled chart, and opening datasets.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eval_datasets::{Dataset, Selection};
use provider_local::{Effort, chart_table, decode, read, receipt};

const PICTURES: [(&str, &str); 2] =
    [("receipt", "receipts/media/0002.jpg"), ("chart", "charts/media/0001.png")];

fn bundled(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets").join(name)
}

/// From the file's bytes to a page of lines: what every task pays.
fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("local reader");
    for (name, file) in PICTURES {
        let bytes = fs::read(bundled(file)).expect("the bundled datasets are whole");
        let picture = decode(&bytes).expect("the picture is sound");
        group.bench_function(BenchmarkId::new("decode", name), |bencher| {
            bencher.iter(|| decode(black_box(&bytes)));
        });
        for effort in [Effort::Fast, Effort::Accurate] {
            group.bench_function(BenchmarkId::new(format!("read {effort:?}"), name), |bencher| {
                bencher.iter(|| read(black_box(picture.clone()), effort));
            });
        }
        let page = read(picture, Effort::Accurate).expect("the engine runs");
        group.bench_function(BenchmarkId::new("receipt rules", name), |bencher| {
            bencher.iter(|| receipt(black_box(&page)));
        });
        group.bench_function(BenchmarkId::new("chart rules", name), |bencher| {
            bencher.iter(|| chart_table(black_box(&page)));
        });
    }
    group.finish();
}

const MANIFEST: &str = "name = \"made-up\"\nversion = \"1\"\nlicence = \"CC0-1.0\"\nprovenance = \"a bench\"\n[tasks.classify]\nprompt = \"What is it?\"\nmetric = \"classify\"\n";

/// Opening grows with the cases and never with what they hold.
fn opening(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("open a dataset");
    for cases in [1_000_u32, 100_000] {
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        let mut lines = String::new();
        for case in 0..cases {
            writeln!(
                lines,
                "{{\"id\":\"{case:07}\",\"media\":[\"media/{case:07}.png\"],\"expected\":{{\"label\":\"chart\"}},\"tags\":{{\"look\":\"plain\"}}}}"
            )
            .expect("a string takes everything");
        }
        fs::write(folder.path().join("dataset.toml"), MANIFEST).expect("the folder is ours");
        fs::write(folder.path().join("cases.jsonl"), lines).expect("the folder is ours");
        group.throughput(Throughput::Elements(cases.into()));
        group.bench_function(BenchmarkId::from_parameter(cases), |bencher| {
            bencher.iter(|| {
                let dataset = Dataset::open(folder.path()).expect("it is sound");
                black_box(dataset.index(&Selection::default()).expect("it is sound"))
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500));
    targets = reading, opening
}
criterion_main!(benches);
