use std::sync::Arc;

use eval_record::Plan;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
use vision_core::Task;

use crate::opened::OpenDataset;

/// One case and repeat, to be done by each candidate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job {
    /// The place of its dataset in the plan.
    pub dataset: u32,
    /// Its place in the dataset's index.
    pub entry: u32,
    pub repeat: u32,
    pub task: Task,
}

/// Every case and repeat of a plan, in the order of the run.
pub(crate) fn jobs(plan: &Plan, datasets: &[OpenDataset]) -> Arc<[Job]> {
    let mut jobs = Vec::new();
    for (dataset, opened) in (0..).zip(datasets) {
        for (entry, case) in (0..).zip(&opened.index.entries) {
            jobs.extend((0..plan.repeats).map(|repeat| Job { dataset, entry, repeat, task: case.task }));
        }
    }
    shuffled(jobs.len(), plan.seed).into_iter().map(|at| jobs[at as usize]).collect()
}

/// The order of `count` things, shuffled by `seed`: the same for the same seed on every machine.
///
/// All providers walk through the cases in the same random order, side by side, so that neither the time of day
/// nor the order of the file favours one of them.
pub(crate) fn shuffled(count: usize, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(count).expect("fewer than four billion trials")).collect();
    let mut stream = SplitMix64::seed_from_u64(seed);
    for last in (1..order.len()).rev() {
        // The high half of a wide product: an even draw without division.
        let drawn = (u128::from(stream.next_u64()) * (last as u128 + 1)) >> 64;
        order.swap(last, drawn as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::shuffled;

    #[test]
    fn every_thing_stands_in_it_once_and_the_seed_decides_where() {
        let order = shuffled(1000, 7);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..1000).collect::<Vec<_>>());
        assert_eq!(order, shuffled(1000, 7));
        assert_ne!(order, shuffled(1000, 8));
        assert!(shuffled(0, 1).is_empty());
    }
}
