//! Signals that are learned from others, by cross-fitting over source documents.
//!
//! Each answer gets the chance of being right from a model that has seen no case of its document, so that its
//! threshold can be judged on the same documents.

use eval_statistics::SplitMix64;

use crate::logistic::Logistic;
use crate::signal::Signal;
use crate::study::{Study, StudyAnswer};

/// Parts of the documents; each is predicted from the others.
pub const FOLDS: usize = 5;
/// With fewer documents nothing is learned.
pub(crate) const LEAST_DOCUMENTS: usize = 20;

/// The part of a document: the same in every study, whatever its order means.
#[must_use]
pub fn fold(document: usize) -> usize {
    SplitMix64::new(document as u64 + 1).below(FOLDS)
}

/// The chance of being right that the signals of an answer give.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    signals: Vec<Signal>,
    model: Weighed,
}

/// A chance that is learned from shares of which some may be missing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weighed {
    /// Which shares of a row it uses.
    pub used: Vec<usize>,
    /// What stands for a share that is missing, stretched.
    pub usual: Vec<f64>,
    pub model: Logistic,
}

impl Weighed {
    /// From rows of equal length; nothing if no share tells them apart.
    pub fn fit(rows: &[Vec<Option<f64>>], right: &[bool]) -> Option<Self> {
        let width = rows.first()?.len();
        let (mut used, mut usual) = (Vec::new(), Vec::new());
        for at in 0..width {
            let known: Vec<f64> = rows.iter().filter_map(|row| row[at]).map(stretched).collect();
            if known.iter().any(|value| *value != known[0]) {
                used.push(at);
                usual.push(known.iter().sum::<f64>() / known.len() as f64);
            }
        }
        if used.is_empty() {
            return None;
        }
        let whole: Vec<Vec<f64>> = rows.iter().map(|row| filled(row, &used, &usual)).collect();
        Logistic::fit(&whole, right).map(|model| Self { used, usual, model })
    }

    /// The chance that an answer with these shares is right.
    pub fn chance(&self, row: &[Option<f64>]) -> f64 {
        self.model.chance(&filled(row, &self.used, &self.usual))
    }
}

fn filled(row: &[Option<f64>], used: &[usize], usual: &[f64]) -> Vec<f64> {
    used.iter().zip(usual).map(|(at, usual)| row[*at].map_or(*usual, stretched)).collect()
}

impl Learned {
    /// From some answers; nothing if no signal tells them apart.
    #[must_use]
    pub fn fit(answers: &[&StudyAnswer], among: &[Signal]) -> Option<Self> {
        let rows: Vec<Vec<Option<f64>>> = answers.iter().map(|answer| row(answer, among)).collect();
        let right: Vec<bool> = answers.iter().map(|answer| answer.right).collect();
        Weighed::fit(&rows, &right).map(|model| Self { signals: among.to_vec(), model })
    }

    /// The chance that an answer is right.
    #[must_use]
    pub fn chance(&self, answer: &StudyAnswer) -> f64 {
        self.model.chance(&row(answer, &self.signals))
    }
}

fn row(answer: &StudyAnswer, signals: &[Signal]) -> Vec<Option<f64>> {
    signals.iter().map(|signal| answer.signal(*signal)).collect()
}

/// From 0 to 1, with more room at both ends: 0.99 is further from 0.9 than 0.6 from 0.5.
pub(crate) fn stretched(share: f64) -> f64 {
    const END: f64 = 0.01;
    let share = share.clamp(0.0, 1.0);
    ((share + END) / (1.0 - share + END)).ln() / (2.0 * ((1.0 + END) / END).ln()) + 0.5
}

/// By case: the chance that the answer of a candidate is right, learned on other documents from these signals.
/// Nothing for cases without an answer; nothing at all where too few documents or no signals are there.
#[must_use]
pub fn cross_fitted(study: &Study, candidate: usize, among: &[Signal]) -> Option<Vec<Option<f64>>> {
    if study.documents < LEAST_DOCUMENTS {
        return None;
    }
    let answers: Vec<Option<&StudyAnswer>> = study
        .cases
        .iter()
        .map(|case| case.answers[candidate].as_ref().filter(|answer| answer.answered))
        .collect();
    let mut chances = vec![None; study.cases.len()];
    for part in 0..FOLDS {
        let is_inside = |at: usize| fold(study.cases[at].document) == part;
        let outside: Vec<&StudyAnswer> =
            (0..answers.len()).filter(|at| !is_inside(*at)).filter_map(|at| answers[at]).collect();
        let learned = Learned::fit(&outside, among)?;
        for at in (0..answers.len()).filter(|at| is_inside(*at)) {
            chances[at] = answers[at].map(|answer| learned.chance(answer));
        }
    }
    Some(chances)
}

#[cfg(test)]
mod tests {
    use super::{FOLDS, cross_fitted, fold, stretched};
    use crate::signal::Signal;
    use crate::study::testing::study;

    #[test]
    fn folds_are_of_about_one_size_and_do_not_follow_the_order() {
        let mut sizes = [0; FOLDS];
        (0..1_000).for_each(|document| sizes[fold(document)] += 1);
        assert!(sizes.iter().all(|size| (150..250).contains(size)), "{sizes:?}");
        assert!((0..50).any(|document| fold(document) == fold(document + 1)));
    }

    #[test]
    fn stretching_keeps_the_order_and_the_ends() {
        assert!((stretched(0.0), stretched(0.5), stretched(1.0)) == (0.0, 0.5, 1.0));
        assert!(stretched(0.99) - stretched(0.9) > stretched(0.6) - stretched(0.5));
    }

    #[test]
    fn the_label_of_a_document_does_not_move_its_own_chance() {
        let mut study = study(60, 1, 5);
        let before = cross_fitted(&study, 0, &[Signal::Evidence]).unwrap();
        let answer = study.cases[7].answers[0].as_mut().unwrap();
        answer.right = !answer.right;
        let after = cross_fitted(&study, 0, &[Signal::Evidence]).unwrap();
        assert_eq!(before[7], after[7]);
        assert_ne!(before, after);
    }

    #[test]
    fn few_documents_and_signals_that_tell_nothing_apart_teach_nothing() {
        assert_eq!(cross_fitted(&study(10, 1, 5), 0, &[Signal::Evidence]), None);
        assert_eq!(cross_fitted(&study(60, 1, 5), 0, &[Signal::Stated]), None);
    }
}
