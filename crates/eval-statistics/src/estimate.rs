//! A mean with what is known about its precision.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cluster::ClusteredSample;
use crate::interval::Interval;
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

/// A mean over tasks with this interval.
pub(crate) fn over_tasks(strata: &Strata, interval: Option<Interval>) -> Estimate {
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
    /// Its mean, without an interval.
    pub(crate) fn estimate(&self) -> Option<Estimate> {
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
