//! Documents that never were, with candidates whose mistakes have a common cause: how hard a document is.

use eval_decide::{SecondReading, Signal, Study, StudyAnswer, StudyCase};
use eval_statistics::SplitMix64;
use eval_summary::Scope;
use vision_core::Task;

/// A candidate.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// The share of easy documents that it gets right.
    pub easy: f64,
    /// The share of the hardest ones.
    pub hard: f64,
    /// Dollars per answer.
    pub usd: f64,
}

impl Made {
    /// The chance of a right answer.
    fn chance(self, hardness: f64) -> f64 {
        self.easy + hardness * (self.hard - self.easy)
    }
}

/// A cheap, a middling and a dear one.
pub const THREE: [Made; 3] = [
    Made { easy: 0.995, hard: 0.55, usd: 0.001 },
    Made { easy: 0.998, hard: 0.7, usd: 0.005 },
    Made { easy: 0.999, hard: 0.85, usd: 0.03 },
];

/// One.
pub const ONE: [Made; 1] = [THREE[0]];

/// Two that differ in nothing but their mistakes.
pub const ALIKE: [Made; 2] =
    [Made { easy: 0.998, hard: 0.7, usd: 0.005 }, Made { easy: 0.998, hard: 0.7, usd: 0.005 }];

/// A cheap one that is often wrong, and a dear one.
pub const POOR: [Made; 2] =
    [Made { easy: 0.9, hard: 0.3, usd: 0.0005 }, Made { easy: 0.999, hard: 0.85, usd: 0.03 }];

/// So many documents of one to three pages. Every page is read twice.
pub fn study(documents: usize, made: &[Made], seed: u64) -> Study {
    let mut stream = SplitMix64::new(seed);
    let mut again = SplitMix64::new(!seed);
    let mut cases = Vec::new();
    for document in 0..documents {
        // Most are easy.
        let hardness = stream.unit().powi(3);
        for page in 0..=stream.below(3) {
            let mut answers = answers(hardness, made, &mut stream);
            for (answer, made) in answers.iter_mut().flatten().zip(made) {
                answer.again = Some(second(answer.right, *made, hardness, &mut again));
            }
            cases.push(StudyCase { case: format!("{document}-{page}"), document, answers });
        }
    }
    Study {
        scope: Scope::Task { dataset: "synthetic".to_owned(), task: Task::Document },
        on: Vec::new(),
        candidates: (0..made.len()).map(|at| format!("synthetic/{at}")).collect(),
        documents,
        repeats: 1,
        cases,
        unlabelled: 0,
        unanswered: 0,
    }
}

/// A candidate mostly says the same again, and less so of hard pages; else it reads anew.
fn second(was_right: bool, made: Made, hardness: f64, stream: &mut SplitMix64) -> SecondReading {
    let keeps = stream.unit() < 0.9 - 0.5 * hardness;
    let is_right = stream.unit() < made.chance(hardness);
    let same_mistake = stream.unit() < 0.2;
    let agrees = keeps || (was_right && is_right) || (!was_right && !is_right && same_mistake);
    SecondReading { agreement: f64::from(u8::from(agrees)), usd: Some(made.usd) }
}

fn answers(hardness: f64, made: &[Made], stream: &mut SplitMix64) -> Vec<Option<StudyAnswer>> {
    let right: Vec<bool> = made.iter().map(|one| stream.unit() < one.chance(hardness)).collect();
    // Two wrong answers are the same one in five times.
    let readings: Vec<usize> =
        right.iter().map(|right| if *right { 0 } else { 1 + stream.below(5) }).collect();
    let one = |at: usize, stream: &mut SplitMix64| {
        let agreement: Vec<Option<f64>> = (0..made.len())
            .map(|other| (other != at).then(|| f64::from(u8::from(readings[at] == readings[other]))))
            .collect();
        let others: Vec<f64> = agreement.iter().flatten().copied().collect();
        let mut answer = StudyAnswer {
            right: right[at],
            answered: true,
            usd: Some(made[at].usd),
            repeats_usd: Some(0.0),
            again: None,
            loss: None,
            signals: Default::default(),
            agreement,
        };
        let mut set = |signal: Signal, value: f64| {
            let place = Signal::READ.iter().position(|it| *it == signal);
            answer.signals[place.expect("a signal that is read")] = Some(value);
        };
        if !others.is_empty() {
            set(Signal::Candidates, others.iter().sum::<f64>() / others.len() as f64);
        }
        // Sums add up nearly always where the answer is right, and often where it is not.
        let passes = stream.unit() < if right[at] { 0.97 } else { 0.45 };
        set(Signal::Rules, f64::from(u8::from(passes)));
        // Heaped, as models and services give them, and only loosely true.
        let sure = 1.0 - hardness * 0.3 - if right[at] { 0.0 } else { 0.1 } - 0.1 * stream.unit().powi(2);
        set(Signal::Evidence, (sure.clamp(0.0, 1.0) * 50.0).round() / 50.0);
        answer
    };
    (0..made.len()).map(|at| Some(one(at, stream))).collect()
}
