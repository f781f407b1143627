//! Bounds for a mean of values that cannot leave a range, without assuming anything else about them.
//!
//! Gaffke's bound: give every source document a random weight, as the Bayesian bootstrap does, and one document more,
//! as bad as possible, that was not seen. The lower bound is the quantile of that random mean. For yes/no values it is
//! Clopper and Pearson's bound, at zero it is McNemar's exact test, and where nothing failed it is the rule of three.

use crate::distribution::{normal_cumulative, normal_quantile};

/// One document: how many values it has and their sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Document {
    pub count: f64,
    pub sum: f64,
}

/// Values of the document that a value picked at random belongs to.
pub(crate) fn usual_size(documents: impl Iterator<Item = Document>) -> f64 {
    let (squares, values) = documents
        .fold((0.0, 0.0), |(squares, values), one| (squares + one.count * one.count, values + one.count));
    squares / values
}

/// Documents by kind, with how often each kind occurs: yes/no values have two kinds, however many there are.
#[derive(Debug, Clone)]
pub(crate) struct Kinds {
    kinds: Vec<(f64, Document)>,
    /// Values of the document that was not seen: as many as beside a value picked at random.
    unseen: f64,
    mean: f64,
}

/// More kinds than this are told apart no finer than the grid; the bounds of so many documents move by less than 1e-5.
const MOST_KINDS: usize = 8_192;
const GRID: f64 = 16_384.0;

impl Kinds {
    /// `None` without documents.
    pub fn new(documents: impl IntoIterator<Item = Document>) -> Option<Self> {
        let documents: Vec<Document> = documents.into_iter().collect();
        let unseen = usual_size(documents.iter().copied());
        Self::with_unseen(documents, unseen)
    }

    /// The same with the weight of the document that was not seen.
    pub fn with_unseen(documents: impl IntoIterator<Item = Document>, unseen: f64) -> Option<Self> {
        let documents: Vec<Document> = documents.into_iter().collect();
        let mut kinds = counted(documents.clone());
        if kinds.len() > MOST_KINDS {
            let on_grid = |one: &Document| {
                let step = one.count / GRID;
                Document { sum: (one.sum / step).round() * step, ..*one }
            };
            kinds = counted(documents.iter().map(on_grid).collect());
        }
        let values: f64 = documents.iter().map(|one| one.count).sum();
        let sum: f64 = documents.iter().map(|one| one.sum).sum();
        (values > 0.0).then(|| Self { kinds, unseen, mean: sum / values })
    }

    /// Documents that were counted already, in any amounts.
    pub fn of_counts(kinds: &[(f64, Document)]) -> Option<Self> {
        let kinds: Vec<(f64, Document)> = kinds.iter().copied().filter(|(times, _)| *times > 0.0).collect();
        let values: f64 = kinds.iter().map(|(times, one)| times * one.count).sum();
        let squares: f64 = kinds.iter().map(|(times, one)| times * one.count * one.count).sum();
        let sum: f64 = kinds.iter().map(|(times, one)| times * one.sum).sum();
        (values > 0.0).then(|| Self { kinds, unseen: squares / values, mean: sum / values })
    }

    /// The same seen from the other end of the scale.
    fn negated(&self) -> Self {
        let turned = |(times, one): &(f64, Document)| (*times, Document { sum: -one.sum, ..*one });
        Self { kinds: self.kinds.iter().map(turned).collect(), mean: -self.mean, ..*self }
    }

    /// The bound that the true mean of values of at least `least` lies below in at most this share of samples.
    pub fn lower(&self, least: f64, tail: f64) -> f64 {
        if self.mean - least <= 1e-12 {
            return least;
        }
        let wanted = normal_quantile(tail);
        increasing_root(least, self.mean, |bound| self.score(least, bound) - wanted)
    }

    /// The bound that the true mean of values of at most `most` lies above in at most this share of samples.
    pub fn upper(&self, most: f64, tail: f64) -> f64 {
        -self.negated().lower(-most, tail)
    }

