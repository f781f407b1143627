//! Shows what the rule of the verdict keeps, on data shaped like ours.
//!
//! `cargo run --release -p eval-summary --example verdicts [STUDIES [SEED]]` prints the tables of `docs/statistics.md`.
//! The same arguments print the same tables.

use eval_statistics::{PairedCase, PairedTasks, SplitMix64, normal_quantile, normal_tail};
use eval_summary::decide::{Contender, Gap, Gaps, Ruling, decide, level_for, outlook};

/// One point.
const TOLERANCE: f64 = 0.01;
const SIZES: [usize; 4] = [20, 100, 500, 2_000];

/// How the scores of a candidate of some quality come about.
#[derive(Clone, Copy)]
enum Kind {
    /// Right or wrong; what is hard for one is hard for the others.
    YesNo,
    /// Mostly perfect, sometimes a mistake that costs 0.3, and one in twenty fails and scores 0.
    Graded,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::YesNo => "yes/no",
            Self::Graded => "graded, 5% fail",
        }
    }

    /// The score of one candidate whose mean is `mean`, on a case of this difficulty.
    fn score(self, mean: f64, difficulty: f64, stream: &mut SplitMix64) -> f64 {
        let right = |share: f64, stream: &mut SplitMix64| {
            let own = normal(stream);
            normal_tail(-(difficulty + own) / std::f64::consts::SQRT_2) < share
        };
        match self {
            Self::YesNo => f64::from(u8::from(right(mean, stream))),
            Self::Graded => {
                let failed = stream.unit() < 0.05;
                // mean = 0.95 (share + 0.7 (1 - share))
                let perfect = right((mean / 0.95 - 0.7) / 0.3, stream);
                if failed {
                    0.0
                } else if perfect {
                    1.0
                } else {
                    0.7
                }
            }
        }
    }
}

fn normal(stream: &mut SplitMix64) -> f64 {
    normal_quantile(stream.unit().max(f64::MIN_POSITIVE))
}

/// The candidates of a study: true means and prices.
struct Setting {
    name: &'static str,
    kind: Kind,
    candidates: Vec<(f64, f64)>,
    /// By how much true means differ from these, anew in each study (standard deviation).
    spread: f64,
}

impl Setting {
    fn new(name: &'static str, kind: Kind, candidates: Vec<(f64, f64)>) -> Self {
        Self { name, kind, candidates, spread: 0.0 }
    }

    /// The truth of one study.
    fn with_truth(&self, stream: &mut SplitMix64) -> Self {
        let mut moved = |(mean, price): &(f64, f64)| {
            let mean = mean + self.spread * normal(stream);
            (mean.clamp(0.7, 0.95), *price)
        };
        Self { candidates: self.candidates.iter().map(&mut moved).collect(), ..*self }
    }

    fn draw(&self, cases: usize, stream: &mut SplitMix64) -> Study<'_> {
        let mut study = Study { setting: self, scores: vec![Vec::new(); self.candidates.len()] };
        study.extend(cases, stream);
        study
    }

    fn loss(&self, of: usize) -> f64 {
        let best = self.candidates.iter().map(|one| one.0).fold(0.0, f64::max);
        best - self.candidates[of].0
    }
}

struct Study<'a> {
    setting: &'a Setting,
    /// By candidate, then by case.
    scores: Vec<Vec<f64>>,
}

impl Study<'_> {
    fn extend(&mut self, cases: usize, stream: &mut SplitMix64) {
        for _ in 0..cases {
            let difficulty = normal(stream);
            for (scores, (mean, _)) in self.scores.iter_mut().zip(&self.setting.candidates) {
                scores.push(self.setting.kind.score(*mean, difficulty, stream));
            }
        }
    }

    fn contenders(&self) -> Vec<Contender> {
        let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
        let prices = self.setting.candidates.iter().map(|one| one.1);
        let both = self.scores.iter().zip(prices);
        both.map(|(scores, price)| Contender { score: mean(scores), price: Some(price) }).collect()
    }

    fn gaps(&self) -> Gaps {
        let level = level_for(self.scores.len());
        Gaps::new(self.scores.len(), |one, other| {
            let pairs = self.scores[other].iter().zip(&self.scores[one]).enumerate();
            let cases: Vec<PairedCase> =
                pairs.map(|(number, (a, b))| PairedCase::single(number, *a, *b)).collect();
            let paired = PairedTasks::new(&[&cases]).expect("there are cases");
            let interval = paired.interval(level).expect("two documents or more");
            Gap { mean: paired.difference(), low: interval.low, high: interval.high }
        })
    }

    fn ruling(&self) -> Ruling {
        decide(&self.contenders(), &self.gaps(), TOLERANCE).expect("there are candidates")
    }
}

