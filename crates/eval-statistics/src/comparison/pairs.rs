use std::collections::BTreeMap;

use super::{Comparison, Interval, Level, Method, PairedCase, TestMethod};
use crate::distribution::{student_quantile, student_tail};
use crate::mcnemar::fair_coin;
use crate::permutation::{EXACT_LIMIT, sign_flip_exact, sign_flip_sampled};
use crate::strata::Strata;

/// Beyond this many differing documents the sampled test costs more than it tells.
const SAMPLED_LIMIT: usize = 5_000;

/// The shared cases of two providers on one or several tasks, every task with the same weight.
///
/// What may be said about "b minus a" at any level, and against any margin. Documents with one number are one
/// document, in whatever task they occur: number them over all tasks of a dataset.
#[derive(Debug, Clone)]
pub struct PairedTasks {
    pub(super) n: usize,
    pub(super) better: usize,
    pub(super) worse: usize,
    /// The difference of each document, weighted so that their sum over n is the mean over tasks.
    pub(super) sums: Vec<f64>,
    pub(super) differences: Strata,
    a: Strata,
    b: Strata,
    pub(super) in_unit: bool,
}

impl PairedTasks {
    /// Undefined without cases, or with a score that is not finite. Tasks without cases take no part.
    #[must_use]
    pub fn new(tasks: &[&[PairedCase]]) -> Option<Self> {
        let side = |of: fn(&PairedCase) -> Option<f64>| -> Option<Vec<Vec<(usize, f64)>>> {
            let of_task = |task: &&[PairedCase]| {
                task.iter().map(|case| Some((case.cluster, of(case)?))).collect::<Option<Vec<_>>>()
            };
            tasks.iter().map(of_task).collect()
        };
        let (a, b) = (side(|case| case.a.mean())?, side(|case| case.b.mean())?);
        let differences = side(PairedCase::difference)?;
        let unit = -1e-9..=1.0 + 1e-9;
        let all = || differences.iter().flatten().map(|(_, difference)| *difference);
        Some(Self {
            n: all().count(),
            better: all().filter(|difference| *difference > 0.0).count(),
            worse: all().filter(|difference| *difference < 0.0).count(),
            sums: weighted_sums(&differences),
            in_unit: a.iter().chain(&b).flatten().all(|(_, score)| unit.contains(score)),
            differences: Strata::new(&differences)?,
            a: Strata::new(&a)?,
            b: Strata::new(&b)?,
        })
    }

