use std::hash::Hash;

use crate::amount::amount_over_tasks;
use crate::bounded::Kinds;
use crate::cluster::ClusteredSample;
use crate::estimate::{Estimate, over_tasks};
use crate::interval::{Interval, Level, Method};
use crate::proportion::clopper_pearson;
use crate::strata::Strata;

/// Mean and interval of independent scores in [0, 1].
///
/// Undefined without values or with one that is not finite. Values outside
/// [0, 1] are treated as amounts.
#[must_use]
pub fn mean_interval(values: &[f64], level: Level) -> Option<Estimate> {
    ClusteredSample::independent(values).score_interval(level)
}

/// Mean and interval of scores in [0, 1] with the source document of each.
#[must_use]
pub fn clustered_mean_interval<K: Hash + Eq>(
    values: &[f64],
    clusters: &[K],
    level: Level,
) -> Option<Estimate> {
    (values.len() == clusters.len()).then_some(())?;
    ClusteredSample::from_pairs(clusters.iter().zip(values.iter().copied())).score_interval(level)
}

/// The mean over tasks of scores in [0, 1], every task with the same weight; each value with its document's number.
///
/// Documents with one number are one document, in whatever task they occur.
#[must_use]
pub fn score_over_tasks(tasks: &[Vec<(usize, f64)>], level: Level) -> Option<Estimate> {
    let strata = Strata::new(tasks)?;
    if let [task] = strata.tasks() {
        return task.score_interval(level);
    }
    if strata.tasks().iter().any(|task| !task.in_unit()) {
        return amount_over_tasks(tasks, level);
    }
    let (low, high) = (strata.lower(0.0, level.tail()), strata.upper(1.0, level.tail()));
    let interval = Interval { low, high, level: level.get(), method: Method::Gaffke }.clipped(0.0, 1.0);
    Some(over_tasks(&strata, Some(interval)))
}

impl ClusteredSample {
    /// Gaffke's bounds for scores in [0, 1]: they count on one document that was not seen and is as bad (or as good)
    /// as can be. For yes/no scores they are those of Clopper and Pearson. Values outside [0, 1] are amounts.
    #[must_use]
    pub fn score_interval(&self, level: Level) -> Option<Estimate> {
        if !self.in_unit() {
            return self.amount_interval(level);
        }
        let mut estimate = self.estimate()?;
        estimate.interval = match self.as_coin_flips() {
            Some((successes, n)) => clopper_pearson(successes, n, level),
            None => self.gaffke(level),
        };
        Some(estimate)
    }

    fn gaffke(&self, level: Level) -> Option<Interval> {
        let kinds = Kinds::new(self.documents())?;
        let (low, high) = (kinds.lower(0.0, level.tail()), kinds.upper(1.0, level.tail()));
        Some(Interval { low, high, level: level.get(), method: Method::Gaffke }.clipped(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests;
