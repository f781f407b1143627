use serde::{Deserialize, Serialize};

use crate::binomial::Binomial;
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
}
