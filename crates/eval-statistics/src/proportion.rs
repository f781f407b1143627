use crate::distribution::beta_quantile;
use crate::interval::{Interval, Level, Method};

/// Wilson's score interval for `successes` of `n`; undefined for n = 0.
#[must_use]
pub fn wilson(successes: u64, n: u64, level: Level) -> Option<Interval> {
    let share = share(successes, n)?;
    let (low, high) = score_bounds(share, n as f64, level.z());
    Some(Interval { low, high, level: level.get(), method: Method::Wilson }.clipped(0.0, 1.0))
}

/// The exact (conservative) interval: both tails of the binomial at most alpha/2.
#[must_use]
pub fn clopper_pearson(successes: u64, n: u64, level: Level) -> Option<Interval> {
    if successes > n {
        return None;
    }
    let (k, rest) = (successes as f64, (n - successes) as f64);
    let low = if successes == 0 { 0.0 } else { beta_quantile(level.tail(), k, rest + 1.0) };
    let high = if successes == n { 1.0 } else { beta_quantile(1.0 - level.tail(), k + 1.0, rest) };
    Some(Interval { low, high, level: level.get(), method: Method::ClopperPearson })
}

/// Wald around (k + z²/2) / (n + z²), clipped to [0, 1].
#[must_use]
pub fn agresti_coull(successes: u64, n: u64, level: Level) -> Option<Interval> {
    if successes > n {
        return None;
    }
    let z = level.z();
    let total = n as f64 + z * z;
    let middle = (successes as f64 + z * z / 2.0) / total;
    let half = z * (middle * (1.0 - middle) / total).sqrt();
    Some(Interval::around(middle, half, level, Method::AgrestiCoull).clipped(0.0, 1.0))
}

/// Share ± z · standard error, clipped to [0, 1]: here to be compared with, not to be used.
#[must_use]
pub fn wald(successes: u64, n: u64, level: Level) -> Option<Interval> {
    let share = share(successes, n)?;
    let half = level.z() * (share * (1.0 - share) / n as f64).sqrt();
    Some(Interval::around(share, half, level, Method::Wald).clipped(0.0, 1.0))
}

fn share(successes: u64, n: u64) -> Option<f64> {
    (n > 0 && successes <= n).then(|| successes as f64 / n as f64)
}

fn score_bounds(mean: f64, n: f64, critical: f64) -> (f64, f64) {
    let square = critical * critical;
    let scale = 1.0 + square / n;
    let middle = (mean + square / (2.0 * n)) / scale;
    let half = critical * (mean * (1.0 - mean) / n + square / (4.0 * n * n)).sqrt() / scale;
    (middle - half, middle + half)
}
