//! Strengths with the errors of documents: what is said of one document's answers is not independent.
//!
//! One made-up pair with half a win for each side stands between every two items that were compared: always is not
//! certainty.

use std::collections::BTreeMap;

use super::{Ties, Verdicts, bradley_terry};
use crate::{Level, student_quantile};

/// Of one document, by pair of items: wins of the first, wins of the second, ties.
pub type PairCounts = BTreeMap<(usize, usize), [f64; 3]>;

/// Strengths with all documents, and without each.
#[derive(Debug, Clone, PartialEq)]
pub struct Preferences {
    /// By item, on the scale of log odds; their sum is 0.
    pub strengths: Vec<f64>,
    /// By the model.
    errors: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    without: Vec<Vec<f64>>,
}

impl Preferences {
    /// The strengths of so many items, each of which was compared.
    #[must_use]
    pub fn of<'a>(items: usize, documents: impl Iterator<Item = &'a PairCounts> + Clone) -> Option<Self> {
        let mut sums = PairCounts::new();
        for (pair, counts) in documents.clone().flatten() {
            let sum = sums.entry(*pair).or_insert([0.5, 0.5, 0.0]);
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
        let fitted = |sums: &PairCounts| {
            let rows: Vec<Verdicts> = sums
                .iter()
                .map(|((first, second), [wins_first, wins_second, ties])| Verdicts {
                    first: *first,
                    second: *second,
                    wins_first: *wins_first,
                    wins_second: *wins_second,
                    ties: *ties,
                })
                .collect();
            bradley_terry(items, &rows, Ties::Half, false)
        };
        let whole = fitted(&sums)?;
        let without = documents.map(|document| {
            let mut rest = sums.clone();
            for (pair, counts) in document {
                let sum = rest.entry(*pair).or_default();
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum -= count);
            }
            fitted(&rest).map(|fit| fit.strength)
        });
        let without = without.collect::<Option<_>>()?;
        Some(Self { strengths: whole.strength, errors: whole.se, covariance: whole.covariance, without })
    }

    /// The items, the strongest first.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.strengths.len()).collect();
        order.sort_by(|a, b| self.strengths[*b].total_cmp(&self.strengths[*a]));
        order
    }

    /// Half the width of the interval of a strength; nothing with fewer than two documents.
    #[must_use]
    pub fn half(&self, item: usize, level: Level) -> Option<f64> {
        self.half_of(self.error(&|of: &[f64]| of[item], self.errors[item]), level)
    }

    /// Whether one is stronger than each of the others beyond chance, corrected for their number.
    #[must_use]
    pub fn is_before_all(&self, first: usize, level: Level) -> bool {
        let others = (0..self.strengths.len()).filter(|other| *other != first);
        let share = (1.0 - level.get()) / (self.strengths.len() - 1).max(1) as f64;
        let level = Level::from_alpha(share).unwrap_or(level);
        let cell = |a: usize, b: usize| self.covariance[a][b];
        others.into_iter().all(|other| {
            let variance = cell(first, first) + cell(other, other) - 2.0 * cell(first, other);
            let error = self.error(&|of: &[f64]| of[first] - of[other], variance.max(0.0).sqrt());
            let gap = self.strengths[first] - self.strengths[other];
            self.half_of(error, level).is_some_and(|half| gap - half > 0.0)
        })
    }

    /// By leaving out each document; where that moves nothing, by the model.
    fn error(&self, of: &dyn Fn(&[f64]) -> f64, by_model: f64) -> Option<f64> {
        let n = self.without.len() as f64;
        let values: Vec<f64> = self.without.iter().map(|strengths| of(strengths)).collect();
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let jackknife = ((n - 1.0) / n * squares).sqrt();
        (n >= 2.0).then_some(if jackknife > 1e-9 { jackknife } else { by_model })
    }

    fn half_of(&self, error: Option<f64>, level: Level) -> Option<f64> {
        Some(-student_quantile(level.tail(), self.without.len() as f64 - 1.0) * error?)
    }
}

#[cfg(test)]
mod tests {
    use super::{PairCounts, Preferences};
    use crate::Level;

    /// So many documents with this outcome of the only pair: the first wins, the second wins, a tie.
    fn fit(wins: usize, losses: usize, ties: usize) -> Preferences {
        let outcomes = [vec![0; wins], vec![1; losses], vec![2; ties]].concat();
        let documents: Vec<PairCounts> = outcomes
            .into_iter()
            .map(|outcome| {
                let mut counts = [0.0; 3];
                counts[outcome] = 1.0;
                PairCounts::from([((0, 1), counts)])
            })
            .collect();
        Preferences::of(2, documents.iter()).unwrap()
    }

    #[test]
    fn a_preference_is_claimed_beyond_chance_only() {
        for (wins, losses, ties, is_shown) in
            [(30, 0, 0, true), (30, 6, 10, true), (0, 0, 40, false), (11, 9, 20, false), (3, 0, 0, false)]
        {
            let fit = fit(wins, losses, ties);
            assert_eq!(fit.is_before_all(0, Level::P95), is_shown, "{wins} {losses} {ties}");
            assert!(!fit.is_before_all(1, Level::P95));
            assert!((fit.strengths[0] + fit.strengths[1]).abs() < 1e-9);
        }
    }

    #[test]
    fn strengths_are_log_odds() {
        let fit = fit(29, 9, 0);
        let gap = fit.strengths[0] - fit.strengths[1];
        assert!((gap - (29.5_f64 / 9.5).ln()).abs() < 1e-9, "{gap}");
    }
}
