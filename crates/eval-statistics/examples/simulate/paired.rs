//! Two providers on the same documents: coverage, false alarms, power.

use eval_statistics::{
    Comparison, Level, PairedCase, PowerPlan, SplitMix64, Verdict, compare, mcnemar_power,
};

use crate::draw::{beta, chance, normal};
use crate::single::near_perfect;

/// The cases of one document as (a, b), b better by an effect of this size.
type Document = fn(&mut SplitMix64, f64) -> Vec<(f64, f64)>;

pub struct Shape {
    pub name: &'static str,
    pub document: Document,
    /// Share of the cases that an effect reaches: the mean moves by effect · share.
    pub reached: f64,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// Independent yes/no: the prediction is McNemar's exact power.
    YesNo { discordant: f64 },
    /// Yes/no in documents: the mean moves in steps.
    Steps,
    /// Scores in between.
    Smooth,
}

pub const SHAPES: &[Shape] = &[
    Shape {
        name: "yes/no, 10 % differ",
        document: |s, effect| vec![discordant(s, 0.1, effect)],
        reached: 1.0,
        kind: Kind::YesNo { discordant: 0.1 },
    },
    Shape {
        name: "yes/no, 30 % differ",
        document: |s, effect| vec![discordant(s, 0.3, effect)],
        reached: 1.0,
        kind: Kind::YesNo { discordant: 0.3 },
    },
    Shape {
        name: "yes/no, 30 % differ, documents of 1–6",
        document: yes_no_documents,
        reached: 1.0,
        kind: Kind::Steps,
    },
    Shape { name: "F1, all differ a little", document: smooth, reached: 1.0, kind: Kind::Smooth },
    Shape { name: "F1, half differ", document: half, reached: 0.5, kind: Kind::Smooth },
    Shape { name: "F1, documents of 1–6", document: f1_documents, reached: 1.0, kind: Kind::Smooth },
];

/// Not exchangeable: b fails badly on one case in twenty.
pub const LOPSIDED: &[Shape] = &[
    Shape {
        name: "lopsided: +0.04 mostly, −0.8 in 5 %",
        document: |s, _| vec![if s.unit() < 0.05 { (0.9, 0.1) } else { (0.9, 0.9 + 0.04 / 0.95) }],
        reached: 0.0,
        kind: Kind::Smooth,
    },
    Shape {
        name: "graded near 0.97, each fails 5 %",
        document: |s, _| vec![(near_perfect(s, 0.05), near_perfect(s, 0.05))],
        reached: 0.0,
        kind: Kind::Smooth,
    },
    Shape {
        name: "graded near 0.97, 3 repeats, each fails 5 %",
        document: |s, _| (0..3).map(|_| (near_perfect(s, 0.05), near_perfect(s, 0.05))).collect(),
        reached: 0.0,
        kind: Kind::Smooth,
    },
    Shape {
        name: "graded near 0.97, b fails 10 % more",
        document: |s, _| vec![(near_perfect(s, 0.02), near_perfect(s, 0.12))],
        reached: -0.097,
        kind: Kind::Smooth,
    },
];

impl Shape {
    /// The true difference with an effect of this size.
    pub fn truth(&self, effect: f64) -> f64 {
        // Of the last shape the effect is fixed.
        if self.reached < 0.0 { self.reached } else { effect * self.reached }
    }
}

fn discordant(stream: &mut SplitMix64, share: f64, effect: f64) -> (f64, f64) {
    let kind = stream.unit();
    if kind < f64::midpoint(share, effect) {
        (0.0, 1.0)
    } else if kind < share {
        (1.0, 0.0)
    } else {
        (1.0, 1.0)
    }
}

/// Each document leans to one side, so its cases are not independent.
fn yes_no_documents(stream: &mut SplitMix64, effect: f64) -> Vec<(f64, f64)> {
    let up = (0.3 + effect) / 0.6;
    let own = beta(stream, 2.0 * up, 2.0 * (1.0 - up));
    let count = 1 + stream.below(6);
    let mut one = || {
        let differs = stream.unit() < 0.3;
        let up = chance(stream, own);
        if differs { (1.0 - up, up) } else { (1.0, 1.0) }
    };
    (0..count).map(|_| one()).collect()
}

