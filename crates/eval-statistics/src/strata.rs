//! The mean over tasks, every task with the same weight.

use std::collections::BTreeMap;

use crate::bounded::{Document, Kinds, usual_size};
use crate::cluster::ClusteredSample;

/// Values of several tasks by document. Documents with one number are one, in whatever task they occur.
#[derive(Debug, Clone)]
pub(crate) struct Strata {
    tasks: Vec<ClusteredSample>,
    mean: f64,
    /// The means of the worst and the best task.
    range: (f64, f64),
    /// The documents of all tasks, each value weighted by the size of its task and moved by the distance of the task's
    /// mean from that of all: that tasks differ is no error.
    pooled: Pooled,
}

#[derive(Debug, Clone)]
struct Pooled {
    kinds: Kinds,
    documents: usize,
    error: Option<(f64, f64)>,
}

impl Strata {
    /// Tasks without values take no part; `None` if there is none, or with a value that is not finite.
    pub fn new(tasks: &[Vec<(usize, f64)>]) -> Option<Self> {
        let taken: Vec<&Vec<(usize, f64)>> = tasks.iter().filter(|task| !task.is_empty()).collect();
        let samples: Vec<ClusteredSample> =
            taken.iter().map(|task| ClusteredSample::from_pairs(task.iter().copied())).collect();
        let means: Vec<f64> = samples.iter().map(|task| task.moments().mean()).collect::<Option<_>>()?;
        let mean = means.iter().sum::<f64>() / means.len() as f64;
        let range = means
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), mean| (low.min(*mean), high.max(*mean)));
        let pooled = Pooled::new(&taken, &samples, &means, mean)?;
        Some(Self { tasks: samples, mean, range, pooled })
    }

    pub fn tasks(&self) -> &[ClusteredSample] {
        &self.tasks
    }

    /// Documents of all tasks, each counted once.
    pub fn documents(&self) -> usize {
        self.pooled.documents
    }

    pub fn values(&self) -> u64 {
        self.tasks.iter().map(|task| task.moments().count()).sum()
    }

    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The cluster-robust standard error and its degrees of freedom; undefined if a task has one document.
    pub fn error(&self) -> Option<(f64, f64)> {
        self.pooled.error
    }

    /// The lower bound of the mean, for values of at least `least`.
    pub fn lower(&self, least: f64, tail: f64) -> f64 {
        self.pooled.kinds.lower(self.moved_least(least), tail).max(least)
    }

    /// The upper bound of the mean, for values of at most `most`.
    pub fn upper(&self, most: f64, tail: f64) -> f64 {
        self.pooled.kinds.upper(self.moved_most(most), tail).min(most)
    }

    /// The upper bound of the mean, for values of at most `most` of their task.
    pub fn upper_of(&self, most: impl Fn(&ClusteredSample) -> f64, tail: f64) -> f64 {
        let rise = |task: &ClusteredSample| most(task) - task.moments().mean().unwrap_or(0.0);
        let largest = self.tasks.iter().map(rise).fold(0.0, f64::max);
        self.pooled.kinds.upper(self.mean + largest, tail)
    }

    /// The p of "the mean is no more than `bound`", for values of at least `least`.
    pub fn p_at_most(&self, least: f64, bound: f64) -> f64 {
        self.pooled.kinds.p_at_most(self.moved_least(least), bound)
    }

    /// The p of "the mean is no less than `bound`", for values of at most `most`.
    pub fn p_at_least(&self, most: f64, bound: f64) -> f64 {
        self.pooled.kinds.p_at_least(self.moved_most(most), bound)
    }

    fn moved_least(&self, least: f64) -> f64 {
        least - (self.range.1 - self.mean)
    }

    fn moved_most(&self, most: f64) -> f64 {
        most + (self.mean - self.range.0)
    }
}

impl Pooled {
    fn new(
        tasks: &[&Vec<(usize, f64)>],
        samples: &[ClusteredSample],
        means: &[f64],
        mean: f64,
    ) -> Option<Self> {
        let mut documents: BTreeMap<usize, Document> = BTreeMap::new();
        for (task, of_task) in tasks.iter().zip(means) {
            let weight = 1.0 / task.len() as f64;
            for (number, value) in *task {
                let document = documents.entry(*number).or_insert(Document { count: 0.0, sum: 0.0 });
                document.count += weight;
                document.sum += weight * (value - of_task + mean);
            }
        }
        // A failure that was not seen weighs most in the smallest task, and in a document that all tasks share.
        let alone = samples.iter().map(|task| usual_size(task.documents()) / task.moments().count() as f64);
        let unseen = alone.fold(usual_size(documents.values().copied()), f64::max);
        let kinds = Kinds::with_unseen(documents.values().copied(), unseen)?;
        Some(Self { kinds, documents: documents.len(), error: error(samples, &documents, mean) })
    }
}

