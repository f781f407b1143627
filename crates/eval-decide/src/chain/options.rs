//! What chains can be made of: cases that every candidate was asked, and the ways to accept an answer.

use super::learned::{Cases, LearnedSignal, learned};
use super::model::Accept;
use super::signal::{ChainModel, ChainSignal};
use crate::automation::People;
use crate::study::{Study, StudyAnswer};

/// Thresholds, fixed before anything is seen.
const GRID: [f64; 6] = [1.0, 0.98, 0.95, 0.9, 0.75, 0.5];

/// The same for chances that are learned, which are hardly ever certain.
const LEARNED_GRID: [f64; 7] = [0.99, 0.97, 0.95, 0.9, 0.8, 0.65, 0.5];

/// The best candidates that chains are made of.
const MOST: usize = 6;

/// Ways to accept an answer, each with whether it accepts each case.
pub(super) type Ways = Vec<(Accept, Vec<bool>)>;

/// The answers to choose among.
pub(super) struct Table {
    pub names: Vec<String>,
    /// By case: the document.
    pub documents: Vec<usize>,
    /// By candidate and case: 1 if right.
    pub right: Vec<Vec<f64>>,
    /// By candidate and case: whether there is an answer.
    pub answered: Vec<Vec<bool>>,
    /// By candidate and case: dollars.
    pub usd: Vec<Vec<f64>>,
    /// By candidate, the cheapest first.
    pub by_price: Vec<usize>,
    /// By candidate: whether each case is accepted, for each way to accept.
    pub own: Vec<Ways>,
    /// By candidate and the one before it: the same for agreement.
    pub with_previous: Vec<Vec<Ways>>,
    /// By candidate, and by the one before it: what learned signals were learned to be.
    pub models: Vec<Vec<(Option<usize>, ChainModel)>>,
    pub people: Option<People>,
}

impl Table {
    /// Nothing without a choice, which takes two candidates of known price or a person, or without a case that all of them
    /// have.
    pub fn new(study: &Study, people: Option<People>) -> Option<Self> {
        let is_priced = |at: &usize| {
            let answers = study.cases.iter().filter_map(|case| case.answers[*at].as_ref());
            let mut answers = answers.peekable();
            answers.peek().is_some() && answers.all(|answer| answer.usd.is_some() || !answer.answered)
        };
        let mut used: Vec<usize> = (0..study.candidates.len()).filter(is_priced).collect();
        // The number of chains grows with the cube of the candidates.
        let right = |at: &usize| {
            let answers = study.cases.iter().filter_map(|case| case.answers[*at].as_ref());
            answers.filter(|answer| answer.right).count()
        };
        used.sort_by_key(|at| std::cmp::Reverse(right(at)));
        used.truncate(MOST);
        used.sort_unstable();
        let cases: Vec<(usize, Vec<&StudyAnswer>)> = study
            .cases
            .iter()
            .filter_map(|case| {
                let answers: Option<Vec<_>> = used.iter().map(|at| case.answers[*at].as_ref()).collect();
                Some((case.document, answers?))
            })
            .collect();
        if (used.len() < 2 && people.is_none()) || cases.is_empty() {
            return None;
        }
        let by_case = |of: &dyn Fn(&StudyAnswer) -> f64| -> Vec<Vec<f64>> {
            (0..used.len()).map(|at| cases.iter().map(|(_, answers)| of(answers[at])).collect()).collect()
        };
        let right = by_case(&|answer| f64::from(u8::from(answer.right)));
        let answered = (0..used.len())
            .map(|at| cases.iter().map(|(_, answers)| answers[at].answered).collect())
            .collect();
        let usd = by_case(&|answer| answer.usd.unwrap_or(0.0));
        let mut by_price: Vec<usize> = (0..used.len()).collect();
        let sum = |values: &[f64]| values.iter().sum::<f64>();
        by_price.sort_by(|a, b| {
            sum(&usd[*a]).total_cmp(&sum(&usd[*b])).then_with(|| sum(&right[*a]).total_cmp(&sum(&right[*b])))
        });
        let (mut own, mut with_previous, mut models) = (Vec::new(), Vec::new(), Vec::new());
        for at in 0..used.len() {
            let mut found = Found::default();
            own.push(found.own(&cases, at));
            let befores = used.iter().enumerate();
            with_previous.push(
                befores.map(|(place, before)| found.with_previous(&cases, at, (place, *before))).collect(),
            );
            models.push(found.models);
        }
        Some(Self {
            names: used.iter().map(|at| study.candidates[*at].clone()).collect(),
            documents: cases.iter().map(|(document, _)| *document).collect(),
            right,
            answered,
            usd,
            by_price,
            own,
            with_previous,
            models,
            people,
        })
    }

    /// What a learned signal is, for a candidate after another one or first.
    pub fn model(&self, at: usize, before: Option<usize>, signal: ChainSignal) -> Option<&ChainModel> {
        let before = match signal {
            ChainSignal::Own => None,
            ChainSignal::Combined => Some(before?),
            _ => return None,
        };
        self.models[at].iter().find(|(of, _)| *of == before).map(|(_, model)| model)
    }

    pub fn cases(&self) -> usize {
        self.documents.len()
    }
}

/// Collects what was learned for one candidate.
#[derive(Default)]
struct Found {
    models: Vec<(Option<usize>, ChainModel)>,
}

impl Found {
    fn own(&mut self, cases: &Cases<'_>, at: usize) -> Ways {
        let of = |(signal, read): (ChainSignal, crate::Signal)| {
            let values = cases.iter().map(|(_, answers)| answers[at].signal(read)).collect();
            ways(signal, values, &GRID)
        };
        let read: Ways = ChainSignal::OWN.into_iter().flat_map(of).collect();
        let learned = self.learned(learned(cases, at, None), None, ChainSignal::Own);
        read.into_iter().chain(learned).collect()
    }

    /// `before` by its place in the table, and by its place in the study.
    fn with_previous(&mut self, cases: &Cases<'_>, at: usize, before: (usize, usize)) -> Ways {
        let agreement = |answer: &StudyAnswer| answer.agreement.get(before.1).copied().flatten();
        let values: Vec<_> = cases.iter().map(|(_, answers)| agreement(answers[at])).collect();
        let read = ways(ChainSignal::Previous, values, &GRID);
        let learned = learned(cases, at, Some(before.1));
        read.into_iter().chain(self.learned(learned, Some(before.0), ChainSignal::Combined)).collect()
    }

    fn learned(&mut self, found: Option<LearnedSignal>, before: Option<usize>, signal: ChainSignal) -> Ways {
        let Some(LearnedSignal { model, chances }) = found else { return Ways::new() };
        self.models.push((before, model));
        ways(signal, chances, &LEARNED_GRID)
    }
}

/// The thresholds of a signal that accept some cases and not all; each set of cases once.
fn ways(signal: ChainSignal, values: Vec<Option<f64>>, grid: &[f64]) -> Ways {
    let mut found: Ways = Vec::new();
    for threshold in grid.iter().copied() {
        let accepted: Vec<bool> =
            values.iter().map(|value| value.is_some_and(|value| value >= threshold)).collect();
        let count = accepted.iter().filter(|it| **it).count();
        let is_new = found.last().is_none_or(|(_, last)| *last != accepted);
        if is_new && count > 0 && count < accepted.len() {
            found.push((Accept { signal, threshold }, accepted));
        }
    }
    found
}
