//! What a judge's score is worth once people have judged some of the same answers.

use eval_statistics::ppi::{CorrectedScore, JudgedCase};
use eval_statistics::{Level, LossRules, LossVerdict, Moments, SplitMix64};

use crate::draw::{beta, chance};

/// How answers are, and how the judge errs on them.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub name: &'static str,
    /// The chance that a check is met varies between documents like this beta distribution.
    pub quality: (f64, f64),
    /// Checks of an answer; 1 makes scores of yes and no.
    pub checks: u32,
    /// Answers of one document.
    pub pages: u32,
    /// The judge misses what is met, and sees what is not, with these chances.
    pub misses: f64,
    pub invents: f64,
}

pub const SHAPES: [Shape; 8] = [
    Shape {
        name: "yes/no, 80% met, judge errs in 10%",
        quality: (8.0, 2.0),
        checks: 1,
        pages: 1,
        misses: 0.1,
        invents: 0.1,
    },
    Shape {
        name: "yes/no, 95% met, judge errs in 10%",
        quality: (19.0, 1.0),
        checks: 1,
        pages: 1,
        misses: 0.1,
        invents: 0.1,
    },
    Shape {
        name: "yes/no, 80% met, kind judge",
        quality: (8.0, 2.0),
        checks: 1,
        pages: 1,
        misses: 0.02,
        invents: 0.6,
    },
    Shape {
        name: "graded (5 checks), judge errs in 10%",
        quality: (3.0, 1.0),
        checks: 5,
        pages: 1,
        misses: 0.1,
        invents: 0.1,
    },
    Shape {
        name: "graded, nearly all met",
        quality: (12.0, 1.0),
        checks: 5,
        pages: 1,
        misses: 0.1,
        invents: 0.1,
    },
    Shape {
        name: "graded, useless judge",
        quality: (3.0, 1.0),
        checks: 5,
        pages: 1,
        misses: 0.5,
        invents: 0.5,
    },
    Shape {
        name: "graded, documents of 4 pages",
        quality: (3.0, 1.0),
        checks: 5,
        pages: 4,
        misses: 0.1,
        invents: 0.1,
    },
    Shape {
        name: "yes/no, documents of 4 pages",
        quality: (4.0, 1.0),
        checks: 1,
        pages: 4,
        misses: 0.1,
        invents: 0.1,
    },
];

/// Answers of one candidate that the judge judges.
const ANSWERS: usize = 200;

#[derive(Debug, Default, Clone, Copy)]
pub struct Found {
    /// Share of intervals that hold the truth, and their half width: corrected, people alone, the judge alone.
    pub corrected: (f64, f64),
    pub people: (f64, f64),
    pub judge: (f64, f64),
}

impl Shape {
    fn truth(&self) -> f64 {
        self.quality.0 / (self.quality.0 + self.quality.1)
    }

    /// What people and the judge say of one answer.
    fn answer(&self, stream: &mut SplitMix64, quality: f64, (misses, invents): (f64, f64)) -> (f64, f64) {
        let (mut people, mut judge) = (0.0, 0.0);
        for _ in 0..self.checks {
            let met = chance(stream, quality);
            people += met;
            judge += chance(stream, if met > 0.0 { 1.0 - misses } else { invents });
        }
        let checks = f64::from(self.checks);
        (people / checks, judge / checks)
    }

    /// Whole documents are judged by people, as `--sample` draws them, until there are `labelled` answers.
    fn cases(&self, stream: &mut SplitMix64, labelled: usize) -> Vec<JudgedCase> {
        let mut cases = Vec::new();
        while cases.len() < ANSWERS {
            let (document, is_judged) = (cases.len(), cases.len() < labelled);
            let quality = beta(stream, self.quality.0, self.quality.1);
            for _ in 0..self.pages {
                let (people, judge) = self.answer(stream, quality, (self.misses, self.invents));
                cases.push(JudgedCase { document, people: is_judged.then_some(people), judge });
            }
        }
        cases
    }
}

/// How often intervals of a score hold the truth.
pub fn coverage(shape: &Shape, labelled: usize, runs: u64, seed: u64) -> Found {
    let mut stream = SplitMix64::new(seed);
    let (truth, mut found) = (shape.truth(), Found::default());
    let count = |sum: &mut (f64, f64), bounds: Option<(f64, f64)>| {
        // A score ends at 0 and 1, and so does its interval.
        if let Some((low, high)) = bounds.map(|(low, high)| (low.max(0.0), high.min(1.0))) {
            sum.0 += f64::from(u8::from(low <= truth && truth <= high)) / runs as f64;
            sum.1 += (high - low) / 2.0 / runs as f64;
        }
    };
    for _ in 0..runs {
        let cases = shape.cases(&mut stream, labelled);
        let corrected = CorrectedScore::of(&cases, 0.0).and_then(|it| it.interval(Level::P95));
        count(&mut found.corrected, corrected);
        let mean = |of: &dyn Fn(&JudgedCase) -> Option<f64>| {
            let by_document = cases.chunk_by(|a, b| a.document == b.document);
            let means: Moments = by_document
                .filter_map(|pages| pages.iter().filter_map(of).collect::<Moments>().mean())
                .collect();
            means.student_interval(Level::P95).map(|it| (it.low, it.high))
        };
        count(&mut found.people, mean(&|case| case.people));
        count(&mut found.judge, mean(&|case| Some(case.judge)));
    }
    found
}