/// CR2 of every task with Satterthwaite's degrees of freedom; documents that tasks share move them together.
fn error(
    samples: &[ClusteredSample],
    documents: &BTreeMap<usize, Document>,
    mean: f64,
) -> Option<(f64, f64)> {
    let of_task = |task: &ClusteredSample| {
        let error = task.error()?;
        Some((error.cr2?, error.cr0, error.degrees?))
    };
    let errors: Vec<(f64, f64, f64)> = samples.iter().map(of_task).collect::<Option<_>>()?;
    let count = errors.len() as f64;
    let apart: f64 = errors.iter().map(|(raised, ..)| raised.powi(2)).sum();
    let plain: f64 = errors.iter().map(|(_, plain, _)| plain.powi(2)).sum();
    let squares: f64 = errors.iter().map(|(raised, _, degrees)| raised.powi(4) / degrees).sum();
    let fewest = errors.iter().fold(f64::INFINITY, |fewest, (.., degrees)| fewest.min(*degrees));
    let degrees = if squares > 0.0 { apart * apart / squares } else { fewest };
    let together: f64 = documents.values().map(|one| (one.sum - one.count * mean).powi(2)).sum();
    let shared = if plain > 0.0 { (together / plain).max(1.0) } else { 1.0 };
    Some(((apart * shared).sqrt() / count, degrees))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(of: usize, wrong: usize, first: usize) -> Vec<(usize, f64)> {
        (0..of).map(|number| (first + number, f64::from(u8::from(number >= wrong)))).collect()
    }

    fn width(tasks: &[Vec<(usize, f64)>]) -> f64 {
        let strata = Strata::new(tasks).unwrap();
        strata.upper(1.0, 0.025) - strata.lower(0.0, 0.025)
    }

    #[test]
    fn independent_tasks_steady_each_other_and_shared_documents_do_not() {
        let (one, apart) = (right(40, 10, 0), right(40, 10, 100));
        let alone = width(std::slice::from_ref(&one));
        assert!((width(&[one.clone(), one.clone()]) - alone).abs() < 1e-6);
        assert!((width(&[one, apart.clone()]) - width(&[right(80, 20, 0)])).abs() < 1e-6);
        let error = |tasks: &[Vec<(usize, f64)>]| Strata::new(tasks).unwrap().error().unwrap().0;
        let alone = error(&[right(40, 10, 0)]);
        assert!((error(&[right(40, 10, 0), right(40, 10, 0)]) - alone).abs() < 1e-9);
        assert!((error(&[right(40, 10, 0), apart]) - alone / 2f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn the_small_task_decides_about_the_width() {
        let half = width(&[right(8, 2, 5_000)]) / 2.0;
        let found = width(&[right(2_000, 400, 0), right(8, 2, 5_000)]);
        assert!(found > 0.9 * half && found < 1.3 * half, "{found} and {half}");
    }

    #[test]
    fn that_tasks_differ_is_no_error() {
        let alike = width(&[right(300, 60, 0), right(300, 60, 1_000)]);
        let apart = width(&[right(300, 0, 0), right(300, 120, 1_000)]);
        assert!(apart < alike, "{apart} and {alike}");
    }

    #[test]
    fn bound_and_p_are_one_thing() {
        let strata = Strata::new(&[right(20, 4, 0), right(60, 5, 100), right(9, 0, 200)]).unwrap();
        for tail in [0.3, 0.05, 0.01] {
            let p = strata.p_at_most(0.0, strata.lower(0.0, tail));
            assert!((p / tail - 1.0).abs() < 1e-5, "{tail} became {p}");
            let p = strata.p_at_least(1.0, strata.upper(1.0, tail));
            assert!((p / tail - 1.0).abs() < 1e-5, "{tail} became {p}");
        }
        assert!(strata.p_at_most(0.0, 0.97) > 0.5);
    }

    #[test]
    fn tasks_without_values_take_no_part() {
        assert!(Strata::new(&[]).is_none());
        assert!(Strata::new(&[Vec::new()]).is_none());
        assert_eq!(Strata::new(&[right(4, 1, 0), Vec::new()]).unwrap().mean(), 0.75);
        assert!(Strata::new(&[vec![(0, f64::NAN)]]).is_none());
    }
}