fn smooth(stream: &mut SplitMix64, effect: f64) -> Vec<(f64, f64)> {
    let own = 0.4 + 0.2 * stream.unit();
    let mut one = |shift: f64| (own + shift + 0.1 * normal(stream)).clamp(0.0, 1.0);
    vec![(one(0.0), one(effect))]
}

fn half(stream: &mut SplitMix64, effect: f64) -> Vec<(f64, f64)> {
    if stream.unit() < 0.5 { vec![(1.0, 1.0)] } else { smooth(stream, effect) }
}

fn f1_documents(stream: &mut SplitMix64, effect: f64) -> Vec<(f64, f64)> {
    let lean = 0.08 * normal(stream);
    let count = 1 + stream.below(6);
    (0..count).flat_map(|_| smooth(stream, effect)).map(|(a, b)| (a, (b + lean).clamp(0.0, 1.0))).collect()
}

fn sample(document: Document, effect: f64, documents: usize, stream: &mut SplitMix64) -> Vec<PairedCase> {
    let mut cases = Vec::new();
    for number in 0..documents {
        let pairs = document(stream, effect);
        cases.extend(pairs.into_iter().map(|(a, b)| PairedCase::single(number, a, b)));
    }
    cases
}

/// What an endless supply of documents would show.
pub struct Truth {
    pub difference: f64,
    /// Standard error with one document; divide by √documents.
    error: f64,
    cases_per_document: f64,
    differing: f64,
}

pub fn truth(shape: &Shape, effect: f64, seed: u64) -> Truth {
    let mut stream = SplitMix64::new(seed);
    let documents: Vec<(f64, f64)> = (0..400_000)
        .map(|_| {
            let pairs = (shape.document)(&mut stream, effect);
            (pairs.iter().map(|(a, b)| b - a).sum(), pairs.len() as f64)
        })
        .collect();
    let cases: f64 = documents.iter().map(|document| document.1).sum();
    let difference = shape.truth(effect);
    let squares: f64 = documents.iter().map(|(sum, count)| (sum - count * difference).powi(2)).sum();
    let all = documents.len() as f64;
    let differing = documents.iter().filter(|document| document.0 != 0.0).count() as f64 / all;
    Truth {
        difference,
        error: squares.sqrt() / cases * all.sqrt(),
        cases_per_document: cases / all,
        differing,
    }
}

impl Truth {
    pub fn predicted_power(&self, kind: Kind, documents: usize) -> Option<f64> {
        let n = documents as f64;
        let step = match kind {
            Kind::YesNo { discordant } => {
                let up = f64::midpoint(discordant, self.difference);
                return mcnemar_power(documents as u64, discordant - up, up, Level::P95);
            }
            Kind::Steps => 1.0 / (n * self.cases_per_document),
            Kind::Smooth => 0.0,
        };
        let plan = PowerPlan {
            difference: self.difference,
            error: self.error / n.sqrt(),
            documents: documents as u64,
            differing: self.differing,
            step,
        };
        plan.power(Level::P95)
    }

    /// The difference that a study of this size should find four times in five.
    pub fn interesting(&self, documents: usize) -> f64 {
        2.8 * self.error / (documents as f64).sqrt()
    }
}

pub struct Outcome {
    pub covered: f64,
    /// A p of at most 5 %, whatever the interval says.
    pub found: f64,
    pub better: f64,
    pub worse: f64,
}

pub fn simulate(shape: &Shape, effect: f64, documents: usize, runs: u64, seed: u64) -> Outcome {
    let mut stream = SplitMix64::new(seed);
    let (mut covered, mut tested, mut better, mut worse) = (0u64, 0u64, 0u64, 0u64);
    for run in 0..runs {
        let cases = sample(shape.document, effect, documents, &mut stream);
        let settings = Comparison { resamples: 1_999, ..Comparison::usual(seed ^ run) };
        let found = compare(&cases, &settings).expect("there are cases");
        covered += u64::from(found.interval.is_some_and(|interval| interval.contains(shape.truth(effect))));
        tested += u64::from(found.p <= 0.05 && found.difference > 0.0);
        better += u64::from(found.verdict == Verdict::Better);
        worse += u64::from(found.verdict == Verdict::Worse);
    }
    let share = |count: u64| count as f64 / runs as f64;
    Outcome { covered: share(covered), found: share(tested), better: share(better), worse: share(worse) }
}