/// Two candidates that are equally good, the second of the judge's own kind: how often the second is called better, by the
/// corrected difference and by the judge's as it is.
pub fn favored(shape: &Shape, labelled: usize, runs: u64, seed: u64) -> (f64, f64) {
    let mut stream = SplitMix64::new(seed);
    let (mut corrected, mut raw) = (0.0, 0.0);
    for _ in 0..runs {
        let mut cases = Vec::new();
        for document in 0..ANSWERS {
            let quality = beta(&mut stream, shape.quality.0, shape.quality.1);
            let (people_a, judge_a) = shape.answer(&mut stream, quality, (shape.misses, shape.invents));
            let kind = (shape.misses / 4.0, 0.6);
            let (people_b, judge_b) = shape.answer(&mut stream, quality, kind);
            let people = (document < labelled).then_some(people_b - people_a);
            cases.push(JudgedCase { document, people, judge: judge_b - judge_a });
        }
        let is_better = |bounds: Option<(f64, f64)>| f64::from(u8::from(bounds.is_some_and(|it| it.0 > 0.0)));
        corrected += is_better(CorrectedScore::of(&cases, -1.0).and_then(|it| it.interval(Level::P95)));
        let judge: Moments = cases.iter().map(|case| case.judge).collect();
        raw += is_better(judge.student_interval(Level::P95).map(|it| (it.low, it.high)));
    }
    (corrected / runs as f64, raw / runs as f64)
}

/// Answers of each run that people judge.
const BY_PEOPLE: usize = 40;

/// Two runs, the second worse by this share; how often a gate with a margin of a point calls it regressed, by people's
/// corrections and by the judge's word as it is. The judge flatters the better run where both are equal, so that it sees a
/// loss, and else the worse one, so that it sees none. Where people judged `apart`, they judged other cases in each run.
pub fn gated(shape: &Shape, loss: f64, apart: bool, runs: u64, seed: u64) -> (f64, f64) {
    let mut stream = SplitMix64::new(seed);
    let rules = LossRules { margin: 0.01, detect: 0.1 };
    let (plain, flattered) = ((shape.misses, shape.invents), (shape.misses / 4.0, 0.6));
    let [first, second] = if loss > 0.0 { [plain, flattered] } else { [flattered, plain] };
    let (mut corrected, mut raw) = (0.0, 0.0);
    for _ in 0..runs {
        let [mut before, mut now, mut both] = [Vec::new(), Vec::new(), Vec::new()];
        for document in 0..ANSWERS {
            let quality = beta(&mut stream, shape.quality.0, shape.quality.1);
            let (people_a, judge_a) = shape.answer(&mut stream, quality, first);
            let (people_b, judge_b) = shape.answer(&mut stream, quality * (1.0 - loss), second);
            let is_judged = |from: usize| (from..from + BY_PEOPLE).contains(&document);
            let case = |is: bool, people: f64, judge: f64| JudgedCase {
                document,
                people: is.then_some(people),
                judge,
            };
            before.push(case(is_judged(0), people_a, judge_a));
            now.push(case(is_judged(BY_PEOPLE), people_b, judge_b));
            both.push(case(is_judged(0), people_b - people_a, judge_b - judge_a));
        }
        let change = match apart {
            true => CorrectedScore::of(&now, 0.0)
                .zip(CorrectedScore::of(&before, 0.0))
                .map(|(now, before)| now.less(&before)),
            false => CorrectedScore::of(&both, -1.0),
        };
        let judge: Moments = both.iter().map(|case| case.judge).collect();
        let alone = CorrectedScore {
            mean: judge.mean().unwrap_or_default(),
            error: judge.standard_error(),
            degrees: ANSWERS as f64 - 1.0,
            n: ANSWERS as u64,
            documents: ANSWERS as u64,
            lambda: 1.0,
        };
        let is_lost = |change: &CorrectedScore| {
            f64::from(u8::from(change.judge_loss(&rules, change.p_of_loss()) == LossVerdict::Regressed))
        };
        corrected += change.as_ref().map_or(0.0, is_lost);
        raw += is_lost(&alone);
    }
    (corrected / runs as f64, raw / runs as f64)
}
