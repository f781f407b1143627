//! Every pair of providers but controls: paired on shared cases, clustered by document, corrected together.

use eval_statistics::{Comparison, Level, PairedCase, PairedComparison, compare, correct_family};

use super::pairing::shared;
use crate::{Difference, Differences, Options, Scope, Scored};

/// Overall first, then every dataset × task.
pub(super) fn all(scored: &Scored<'_>, options: &Options) -> Vec<Differences> {
    let units: Vec<usize> = (0..scored.units.len()).collect();
    let overall = of(scored, Scope::Overall, &units, options);
    let single = |unit: usize| of(scored, scored.units[unit].scope(), &[unit], options);
    let tasks: Vec<Differences> = match units.as_slice() {
        // One task alone is the overall comparison.
        [only] => vec![Differences { scope: scored.units[*only].scope(), ..overall.clone() }],
        _ => units.iter().map(|unit| single(*unit)).collect(),
    };
    std::iter::once(overall).chain(tasks).collect()
}

/// How comparisons are made: the seed is that of the run, so that they repeat.
pub(crate) fn settings(level: Level, seed: u64) -> Comparison {
    Comparison { level, ..Comparison::usual(seed) }
}

fn of(scored: &Scored<'_>, scope: Scope, units: &[usize], options: &Options) -> Differences {
    let settings = settings(options.level, scored.plan().seed);
    let providers = scored.providers();
    let candidates: Vec<usize> = (0..providers.len()).filter(|at| !providers[*at].control).collect();
    let mut pairs = Vec::new();
    let mut family = Vec::new();
    for (at, b) in candidates.iter().enumerate() {
        for a in &candidates[..at] {
            let shared = shared(scored, units, *a, *b);
            if let Some(comparison) = compare(&shared.cases, &settings) {
                let (mean_a, mean_b) = means(&shared.cases);
                family.push(comparison);
                pairs.push((*a, *b, mean_a, mean_b, shared.only_a, shared.only_b));
            }
        }
    }
    correct_family(&mut family, options.level);
    let pairs = pairs.into_iter().zip(family).map(|((a, b, mean_a, mean_b, only_a, only_b), comparison)| {
        let label = |provider: usize| providers[provider].label.clone();
        // The better one first: "b is worse by so much" reads best.
        if comparison.difference > 0.0 {
            difference(label(b), label(a), (mean_b, mean_a), (only_b, only_a), &comparison.turned())
        } else {
            difference(label(a), label(b), (mean_a, mean_b), (only_a, only_b), &comparison)
        }
    });
    Differences { scope, pairs: pairs.collect() }
}

pub(crate) fn means(cases: &[PairedCase]) -> (f64, f64) {
    let mean = |side: fn(&PairedCase) -> Option<f64>| {
        cases.iter().filter_map(side).sum::<f64>() / cases.len() as f64
    };
    (mean(|case| case.a.mean()), mean(|case| case.b.mean()))
}

pub(crate) fn difference(
    a: String,
    b: String,
    (mean_a, mean_b): (f64, f64),
    (only_a, only_b): (u64, u64),
    comparison: &PairedComparison,
) -> Difference {
    Difference {
        a,
        b,
        n: comparison.n as u64,
        only_a,
        only_b,
        clusters: comparison.clusters as u64,
        better: comparison.better as u64,
        worse: comparison.worse as u64,
        mean_a,
        mean_b,
        difference: comparison.difference,
        interval: comparison.interval.map(Into::into),
        p: comparison.p,
        p_adjusted: comparison.p_adjusted,
        test: comparison.test.to_string(),
        smallest_detectable: comparison.smallest_detectable,
        cases_to_settle: comparison.cases_to_settle,
        opinion: comparison.verdict.into(),
    }
}
