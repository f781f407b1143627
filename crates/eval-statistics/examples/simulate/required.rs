//! Does the promised number of further cases settle a comparison with a margin?

use eval_statistics::{PairedCase, PairedTasks, RequiredCases, SplitMix64};

use crate::draw::normal;
use crate::single::near_perfect;

pub struct Shape {
    pub name: &'static str,
    /// The margin that the difference is held against.
    pub margin: f64,
    /// The one-sided error at which it is.
    pub tail: f64,
    pub case: fn(&mut SplitMix64) -> (f64, f64),
}

const fn shape(name: &'static str, margin: f64, tail: f64, case: fn(&mut SplitMix64) -> (f64, f64)) -> Shape {
    Shape { name, margin, tail, case }
}

/// As the gate asks: a loss of 10 points at 10 %, one beyond the margin of 1 point at 5 %. As comparisons ask: any
/// difference at 2.5 %. And a margin of 5 points.
pub const SHAPES: &[Shape] = &[
    shape("detect 10: yes/no, 10 % flip, alike", 0.1, 0.1, |s| yes_no(s, 0.05, 0.05)),
    shape("detect 10: yes/no, 30 % flip, alike", 0.1, 0.1, |s| yes_no(s, 0.15, 0.15)),
    shape("detect 10: yes/no, 10 % flip, 5 points worse", 0.1, 0.1, |s| yes_no(s, 0.05, 0.1)),
    shape("detect 10: graded, each fails 5 %, alike", 0.1, 0.1, |s| {
        (near_perfect(s, 0.05), near_perfect(s, 0.05))
    }),
    shape("margin 1: yes/no, 10 % flip, alike", 0.01, 0.05, |s| yes_no(s, 0.05, 0.05)),
    shape("margin 1: yes/no, 10 % flip, 4 points worse", 0.01, 0.05, |s| yes_no(s, 0.03, 0.07)),
    shape("margin 1: graded, all differ a little, alike", 0.01, 0.05, |s| smooth(s, 0.0)),
    shape("margin 1: graded, all differ a little, 3 points worse", 0.01, 0.05, |s| smooth(s, -0.03)),
    shape("any difference: yes/no, 20 % differ, alike", 0.0, 0.025, |s| yes_no(s, 0.1, 0.1)),
    shape("any difference: yes/no, 20 % differ, 2 points worse", 0.0, 0.025, |s| yes_no(s, 0.09, 0.11)),
    shape("any difference: yes/no, 20 % differ, 4 points worse", 0.0, 0.025, |s| yes_no(s, 0.08, 0.12)),
    shape("any difference: yes/no, 20 % differ, 8 points worse", 0.0, 0.025, |s| yes_no(s, 0.06, 0.14)),
    shape("margin 5: yes/no, 20 % differ, alike", 0.05, 0.025, |s| yes_no(s, 0.1, 0.1)),
    shape("margin 5: yes/no, 20 % differ, 3 points worse", 0.05, 0.025, |s| yes_no(s, 0.085, 0.115)),
    shape("margin 5: yes/no, 20 % differ, 8 points worse", 0.05, 0.025, |s| yes_no(s, 0.06, 0.14)),
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
    /// Studies that are not settled.
    pub open: f64,
    /// Those of them that are told how many more cases they need.
    pub told: f64,
    /// Those of these that the larger of the two numbers settled.
    pub kept: f64,
    /// The median of the larger number.
    pub cases: u64,
}

pub fn promises(shape: &Shape, cases: usize, runs: u64, seed: u64) -> Promise {
    let mut stream = SplitMix64::new(seed);
    let (mut open, mut told, mut kept) = (0u64, Vec::new(), 0u64);
    for _ in 0..runs {
        let mut study: Vec<PairedCase> = Vec::new();
        let mut ask = |study: &mut Vec<PairedCase>, count: usize| {
            for _ in 0..count {
                let (a, b) = (shape.case)(&mut stream);
                study.push(PairedCase::single(study.len(), a, b));
            }
        };
        ask(&mut study, cases);
        let required =
            PairedTasks::new(&[&study]).and_then(|it| it.required_cases(shape.margin, shape.tail, 0.8));
        open += u64::from(required != Some(RequiredCases { low: 0, high: Some(0) }));
        let Some(further) = required.and_then(|it| it.high).filter(|further| *further > 0) else { continue };
        told.push(further);
        ask(&mut study, usize::try_from(further).unwrap_or(0));
        let after = PairedTasks::new(&[&study]).expect("there are cases");
        let settled = after.low(shape.tail).is_some_and(|low| low > -shape.margin)
            || after.high(shape.tail).is_some_and(|high| high < -shape.margin);
        kept += u64::from(settled);
    }
    told.sort_unstable();
    let all = told.len().max(1) as f64;
    Promise {
        open: open as f64 / runs as f64,
        told: told.len() as f64 / open.max(1) as f64,
        kept: kept as f64 / all,
        cases: told.get(told.len() / 2).copied().unwrap_or(0),
    }
}