    /// Shared cases of all tasks.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.n
    }

    /// Cases whose score differs.
    #[must_use]
    pub fn changed(&self) -> usize {
        self.better + self.worse
    }

    /// Their source documents.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.differences.documents()
    }

    /// Mean of b − a over the cases of a task, and of that over the tasks.
    #[must_use]
    pub fn difference(&self) -> f64 {
        let mean = self.differences.mean();
        // What rounding leaves of nothing is nothing.
        if mean.abs() < 1e-12 { 0.0 } else { mean }
    }

    /// The means of a and b over the shared cases.
    #[must_use]
    pub fn means(&self) -> (f64, f64) {
        (self.a.mean(), self.b.mean())
    }

    /// The cluster-robust standard error of the difference; undefined if a task has one document.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.differences.error().map(|(error, _)| error)
    }

    /// The interval of the difference: at most half of 1 − level of all samples leave the truth on either side.
    /// Undefined for one document.
    #[must_use]
    pub fn interval(&self, level: Level) -> Option<Interval> {
        if self.documents() < 2 {
            return None;
        }
        let (low, high) = (self.low(level.tail())?, self.high(level.tail())?);
        let method = if self.in_unit { Method::Gaffke } else { Method::StudentT };
        Some(Interval { low, high, level: level.get(), method })
    }

    /// The least that the difference may be: the truth is lower in at most this share (`tail`) of all samples.
    ///
    /// For one of m comparisons that all must hold, ask with a tail of α/m.
    #[must_use]
    pub fn low(&self, tail: f64) -> Option<f64> {
        if !self.in_unit {
            return self.student_low(tail);
        }
        let mean = self.difference();
        let low = self.differences.lower(-1.0, tail);
        // A loss cannot be larger than what a has, nor than what b lacks.
        let (of_a, of_b) = self.means();
        let of_a = if low < -of_a { -self.a.upper(1.0, tail) } else { -1.0 };
        let of_b = if low < of_b - 1.0 { self.b.lower(0.0, tail) - 1.0 } else { -1.0 };
        Some(low.max(of_a).max(of_b).min(mean))
    }

    /// The most that the difference may be: the truth is higher in at most this share of all samples.
    #[must_use]
    pub fn high(&self, tail: f64) -> Option<f64> {
        if !self.in_unit {
            return Some(2.0 * self.difference() - self.student_low(tail)?);
        }
        let mean = self.difference();
        let high = self.differences.upper(1.0, tail);
        let (of_a, of_b) = self.means();
        let of_a = if high > 1.0 - of_a { 1.0 - self.a.lower(0.0, tail) } else { 1.0 };
        let of_b = if high > of_b { self.b.upper(1.0, tail) } else { 1.0 };
        Some(high.min(of_a).min(of_b).max(mean))
    }

    fn student_low(&self, tail: f64) -> Option<f64> {
        let (error, degrees) = self.differences.error()?;
        Some(self.difference() + student_quantile(tail, degrees) * error)
    }

    /// The one-sided p of "b is worse than a by `margin` or more". A small one shows that b is not: that it is
    /// non-inferior. `margin` is a share of the score, such as 0.01; a negative one asks for a gain.
    #[must_use]
    pub fn p_of_loss(&self, margin: f64) -> f64 {
        match self.in_unit {
            true => self.differences.p_at_most(-1.0, -margin),
            false => self.student_p(self.difference() + margin),
        }
    }

    /// The one-sided p of "b is worse than a by `margin` at most". A small one shows that it is worse by more.
    #[must_use]
    pub fn p_of_no_loss(&self, margin: f64) -> f64 {
        match self.in_unit {
            true => self.differences.p_at_least(1.0, -margin),
            false => self.student_p(-self.difference() - margin),
        }
    }

    fn student_p(&self, distance: f64) -> f64 {
        match self.differences.error() {
            Some((error, degrees)) if error > 0.0 => student_tail(distance / error, degrees),
            _ => 1.0,
        }
    }

    /// The two-sided p of "the two are alike": flips whole documents, because a and b could swap names there.
    #[must_use]
    pub fn p_alike(&self, settings: &Comparison) -> (TestMethod, f64) {
        let moving: Vec<f64> = self.sums.iter().copied().filter(|sum| sum.abs() > 1e-12).collect();
        let Some(first) = moving.first() else { return (TestMethod::NoDifference, 1.0) };
        if moving.iter().all(|sum| (sum.abs() - first.abs()).abs() <= 1e-12) {
            let ups = moving.iter().filter(|sum| **sum > 0.0).count() as u64;
            let all = moving.len() as u64;
            return (TestMethod::ExactMcNemar, fair_coin(ups.min(all - ups), all));
        }
        let undefined = 1.0;
        if moving.len() <= EXACT_LIMIT {
            let exact = sign_flip_exact(&moving).map_or(undefined, |flips| flips.two_sided);
            (TestMethod::ExactSignFlip, exact)
        } else if moving.len() <= SAMPLED_LIMIT {
            let p = sign_flip_sampled(&moving, settings.resamples, settings.seed);
            (TestMethod::SampledSignFlip, p.unwrap_or(undefined))
        } else {
            (TestMethod::StudentT, (2.0 * self.student_p(self.difference().abs())).min(1.0))
        }
    }
}

/// Sums by document in the order of the documents' numbers.
fn weighted_sums(tasks: &[Vec<(usize, f64)>]) -> Vec<f64> {
    let cases: usize = tasks.iter().map(Vec::len).sum();
    let with_cases = tasks.iter().filter(|task| !task.is_empty()).count();
    let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
    for task in tasks {
        let weight = cases as f64 / (with_cases * task.len()) as f64;
        for (document, difference) in task {
            *sums.entry(*document).or_insert(0.0) += weight * difference;
        }
    }
    sums.into_values().collect()
}
