//! Means of amounts such as money, tokens or seconds: none is negative, and nothing limits them above.
//!
//! The lower bound is Gaffke's: it counts on one more document, not seen, that costs nothing. From above there is no
//! bound without a limit, so that one is assumed: the document not seen costs a few times as much as the dearest one.
//! Student's t misses the truth far too often where a few dear documents make up much of the mean.

use crate::bounded::{Document, Kinds};
use crate::cluster::ClusteredSample;
use crate::distribution::student_quantile;
use crate::estimate::{Estimate, over_tasks};
use crate::interval::{Interval, Level, Method};
use crate::strata::Strata;

/// How many times as much as the dearest document the one not seen may cost.
const UNSEEN: f64 = 3.0;

/// The mean over tasks of amounts such as money, tokens or seconds. Where one is negative, the interval is Student's.
#[must_use]
pub fn amount_over_tasks(tasks: &[Vec<(usize, f64)>], level: Level) -> Option<Estimate> {
    let strata = Strata::new(tasks)?;
    if let [task] = strata.tasks() {
        return task.amount_interval(level);
    }
    let interval = match Unit::of(strata.tasks()) {
        // Of a task with a single document nothing is known.
        Some(_) if strata.error().is_none() => None,
        Some(unit) => {
            let tasks: Vec<Vec<(usize, f64)>> = tasks.iter().map(|task| unit.scaled(task)).collect();
            let strata = Strata::new(&tasks)?;
            let most = |task: &ClusteredSample| UNSEEN * dearest(task.documents());
            let (low, high) = (strata.lower(0.0, level.tail()), strata.upper_of(most, level.tail()));
            Some(unit.interval(low, high, level))
        }
        None => student(strata.mean(), strata.error(), level),
    };
    Some(over_tasks(&strata, interval))
}

impl ClusteredSample {
    /// Bounds of a mean of money, tokens or seconds; Student's t with cluster-robust error where one is negative.
    #[must_use]
    pub fn amount_interval(&self, level: Level) -> Option<Estimate> {
        let mut estimate = self.estimate()?;
        estimate.interval = match Unit::of(std::slice::from_ref(self)) {
            Some(_) if estimate.clusters < 2 => None,
            Some(unit) => {
                let scaled = || self.documents().map(|one| Document { sum: one.sum / unit.0, ..one });
                let kinds = Kinds::new(scaled())?;
                let most = UNSEEN * dearest(scaled());
                Some(unit.interval(kinds.lower(0.0, level.tail()), kinds.upper(most, level.tail()), level))
            }
            None => student(estimate.mean, estimate.standard_error.zip(self.error()?.degrees), level),
        };
        Some(estimate)
    }
}

/// The mean of the dearest document: amounts are measured in it, because dollars a case are tiny and tokens are large.
struct Unit(f64);

impl Unit {
    /// `None` with a negative amount.
    fn of(tasks: &[ClusteredSample]) -> Option<Self> {
        if tasks.iter().any(ClusteredSample::has_negative) {
            return None;
        }
        let dearest = tasks.iter().map(|task| dearest(task.documents())).fold(0.0, f64::max);
        // Nothing costs anything: any unit will do.
        Some(Self(if dearest > 0.0 { dearest } else { 1.0 }))
    }

    fn scaled(&self, task: &[(usize, f64)]) -> Vec<(usize, f64)> {
        task.iter().map(|(document, amount)| (*document, amount / self.0)).collect()
    }

    fn interval(&self, low: f64, high: f64, level: Level) -> Interval {
        Interval { low: low * self.0, high: high * self.0, level: level.get(), method: Method::Unlimited }
    }
}

fn dearest(documents: impl Iterator<Item = Document>) -> f64 {
    documents.map(|one| one.sum / one.count).fold(0.0, f64::max)
}

fn student(mean: f64, error: Option<(f64, f64)>, level: Level) -> Option<Interval> {
    let (error, degrees) = error?;
    let half = -student_quantile(level.tail(), degrees) * error;
    Some(Interval::around(mean, half, level, Method::StudentT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(tasks: &[Vec<(usize, f64)>]) -> (f64, f64) {
        let interval = amount_over_tasks(tasks, Level::P95).unwrap().interval.unwrap();
        (interval.low, interval.high)
    }

    fn amounts(all: &[f64]) -> Vec<(usize, f64)> {
        all.iter().copied().enumerate().collect()
    }

    #[test]
    fn free_stays_free_and_one_document_says_nothing() {
        assert_eq!(bounds(&[amounts(&[0.0; 5])]), (0.0, 0.0));
        assert_eq!(bounds(&[amounts(&[0.0; 5]), amounts(&[0.0; 3])]), (0.0, 0.0));
        let interval = |tasks: &[Vec<(usize, f64)>]| amount_over_tasks(tasks, Level::P95).unwrap().interval;
        assert_eq!(interval(&[amounts(&[2.0])]), None);
        assert_eq!(interval(&[amounts(&[2.0, 1.0]), amounts(&[2.0])]), None);
    }

    #[test]
    fn a_unit_changes_nothing_but_the_unit() {
        let dollars = [0.000_13, 0.000_2, 0.000_9, 0.0, 0.000_4];
        let (low, high) = bounds(&[amounts(&dollars)]);
        let (of_millions, high_of_millions) = bounds(&[amounts(&dollars.map(|one| one * 1e9))]);
        assert!((low * 1e9 / of_millions - 1.0).abs() < 1e-6);
        assert!((high * 1e9 / high_of_millions - 1.0).abs() < 1e-6);
    }

    #[test]
    fn one_task_is_the_mean_over_one_task_and_a_small_dear_task_keeps_its_width() {
        let cheap: Vec<(usize, f64)> = (0..500).map(|number| (number, 0.01)).collect();
        let dear: Vec<(usize, f64)> =
            [0.5, 0.9, 1.4, 0.7].into_iter().zip(900..).map(|(a, b)| (b, a)).collect();
        let (low, high) = bounds(std::slice::from_ref(&dear));
        let (of_both, high_of_both) = bounds(&[cheap, dear]);
        assert!(high_of_both - of_both > 0.45 * (high - low), "{of_both} {high_of_both} of {low} {high}");
    }

    #[test]
    fn negative_amounts_have_no_bound_but_students() {
        let estimate = amount_over_tasks(&[amounts(&[-1.0, 2.0, 4.0])], Level::P95).unwrap();
        assert_eq!(estimate.interval.unwrap().method, Method::StudentT);
    }
}
