//! What chains can be made of: cases that every candidate was asked, and the ways to accept an answer.

use std::collections::HashMap;

use super::learned::{Cases, LearnedSignal, learned};
use super::model::Accept;
use super::signal::{ChainModel, ChainSignal, mean_of_known};
use crate::automation::People;
use crate::study::{Study, StudyAnswer};

/// Thresholds, fixed before anything is seen.
const GRID: [f64; 6] = [1.0, 0.98, 0.95, 0.9, 0.75, 0.5];

/// The same for chances that are learned, which are hardly ever certain.
const LEARNED_GRID: [f64; 7] = [0.99, 0.97, 0.95, 0.9, 0.8, 0.65, 0.5];

/// The way to take no answer.
const COMPARED: Accept = Accept { signal: ChainSignal::Compared, threshold: 1.0 };

/// The best candidates that chains are made of.
const MOST: usize = 6;

/// Ways to accept an answer, each with whether it accepts each case.
pub(super) type Ways = Vec<(Accept, Vec<bool>)>;

/// A candidate, by its place in the table, and when its answer is taken: always without a way.
pub(super) type Step = (usize, Option<Accept>);

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
    /// By candidate and case: dollars for a second reading; none where there is no answer to compare it with.
    again_usd: Vec<Vec<f64>>,
    /// By candidate, the cheapest first.
    pub by_price: Vec<usize>,
    /// By candidate: whether each case is accepted, for each way to accept.
    own: Vec<Ways>,
    /// By candidate and the one before it: the same for agreement.
    with_previous: Vec<Vec<Ways>>,
    /// By candidate and the two before it, the lower place first: the same for agreement with both.
    with_both: HashMap<(usize, [usize; 2]), Ways>,
    /// The way to take no answer, so that the next one can be compared with it.
    compared: (Accept, Vec<bool>),
    /// By candidate, and by the one before it: what learned signals were learned to be.
    models: Vec<Vec<(Option<usize>, ChainModel)>>,
    pub people: Option<People>,
}

impl Table {
    /// Nothing without a choice, which takes two candidates of known price or a person, or without a case that all of them
    /// have.
    pub fn new(study: &Study, people: Option<People>) -> Option<Self> {
        let used = used(study);
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
        let mut again_usd = Vec::new();
        for at in 0..used.len() {
            let mut found = Found::default();
            let again = Again::of(&cases, at);
            own.push(again.ways.into_iter().chain(found.own(&cases, at)).collect());
            again_usd.push(again.usd);
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
            again_usd,
            by_price,
            own,
            with_previous,
            with_both: with_both(&cases, &used),
            compared: (COMPARED, vec![false; cases.len()]),
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

    /// The ways to accept an answer of a candidate that comes after these.
    pub fn ways<'t>(&'t self, at: usize, before: &[Step]) -> impl Iterator<Item = &'t (Accept, Vec<bool>)> {
        let previous = before.last().map(|(previous, _)| &self.with_previous[at][*previous]);
        let both = match before {
            [(one, _), (other, _)] => self.with_both.get(&(at, sorted(*one, *other))),
            _ => None,
        };
        let ways = std::iter::once(&self.own[at]).chain(previous).chain(both).flatten();
        ways.chain(std::iter::once(&self.compared))
    }

    /// Dollars for a candidate about a case: for two readings where the second one decides.
    pub fn usd(&self, (at, accept): Step, case: usize) -> f64 {
        let again = accept.is_some_and(|accept| accept.signal.asks_again());
        self.usd[at][case] + if again { self.again_usd[at][case] } else { 0.0 }
    }
}

/// The best candidates of known price, by their places in the study.
fn used(study: &Study) -> Vec<usize> {
    let answers = |at: usize| study.cases.iter().filter_map(move |case| case.answers[at].as_ref());
    let is_priced = |at: &usize| {
        let mut answers = answers(*at).peekable();
        answers.peek().is_some() && answers.all(|answer| answer.usd.is_some() || !answer.answered)
    };
    let mut used: Vec<usize> = (0..study.candidates.len()).filter(is_priced).collect();
    // The number of chains grows with the cube of the candidates.
    used.sort_by_key(|at| std::cmp::Reverse(answers(*at).filter(|answer| answer.right).count()));
    used.truncate(MOST);
    used.sort_unstable();
    used
}

fn sorted(one: usize, other: usize) -> [usize; 2] {
    [one.min(other), one.max(other)]
}

/// Second readings of one candidate.
struct Again {
    ways: Ways,
    usd: Vec<f64>,
}

impl Again {
    /// None where a case was read once, or at a price that is not known: what twice would cost is then not known.
    fn of(cases: &Cases<'_>, at: usize) -> Self {
        let answers = || cases.iter().map(|(_, answers)| answers[at]);
        let usd = |answer: &StudyAnswer| match answer.answered {
            true => answer.again?.usd,
            false => Some(0.0),
        };
        let Some(usd) = answers().map(usd).collect() else {
            return Self { ways: Ways::new(), usd: vec![0.0; cases.len()] };
        };
        let values = answers().map(|answer| answer.again.map(|again| again.agreement)).collect();
        Self { ways: ways(ChainSignal::Repeats, values, &GRID), usd }
    }
}

/// How the answers of each candidate agree with those of every two others, by places in the table.
fn with_both(cases: &Cases<'_>, used: &[usize]) -> HashMap<(usize, [usize; 2]), Ways> {
    let mut found = HashMap::new();
    for at in 0..used.len() {
        for one in (0..used.len()).filter(|one| *one != at) {
            for other in (one + 1..used.len()).filter(|other| *other != at) {
                let value = |(_, answers): &(usize, Vec<&StudyAnswer>)| {
                    let agreement = |with: usize| answers[at].agreement.get(used[with]).copied().flatten();
                    mean_of_known([agreement(one), agreement(other)])
                };
                let values = cases.iter().map(value).collect();
                found.insert((at, [one, other]), ways(ChainSignal::Candidates, values, &GRID));
            }
        }
    }
    found
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
