use crate::distribution::{beta_quantile, bisect};
use crate::interval::{Interval, Level, Method};

/// Wilson's score interval for `successes` of `n`; undefined for n = 0.
#[must_use]
pub fn wilson(successes: u64, n: u64, level: Level) -> Option<Interval> {
    let share = share(successes, n)?;
    let (low, high) = score_bounds(share, n as f64, level.z());
    Some(Interval { low, high, level: level.get(), method: Method::Wilson }.clipped(0.0, 1.0))
}

/// Wilson's interval with the far bound of one to three lone successes or failures moved out.
///
/// For shares near 0 or 1 Wilson's coverage drops below 90 %: with one failure of
/// 12 it excludes 99 %. Brown, Cai and DasGupta (2001) put the Poisson bound there,
/// for up to 2 (3 beyond n = 50) successes or failures.
#[must_use]
pub fn wilson_edge(successes: u64, n: u64, level: Level) -> Option<Interval> {
    let mut interval = wilson(successes, n, level)?;
    let most = if n > 50 { 3 } else { 2 };
    let bound = |lone: u64| poisson_bound(lone, 1.0 - level.get()) / n as f64;
    if (1..=most).contains(&successes) {
        interval.low = interval.low.min(bound(successes));
        interval.method = Method::WilsonEdge;
    }
    if (1..=most).contains(&(n - successes)) {
        interval.high = interval.high.max(1.0 - bound(n - successes));
        interval.method = Method::WilsonEdge;
    }
    Some(interval)
}

/// The rate at which `count` or more events have probability `alpha`.
fn poisson_bound(count: u64, alpha: f64) -> f64 {
    bisect(0.0, count as f64, |rate| {
        let mut term = 1.0;
        let mut fewer = 0.0;
        for events in 0..count {
            fewer += term;
            term *= rate / (events + 1) as f64;
        }
        1.0 - (-rate).exp() * fewer < alpha
    })
}

/// Wilson's interval for a mean in [0, 1] worth `effective_n` independent yes/no cases.
///
/// `critical` replaces z, so that few clusters can use Student's t.
#[must_use]
pub fn wilson_effective(mean: f64, effective_n: f64, critical: f64, level: Level) -> Option<Interval> {
    if !((0.0..=1.0).contains(&mean) && effective_n > 0.0 && critical.is_finite()) {
        return None;
    }
    let (low, high) = score_bounds(mean, effective_n, critical);
    let method = Method::WilsonEffective;
    Some(Interval { low, high, level: level.get(), method }.clipped(0.0, 1.0))
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
