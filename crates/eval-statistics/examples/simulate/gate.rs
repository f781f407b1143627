//! A run against its baseline, with the usual margin of 1 point and a loss of 10 points to be detected.

use eval_statistics::{
    Comparison, LossRules, LossVerdict, PairedCase, PairedTasks, SplitMix64, detectable_loss,
};

use crate::draw::normal;

pub const RULES: LossRules = LossRules { margin: 0.01, detect: 0.1 };

pub struct Shape {
    pub name: &'static str,
    /// The score of one case before and now.
    pub case: fn(&mut SplitMix64) -> (f64, f64),
}

pub const SHAPES: &[Shape] = &[
    Shape { name: "nothing, and nothing changes by itself", case: |_| (1.0, 1.0) },
    Shape { name: "nothing; 10 % of yes/no cases flip", case: |s| flipped(s, 0.1, 0.0) },
    Shape { name: "nothing; half of the graded cases move by 0.1", case: |s| moved(s, 0.1, 0.0) },
    Shape { name: "nothing; half of the graded cases move by 0.25", case: |s| moved(s, 0.25, 0.0) },
    Shape { name: "5 points lost; yes/no", case: |s| flipped(s, 0.0, 0.05) },
    Shape { name: "10 points lost; yes/no", case: |s| flipped(s, 0.0, 0.1) },
    Shape { name: "10 points lost; yes/no, 10 % flip", case: |s| flipped(s, 0.1, 0.1) },
    Shape { name: "10 points lost; graded, one case in ten fails", case: failing },
    Shape { name: "10 points lost; graded, all by as much", case: |s| moved(s, 0.1, 0.1) },
    Shape { name: "20 points lost; yes/no", case: |s| flipped(s, 0.0, 0.2) },
    Shape { name: "20 points lost; yes/no, 10 % flip", case: |s| flipped(s, 0.1, 0.2) },
];

/// Of every ten cases so many flip, half of them up; of the others some are lost.
fn flipped(stream: &mut SplitMix64, noise: f64, loss: f64) -> (f64, f64) {
    match stream.unit() {
        up if up < noise / 2.0 => (0.0, 1.0),
        down if down < noise + loss => (1.0, 0.0),
        _ => (1.0, 1.0),
    }
}

fn moved(stream: &mut SplitMix64, by: f64, loss: f64) -> (f64, f64) {
    let before = 0.3 + 0.5 * stream.unit();
    let moves = if stream.unit() < 0.5 { by * normal(stream) } else { 0.0 };
    (before, (before + moves - loss).clamp(0.0, 1.0))
}

fn failing(stream: &mut SplitMix64) -> (f64, f64) {
    let before = 0.95 + 0.05 * stream.unit();
    let moves = 0.02 * (stream.unit() - 0.5);
    (before, if stream.unit() < 0.1 { 0.0 } else { (before + moves).min(1.0) })
}

pub struct Outcomes {
    pub regressed: f64,
    pub exit_zero: f64,
}

pub fn outcomes(shape: &Shape, cases: usize, runs: u64, seed: u64) -> Outcomes {
    drawn(shape.case, cases, runs, seed)
}

/// The loss that `gate --explain` calls detectable with 80 % power, and the runs that truly lost so much.
pub fn detectable(noise: f64, cases: usize, runs: u64, seed: u64) -> Option<(f64, Outcomes)> {
    let loss = detectable_loss(cases, noise, &RULES, 1.0, 0.8)?;
    Some((loss, drawn(|stream| flipped(stream, noise, loss), cases, runs, seed)))
}

fn drawn(
    mut case: impl FnMut(&mut SplitMix64) -> (f64, f64),
    cases: usize,
    runs: u64,
    seed: u64,
) -> Outcomes {
    let mut stream = SplitMix64::new(seed);
    let (mut regressed, mut exit_zero) = (0u64, 0u64);
    for run in 0..runs {
        let pairs: Vec<PairedCase> = (0..cases)
            .map(|number| {
                let (before, now) = case(&mut stream);
                PairedCase::single(number, before, now)
            })
            .collect();
        let pairs = PairedTasks::new(&[&pairs]).expect("there are cases");
        let settings = Comparison { resamples: 1_999, ..Comparison::usual(seed ^ run) };
        let verdict = pairs.judge_loss(&RULES, pairs.p_of_chance_loss(&settings));
        regressed += u64::from(verdict == LossVerdict::Regressed);
        exit_zero += u64::from(matches!(verdict, LossVerdict::Pass | LossVerdict::NoLossFound));
    }
    Outcomes { regressed: regressed as f64 / runs as f64, exit_zero: exit_zero as f64 / runs as f64 }
}
