//! What the statistics of a report cost.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use eval_statistics::{
    ClusteredSample, Comparison, Level, PairedCase, SplitMix64, bootstrap_mean, compare, quantile_interval,
};

fn scores(count: usize) -> Vec<f64> {
    let mut stream = SplitMix64::new(7);
    (0..count).map(|_| (stream.unit() * 1.4).min(1.0)).collect()
}

fn pairs(count: usize) -> Vec<PairedCase> {
    let mut stream = SplitMix64::new(8);
    (0..count).map(|case| PairedCase::single(case / 2, stream.unit(), stream.unit())).collect()
}

fn statistics(criterion: &mut Criterion) {
    let many = scores(1_000_000);
    criterion.bench_function("mean interval, a million trials of 100,000 documents", |bencher| {
        bencher.iter(|| {
            let mut sample = ClusteredSample::default();
            let numbered = black_box(&many).iter().enumerate();
            numbered.for_each(|(number, score)| sample.push(number / 10, *score));
            sample.score_interval(Level::P95)
        });
    });
    criterion.bench_function("p95 with interval, a million latencies", |bencher| {
        bencher.iter(|| quantile_interval(black_box(&many), 0.95, Level::P95));
    });
    for count in [40, 500, 100_000] {
        let cases = pairs(count);
        criterion.bench_function(&format!("paired comparison, {count} cases"), |bencher| {
            bencher.iter(|| compare(black_box(&cases), &Comparison::usual(1)));
        });
    }
    let few = scores(84);
    criterion.bench_function("bootstrap of 84 scores, 9,999 resamples", |bencher| {
        bencher.iter(|| bootstrap_mean(black_box(&few), 9_999, Level::P95, 1));
    });
}

criterion_group!(benches, statistics);
criterion_main!(benches);