/// Shares of studies.
#[derive(Default)]
struct Found {
    settled: u64,
    /// Recommended, and worse than the best by more than the tolerance.
    wrong: u64,
    /// Recommended, although a cheaper one is worse by no more than the tolerance.
    dearer: u64,
    promised: u64,
    kept: u64,
}

fn simulate(setting: &Setting, cases: usize, studies: u64, seed: u64) -> Found {
    let mut stream = SplitMix64::new(seed);
    let mut found = Found::default();
    for study in 0..studies {
        let setting = &setting.with_truth(&mut stream);
        let mut drawn = setting.draw(cases, &mut stream);
        let ruling = drawn.ruling();
        if let Some(recommended) = ruling.recommended() {
            found.settled += 1;
            found.wrong += u64::from(setting.loss(recommended) > TOLERANCE + 1e-9);
            let price = |one: usize| setting.candidates[one].1;
            let cheaper =
                |one: usize| price(one) < price(recommended) && setting.loss(one) <= TOLERANCE + 1e-9;
            found.dearer += u64::from((0..setting.candidates.len()).any(cheaper));
            continue;
        }
        // A quarter of the studies is enough to see whether the promise holds.
        if study % 4 == 0
            && let Some(more) = outlook(&drawn.contenders(), &drawn.gaps(), TOLERANCE, cases as u64, seed)
                .and_then(|outlook| outlook.high)
        {
            found.promised += 1;
            drawn.extend(more as usize, &mut stream);
            found.kept += u64::from(drawn.ruling().recommended().is_some());
        }
    }
    found
}

fn settings() -> Vec<Setting> {
    let mut settings = Vec::new();
    for (kind, best) in [(Kind::YesNo, 0.9), (Kind::Graded, 0.94)] {
        let eight = |worse: f64| {
            (0..8).map(|at| (if at < 4 { best - worse } else { best }, 1.0 + f64::from(at))).collect()
        };
        settings.extend([
            Setting::new("2 equal, one 10 × dearer", kind, vec![(best, 10.0), (best, 1.0)]),
            Setting::new("2, the dear one 0.5 points better", kind, vec![(best, 10.0), (best - 0.005, 1.0)]),
            Setting::new("2, the dear one 1.1 points better", kind, vec![(best, 10.0), (best - 0.011, 1.0)]),
            Setting::new("2, the dear one 5 points better", kind, vec![(best, 10.0), (best - 0.05, 1.0)]),
            Setting::new("2, the cheap one 5 points better", kind, vec![(best, 1.0), (best - 0.05, 10.0)]),
            Setting {
                spread: 0.035,
                ..Setting::new("2, of different quality in each study", kind, vec![(best, 10.0), (best, 1.0)])
            },
            Setting::new("8 equal, each dearer", kind, eight(0.0)),
            Setting::new("8, the cheap half 1.1 points worse", kind, eight(0.011)),
            Setting::new("8, the cheap half 10 points worse", kind, eight(0.1)),
            Setting::new(
                "8, one 5 points ahead of the rest",
                kind,
                (0..8).map(|at| (if at == 3 { best } else { best - 0.05 }, 1.0 + f64::from(at))).collect(),
            ),
        ]);
    }
    settings
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|it| it.parse::<u64>().ok());
    let studies = arguments.next().flatten().unwrap_or(200);
    let seed = arguments.next().flatten().unwrap_or(20_261_128);
    println!(
        "{studies} studies for each figure, seed {seed}, tolerance 1 point; in % of studies: a candidate is"
    );
    println!(
        "recommended / is worse than the best by more than the tolerance / is dearer than one that is good"
    );
    println!(
        "enough; after the semicolon: the promised further cases settled it (of the studies with a promise).\n"
    );
    let columns: Vec<String> = SIZES.iter().map(|size| format!("n = {size}")).collect();
    println!("| candidates | scores | {} |", columns.join(" | "));
    println!("| --- | --- |{}", " --- |".repeat(columns.len()));
    for (number, setting) in settings().iter().enumerate() {
        let cell = |(at, cases): (usize, &usize)| {
            let studies = if *cases > 500 && setting.candidates.len() > 2 { studies / 4 } else { studies };
            let found = simulate(setting, *cases, studies, seed ^ (number as u64) << 32 ^ (at as u64) << 16);
            let share = |count: u64| 100.0 * count as f64 / studies as f64;
            let kept = if found.promised < 5 {
                "–".to_owned()
            } else {
                format!("{:.0} of {}", 100.0 * found.kept as f64 / found.promised as f64, found.promised)
            };
            format!(
                "{:.0} / {:.1} / {:.1}; {kept}",
                share(found.settled),
                share(found.wrong),
                share(found.dearer)
            )
        };
        let cells: Vec<String> = SIZES.iter().enumerate().map(cell).collect();
        println!("| {} | {} | {} |", setting.name, setting.kind.name(), cells.join(" | "));
    }
}
