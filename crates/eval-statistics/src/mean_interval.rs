use std::fmt;
use std::hash::Hash;

use serde::{Deserialize, Serialize};

use crate::bounded::Kinds;
use crate::cluster::ClusteredSample;
use crate::distribution::student_quantile;
use crate::interval::{Interval, Level, Method};
use crate::proportion::clopper_pearson;
use crate::strata::Strata;

/// Below this many clusters an interval is a rough guide.
const FEW_CLUSTERS: usize = 10;

/// A mean with what is known about its precision.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Values.
    pub n: u64,
    /// Independent groups of values.
    pub clusters: usize,
    /// Their mean.
    pub mean: f64,
    /// Cluster-robust standard error (CR2); undefined for one cluster.
    pub standard_error: Option<f64>,
    /// The interval, with the method that was picked.
    pub interval: Option<Interval>,
    /// What to say beside the interval.
    pub caution: Option<Caution>,
}

/// Why an interval deserves less trust than its level says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Caution {
    /// All values are equal: the data shows no spread, the interval rests on the count alone.
    AllEqual,
    /// One source document only.
    OneCluster,
    /// Fewer than ten source documents.
    FewClusters,
}

impl fmt::Display for Caution {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AllEqual => "all values are equal; the interval rests on their number alone",
            Self::OneCluster => "one source document only; nothing is known about others",
            Self::FewClusters => "fewer than 10 source documents; the interval is a rough guide",
        })
    }
}

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

/// The mean over tasks of amounts such as money, tokens or seconds.
#[must_use]
pub fn amount_over_tasks(tasks: &[Vec<(usize, f64)>], level: Level) -> Option<Estimate> {
    let strata = Strata::new(tasks)?;
    if let [task] = strata.tasks() {
        return task.amount_interval(level);
    }
    let interval = strata.error().map(|(error, degrees)| {
        let half = -student_quantile(level.tail(), degrees) * error;
        Interval::around(strata.mean(), half, level, Method::StudentT)
    });
    Some(over_tasks(&strata, interval))
}

fn over_tasks(strata: &Strata, interval: Option<Interval>) -> Estimate {
    let fewest = strata.tasks().iter().map(|task| task.clusters()).min().unwrap_or(0);
    Estimate {
        n: strata.values(),
        clusters: strata.documents(),
        mean: strata.mean(),
        standard_error: strata.error().map(|(error, _)| error),
        interval,
        caution: match fewest {
            0 | 1 => Some(Caution::OneCluster),
            2..FEW_CLUSTERS => Some(Caution::FewClusters),
            _ => None,
        },
    }
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

    /// Student's t with cluster-robust error; for money, tokens, seconds.
    #[must_use]
    pub fn amount_interval(&self, level: Level) -> Option<Estimate> {
        let mut estimate = self.estimate()?;
        estimate.interval = self.error()?.degrees.zip(estimate.standard_error).map(|(degrees, error)| {
            let half = -student_quantile(level.tail(), degrees) * error;
            Interval::around(estimate.mean, half, level, Method::StudentT)
        });
        Some(estimate)
    }

    fn estimate(&self) -> Option<Estimate> {
        let error = self.error()?;
        Some(Estimate {
            n: self.moments().count(),
            clusters: error.clusters,
            mean: error.mean,
            standard_error: error.cr2,
            interval: None,
            caution: self.caution(),
        })
    }

    fn caution(&self) -> Option<Caution> {
        match (self.clusters(), self.moments().variance()) {
            (1, _) => Some(Caution::OneCluster),
            (_, Some(0.0)) => Some(Caution::AllEqual),
            (2..FEW_CLUSTERS, _) => Some(Caution::FewClusters),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
