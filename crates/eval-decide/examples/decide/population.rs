//! Documents that never were, with candidates whose mistakes have a common cause: how hard a document is.

use eval_decide::{Signal, Study, StudyAnswer, StudyCase};
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

/// A cheap, a middling and a dear one.
pub const THREE: [Made; 3] = [
    Made { easy: 0.995, hard: 0.55, usd: 0.001 },
    Made { easy: 0.998, hard: 0.7, usd: 0.005 },
    Made { easy: 0.999, hard: 0.85, usd: 0.03 },
];

/// So many documents of one to three pages.
pub fn study(documents: usize, made: &[Made], seed: u64) -> Study {
    let mut stream = SplitMix64::new(seed);
    let mut cases = Vec::new();
    for document in 0..documents {
        // Most are easy.
        let hardness = stream.unit().powi(3);
        for page in 0..=stream.below(3) {
            cases.push(StudyCase {
                case: format!("{document}-{page}"),
                document,
                answers: answers(hardness, made, &mut stream),
            });
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

fn answers(hardness: f64, made: &[Made], stream: &mut SplitMix64) -> Vec<Option<StudyAnswer>> {
    let right: Vec<bool> =
        made.iter().map(|one| stream.unit() < one.easy + hardness * (one.hard - one.easy)).collect();
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
