use std::fmt;
use std::hash::Hash;

use serde::{Deserialize, Serialize};

use crate::cluster::ClusteredSample;
use crate::distribution::student_quantile;
use crate::interval::{Interval, Level, Method};
use crate::proportion::{wilson_edge, wilson_effective};

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

impl ClusteredSample {
    /// Picks the method by the shape of the data; for scores in [0, 1].
    #[must_use]
    pub fn score_interval(&self, level: Level) -> Option<Estimate> {
        if !self.in_unit() {
            return self.amount_interval(level);
        }
        let mut estimate = self.estimate()?;
        estimate.interval = match self.as_coin_flips() {
            Some((successes, n)) => wilson_edge(successes, n, level),
            None => self.effective_interval(&estimate, level),
        };
        Some(estimate)
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
            caution: caution(error.clusters, self.moments().variance()),
        })
    }

    /// Wilson's formula with the number of yes/no cases that the data is worth.
    fn effective_interval(&self, estimate: &Estimate, level: Level) -> Option<Interval> {
        let worst = self.equal_clusters();
        // Rounding can lift the mean of values near 1 above it.
        let mean = estimate.mean.clamp(0.0, 1.0);
        let possible = mean * (1.0 - mean);
        let degrees = self.error()?.degrees;
        let (Some(error), Some(degrees)) = (estimate.standard_error, degrees) else {
            return wilson_effective(mean, worst, level.z(), level);
        };
        if possible < 1e-12 || estimate.caution == Some(Caution::AllEqual) {
            return wilson_effective(mean, worst, level.z(), level);
        }
        let weight = self.doubt();
        // Both as "variance of the mean ÷ the most a [0, 1] score can have".
        let seen = error * error / possible;
        if seen < 1e-12 && weight == 0.0 {
            // Documents with the same mean by chance do not make it certain.
            return wilson_effective(mean, worst, level.z(), level);
        }
        let blended = (degrees * seen + weight / worst) / (degrees + weight);
        let critical = -student_quantile(level.tail(), degrees);
        wilson_effective(mean, 1.0 / blended, critical, level)
    }

    /// Weight of the worst case against the variance seen, in degrees of freedom.
    ///
    /// Clusters at 0 or 1 hide variance: nine perfect receipts and one at 0.9 do
    /// not show that the next failure is as mild. Half the odds of such clusters,
    /// found by simulation, keeps coverage from falling below 93 %.
    fn doubt(&self) -> f64 {
        let clusters = self.clusters() as f64;
        let edge = self.clusters_at_the_edge() as f64;
        0.5 * edge / (clusters - edge).max(1.0)
    }
}

fn caution(clusters: usize, variance: Option<f64>) -> Option<Caution> {
    match (clusters, variance) {
        (1, _) => Some(Caution::OneCluster),
        (_, Some(0.0)) => Some(Caution::AllEqual),
        (2..FEW_CLUSTERS, _) => Some(Caution::FewClusters),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
