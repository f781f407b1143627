use crate::distribution::{normal_cumulative, normal_quantile};
use crate::interval::{Interval, Level, Method};
use crate::moments::Moments;
use crate::quantile::interpolated;
use crate::random::SplitMix64;

/// Bootstrap of a mean. Costs n · resamples, so it is never chosen by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// Mean of the data.
    pub estimate: f64,
    /// Standard deviation of the resampled means.
    pub standard_error: Option<f64>,
    /// Quantiles of the resampled means.
    pub percentile: Interval,
    /// Those quantiles mirrored at the estimate.
    pub basic: Interval,
    /// Bias-corrected and accelerated; undefined when all values are equal or all
    /// resamples lie on one side.
    pub bca: Option<Interval>,
}

/// Resamples the mean with the stream of `seed`; undefined without finite data.
#[must_use]
pub fn bootstrap_mean(values: &[f64], resamples: usize, level: Level, seed: u64) -> Option<Bootstrap> {
    if values.is_empty() || resamples == 0 || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let estimate = mean(values.iter().copied(), values.len());
    let mut stream = SplitMix64::new(seed);
    let mut means: Vec<f64> = (0..resamples)
        .map(|_| mean((0..values.len()).map(|_| values[stream.below(values.len())]), values.len()))
        .collect();
    means.sort_by(f64::total_cmp);
    let standard_error = means.iter().copied().collect::<Moments>().deviation();
    let interval = |low, high, method| Interval { low, high, level: level.get(), method };
    let low = interpolated(&means, level.tail());
    let high = interpolated(&means, 1.0 - level.tail());
    Some(Bootstrap {
        estimate,
        standard_error,
        percentile: interval(low, high, Method::BootstrapPercentile),
        basic: interval(2.0 * estimate - high, 2.0 * estimate - low, Method::BootstrapBasic),
        bca: bca(values, estimate, &means, level)
            .map(|(low, high)| interval(low, high, Method::BootstrapBca)),
    })
}

/// Left to right: ties between a resample and the estimate count, and depend on the order.
fn mean(values: impl Iterator<Item = f64>, count: usize) -> f64 {
    values.fold(0.0, |sum, value| sum + value) / count as f64
}

fn bca(values: &[f64], estimate: f64, means: &[f64], level: Level) -> Option<(f64, f64)> {
    if values.iter().all(|value| *value == values[0]) {
        return None;
    }
    let below = means.iter().filter(|mean| **mean < estimate).count();
    let not_above = means.iter().filter(|mean| **mean <= estimate).count();
    let bias = normal_quantile((below + not_above) as f64 / (2 * means.len()) as f64);
    let skewness = acceleration(values)?;
    let shifted = |z: f64| normal_cumulative(bias + (bias + z) / (1.0 - skewness * (bias + z)));
    let low = shifted(-level.z());
    let high = shifted(level.z());
    (bias.is_finite() && low.is_finite() && high.is_finite())
        .then(|| (interpolated(means, low), interpolated(means, high)))
}

fn acceleration(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let total: f64 = values.iter().sum();
    let without = |value: f64| (total - value) / (n - 1.0);
    let middle = values.iter().map(|value| without(*value)).sum::<f64>() / n;
    let influences = values.iter().map(|value| (n - 1.0) * (middle - without(*value)));
    let (square, cube) = influences.fold((0.0, 0.0), |(square, cube), u| (square + u * u, cube + u * u * u));
    let result = cube / n.powi(3) / (6.0 * (square / (n * n)).powf(1.5));
    result.is_finite().then_some(result)
}
