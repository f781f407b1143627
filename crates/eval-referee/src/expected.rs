//! About how many documents show a difference, before anything is known of them.

use eval_statistics::normal_quantile;

const ALPHA: f64 = 0.05;
const POWER: f64 = 0.8;
/// The largest share of the possible stake, as in the looks themselves.
const MOST_STAKED: f64 = 0.9;
/// What a bet loses, as a logarithm, until it has learned how much to stake. With it the figures are those of
/// `cargo xtask simulate until-decided`.
const LEARNING: f64 = 1.0;

/// How much the differences of two candidates usually spread from document to document: where answers are right or wrong,
/// and where they are right in part.
#[must_use]
pub fn usual_spread(right_or_wrong: bool) -> f64 {
    if right_or_wrong { 0.4 } else { 0.15 }
}

/// Documents that show a difference which is known beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// A number that is fixed beforehand and shows it in four of five runs.
    pub fixed: u64,
    /// The mean where a run looks after each document and ends when it is shown.
    pub looks: u64,
}

/// For a difference from 0, or from a tolerance, of scores whose differences spread so much.
#[must_use]
pub fn expected(difference: f64, spread: f64) -> Expected {
    let z = normal_quantile(POWER) - normal_quantile(ALPHA / 2.0);
    let (square, variance) = (difference.powi(2), spread.powi(2));
    // What the best stake wins per document, in Kelly's sense.
    let growth = (square / 2.0 / (variance + square)).min((MOST_STAKED * difference).ln_1p());
    Expected {
        fixed: (z.powi(2) * variance / square).ceil() as u64,
        looks: ((LEARNING - ALPHA.ln()) / growth).ceil() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::{Expected, expected, usual_spread};

    #[test]
    fn a_fixed_number_is_smaller_and_most_so_for_scores_that_vary_little() {
        let far = |right_or_wrong| {
            let Expected { fixed, looks } = expected(0.1, usual_spread(right_or_wrong));
            assert!(fixed < looks, "{fixed} {looks}");
            looks as f64 / fixed as f64
        };
        assert!(far(true) < 1.3 && far(false) > 2.0, "{} {}", far(true), far(false));
        let (small, large) = (expected(0.02, 0.4), expected(0.2, 0.4));
        assert!(small.fixed > 50 * large.fixed && small.looks > 50 * large.looks, "{small:?} {large:?}");
    }
}
