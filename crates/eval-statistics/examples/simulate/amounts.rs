//! Costs, tokens and seconds: do the intervals around their mean cover the truth, although nothing limits an amount?

use eval_statistics::{Level, SplitMix64, amount_over_tasks};

use crate::draw::{chance, normal};

/// The amounts of one document.
type Document = fn(&mut SplitMix64) -> Vec<f64>;

pub struct Shape {
    pub name: &'static str,
    /// The mean over an endless supply of documents, by calculation.
    pub truth: f64,
    pub document: Document,
}

/// e to the half: the mean of a lognormal of a median of 1 and a spread of 1.
const E_HALF: f64 = 1.648_721_270_700_128_2;
/// The same with a spread of one half.
const E_EIGHTH: f64 = 1.133_148_453_066_826_3;

pub const SHAPES: &[Shape] = &[
    Shape { name: "lognormal, spread 0.5", truth: E_EIGHTH, document: |s| vec![lognormal(s, 0.5)] },
    Shape { name: "lognormal, spread 1", truth: E_HALF, document: |s| vec![lognormal(s, 1.0)] },
    Shape {
        name: "a fixed price and lognormal tokens, spread 1",
        truth: 1.0 + E_HALF,
        document: |s| vec![1.0 + lognormal(s, 1.0)],
    },
    Shape {
        name: "lognormal, spread 0.5; one in ten fails and costs nothing",
        truth: 0.9 * E_EIGHTH,
        document: |s| vec![chance(s, 0.9) * lognormal(s, 0.5)],
    },
    Shape {
        name: "lognormal, spread 0.5; one in ten costs ten times as much",
        truth: 1.9 * E_EIGHTH,
        document: |s| vec![(1.0 + 9.0 * chance(s, 0.1)) * lognormal(s, 0.5)],
    },
    Shape {
        name: "pages: 1 to 12, few have many",
        truth: 2.976_877_960_112_222,
        document: |s| vec![pages(s)],
    },
    Shape {
        name: "lognormal, spread 1, documents of 1–6, half of it the document's",
        truth: E_HALF,
        document: |s| {
            let count = 1 + s.below(6);
            alike(s, count)
        },
    },
    Shape {
        name: "lognormal, spread 1, 3 repeats, half of it the case's",
        truth: E_HALF,
        document: |s| alike(s, 3),
    },
];

/// Cases of each task.
pub const TASKS: [&[usize]; 7] =
    [&[8; 5], &[20; 5], &[8, 500], &[500, 8], &[8, 20, 60, 200, 500], &[500, 200, 60, 20, 8], &[400; 5]];

pub fn lognormal(stream: &mut SplitMix64, spread: f64) -> f64 {
    (spread * normal(stream)).exp()
}

/// Every page is followed by another one with a chance of two thirds, up to twelve.
fn pages(stream: &mut SplitMix64) -> f64 {
    let mut pages = 1.0;
    while pages < 12.0 && stream.unit() < 2.0 / 3.0 {
        pages += 1.0;
    }
    pages
}

fn alike(stream: &mut SplitMix64, count: usize) -> Vec<f64> {
    let own = normal(stream);
    (0..count).map(|_| ((own + normal(stream)) / std::f64::consts::SQRT_2).exp()).collect()
}

pub struct Coverage {
    pub printed: f64,
    /// Of mean ± t · standard error, as if all amounts were independent.
    pub student: f64,
    /// Mean width of the printed interval, in per cent of the truth.
    pub width: f64,
}

/// How often the printed interval holds the truth, for one task of so many documents.
pub fn coverage(shape: &Shape, documents: usize, runs: u64, seed: u64) -> Coverage {
    let mut stream = SplitMix64::new(seed);
    let (mut printed, mut student, mut width) = (0u64, 0u64, 0.0);
    for _ in 0..runs {
        let mut amounts = Vec::new();
        for number in 0..documents {
            amounts.extend((shape.document)(&mut stream).into_iter().map(|amount| (number, amount)));
        }
        let plain: eval_statistics::Moments = amounts.iter().map(|(_, amount)| *amount).collect();
        let plain = plain.student_interval(Level::P95);
        student += u64::from(plain.is_some_and(|interval| interval.contains(shape.truth)));
        let found = amount_over_tasks(&[amounts], Level::P95).and_then(|estimate| estimate.interval);
        let found = found.expect("amounts of several documents have an interval");
        printed += u64::from(found.contains(shape.truth));
        width += 100.0 * found.width() / shape.truth;
    }
    let share = |count: u64| count as f64 / runs as f64;
    Coverage { printed: share(printed), student: share(student), width: width / runs as f64 }
}

/// The same over several tasks of these sizes, of which each costs twice as much a case as the one before.
pub fn coverage_over_tasks(sizes: &[usize], runs: u64, seed: u64) -> f64 {
    let mut stream = SplitMix64::new(seed);
    let scale = |task: usize| f64::from(1_u32 << task);
    let truth = E_HALF * (0..sizes.len()).map(scale).sum::<f64>() / sizes.len() as f64;
    let held = (0..runs).filter(|_| {
        let mut document = 0;
        let mut task = |(number, size): (usize, &usize)| -> Vec<(usize, f64)> {
            let mut one = || {
                document += 1;
                (document, scale(number) * lognormal(&mut stream, 1.0))
            };
            (0..*size).map(|_| one()).collect()
        };
        let tasks: Vec<Vec<(usize, f64)>> = sizes.iter().enumerate().map(&mut task).collect();
        let found = amount_over_tasks(&tasks, Level::P95).and_then(|estimate| estimate.interval);
        found.is_some_and(|interval| interval.contains(truth))
    });
    held.count() as f64 / runs as f64
}
