//! What a judge's preference is worth that sees two answers beside each other, once in each order.

use eval_statistics::preference::{PairCounts, Preferences, Shown};
use eval_statistics::{Level, SplitMix64};

use crate::draw::normal;

/// How a judge compares.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub name: &'static str,
    /// How good candidates are, in log odds.
    pub strengths: &'static [f64],
    /// What the first place adds, in log odds.
    pub order: f64,
    /// The share of verdicts that are a tie whatever the answers.
    pub ties: f64,
    /// How much candidates differ from document to document: the spread of their log odds.
    pub spread: f64,
    /// Cases of one document.
    pub pages: u32,
}

const THREE: &[f64] = &[0.6, 0.0, -0.6];

pub const SHAPES: [Shape; 6] = [
    Shape {
        name: "3 candidates, fair judge",
        strengths: THREE,
        order: 0.0,
        ties: 0.1,
        spread: 0.5,
        pages: 1,
    },
    Shape {
        name: "3 candidates, the first place is liked",
        strengths: THREE,
        order: 1.0,
        ties: 0.1,
        spread: 0.5,
        pages: 1,
    },
    Shape {
        name: "3 candidates, the first place mostly wins",
        strengths: THREE,
        order: 3.0,
        ties: 0.0,
        spread: 0.5,
        pages: 1,
    },
    Shape {
        name: "2 candidates, one nearly always better",
        strengths: &[1.5, -1.5],
        order: 1.0,
        ties: 0.1,
        spread: 0.5,
        pages: 1,
    },
    Shape {
        name: "8 candidates, the first place is liked",
        strengths: &[0.8, 0.5, 0.2, 0.0, 0.0, -0.2, -0.5, -0.8],
        order: 1.0,
        ties: 0.1,
        spread: 0.5,
        pages: 1,
    },
    Shape {
        name: "3 candidates, documents of 4 pages",
        strengths: THREE,
        order: 1.0,
        ties: 0.1,
        spread: 1.0,
        pages: 4,
    },
];

impl Shape {
    /// The same judge of candidates that are equally good.
    pub fn of_equals(self) -> Self {
        const EQUAL: [f64; 8] = [0.0; 8];
        Self { strengths: &EQUAL[..self.strengths.len()], ..self }
    }

    /// The pairs of one document: by both verdicts, and by the first alone, in which the earlier candidate stands first.
    fn document(&self, stream: &mut SplitMix64) -> [PairCounts; 2] {
        let [mut both, mut once] = [PairCounts::new(), PairCounts::new()];
        let here: Vec<f64> = self.strengths.iter().map(|it| it + self.spread * normal(stream)).collect();
        for _ in 0..self.pages {
            for b in 0..here.len() {
                for a in 0..b {
                    let ahead = self.verdict(stream, here[a] - here[b]);
                    let behind = self.verdict(stream, here[b] - here[a]);
                    let outcome = match (ahead, behind) {
                        (Shown::First, Shown::Second) => 0,
                        (Shown::Second, Shown::First) => 1,
                        _ => 2,
                    };
                    both.entry((a, b)).or_default()[outcome] += 1.0;
                    once.entry((a, b)).or_default()[ahead as usize] += 1.0;
                }
            }
        }
        [both, once]
    }

    fn verdict(&self, stream: &mut SplitMix64, gap: f64) -> Shown {
        let first = 1.0 / (1.0 + (-(gap + self.order)).exp());
        match stream.unit() {
            lot if lot < self.ties => Shown::Tie,
            _ if stream.unit() < first => Shown::First,
            _ => Shown::Second,
        }
    }

    fn study(&self, stream: &mut SplitMix64, documents: usize) -> [Vec<PairCounts>; 2] {
        let all = (0..documents).map(|_| self.document(stream));
        let (both, once) = all.map(|[both, once]| (both, once)).unzip();
        [both, once]
    }
}

/// What strengths become with more and more documents: what their intervals are to hold.
pub fn truth(shape: &Shape, seed: u64) -> Vec<f64> {
    const DOCUMENTS: usize = 100_000;
    let mut stream = SplitMix64::new(seed);
    let mut sums = PairCounts::new();
    for _ in 0..DOCUMENTS {
        let [both, _] = shape.document(&mut stream);
        for (pair, counts) in both {
            sums.entry(pair).or_default().iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }
    Preferences::of(shape.strengths.len(), std::iter::once(&sums)).expect("all are compared").strengths
}

/// The share of intervals of strengths that hold the truth, with their half width.
pub fn coverage(shape: &Shape, truth: &[f64], documents: usize, runs: u64, seed: u64) -> (f64, f64) {
    let mut stream = SplitMix64::new(seed);
    let (mut held, mut width, mut count) = (0.0, 0.0, 0.0);
    for _ in 0..runs {
        let [both, _] = shape.study(&mut stream, documents);
        let found = Preferences::of(truth.len(), both.iter());
        for (at, truth) in truth.iter().enumerate() {
            // Where nothing can be said, nothing is said.
            let Some((fit, half)) = found.as_ref().and_then(|fit| Some((fit, fit.half(at, Level::P95)?)))
            else {
                continue;
            };
            held += f64::from(u8::from((fit.strengths[at] - truth).abs() <= half));
            (width, count) = (width + half, count + 1.0);
        }
    }
    (held / count, width / count)
}

/// How often a candidate is named as preferred: by both orders, and by the first alone.
pub fn named(shape: &Shape, documents: usize, runs: u64, seed: u64) -> [f64; 2] {
    let mut stream = SplitMix64::new(seed);
    let mut named = [0.0; 2];
    for _ in 0..runs {
        for (named, studies) in named.iter_mut().zip(shape.study(&mut stream, documents)) {
            let found = Preferences::of(shape.strengths.len(), studies.iter());
            let is_named = found.is_some_and(|fit| fit.is_before_all(fit.order()[0], Level::P95));
            *named += f64::from(u8::from(is_named)) / runs as f64;
        }
    }
    named
}
