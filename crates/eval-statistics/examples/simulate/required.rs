//! Does the promised number of further cases settle a comparison with a margin?

use eval_statistics::{PairedCase, PairedTasks, SplitMix64};

use crate::draw::normal;
use crate::single::near_perfect;

pub struct Shape {
    pub name: &'static str,
    /// The margin that the difference is held against.
    pub margin: f64,
    pub case: fn(&mut SplitMix64) -> (f64, f64),
}

pub const SHAPES: &[Shape] = &[
    Shape { name: "yes/no, 10 % differ, alike, margin 5", margin: 0.05, case: |s| yes_no(s, 0.05, 0.05) },
    Shape {
        name: "yes/no, 10 % differ, 4 points worse, margin 1",
        margin: 0.01,
        case: |s| yes_no(s, 0.03, 0.07),
    },
    Shape {
        name: "yes/no, 20 % differ, 3 points worse, margin 5",
        margin: 0.05,
        case: |s| yes_no(s, 0.085, 0.115),
    },
    Shape {
        name: "graded near 0.97, each fails 5 %, margin 5",
        margin: 0.05,
        case: |s| (near_perfect(s, 0.05), near_perfect(s, 0.05)),
    },
    Shape { name: "graded, all differ a little, alike, margin 2", margin: 0.02, case: |s| smooth(s, 0.0) },
    Shape {
        name: "graded, all differ a little, 3 points worse, margin 1",
        margin: 0.01,
        case: |s| smooth(s, -0.03),
    },
];

fn yes_no(stream: &mut SplitMix64, up: f64, down: f64) -> (f64, f64) {
    match stream.unit() {
        kind if kind < up => (0.0, 1.0),
        kind if kind < up + down => (1.0, 0.0),
        _ => (1.0, 1.0),
    }
}

fn smooth(stream: &mut SplitMix64, effect: f64) -> (f64, f64) {
    let own = 0.4 + 0.2 * stream.unit();
    let mut one = |shift: f64| (own + shift + 0.1 * normal(stream)).clamp(0.0, 1.0);
    (one(0.0), one(effect))
}

pub struct Promise {
    /// Studies that needed more cases and were told how many.
    pub told: f64,
    /// Those of them that the larger of the two numbers settled.
    pub kept: f64,
    /// The median of the larger number.
    pub cases: u64,
}

pub fn promises(shape: &Shape, cases: usize, tail: f64, runs: u64, seed: u64) -> Promise {
    let mut stream = SplitMix64::new(seed);
    let (mut told, mut kept) = (Vec::new(), 0u64);
    for _ in 0..runs {
        let mut study: Vec<PairedCase> = Vec::new();
        let mut ask = |study: &mut Vec<PairedCase>, count: usize| {
            for _ in 0..count {
                let (a, b) = (shape.case)(&mut stream);
                study.push(PairedCase::single(study.len(), a, b));
            }
        };
        ask(&mut study, cases);
        let required = PairedTasks::new(&[&study]).and_then(|it| it.required_cases(shape.margin, tail, 0.8));
        let Some(further) = required.and_then(|it| it.high).filter(|further| *further > 0) else { continue };
        told.push(further);
        ask(&mut study, usize::try_from(further).unwrap_or(0));
        let after = PairedTasks::new(&[&study]).expect("there are cases");
        let settled = after.low(tail).is_some_and(|low| low > -shape.margin)
            || after.high(tail).is_some_and(|high| high < -shape.margin);
        kept += u64::from(settled);
    }
    told.sort_unstable();
    let all = told.len().max(1) as f64;
    Promise {
        told: told.len() as f64 / runs as f64,
        kept: kept as f64 / all,
        cases: told.get(told.len() / 2).copied().unwrap_or(0),
    }
}
