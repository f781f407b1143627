use std::time::SystemTime;

use tokio::sync::Semaphore;
use tokio::time::Instant;
use vision_core::Capabilities;

use crate::assignment::Assignment;
use crate::ended_trials::EndedTrials;
use crate::jobs::Job;
use crate::media::{MediaGroups, MediaStore};
use crate::opened::OpenDataset;

/// What all executors of a run read from.
pub(crate) struct Inputs {
    pub(super) datasets: Vec<OpenDataset>,
    pub(super) ended: EndedTrials,
    pub(super) media: MediaStore,
    /// Of every candidate, in the order of the plan.
    pub(super) capabilities: Vec<Capabilities>,
    /// Places for files that are being read. More would be read no sooner, and the allocator keeps memory for every
    /// thread that has ever held one.
    pub(super) loading: Semaphore,
    pub(super) begun: Instant,
    /// The same moment by the clock of the files.
    pub(super) started: SystemTime,
}

impl Inputs {
    pub fn new(
        datasets: Vec<OpenDataset>,
        ended: EndedTrials,
        groups: MediaGroups,
        capabilities: Vec<Capabilities>,
    ) -> Self {
        Self {
            datasets,
            ended,
            media: MediaStore::new(groups),
            capabilities,
            loading: Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)),
            begun: Instant::now(),
            started: SystemTime::now(),
        }
    }

    /// What an assignment names; `None` if the datasets here hold no such case.
    pub fn job(&self, assignment: &Assignment) -> Option<Job> {
        let dataset = self.datasets.get(assignment.dataset as usize)?;
        let entries = &dataset.index.entries;
        let entry = entries.binary_search_by_key(&assignment.line, |entry| entry.line).ok()?;
        let task = entries[entry].task;
        let number = u32::try_from(entry).ok()?;
        let job = Job { dataset: assignment.dataset, entry: number, repeat: assignment.repeat, task };
        dataset.questions.contains_key(&task).then_some(job)
    }
}
