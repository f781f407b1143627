//! Several tasks with the same weight: overall scores and overall differences.

use eval_statistics::{Level, PairedCase, PairedTasks, SplitMix64, score_over_tasks};

use crate::draw::{beta, chance};
use crate::single::near_perfect;

/// The scores of two providers on one case of the task with this number.
type Case = fn(&mut SplitMix64, usize) -> (f64, f64);

pub struct Shape {
    pub name: &'static str,
    /// Cases of each task.
    pub sizes: &'static [usize],
    /// The true means of the two.
    pub truth: (f64, f64),
    pub case: Case,
    /// Whether the tasks ask about the same documents.
    pub shared: bool,
}

pub const SHAPES: &[Shape] = &[
    Shape {
        name: "5 × 8, yes/no 90 %",
        sizes: &[8; 5],
        truth: (0.9, 0.9),
        case: |s, _| yes_no(s, 0.9, 0.9),
        shared: false,
    },
    Shape {
        name: "5 × 8, yes/no 97 % and 90 %",
        sizes: &[8; 5],
        truth: (0.97, 0.9),
        case: |s, _| yes_no(s, 0.97, 0.9),
        shared: false,
    },
    Shape {
        name: "5 × 20, graded near 0.97, 5 % fail",
        sizes: &[20; 5],
        truth: (0.9215, 0.9215),
        case: |s, _| graded(s, 0.05, 0.05),
        shared: false,
    },
    Shape {
        name: "5 × 8, graded near 0.97, 5 % and 10 % fail",
        sizes: &[8; 5],
        truth: (0.9215, 0.873),
        case: |s, _| graded(s, 0.05, 0.1),
        shared: false,
    },
    Shape {
        name: "8, 20, 60, 200 and 500, yes/no 50–97 %",
        sizes: &[8, 20, 60, 200, 500],
        truth: (0.78, 0.78),
        case: of_all_kinds,
        shared: false,
    },
    Shape {
        name: "8 and 500, yes/no 80 % and 85 %",
        sizes: &[8, 500],
        truth: (0.8, 0.85),
        case: |s, _| yes_no(s, 0.8, 0.85),
        shared: false,
    },
    Shape {
        name: "10, 30 and 300, graded, 5 % fail",
        sizes: &[10, 30, 300],
        truth: (0.9215, 0.9215),
        case: |s, _| graded(s, 0.05, 0.05),
        shared: false,
    },
    Shape {
        name: "3 × 20, the same documents",
        sizes: &[20; 3],
        truth: (0.8, 0.8),
        case: |s, _| yes_no(s, 0.8, 0.8),
        shared: true,
    },
    Shape {
        name: "12, 60 and 200, the same documents",
        sizes: &[12, 60, 200],
        truth: (0.8, 0.85),
        case: |s, _| yes_no(s, 0.8, 0.85),
        shared: true,
    },
    Shape {
        name: "5 × 400, yes/no 50–97 %",
        sizes: &[400; 5],
        truth: (0.78, 0.78),
        case: of_all_kinds,
        shared: false,
    },
];

/// The two agree more often than by chance: cases are easy or hard for both.
fn yes_no(stream: &mut SplitMix64, a: f64, b: f64) -> (f64, f64) {
    let common = stream.unit();
    let mut one =
        |p: f64| if stream.unit() < 0.5 { f64::from(u8::from(common < p)) } else { chance(stream, p) };
    (one(a), one(b))
}

fn graded(stream: &mut SplitMix64, a: f64, b: f64) -> (f64, f64) {
    (near_perfect(stream, a), near_perfect(stream, b))
}

fn of_all_kinds(stream: &mut SplitMix64, task: usize) -> (f64, f64) {
    let p = [0.5, 0.7, 0.8, 0.93, 0.97][task];
    yes_no(stream, p, p)
}

/// The tasks of one sample. Where they share documents, a document is easy or hard in all of them.
fn sample(shape: &Shape, stream: &mut SplitMix64) -> Vec<Vec<PairedCase>> {
    if shape.shared {
        return sharing(shape, stream);
    }
    let mut document = 0;
    let mut task = |number: usize, size: usize| {
        let mut case = || {
            document += 1;
            let (a, b) = (shape.case)(stream, number);
            PairedCase::single(document, a, b)
        };
        (0..size).map(|_| case()).collect()
    };
    shape.sizes.iter().enumerate().map(|(number, size)| task(number, *size)).collect()
}

fn sharing(shape: &Shape, stream: &mut SplitMix64) -> Vec<Vec<PairedCase>> {
    let most = shape.sizes.iter().copied().max().unwrap_or(0);
    let (p, q) = shape.truth;
    // ICC 0.5 on both sides, each with its own luck in a document.
    let ease: Vec<(f64, f64)> =
        (0..most).map(|_| (beta(stream, p, 1.0 - p), beta(stream, q, 1.0 - q))).collect();
    let mut task = |size: usize| {
        let mut case = |document: usize| {
            let (a, b) = ease[document];
            PairedCase::single(document, chance(stream, a), chance(stream, b))
        };
        (0..size).map(&mut case).collect()
    };
    shape.sizes.iter().map(|size| task(*size)).collect()
}

pub struct Coverage {
    pub score: f64,
    pub score_width: f64,
    pub difference: f64,
    pub difference_width: f64,
}

pub fn coverage(shape: &Shape, runs: u64, seed: u64) -> Coverage {
    let mut stream = SplitMix64::new(seed);
    let (mut score, mut difference, mut widths) = (0u64, 0u64, (0.0, 0.0));
    for _ in 0..runs {
        let tasks = sample(shape, &mut stream);
        let of_a: Vec<Vec<(usize, f64)>> = tasks
            .iter()
            .map(|task| task.iter().filter_map(|case| Some((case.cluster, case.a.mean()?))).collect())
            .collect();
        let found = score_over_tasks(&of_a, Level::P95).and_then(|estimate| estimate.interval);
        let found = found.expect("there are scores");
        score += u64::from(found.contains(shape.truth.0));
        widths.0 += found.width() * 100.0;
        let borrowed: Vec<&[PairedCase]> = tasks.iter().map(Vec::as_slice).collect();
        let pairs = PairedTasks::new(&borrowed).expect("there are cases");
        let found = pairs.interval(Level::P95).expect("there are documents");
        difference += u64::from(found.contains(shape.truth.1 - shape.truth.0));
        widths.1 += found.width() * 100.0;
    }
    let all = runs as f64;
    Coverage {
        score: score as f64 / all,
        score_width: widths.0 / all,
        difference: difference as f64 / all,
        difference_width: widths.1 / all,
    }
}
