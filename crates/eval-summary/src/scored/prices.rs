//! What trials cost: as recorded, or by another price book.

use eval_record::{Outcome, Price, Record, Trial};

use crate::Options;

/// More dollars than one trial can cost.
const NO_COST: f64 = 1e6;

/// What trials cost: as recorded, or by another price book.
#[derive(Debug)]
pub(crate) struct Prices {
    /// By another book, if one is given.
    repriced: Option<Vec<Option<Price>>>,
    planned: Vec<Option<Price>>,
    pub(crate) controls: Vec<bool>,
}

impl Prices {
    pub fn new(record: &Record, options: &Options) -> Self {
        let providers = &record.plan.providers;
        let repriced = options.prices.as_ref().map(|book| {
            let price = |provider: &eval_record::PlannedProvider| {
                if provider.local || provider.control {
                    return provider.price.clone();
                }
                // A price of the run itself is better than none.
                book.find(&provider.kind, &provider.model, &record.plan.started)
                    .or(provider.price.as_ref())
                    .cloned()
            };
            providers.iter().map(price).collect()
        });
        let planned = providers.iter().map(|provider| provider.price.clone()).collect();
        Self { repriced, planned, controls: providers.iter().map(|provider| provider.control).collect() }
    }

    pub fn cost(&self, provider: u16, trial: &Trial) -> Option<f64> {
        if self.controls[usize::from(provider)] {
            return Some(0.0);
        }
        let cost = match (&self.repriced, &trial.outcome) {
            (Some(repriced), outcome) => {
                let price = repriced[usize::from(provider)].as_ref();
                // Another book replaces the host's own bill, too, where there are counts.
                let counted = match (price, outcome) {
                    (Some(price), Outcome::Answered(it)) => price.counted(it, trial.sent()),
                    _ => None,
                };
                counted.or_else(|| trial.cost_by(price))
            }
            (None, Outcome::Answered(_)) => trial.cost,
            (None, Outcome::Failed(_)) => {
                trial.cost.or_else(|| trial.cost_by(self.planned[usize::from(provider)].as_ref()))
            }
        };
        // What is no amount of money is not known, whatever the record says.
        cost.map(|cost| cost.0).filter(|usd| (0.0..NO_COST).contains(usd))
    }
}
