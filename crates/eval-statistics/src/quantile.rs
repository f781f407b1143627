use serde::{Deserialize, Serialize};

use crate::binomial::Binomial;
use crate::bounded::{Document, Kinds};
use crate::interval::Level;

/// A quantile with an interval that assumes nothing about the distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QuantileEstimate {
    /// Values.
    pub n: usize,
    /// Which quantile, such as 0.95.
    pub quantile: f64,
    /// The estimate, interpolated between neighbours.
    pub value: f64,
    /// Lower bound: one of the values. None if there are too few for one.
    pub low: Option<f64>,
    /// Upper bound: one of the values. None if there are too few for one.
    pub high: Option<f64>,
    /// Nominal confidence; the true one is at least this.
    pub level: f64,
}

/// The quantile by linear interpolation at q·(n−1); undefined for no or non-finite values.
#[must_use]
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    sorted(values, q).map(|values| interpolated(&values, q))
}

/// A quantile between two order statistics chosen by the binomial distribution.
///
/// The number of values below the true quantile is binomial(n, q) whatever the
/// distribution, so this holds for latencies with any tail. Values must be
/// independent. The 95 % bound above a p95 needs 72 values; below that it is None.
#[must_use]
pub fn quantile_interval(values: &[f64], q: f64, level: Level) -> Option<QuantileEstimate> {
    let values = sorted(values, q)?;
    let (below, above) = ranks(values.len(), q, level.tail());
    Some(QuantileEstimate {
        n: values.len(),
        quantile: q,
        value: interpolated(&values, q),
        low: below.map(|rank| values[rank]),
        high: above.map(|rank| values[rank]),
        level: level.get(),
    })
}

/// The same for values that come in clusters, such as repeats of a case: each with the number of its cluster.
///
/// A value bounds the quantile if the share of values below it is shown to be on the other side of q. With every value
/// its own cluster this is [`quantile_interval`].
#[must_use]
pub fn clustered_quantile_interval(
    values: &[(usize, f64)],
    q: f64,
    level: Level,
) -> Option<QuantileEstimate> {
    let plain: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    let mut estimate = quantile_interval(&plain, q, level)?;
    let mut clusters: Vec<usize> = values.iter().map(|(cluster, _)| *cluster).collect();
    clusters.sort_unstable();
    clusters.dedup();
    if clusters.len() == values.len() {
        return Some(estimate);
    }
    let mut by_value = values.to_vec();
    by_value.sort_by(|a, b| a.1.total_cmp(&b.1));
    let ranked: Vec<(usize, f64)> = by_value
        .iter()
        .map(|(cluster, value)| (clusters.binary_search(cluster).unwrap_or_default(), *value))
        .collect();
    // The share up to a value grows with it, so that the innermost bounds are found by halving.
    let shares = |first: usize| shares(&ranked, first, clusters.len());
    let tail = level.tail();
    let surely_below = |count: &usize| shares(*count).is_some_and(|kinds| kinds.p_at_least(1.0, q) <= tail);
    let surely_above = |count: &usize| shares(*count).is_some_and(|kinds| kinds.p_at_most(0.0, q) <= tail);
    let counts: Vec<usize> = (0..=values.len()).collect();
    let below = counts.partition_point(surely_below);
    let above = counts.partition_point(|count| !surely_above(count));
    // With so few values up to it, the next one lies below the quantile; the last of enough lies above it.
    estimate.low = below.checked_sub(1).and_then(|count| ranked.get(count)).map(|(_, value)| *value);
    estimate.high = above.checked_sub(1).and_then(|count| ranked.get(count)).map(|(_, value)| *value);
    Some(estimate)
}

/// Which share of each cluster is among the first values.
fn shares(ranked: &[(usize, f64)], first: usize, clusters: usize) -> Option<Kinds> {
    let mut documents = vec![Document { count: 0.0, sum: 0.0 }; clusters];
    for (at, (cluster, _)) in ranked.iter().enumerate() {
        documents[*cluster].count += 1.0;
        documents[*cluster].sum += f64::from(u8::from(at < first));
    }
    Kinds::new(documents)
}

