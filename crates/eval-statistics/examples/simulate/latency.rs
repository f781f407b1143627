//! Latencies: do the intervals of p50 and p95 cover the truth, with repeats that resemble each other?

use eval_statistics::{Level, SplitMix64, clustered_quantile_interval, quantile_interval};

use crate::draw::normal;

/// Repeats of a case, and the share of the variance of the logarithm that is the case's.
pub const SHAPES: &[(&str, usize, f64)] = &[
    ("asked once", 1, 0.5),
    ("3 repeats, half of it the case's", 3, 0.5),
    ("5 repeats, 80 % of it the case's", 5, 0.8),
];

pub struct Coverage {
    pub printed: f64,
    /// As if repeats were cases.
    pub pooled: f64,
    /// Samples without an upper bound, which hold whatever is true.
    pub open: f64,
}

pub fn coverage(shape: &(&str, usize, f64), q: f64, cases: usize, runs: u64, seed: u64) -> Coverage {
    let mut stream = SplitMix64::new(seed);
    let (_, repeats, of_case) = *shape;
    let truth = eval_statistics::normal_quantile(q);
    let (mut printed, mut pooled, mut open) = (0u64, 0u64, 0u64);
    for _ in 0..runs {
        let mut values = Vec::with_capacity(cases * repeats);
        for case in 0..cases {
            let own = of_case.sqrt() * normal(&mut stream);
            values.extend((0..repeats).map(|_| (case, own + (1.0 - of_case).sqrt() * normal(&mut stream))));
        }
        let holds = |low: Option<f64>, high: Option<f64>| {
            low.is_none_or(|low| low <= truth) && high.is_none_or(|high| truth <= high)
        };
        let found = clustered_quantile_interval(&values, q, Level::P95).expect("there are values");
        printed += u64::from(holds(found.low, found.high));
        open += u64::from(found.high.is_none());
        let plain: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
        let found = quantile_interval(&plain, q, Level::P95).expect("there are values");
        pooled += u64::from(holds(found.low, found.high));
    }
    let share = |count: u64| count as f64 / runs as f64;
    Coverage { printed: share(printed), pooled: share(pooled), open: share(open) }
}
