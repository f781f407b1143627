use std::collections::HashMap;
use std::sync::Arc;

use eval_datasets::Problem;
use vision_core::Task;

use crate::Prepared;
use crate::jobs::{Job, shuffled};

/// A source document of a run with its cases, which are asked one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Dataset, case and task of each.
    pub cases: Vec<(String, String, Task)>,
}

/// The jobs of a run by source documents in random order.
pub(crate) struct Sequence {
    pub jobs: Arc<[Job]>,
    pub documents: Vec<Document>,
    /// By document: the first job that comes after it.
    ends: Vec<usize>,
}

impl Prepared {
    /// The source documents of the wanted cases, in the order in which a run that ends when it is decided asks them: random,
    /// and the same for the same seed.
    pub fn documents(&self) -> Result<Vec<Document>, Problem> {
        self.sequence().map(|sequence| sequence.documents)
    }

    pub(crate) fn sequence(&self) -> Result<Sequence, Problem> {
        let mut places: HashMap<(usize, String), usize> = HashMap::new();
        let mut all: Vec<(Document, Vec<Job>)> = Vec::new();
        for (number, dataset) in self.datasets.iter().enumerate() {
            for (entry, at) in (0_u32..).zip(&dataset.index.entries) {
                let case = dataset.index.read(*at)?;
                let place = *places.entry((number, case.source)).or_insert_with(|| {
                    all.push((Document::default(), Vec::new()));
                    all.len() - 1
                });
                let (document, jobs) = &mut all[place];
                document.cases.push((dataset.name.clone(), case.id, case.task));
                let number = u32::try_from(number).expect("fewer than four billion datasets");
                let job = |repeat| Job { dataset: number, entry, repeat, task: case.task };
                jobs.extend((0..self.plan.repeats).map(job));
            }
        }
        let mut sequence = Sequence { jobs: Arc::default(), documents: Vec::new(), ends: Vec::new() };
        let mut jobs = Vec::new();
        for at in shuffled(all.len(), self.plan.seed) {
            let (document, own) = std::mem::take(&mut all[at as usize]);
            jobs.extend(own);
            sequence.documents.push(document);
            sequence.ends.push(jobs.len());
        }
        Ok(Sequence { jobs: jobs.into(), ..sequence })
    }
}

impl Sequence {
    /// After how many documents there is a look, with the first job that comes after it.
    pub fn looks(&self, block: u32) -> Vec<(u64, usize)> {
        let block = block.max(1) as usize;
        let last = self.ends.len();
        let after = (1..=last).filter(|at| at % block == 0 || *at == last);
        after.map(|at| (at as u64, self.ends[at - 1])).collect()
    }
}
