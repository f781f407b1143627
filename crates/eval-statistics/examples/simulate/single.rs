//! Scores of one provider: do the intervals around their mean cover the truth?

use eval_statistics::{ClusteredSample, Level, SplitMix64, bootstrap_mean};

use crate::draw::{beta, chance, f1};

/// Scores of one document.
type Document = fn(&mut SplitMix64) -> Vec<f64>;

pub struct Shape {
    pub name: &'static str,
    /// The mean over an endless supply of documents, by calculation.
    pub truth: f64,
    pub document: Document,
}

const fn shape(name: &'static str, truth: f64, document: Document) -> Shape {
    Shape { name, truth, document }
}

pub const SHAPES: &[Shape] = &[
    shape("yes/no, 50 % right", 0.5, |s| vec![chance(s, 0.5)]),
    shape("yes/no, 80 %", 0.8, |s| vec![chance(s, 0.8)]),
    shape("yes/no, 90 %", 0.9, |s| vec![chance(s, 0.9)]),
    shape("yes/no, 95 %", 0.95, |s| vec![chance(s, 0.95)]),
    shape("yes/no, 99 %", 0.99, |s| vec![chance(s, 0.99)]),
    shape("F1, smooth around 0.5", 0.5, |s| vec![beta(s, 2.0, 2.0)]),
    shape("F1, smooth around 0.9", 8.0 / 9.0, |s| vec![beta(s, 8.0, 1.0)]),
    shape("F1, half perfect", 0.5 + 0.47 * 0.8, |s| vec![f1(s, 0.5, 0.03, 6.0, 1.5)]),
    shape("F1, 80 % perfect", 0.8 + 0.18 * 8.0 / 11.0, |s| vec![f1(s, 0.8, 0.02, 4.0, 1.5)]),
    shape("F1, 90 % perfect", 0.9 + 0.08 * 8.0 / 11.0, |s| vec![f1(s, 0.9, 0.02, 4.0, 1.5)]),
    shape("yes/no 80 %, documents of 1–8, ICC 0.05", 0.8, |s| yes_no(s, 0.8, 0.05)),
    shape("yes/no 80 %, documents of 1–8, ICC 0.3", 0.8, |s| yes_no(s, 0.8, 0.3)),
    shape("yes/no 80 %, documents of 1–8, ICC 0.8", 0.8, |s| yes_no(s, 0.8, 0.8)),
    shape("yes/no 95 %, documents of 1–8, ICC 0.3", 0.95, |s| yes_no(s, 0.95, 0.3)),
    shape("yes/no 95 %, documents of 1–8, ICC 0.8", 0.95, |s| yes_no(s, 0.95, 0.8)),
    shape("yes/no 80 %, 3 repeats, ICC 0.8", 0.8, |s| repeats(s, 3, 0.8, 0.8)),
    shape("F1, documents of 1–6, ICC 0.3", 0.3 + 0.7 * 0.8, clustered_f1),
];

fn repeats(stream: &mut SplitMix64, count: usize, p: f64, icc: f64) -> Vec<f64> {
    let k = 1.0 / icc - 1.0;
    let own = beta(stream, p * k, (1.0 - p) * k);
    (0..count).map(|_| chance(stream, own)).collect()
}

fn yes_no(stream: &mut SplitMix64, p: f64, icc: f64) -> Vec<f64> {
    let count = 1 + stream.below(8);
    repeats(stream, count, p, icc)
}

fn clustered_f1(stream: &mut SplitMix64) -> Vec<f64> {
    let own = beta(stream, 6.0, 1.5);
    let perfect = stream.unit() < 0.3;
    let count = 1 + stream.below(6);
    let mut score = || if perfect { 1.0 } else { beta(stream, own * 10.0, (1.0 - own) * 10.0) };
    (0..count).map(|_| score()).collect()
}

pub struct Coverage {
    pub picked: f64,
    pub student: f64,
}

/// How often the picked interval, and the plain t interval, hold the truth.
pub fn coverage(shape: &Shape, documents: usize, runs: u64, seed: u64) -> Coverage {
    let mut stream = SplitMix64::new(seed);
    let (mut picked, mut student) = (0u64, 0u64);
    for _ in 0..runs {
        let mut sample = ClusteredSample::default();
        for number in 0..documents {
            (shape.document)(&mut stream).into_iter().for_each(|score| sample.push(number, score));
        }
        let interval = sample.score_interval(Level::P95).and_then(|found| found.interval);
        let interval = interval.expect("scores in [0, 1] always have an interval");
        picked += u64::from(interval.contains(shape.truth));
        let plain = sample.moments().student_interval(Level::P95);
        student += u64::from(plain.is_some_and(|interval| interval.contains(shape.truth)));
    }
    let share = |count: u64| count as f64 / runs as f64;
    Coverage { picked: share(picked), student: share(student) }
}

/// The same for the BCa bootstrap of the single scores, clusters ignored.
pub fn bca_coverage(shape: &Shape, documents: usize, runs: u64, seed: u64) -> f64 {
    let mut stream = SplitMix64::new(seed);
    let covered = (0..runs).filter(|run| {
        let scores: Vec<f64> = (0..documents).flat_map(|_| (shape.document)(&mut stream)).collect();
        let bootstrap = bootstrap_mean(&scores, 999, Level::P95, seed ^ run);
        let interval = bootstrap.map(|found| found.bca.unwrap_or(found.percentile));
        interval.is_some_and(|interval| interval.contains(shape.truth))
    });
    covered.count() as f64 / runs as f64
}
