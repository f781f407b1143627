use crate::random::SplitMix64;

/// More values than this would need too many sums for an exact answer.
pub(crate) const EXACT_LIMIT: usize = 24;

/// Sampling stops early once this many resamples were as extreme as the data.
const ENOUGH_EXCEEDANCES: u64 = 200;

/// p-values of the test that flips signs: if a and b are alike, so are d and −d.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignFlip {
    /// min(1, 2 · the smaller one-sided p).
    pub two_sided: f64,
    /// Share of flips whose sum is at least the one seen.
    pub greater: f64,
    /// Share of flips whose sum is at most the one seen.
    pub less: f64,
}

/// All 2^n sign flips; undefined for nothing, more than 40 non-zero values, or NaN.
///
/// Adds up two halves of the values apart and counts pairs of sums, so that the
/// cost is 2^(n/2). Sums within 1e-12 per value count as equal.
#[must_use]
pub fn sign_flip_exact(values: &[f64]) -> Option<SignFlip> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let moving: Vec<f64> = values.iter().copied().filter(|value| *value != 0.0).collect();
    if moving.len() > 40 {
        return None;
    }
    let (left, right) = moving.split_at(moving.len() / 2);
    let (left, right) = (flipped_sums(left), flipped_sums(right));
    let seen: f64 = values.iter().sum();
    let slack = tolerance(values);
    let total = left.len() as f64 * right.len() as f64;
    let less = pairs_at_most(&left, &right, seen + slack) as f64 / total;
    let greater = pairs_at_most(&negated(&left), &negated(&right), slack - seen) as f64 / total;
    Some(SignFlip { two_sided: (2.0 * greater.min(less)).min(1.0), greater, less })
}

/// Two-sided p from at most `resamples` random sign flips, by the stream of `seed`.
///
/// Counts the data as one of the flips, so p is never 0 and never too small. Stops
/// when 200 flips were as extreme (Besag and Clifford): a large p is known early.
#[must_use]
pub fn sign_flip_sampled(values: &[f64], resamples: u64, seed: u64) -> Option<f64> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let moving: Vec<f64> = values.iter().copied().filter(|value| *value != 0.0).collect();
    let threshold = values.iter().sum::<f64>().abs() - tolerance(values);
    let mut stream = SplitMix64::new(seed);
    let mut exceedances = 0;
    for drawn in 1..=resamples {
        if flipped_sum(&moving, &mut stream).abs() >= threshold {
            exceedances += 1;
            if exceedances == ENOUGH_EXCEEDANCES {
                return Some(exceedances as f64 / drawn as f64);
            }
        }
    }
    Some((exceedances + 1) as f64 / (resamples + 1) as f64)
}

fn tolerance(values: &[f64]) -> f64 {
    let largest = values.iter().fold(1.0, |largest: f64, value| largest.max(value.abs()));
    1e-12 * values.len() as f64 * largest
}

fn flipped_sum(values: &[f64], stream: &mut SplitMix64) -> f64 {
    let mut sum = 0.0;
    for chunk in values.chunks(64) {
        let mut bits = stream.next_u64();
        for value in chunk {
            // The sign bit is set by hand: a branch would be mispredicted half the time.
            sum += f64::from_bits(value.to_bits() ^ (bits << 63));
            bits >>= 1;
        }
    }
    sum
}

fn flipped_sums(values: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0];
    for value in values {
        sums = sums.iter().flat_map(|sum| [sum - value, sum + value]).collect();
    }
    sums.sort_by(f64::total_cmp);
    sums
}

fn negated(sums: &[f64]) -> Vec<f64> {
    sums.iter().rev().map(|sum| -sum).collect()
}

/// How many pairs of one sum from each side are at most `limit`; both ascending.
fn pairs_at_most(left: &[f64], right: &[f64], limit: f64) -> u64 {
    let mut fitting = right.len();
    let mut pairs = 0;
    for sum in left {
        while fitting > 0 && sum + right[fitting - 1] > limit {
            fitting -= 1;
        }
        pairs += fitting as u64;
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_what_the_exact_test_counts() {
        let values: Vec<f64> = (0..20).map(|i| f64::from(i % 7) / 7.0 - 0.2).collect();
        let exact = sign_flip_exact(&values).unwrap().two_sided;
        let sampled = sign_flip_sampled(&values, 20_000, 1).unwrap();
        assert!((exact - sampled).abs() < 0.01, "{exact} and {sampled}");
    }

    #[test]
    fn finds_nothing_in_nothing() {
        assert_eq!(sign_flip_exact(&[0.0, 0.0]).unwrap().two_sided, 1.0);
        assert_eq!(sign_flip_sampled(&[0.0; 3], 999, 1), Some(1.0));
        assert_eq!(sign_flip_exact(&[f64::NAN]), None);
        assert_eq!(sign_flip_exact(&[]), None);
    }

    #[test]
    fn counts_a_trillion_flips() {
        let p = sign_flip_exact(&[0.25; 40]).unwrap();
        assert!((p.greater - 0.5f64.powi(40)).abs() < 1e-20);
    }
}
