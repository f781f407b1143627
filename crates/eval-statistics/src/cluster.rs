use std::collections::HashMap;
use std::hash::Hash;

use crate::bounded::Document;
use crate::moments::Moments;

/// Values grouped by source document, in memory proportional to the documents.
///
/// Repeats of a case and cases of one document share a cluster: they are not
/// independent, and counting them as if they were makes intervals too narrow.
#[derive(Debug, Clone, Default)]
pub struct ClusteredSample {
    groups: Vec<Group>,
    moments: Moments,
    not_binary: bool,
    outside_unit: bool,
    has_negative: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Group {
    count: u64,
    sum: f64,
}

/// Standard errors of a mean under several views of its clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusteredError {
    /// The mean over all values.
    pub mean: f64,
    /// Clusters with at least one value.
    pub clusters: usize,
    /// As if all values were independent.
    pub naive: Option<f64>,
    /// √(Σ e²) / n, with e the residual sums of the clusters.
    pub cr0: f64,
    /// CR0 · √(G/(G−1)).
    pub cr1: Option<f64>,
    /// Residuals raised by their leverage: √(Σ e²/(1−w)) / n, w = share of values.
    pub cr2: Option<f64>,
    /// Degrees of freedom of CR2 (Satterthwaite); G − 1 for clusters of equal size.
    pub degrees: Option<f64>,
    /// Miller's equation 4; undefined where its radicand is negative.
    pub miller: Option<f64>,
}

impl ClusteredSample {
    /// Adds a value to the cluster of this index (indices need not be dense, but small).
    pub fn push(&mut self, cluster: usize, value: f64) {
        if cluster >= self.groups.len() {
            self.groups.resize(cluster + 1, Group::default());
        }
        let group = &mut self.groups[cluster];
        group.count += 1;
        group.sum += value;
        self.moments.push(value);
        self.not_binary |= value != 0.0 && value != 1.0;
        self.outside_unit |= !(0.0..=1.0).contains(&value);
        self.has_negative |= value < 0.0;
    }

    /// Groups values by any key.
    pub fn from_pairs<K: Hash + Eq>(pairs: impl IntoIterator<Item = (K, f64)>) -> Self {
        let mut numbers = HashMap::new();
        let mut sample = Self::default();
        for (key, value) in pairs {
            let next = numbers.len();
            sample.push(*numbers.entry(key).or_insert(next), value);
        }
        sample
    }

    /// Every value its own cluster.
    #[must_use]
    pub fn independent(values: &[f64]) -> Self {
        Self::from_pairs(values.iter().copied().enumerate())
    }

    /// Count, mean and spread of the values, clusters ignored.
    #[must_use]
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// Clusters with at least one value.
    #[must_use]
    pub fn clusters(&self) -> usize {
        self.used().count()
    }

    /// The standard errors; undefined without finite values.
    #[must_use]
    pub fn error(&self) -> Option<ClusteredError> {
        let mean = self.moments.mean()?;
        let n = self.moments.count() as f64;
        let clusters = self.clusters();
        let (mut plain, mut raised) = (0.0, 0.0);
        for group in self.used() {
            let residual = group.sum - group.count as f64 * mean;
            plain += residual * residual;
            raised += residual * residual / (1.0 - group.count as f64 / n);
        }
        let several = clusters > 1;
        let groups = clusters as f64;
        let cr0 = plain.sqrt() / n;
        Some(ClusteredError {
            mean,
            clusters,
            naive: self.moments.standard_error(),
            cr0,
            cr1: several.then(|| cr0 * (groups / (groups - 1.0)).sqrt()),
            cr2: several.then(|| raised.sqrt() / n),
            degrees: several.then(|| 1.0 / self.degrees_inverse()),
            miller: self.miller(plain),
        })
    }

    /// Σ over i ≠ j inside a cluster = (sum of residuals)² − sum of their squares.
    fn miller(&self, squared_sums: f64) -> Option<f64> {
        let n = self.moments.count() as f64;
        let variance = self.moments.variance()?;
        let squares = variance * (n - 1.0);
        let radicand = variance / n + (squared_sums - squares) / (n * n);
        (radicand >= 0.0).then(|| radicand.sqrt())
    }

    fn degrees_inverse(&self) -> f64 {
        let n = self.moments.count() as f64;
        let (mut squares, mut leverage, mut leverage_squares) = (0.0, 0.0, 0.0);
        for group in self.used() {
            let share = group.count as f64 / n;
            let raised = share * share / (1.0 - share);
            squares += share * share;
            leverage += raised;
            leverage_squares += raised * raised;
        }
        squares + leverage * leverage - leverage_squares
    }

    /// Clusters whose values are all 0 or all 1.
    fn clusters_at_the_edge(&self) -> usize {
        self.used().filter(|group| group.sum == 0.0 || group.sum == group.count as f64).count()
    }

    /// Clusters of one size, each all 0 or all 1: (those at 1, all of them).
    pub(crate) fn as_coin_flips(&self) -> Option<(u64, u64)> {
        let size = self.used().next()?.count;
        let clusters = self.clusters();
        let uniform = self.used().all(|group| group.count == size);
        if self.not_binary || !uniform || self.clusters_at_the_edge() < clusters {
            return None;
        }
        let successes = self.used().filter(|group| group.sum > 0.0).count();
        Some((successes as u64, clusters as u64))
    }

    pub(crate) fn in_unit(&self) -> bool {
        !self.outside_unit
    }

    pub(crate) fn has_negative(&self) -> bool {
        self.has_negative
    }

    /// Count and sum of each cluster.
    pub(crate) fn documents(&self) -> impl Iterator<Item = Document> + '_ {
        self.used().map(|group| Document { count: group.count as f64, sum: group.sum })
    }

    fn used(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| group.count > 0)
    }
}

/// Standard errors of the mean of values with a cluster key each.
///
/// Undefined if the two differ in length, are empty, or hold a value that is not finite.
#[must_use]
pub fn clustered_error<K: Hash + Eq>(values: &[f64], clusters: &[K]) -> Option<ClusteredError> {
    (values.len() == clusters.len()).then_some(())?;
    ClusteredSample::from_pairs(clusters.iter().zip(values.iter().copied())).error()
}
