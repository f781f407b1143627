use super::{Comparison, PairedComparison, Verdict, compare};
use crate::interval::Level;
use crate::multiple::{holm, holm_weighted};
use crate::paired::{Observation, pair_cases};

/// Every pair of some providers, corrected together.
#[derive(Debug, Clone, PartialEq)]
pub struct AllPairs {
    pairs: Vec<(usize, usize, PairedComparison)>,
}

/// Compares every pair and corrects for all of them (Holm).
///
/// "Everyone against the best" needs this whole family, not one comparison per
/// rival: the best was picked by looking, and picking is a comparison too.
/// Pairs without a shared case are left out.
#[must_use]
pub fn compare_all(providers: &[&[Observation<'_>]], settings: &Comparison) -> AllPairs {
    let mut pairs = Vec::new();
    for b in 0..providers.len() {
        for a in 0..b {
            let pairing = pair_cases(providers[a], providers[b]);
            if let Some(comparison) = compare(&pairing.cases, settings) {
                pairs.push((a, b, comparison));
            }
        }
    }
    let mut family: Vec<PairedComparison> = pairs.iter().map(|pair| pair.2).collect();
    correct_family(&mut family, settings.level);
    for (pair, corrected) in pairs.iter_mut().zip(family) {
        pair.2 = corrected;
    }
    AllPairs { pairs }
}

/// Adjusts p by Holm over exactly these comparisons and judges them anew.
pub fn correct_family(family: &mut [PairedComparison], level: Level) {
    let p: Vec<f64> = family.iter().map(|comparison| comparison.p).collect();
    for (comparison, adjusted) in family.iter_mut().zip(holm(&p)) {
        comparison.p_adjusted = adjusted;
        comparison.verdict = comparison.judge(level);
    }
}

/// The share of the error of a report that its overall comparisons may use together; those of tasks have the rest.
const OVERALL_SHARE: f64 = 0.75;

/// The weights of one overall comparison and of one of a single task, if a report makes so many of each.
///
/// The overall comparisons decide, so they have three quarters of the error. What a found difference does not need
/// goes to the others.
#[must_use]
pub fn report_weights(overall: usize, of_tasks: usize) -> (f64, f64) {
    match (overall, of_tasks) {
        (0, all) => (0.0, 1.0 / all as f64),
        (all, 0) => (1.0 / all as f64, 0.0),
        _ => (OVERALL_SHARE / overall as f64, (1.0 - OVERALL_SHARE) / of_tasks as f64),
    }
}

/// Adjusts p by Holm with the weight of each comparison, and judges them anew.
pub fn correct_weighted(family: &mut [(PairedComparison, f64)], level: Level) {
    let tests: Vec<(f64, f64)> = family.iter().map(|(comparison, weight)| (comparison.p, *weight)).collect();
    for ((comparison, _), adjusted) in family.iter_mut().zip(holm_weighted(&tests)) {
        comparison.p_adjusted = adjusted;
        comparison.verdict = comparison.judge(level);
    }
}

impl AllPairs {
    /// The comparisons as (a, b, is b better than a), a before b.
    pub fn iter(&self) -> impl Iterator<Item = &(usize, usize, PairedComparison)> {
        self.pairs.iter()
    }

    /// Is `b` better than `a`? Undefined for one and the same, or without shared cases.
    #[must_use]
    pub fn between(&self, a: usize, b: usize) -> Option<PairedComparison> {
        self.pairs.iter().find_map(|(first, second, comparison)| {
            if (*first, *second) == (a, b) {
                Some(*comparison)
            } else if (*first, *second) == (b, a) {
                Some(comparison.turned())
            } else {
                None
            }
        })
    }

    /// Everybody who is not shown to be worse than `best`, `best` itself included.
    #[must_use]
    pub fn tied_with(&self, best: usize, providers: usize) -> Vec<usize> {
        let worse = |other| self.between(best, other).is_some_and(|pair| pair.verdict == Verdict::Worse);
        (0..providers).filter(|other| *other == best || !worse(*other)).collect()
    }
}

impl PairedComparison {
    /// The same comparison read from the other side.
    #[must_use]
    pub fn turned(&self) -> Self {
        let interval = self.interval.map(|interval| crate::interval::Interval {
            low: -interval.high,
            high: -interval.low,
            ..interval
        });
        Self {
            better: self.worse,
            worse: self.better,
            difference: -self.difference,
            likely: self.likely.map(|[low, high]| [-high, -low]),
            interval,
            verdict: self.verdict.turned(),
            ..*self
        }
    }
}