    /// The chance that the random mean is at most `bound`: the p of "the true mean is no more than that".
    pub fn p_at_most(&self, least: f64, bound: f64) -> f64 {
        normal_cumulative(self.score(least, bound))
    }

    /// The chance that the random mean is at least `bound`: the p of "the true mean is no less than that".
    pub fn p_at_least(&self, most: f64, bound: f64) -> f64 {
        self.negated().p_at_most(-most, -bound)
    }

    /// The normal score of the chance that the random mean, with the worst document added, is at most `bound`.
    fn score(&self, least: f64, bound: f64) -> f64 {
        let seen = self.kinds.iter().map(|(times, one)| (*times, one.sum - bound * one.count));
        let unseen = (1.0, self.unseen * (least - bound));
        let terms: Vec<(f64, f64)> = seen.chain([unseen]).filter(|(_, term)| *term != 0.0).collect();
        score_of_not_positive(&terms)
    }
}

fn counted(mut documents: Vec<Document>) -> Vec<(f64, Document)> {
    documents.sort_by(|a, b| a.count.total_cmp(&b.count).then(a.sum.total_cmp(&b.sum)));
    documents.chunk_by(|a, b| a == b).map(|same| (same.len() as f64, same[0])).collect()
}

/// The normal score of P(Σ Gamma(times) · term ≤ 0), by the saddlepoint (Lugannani and Rice 1980, in the form of
/// Barndorff-Nielsen). For yes/no values it agrees with the beta distribution to three digits from one document on.
fn score_of_not_positive(terms: &[(f64, f64)]) -> f64 {
    let largest = terms.iter().fold(f64::NEG_INFINITY, |largest, (_, term)| largest.max(*term));
    let smallest = terms.iter().fold(f64::INFINITY, |smallest, (_, term)| smallest.min(*term));
    if largest <= 0.0 {
        return f64::INFINITY;
    }
    if smallest >= 0.0 {
        return f64::NEG_INFINITY;
    }
    let tilt = saddlepoint(terms, 1.0 / smallest, 1.0 / largest);
    let [mut height, mut curve, mut third] = [0.0; 3];
    for (times, term) in terms {
        let tilted = term / (1.0 - tilt * term);
        height += times * (-tilt * term).ln_1p();
        curve += times * tilted * tilted;
        third += 2.0 * times * tilted * tilted * tilted;
    }
    let root = tilt.signum() * (2.0 * height).max(0.0).sqrt();
    if root.abs() < 1e-3 {
        // The limit of the formula below where the bound is the mean.
        return root + third / (6.0 * curve.powf(1.5));
    }
    root + (tilt * curve.sqrt() / root).ln() / root
}

/// Where the tilted mean is zero; the tilted mean grows from −∞ to ∞ between the two ends.
fn saddlepoint(terms: &[(f64, f64)], mut low: f64, mut high: f64) -> f64 {
    let mut tilt = 0.0;
    for _ in 0..100 {
        let (mut mean, mut slope) = (0.0, 0.0);
        for (times, term) in terms {
            let tilted = term / (1.0 - tilt * term);
            mean += times * tilted;
            slope += times * tilted * tilted;
        }
        let newton = tilt - mean / slope;
        if (newton - tilt).abs() <= 1e-12 * tilt.abs() {
            return newton;
        }
        if mean < 0.0 {
            low = tilt;
        } else {
            high = tilt;
        }
        tilt = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
    }
    tilt
}

