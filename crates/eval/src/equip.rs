use eval_datasets::Dataset;
use eval_record::{Plan, Record, RecordError};

use crate::candidate::{Answerer, Candidate};
use crate::case_list::write_cases;
use crate::opened::OpenDataset;
use crate::{Planned, Registry, SetupError};

/// A plan, and everything that is needed to carry it out.
#[derive(Debug)]
pub struct Prepared {
    /// The plan.
    pub plan: Plan,
    pub(crate) datasets: Vec<OpenDataset>,
    pub(crate) candidates: Vec<Candidate>,
}

impl Prepared {
    /// Puts the cases with their labels into the record, if they are not there yet.
    pub fn write_cases(&self, record: &Record) -> Result<(), RecordError> {
        write_cases(&self.datasets, record)
    }
}

/// Builds whom a plan asks: the same for a run that begins and for one that goes on.
pub fn equip(planned: Planned, registry: &dyn Registry) -> Result<Prepared, SetupError> {
    let Planned { plan, datasets, .. } = planned;
    let mut candidates = Vec::new();
    for provider in &plan.providers {
        let mut candidate = Candidate::of(provider, &datasets, registry)?;
        if let Answerer::Control(control) = &mut candidate.answerer {
            for dataset in &datasets {
                control.learn(&Dataset::open(&dataset.folder)?)?;
            }
        }
        candidates.push(candidate);
    }
    Ok(Prepared { plan, datasets, candidates })
}
