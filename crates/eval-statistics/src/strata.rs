//! The mean over tasks, every task with the same weight.

use std::collections::HashMap;

use crate::bounded::{Kinds, increasing_root};
use crate::cluster::ClusteredSample;
use crate::distribution::{normal_cumulative, normal_quantile};

/// Values of several tasks by document. Documents with one number are one, in whatever task they occur.
#[derive(Debug, Clone)]
pub(crate) struct Strata {
    tasks: Vec<Task>,
    /// How much each two tasks move together, from 0 to 1, because they share documents.
    ties: Vec<Vec<f64>>,
    documents: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub kinds: Kinds,
    pub sample: ClusteredSample,
    pub mean: f64,
}

impl Strata {
    /// Tasks without values take no part; `None` if there is none, or with a value that is not finite.
    pub fn new(tasks: &[Vec<(usize, f64)>]) -> Option<Self> {
        let taken: Vec<&Vec<(usize, f64)>> = tasks.iter().filter(|task| !task.is_empty()).collect();
        let samples: Vec<Task> = taken.iter().map(|task| Task::new(task)).collect::<Option<_>>()?;
        if let [only] = samples.as_slice() {
            let documents = only.sample.clusters();
            return Some(Self { tasks: samples, ties: vec![vec![1.0]], documents });
        }
        let residuals: Vec<HashMap<usize, f64>> =
            taken.iter().zip(&samples).map(|(values, task)| residuals(values, task.mean)).collect();
        let all = 0..samples.len();
        let ties =
            all.clone().map(|a| all.clone().map(|b| tie(&residuals[a], &residuals[b], a == b)).collect());
        let mut documents: Vec<usize> = residuals.iter().flat_map(|task| task.keys().copied()).collect();
        documents.sort_unstable();
        documents.dedup();
        (!samples.is_empty()).then(|| Self {
            ties: ties.collect(),
            tasks: samples,
            documents: documents.len(),
        })
    }

    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Documents of all tasks, each counted once.
    pub fn documents(&self) -> usize {
        self.documents
    }

    pub fn values(&self) -> u64 {
        self.tasks.iter().map(|task| task.sample.moments().count()).sum()
    }

    pub fn mean(&self) -> f64 {
        self.tasks.iter().map(|task| task.mean).sum::<f64>() / self.tasks.len() as f64
    }

    /// The cluster-robust standard error and its degrees of freedom; undefined if a task has one document.
    pub fn error(&self) -> Option<(f64, f64)> {
        let of_task = |task: &Task| {
            let error = task.sample.error()?;
            Some((error.cr2?, error.degrees?))
        };
        let errors: Vec<(f64, f64)> = self.tasks.iter().map(of_task).collect::<Option<_>>()?;
        let sum: f64 = errors.iter().map(|(error, _)| error.powi(2)).sum();
        let squares: f64 = errors.iter().map(|(error, degrees)| error.powi(4) / degrees).sum();
        let fewest = errors.iter().fold(f64::INFINITY, |fewest, (_, degrees)| fewest.min(*degrees));
        let degrees = if squares > 0.0 { sum * sum / squares } else { fewest };
        let distances: Vec<f64> = errors.iter().map(|(error, _)| *error).collect();
        Some((self.together(&distances), degrees))
    }

    /// The lower bound of the mean, for values of at least `least`.
    ///
    /// The distances of the tasks' bounds from their means are added like errors (MOVER, Zou and Donner 2008), so that
    /// a task of few cases, or one in which all is right, keeps its honest width.
    pub fn lower(&self, least: f64, tail: f64) -> f64 {
        let distances: Vec<f64> =
            self.tasks.iter().map(|task| (task.mean - task.kinds.lower(least, tail)).max(0.0)).collect();
        self.mean() - self.together(&distances)
    }

    /// The upper bound of the mean, for values of at most `most`.
    pub fn upper(&self, most: f64, tail: f64) -> f64 {
        let distances: Vec<f64> =
            self.tasks.iter().map(|task| (task.kinds.upper(most, tail) - task.mean).max(0.0)).collect();
        self.mean() + self.together(&distances)
    }

    /// The p of "the mean is no more than `bound`", for values of at least `least`.
    pub fn p_at_most(&self, least: f64, most: f64, bound: f64) -> f64 {
        if let [task] = self.tasks.as_slice() {
            return task.kinds.p_at_most(least, bound);
        }
        if bound > self.mean() {
            return 1.0 - self.p_at_least(least, most, bound);
        }
        // The tail at which the lower bound reaches `bound`, as a normal score.
        let lower = |score: f64| self.lower(least, normal_cumulative(score)) - bound;
        normal_cumulative(increasing_root(FARTHEST, normal_quantile(0.5), lower))
    }

