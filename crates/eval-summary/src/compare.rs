//! Two or more runs, baselines, or single providers of them.

mod cases;

use crate::summarise::against;
use crate::{Baseline, Options, RunComparison, SUMMARY_VERSION, Side, SummaryError};

pub use cases::{ComparedCase, ComparedCases, SideAnswers, compared_cases};

/// Compares the second and every further side with the first.
///
/// Providers are matched by their labels; where both sides have a single provider, these two are compared. Cases that
/// only one side has are listed and not compared.
pub fn compare_runs(sides: &[Baseline], options: &Options) -> Result<RunComparison, SummaryError> {
    let [first, rest @ ..] = sides else {
        return Err(SummaryError::Setting("there is nothing to compare".to_owned()));
    };
    if rest.is_empty() {
        return Err(SummaryError::Setting("a comparison needs at least two runs".to_owned()));
    }
    let side = |baseline: &Baseline| Side {
        name: baseline.name.clone(),
        started: baseline.started.clone(),
        tool: baseline.tool.clone(),
        scorer: baseline.scorer.clone(),
        providers: baseline.providers.iter().map(|provider| provider.label.clone()).collect(),
    };
    Ok(RunComparison {
        v: SUMMARY_VERSION,
        command: None,
        sides: sides.iter().map(side).collect(),
        against: rest.iter().map(|now| against(first, now, options)).collect::<Result<_, _>>()?,
        promises: Vec::new(),
    })
}