/// The root of a growing function that may be −∞ at the lower end, to a precision beyond what is printed (Illinois method).
pub(crate) fn increasing_root(low: f64, high: f64, of: impl Fn(f64) -> f64) -> f64 {
    let precise = (high - low) * 1e-9;
    let (mut low, mut high) = ((low, f64::NEG_INFINITY), (high, of(high)));
    let mut last_moved_low = None;
    for _ in 0..100 {
        if high.0 - low.0 <= precise {
            break;
        }
        let secant = high.0 - high.1 * (high.0 - low.0) / (high.1 - low.1);
        let inside = low.1.is_finite() && high.1.is_finite() && secant > low.0 && secant < high.0;
        let at = if inside { secant } else { f64::midpoint(low.0, high.0) };
        let value = of(at);
        let moves_low = value < 0.0;
        if moves_low {
            low = (at, value);
            // The end that stays put is trusted less, or it would never move.
            if last_moved_low == Some(true) {
                high.1 /= 2.0;
            }
        } else {
            high = (at, value);
            if last_moved_low == Some(false) {
                low.1 /= 2.0;
            }
        }
        last_moved_low = Some(moves_low);
        if value.abs() < 1e-10 {
            return at;
        }
    }
    low.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interval::Level;
    use crate::proportion::clopper_pearson;

    fn singles(values: &[(usize, f64)]) -> Kinds {
        let all = values.iter().flat_map(|(times, value)| std::iter::repeat_n(*value, *times));
        Kinds::new(all.map(|sum| Document { count: 1.0, sum })).unwrap()
    }

    #[test]
    fn is_clopper_and_pearson_for_yes_and_no() {
        for n in [1usize, 2, 4, 8, 20, 60, 500, 20_000] {
            for right in [0, 1, n / 2, n - 1, n] {
                let exact = clopper_pearson(right as u64, n as u64, Level::P95).unwrap();
                let kinds = singles(&[(right, 1.0), (n - right, 0.0)]);
                for (bound, exact) in
                    [(kinds.lower(0.0, 0.025), exact.low), (kinds.upper(1.0, 0.025), exact.high)]
                {
                    let slack = 0.01 * exact.min(1.0 - exact) + 0.0015;
                    assert!((bound - exact).abs() <= slack, "{right} of {n}: {bound}, exactly {exact}");
                }
            }
        }
    }

    #[test]
    fn is_mcnemar_at_zero_for_yes_and_no() {
        for (up, down, same) in [(9usize, 1usize, 40usize), (6, 0, 0), (3, 2, 10), (30, 12, 200)] {
            let kinds = singles(&[(up, 1.0), (down, -1.0), (same, 0.0)]);
            let exact = crate::mcnemar::mcnemar(down as u64, up as u64).p_exact;
            let p = 2.0 * kinds.p_at_most(-1.0, 0.0);
            assert!(
                (p.min(1.0) - exact).abs() < 0.01 * exact + 0.002,
                "{up} to {down}: {p}, exactly {exact}"
            );
        }
    }

    #[test]
    fn bound_and_p_are_one_thing() {
        let kinds = singles(&[(30, 1.0), (9, 0.7), (3, 0.25), (2, 0.0)]);
        for tail in [0.2, 0.05, 0.025, 0.001, 1e-6] {
            let p = kinds.p_at_most(0.0, kinds.lower(0.0, tail));
            assert!((p / tail - 1.0).abs() < 1e-6, "{tail} became {p}");
            let p = kinds.p_at_least(1.0, kinds.upper(1.0, tail));
            assert!((p / tail - 1.0).abs() < 1e-6, "{tail} became {p}");
        }
    }

    #[test]
    fn remembers_the_failure_that_was_not_seen() {
        let kinds = singles(&[(4, 0.96), (4, 0.98)]);
        let low = kinds.lower(0.0, 0.025);
        assert!(low > 0.55 && low < 0.62, "like 8 of 8 with a mean of 0.97, and not 0.96: {low}");
    }

    #[test]
    fn a_million_kinds_are_told_apart_no_finer_than_the_grid() {
        let values = (0..30_000).map(|i| 0.5 + 0.4 * f64::from(i) / 29_999.0);
        let kinds = Kinds::new(values.map(|sum| Document { count: 1.0, sum })).unwrap();
        let half = 1.96 * 0.4 / 12f64.sqrt() / 30_000f64.sqrt();
        assert!((kinds.lower(0.0, 0.025) - (0.7 - half)).abs() < 1e-4);
        assert!(kinds.kinds.len() <= 8_192);
    }
}
