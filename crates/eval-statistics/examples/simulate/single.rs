//! Scores of one provider on one task: do the intervals around their mean cover the truth?

use eval_statistics::{ClusteredSample, Level, SplitMix64};

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
    shape("yes/no, 97 %", 0.97, |s| vec![chance(s, 0.97)]),
    shape("graded near 0.97, 5 % fail with 0", 0.95 * 0.97, |s| vec![near_perfect(s, 0.05)]),
    shape("graded near 0.97, 1 % fail with 0", 0.99 * 0.97, |s| vec![near_perfect(s, 0.01)]),
    shape("graded, smooth around 0.5", 0.5, |s| vec![beta(s, 2.0, 2.0)]),
    shape("graded, smooth around 0.9", 8.0 / 9.0, |s| vec![beta(s, 8.0, 1.0)]),
    shape("graded, half perfect", 0.5 + 0.47 * 0.8, |s| vec![f1(s, 0.5, 0.03, 6.0, 1.5)]),
    shape("graded, 90 % perfect", 0.9 + 0.08 * 8.0 / 11.0, |s| vec![f1(s, 0.9, 0.02, 4.0, 1.5)]),
    shape("yes/no 80 %, documents of 1–6, ICC 0.3", 0.8, |s| yes_no(s, 0.8, 0.3)),
    shape("yes/no 80 %, documents of 1–6, ICC 0.5", 0.8, |s| yes_no(s, 0.8, 0.5)),
    shape("yes/no 97 %, documents of 1–6, ICC 0.5", 0.97, |s| yes_no(s, 0.97, 0.5)),
    shape("yes/no 80 %, 3 repeats, ICC 0.8", 0.8, |s| repeats(s, 3, 0.8, 0.8)),
    shape("graded near 0.97, 5 % fail, 3 repeats", 0.95 * 0.97, failing_repeats),
    shape("graded, documents of 1–6, ICC 0.3", 0.3 + 0.7 * 0.8, clustered_f1),
];

/// Nearly everything right, or nothing at all.
pub fn near_perfect(stream: &mut SplitMix64, failing: f64) -> f64 {
    if stream.unit() < failing { 0.0 } else { 0.94 + 0.06 * stream.unit() }
}

/// Whoever fails once fails mostly.
fn failing_repeats(stream: &mut SplitMix64) -> Vec<f64> {
    let own = beta(stream, 0.05, 0.95);
    (0..3).map(|_| near_perfect(stream, own)).collect()
}

fn repeats(stream: &mut SplitMix64, count: usize, p: f64, icc: f64) -> Vec<f64> {
    let k = 1.0 / icc - 1.0;
    let own = beta(stream, p * k, (1.0 - p) * k);
    (0..count).map(|_| chance(stream, own)).collect()
}

fn yes_no(stream: &mut SplitMix64, p: f64, icc: f64) -> Vec<f64> {
    let count = 1 + stream.below(6);
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
    /// Of the interval that reports print.
    pub printed: f64,
    /// Of mean ± t · standard error, as if all scores were independent.
    pub student: f64,
    /// Mean width of the printed interval, in points.
    pub width: f64,
}

/// How often the printed interval, and the plain t interval, hold the truth.
pub fn coverage(shape: &Shape, documents: usize, runs: u64, seed: u64) -> Coverage {
    let mut stream = SplitMix64::new(seed);
    let (mut printed, mut student, mut width) = (0u64, 0u64, 0.0);
    for _ in 0..runs {
        let mut sample = ClusteredSample::default();
        for number in 0..documents {
            (shape.document)(&mut stream).into_iter().for_each(|score| sample.push(number, score));
        }
        let interval = sample.score_interval(Level::P95).and_then(|found| found.interval);
        let interval = interval.expect("scores in [0, 1] always have an interval");
        printed += u64::from(interval.contains(shape.truth));
        width += interval.width() * 100.0;
        let plain = sample.moments().student_interval(Level::P95);
        student += u64::from(plain.is_some_and(|interval| interval.contains(shape.truth)));
    }
    let share = |count: u64| count as f64 / runs as f64;
    Coverage { printed: share(printed), student: share(student), width: width / runs as f64 }
}
