/// A binomial distribution held as its probabilities around the mode.
///
/// Built by the ratio of neighbouring probabilities outwards from the mode and
/// normalised by their sum: only `+ × ÷`, so the same bits on every machine,
/// and exact to rounding for any `n` in O(√n) steps. (`statrs` goes through
/// log-gamma and a continued fraction of 140 terms; both lose digits at large n.)
#[derive(Debug, Clone)]
pub(crate) struct Binomial {
    first: u64,
    weights: Vec<f64>,
}

impl Binomial {
    /// `p` must lie in [0, 1].
    pub(crate) fn new(n: u64, p: f64) -> Self {
        if p <= 0.0 || n == 0 {
            return Self { first: 0, weights: vec![1.0] };
        }
        if p >= 1.0 {
            return Self { first: n, weights: vec![1.0] };
        }
        let odds = p / (1.0 - p);
        let mode = (((n + 1) as f64) * p).floor().min(n as f64) as u64;
        let mut below = Vec::new();
        let (mut k, mut weight) = (mode, 1.0);
        while k > 0 && weight > f64::MIN_POSITIVE {
            weight *= k as f64 / ((n - k + 1) as f64 * odds);
            k -= 1;
            below.push(weight);
        }
        let first = k;
        below.reverse();
        let mut weights = below;
        weights.push(1.0);
        let (mut k, mut weight) = (mode, 1.0);
        while k < n && weight > f64::MIN_POSITIVE {
            weight *= (n - k) as f64 / (k + 1) as f64 * odds;
            k += 1;
            weights.push(weight);
        }
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= total);
        Self { first, weights }
    }

    /// P(X ≤ k), added up from the small end.
    pub(crate) fn cumulative(&self, k: u64) -> f64 {
        match k.checked_sub(self.first) {
            None => 0.0,
            Some(last) => {
                let count = usize::try_from(last).unwrap_or(usize::MAX).saturating_add(1);
                self.weights.iter().take(count).sum::<f64>().min(1.0)
            }
        }
    }

    /// Every outcome with its probability, those below 1e-308 left out.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = (u64, f64)> + '_ {
        (self.first..).zip(self.weights.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_small_sums() {
        let binomial = Binomial::new(10, 0.5);
        assert!((binomial.cumulative(2) - 56.0 / 1024.0).abs() < 1e-15);
        assert!((binomial.cumulative(10) - 1.0).abs() < 1e-15);
        assert!((Binomial::new(3, 0.25).cumulative(0) - 27.0 / 64.0).abs() < 1e-15);
    }

    #[test]
    fn is_quick_and_sane_for_a_million() {
        let binomial = Binomial::new(1_000_000, 0.95);
        assert!((binomial.cumulative(950_000) - 0.5).abs() < 2e-3);
    }
}