/// Position q·(n−1) in sorted values, linear in between; `values` must not be empty.
pub(crate) fn interpolated(values: &[f64], q: f64) -> f64 {
    let position = q.clamp(0.0, 1.0) * (values.len() - 1) as f64;
    let lower = position.floor() as usize;
    let upper = (lower + 1).min(values.len() - 1);
    let between = position - lower as f64;
    values[lower] + (values[upper] - values[lower]) * between
}

fn sorted(values: &[f64], q: f64) -> Option<Vec<f64>> {
    if values.is_empty() || !(0.0..=1.0).contains(&q) || values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    Some(values)
}

/// Zero-based ranks of the innermost bounds that leave at most `tail` outside on each side.
fn ranks(n: usize, q: f64, tail: f64) -> (Option<usize>, Option<usize>) {
    let (mut below, mut above) = (None, None);
    let mut cumulative = 0.0;
    for (count, probability) in Binomial::new(n as u64, q).outcomes() {
        let count = usize::try_from(count).expect("at most n, which is a usize");
        cumulative += probability;
        if cumulative <= tail && count < n {
            below = Some(count);
        }
        // X(count+1) lies above the quantile unless more than `count` values lie below.
        if above.is_none() && cumulative >= 1.0 - tail && count < n {
            above = Some(count);
        }
    }
    (below, above)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(n: usize) -> Vec<f64> {
        (1..=n).rev().map(|value| value as f64).collect()
    }

    #[test]
    fn brackets_the_median_as_the_tables_say() {
        let bounds = |n| {
            let estimate = quantile_interval(&ramp(n), 0.5, Level::P95).unwrap();
            (estimate.low, estimate.value, estimate.high)
        };
        assert_eq!(bounds(20), (Some(6.0), 10.5, Some(15.0)));
        assert_eq!(bounds(30), (Some(10.0), 15.5, Some(21.0)));
    }

    #[test]
    fn has_no_upper_bound_for_p95_of_71_values() {
        assert_eq!(quantile_interval(&ramp(71), 0.95, Level::P95).unwrap().high, None);
        assert_eq!(quantile_interval(&ramp(72), 0.95, Level::P95).unwrap().high, Some(72.0));
    }

    #[test]
    fn is_undefined_for_nothing_and_for_nan() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[1.0, f64::NAN], 0.5), None);
        assert_eq!(quantile(&[1.0], f64::NAN), None);
        assert_eq!(quantile(&[1.0], 0.95), Some(1.0));
    }

    #[test]
    fn repeats_of_a_case_do_not_narrow_a_quantile() {
        let once = quantile_interval(&ramp(40), 0.5, Level::P95).unwrap();
        let thrice: Vec<(usize, f64)> = (0..120).map(|i| (i / 3, (i / 3 + 1) as f64)).collect();
        let found = clustered_quantile_interval(&thrice, 0.5, Level::P95).unwrap();
        assert!(found.low <= once.low && found.high >= once.high, "{found:?}, once {once:?}");
        let plain: Vec<f64> = thrice.iter().map(|(_, value)| *value).collect();
        let narrow = quantile_interval(&plain, 0.5, Level::P95).unwrap();
        assert!(found.low < narrow.low && found.high > narrow.high, "{found:?}, as if apart {narrow:?}");
    }

    #[test]
    fn clusters_of_one_value_are_no_clusters() {
        let values: Vec<(usize, f64)> = ramp(90).into_iter().enumerate().collect();
        for q in [0.5, 0.95] {
            let found = clustered_quantile_interval(&values, q, Level::P95);
            assert_eq!(found, quantile_interval(&ramp(90), q, Level::P95));
        }
    }
}