    /// The p of "the mean is no less than `bound`", for values of at most `most`.
    pub fn p_at_least(&self, least: f64, most: f64, bound: f64) -> f64 {
        if let [task] = self.tasks.as_slice() {
            return task.kinds.p_at_least(most, bound);
        }
        if bound < self.mean() {
            return 1.0 - self.p_at_most(least, most, bound);
        }
        let upper = |score: f64| bound - self.upper(most, normal_cumulative(score));
        normal_cumulative(increasing_root(FARTHEST, normal_quantile(0.5), upper))
    }

    /// The distance of the mean over tasks, of distances that its tasks have.
    fn together(&self, distances: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (row, a) in self.ties.iter().zip(distances) {
            for (tie, b) in row.iter().zip(distances) {
                sum += tie * a * b;
            }
        }
        sum.sqrt() / distances.len() as f64
    }
}

/// A p below 1e-9 is as good as none.
const FARTHEST: f64 = -6.0;

impl Task {
    fn new(values: &[(usize, f64)]) -> Option<Self> {
        let sample = ClusteredSample::from_pairs(values.iter().copied());
        let mean = sample.moments().mean()?;
        let kinds = Kinds::new(sample.documents())?;
        Some(Self { kinds, sample, mean })
    }
}

/// Σ (value − mean) of each document.
fn residuals(values: &[(usize, f64)], mean: f64) -> HashMap<usize, f64> {
    let mut residuals = HashMap::new();
    for (document, value) in values {
        *residuals.entry(*document).or_insert(0.0) += value - mean;
    }
    residuals
}

/// How much two tasks move together: 0 without shared documents. Few shared documents can hide it, so a standard error
/// of the correlation is added; without any spread it is taken as full.
fn tie(a: &HashMap<usize, f64>, b: &HashMap<usize, f64>, same: bool) -> f64 {
    if same {
        return 1.0;
    }
    let shared: Vec<(f64, f64)> =
        a.iter().filter_map(|(document, left)| Some((*left, *b.get(document)?))).collect();
    if shared.is_empty() {
        return 0.0;
    }
    let together: f64 = sorted_sum(shared.iter().map(|(left, right)| left * right));
    let squares = |task: &HashMap<usize, f64>| sorted_sum(task.values().map(|value| value * value));
    let scale = (squares(a) * squares(b)).sqrt();
    let correlation = if scale > 1e-12 { together / scale } else { 1.0 };
    (correlation + 1.0 / (shared.len() as f64).sqrt()).clamp(0.0, 1.0)
}

/// A hash map has no order, and the sum must not depend on it.
fn sorted_sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(of: usize, wrong: usize, first: usize) -> Vec<(usize, f64)> {
        (0..of).map(|number| (first + number, f64::from(u8::from(number >= wrong)))).collect()
    }

    #[test]
    fn independent_tasks_steady_each_other_and_shared_documents_do_not() {
        let width = |tasks: &[Vec<(usize, f64)>]| {
            let strata = Strata::new(tasks).unwrap();
            strata.upper(1.0, 0.025) - strata.lower(0.0, 0.025)
        };
        let (one, apart) = (right(40, 10, 0), right(40, 10, 100));
        let alone = width(std::slice::from_ref(&one));
        assert!((width(&[one.clone(), one.clone()]) - alone).abs() < 1e-9);
        assert!((width(&[one, apart]) - alone / 2f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn the_small_task_decides_about_the_width() {
        let large = right(2_000, 400, 0);
        let strata = Strata::new(&[large, right(8, 2, 5_000)]).unwrap();
        let small = Strata::new(&[right(8, 2, 5_000)]).unwrap();
        let half = (small.upper(1.0, 0.025) - small.lower(0.0, 0.025)) / 2.0;
        let found = strata.upper(1.0, 0.025) - strata.lower(0.0, 0.025);
        assert!(found > half && found < 1.05 * half, "{found} and {half}");
    }

    #[test]
    fn bound_and_p_are_one_thing() {
        let strata = Strata::new(&[right(20, 4, 0), right(60, 5, 100), right(9, 0, 200)]).unwrap();
        for tail in [0.3, 0.05, 0.01] {
            let p = strata.p_at_most(0.0, 1.0, strata.lower(0.0, tail));
            assert!((p / tail - 1.0).abs() < 1e-5, "{tail} became {p}");
            let p = strata.p_at_least(0.0, 1.0, strata.upper(1.0, tail));
            assert!((p / tail - 1.0).abs() < 1e-5, "{tail} became {p}");
        }
        assert!(strata.p_at_most(0.0, 1.0, 0.97) > 0.5);
    }

    #[test]
    fn tasks_without_values_take_no_part() {
        assert!(Strata::new(&[]).is_none());
        assert!(Strata::new(&[Vec::new()]).is_none());
        assert_eq!(Strata::new(&[right(4, 1, 0), Vec::new()]).unwrap().mean(), 0.75);
        assert!(Strata::new(&[vec![(0, f64::NAN)]]).is_none());
    }
}
