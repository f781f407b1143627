use serde::Serialize;

use crate::distribution::student_quantile;
use crate::interval::{Interval, Level, Method};

/// Count, mean and spread of a stream of values in constant memory.
///
/// Welford's update: no second pass, no cancellation, exactly 0 spread for equal
/// values. Anything not finite makes every figure undefined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Adds one value.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
    }

    /// How many values came.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean; undefined without values.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0 && self.mean.is_finite() && self.squares.is_finite()).then_some(self.mean)
    }

    /// Variance with n − 1; undefined below two values.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        self.mean()?;
        // A mean that overshoots by an ulp can leave a tiny negative sum.
        (self.count > 1).then(|| self.squares.max(0.0) / (self.count - 1) as f64)
    }

    /// Standard deviation with n − 1.
    #[must_use]
    pub fn deviation(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }

    /// Standard error of the mean, values independent.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.deviation().map(|deviation| deviation / (self.count as f64).sqrt())
    }

    /// Mean ± z · standard error.
    #[must_use]
    pub fn normal_interval(&self, level: Level) -> Option<Interval> {
        let half = level.z() * self.standard_error()?;
        Some(Interval::around(self.mean()?, half, level, Method::Normal))
    }

    /// Mean ± t · standard error with n − 1 degrees of freedom.
    #[must_use]
    pub fn student_interval(&self, level: Level) -> Option<Interval> {
        let error = self.standard_error()?;
        let half = -student_quantile(level.tail(), (self.count - 1) as f64) * error;
        Some(Interval::around(self.mean()?, half, level, Method::StudentT))
    }
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut moments = Self::default();
        values.into_iter().for_each(|value| moments.push(value));
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_equal_values_without_spread() {
        let moments: Moments = std::iter::repeat_n(0.1, 37).collect();
        assert_eq!(moments.deviation(), Some(0.0));
    }

    #[test]
    fn is_undefined_with_nan_or_infinity() {
        for bad in [f64::NAN, f64::INFINITY] {
            let moments: Moments = [0.5, bad, 0.25].into_iter().collect();
            assert_eq!(moments.mean(), None);
            assert_eq!(moments.student_interval(Level::P95), None);
        }
        assert_eq!(Moments::default().student_interval(Level::P95), None);
    }
}
