use crate::binomial::Binomial;
use crate::distribution::chi_square_tail;

/// McNemar's test of two providers that are right or wrong on the same cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct McNemar {
    /// Exact two-sided p: the discordant cases are a fair coin.
    pub p_exact: f64,
    /// The smaller discordant count.
    pub smaller: u64,
    /// Chi-square with continuity correction and its p; undefined without discordant cases.
    pub corrected: Option<(f64, f64)>,
    /// Chi-square without correction and its p.
    pub uncorrected: Option<(f64, f64)>,
}

/// Tests from the two discordant counts; concordant cases carry no information.
#[must_use]
pub fn mcnemar(only_a_correct: u64, only_b_correct: u64) -> McNemar {
    let smaller = only_a_correct.min(only_b_correct);
    let discordant = only_a_correct.saturating_add(only_b_correct);
    let difference = only_a_correct.abs_diff(only_b_correct) as f64;
    let chi_square = |distance: f64| {
        let statistic = distance * distance / discordant as f64;
        (discordant > 0).then(|| (statistic, chi_square_tail(statistic)))
    };
    McNemar {
        p_exact: fair_coin(smaller, discordant),
        smaller,
        corrected: chi_square(difference - 1.0),
        uncorrected: chi_square(difference),
    }
}

/// min(1, 2 · P(Bin(n, ½) ≤ smaller)).
pub(crate) fn fair_coin(smaller: u64, n: u64) -> f64 {
    if n == 0 {
        return 1.0;
    }
    (2.0 * Binomial::new(n, 0.5).cumulative(smaller)).min(1.0)
}
