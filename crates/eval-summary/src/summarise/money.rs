//! What a reader should know about the money of a run.

use eval_record::PRICES_GROW_OLD_AFTER;

use crate::Warning;
use crate::scored::Scored;

/// Providers whose price was looked up long before the run.
pub(super) fn outdated(scored: &Scored<'_>) -> Vec<String> {
    let started = &scored.plan().started;
    let old = |provider: &&eval_record::PlannedProvider| {
        provider.price.as_ref().is_some_and(|price| price.is_outdated(started, PRICES_GROW_OLD_AFTER))
    };
    scored.providers().iter().filter(old).map(|provider| provider.label.clone()).collect()
}

pub(super) fn warnings(scored: &Scored<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let old = outdated(scored);
    if !old.is_empty() {
        warnings.push(Warning::OldPrices { days: PRICES_GROW_OLD_AFTER, providers: old });
    }
    for (at, provider) in scored.providers().iter().enumerate() {
        let tallies = || scored.paid(at);
        let overruns: u64 = tallies().map(|tally| tally.overruns).sum();
        let worst = tallies().map(|tally| tally.worst_overrun).fold(0.0, f64::max);
        if overruns > 0 {
            let provider = provider.label.clone();
            warnings.push(Warning::Overruns { provider, requests: overruns, worst });
        }
        let requests: u64 = tallies().map(|tally| tally.unsettled).sum();
        if requests > 0 {
            let usd = tallies().map(|tally| tally.unsettled_usd).sum();
            let provider = provider.label.clone();
            warnings.push(Warning::Unsettled { provider, requests, usd });
        }
    }
    warnings.extend(exceeded(scored));
    if let Ok(lost) = scored.record.lost()
        && lost.attempts > 0
    {
        warnings.push(Warning::Interrupted {
            requests: lost.attempts,
            usd: (lost.usd.0 - lost.waiting_usd.0).max(0.0),
        });
    }
    warnings
}

/// Only where a host did not keep to the limits of its requests: else nothing is sent that has no room.
fn exceeded(scored: &Scored<'_>) -> Option<Warning> {
    let budget = scored.record.budget().ok()??.0;
    let tallies = (0..scored.providers().len()).flat_map(|at| scored.paid(at));
    let spent: f64 = tallies.map(|tally| tally.charged).sum();
    // What is lost in the last digits of a sum is not too much.
    (spent > budget * (1.0 + 1e-9)).then_some(Warning::BudgetExceeded { budget, spent })
}
