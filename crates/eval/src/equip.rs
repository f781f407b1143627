use eval_datasets::Dataset;
use eval_record::Plan;

use crate::candidate::{Answerer, Candidate};
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

/// Builds whom a plan asks: the same for a run that begins and for one that goes on.
pub fn equip(planned: Planned, registry: &dyn Registry) -> Result<Prepared, SetupError> {
    let Planned { plan, datasets } = planned;
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
