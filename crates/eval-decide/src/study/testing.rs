//! Studies that never happened.

use eval_statistics::SplitMix64;
use eval_summary::Scope;
use vision_core::Task;

use super::{Study, StudyAnswer, StudyCase};
use crate::signal::{Signal, Signals};

/// Documents of one case, answered by so many candidates; the n-th is right in 90 − 5 n % of cases and has a confidence
/// that is its chance of being right.
pub(crate) fn study(documents: usize, candidates: usize, seed: u64) -> Study {
    let mut stream = SplitMix64::new(seed);
    let mut cases = Vec::new();
    for document in 0..documents {
        let answers: Vec<Option<StudyAnswer>> =
            (0..candidates).map(|at| Some(answer(at, candidates, &mut stream))).collect();
        cases.push(StudyCase { case: format!("case-{document}"), document, answers });
    }
    Study {
        scope: Scope::Task { dataset: "synthetic".to_owned(), task: Task::Document },
        on: vec!["total".to_owned()],
        candidates: (0..candidates).map(|at| format!("synthetic/{at}")).collect(),
        documents,
        repeats: 1,
        cases,
        unlabelled: 0,
        unanswered: 0,
    }
}

fn answer(at: usize, candidates: usize, stream: &mut SplitMix64) -> StudyAnswer {
    let level = 0.9 - 0.05 * at as f64;
    let chance = if stream.unit() < level { 1.0 - 0.06 * stream.unit() } else { 0.9 * stream.unit() };
    let mut signals = Signals::default();
    signals[Signal::Evidence.place()] = Some(chance);
    signals[Signal::Schema.place()] = Some(1.0);
    StudyAnswer {
        right: stream.unit() < chance,
        answered: true,
        usd: Some(0.01 / (1.0 + at as f64)),
        repeats_usd: Some(0.0),
        again: None,
        loss: None,
        signals,
        agreement: vec![None; candidates],
    }
}
