//! What a reader should know about the money of a run.

use eval_record::PRICES_GROW_OLD_AFTER;

use crate::scored::Scored;

/// Providers whose price was looked up long before the run.
pub(super) fn outdated(scored: &Scored<'_>) -> Vec<String> {
    let started = &scored.plan().started;
    let old = |provider: &&eval_record::PlannedProvider| {
        provider.price.as_ref().is_some_and(|price| price.is_outdated(started, PRICES_GROW_OLD_AFTER))
    };
    scored.providers().iter().filter(old).map(|provider| provider.label.clone()).collect()
}

pub(super) fn warnings(scored: &Scored<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    let old = outdated(scored);
    if !old.is_empty() {
        let days = PRICES_GROW_OLD_AFTER;
        warnings.push(format!("prices older than {days} days at the time of the run: {}", old.join(", ")));
    }
    for (at, provider) in scored.providers().iter().enumerate() {
        let tallies = || (0..scored.units.len()).map(|unit| scored.tally(unit, at));
        let overruns: u64 = tallies().map(|tally| tally.overruns).sum();
        let times = tallies().map(|tally| tally.worst_overrun).fold(0.0, f64::max);
        if overruns > 0 {
            warnings.push(format!(
                "{}: {overruns} requests cost more than their limits allow, up to {times:.1} times as much",
                provider.label
            ));
        }
    }
    if let Ok(lost) = scored.record.lost()
        && lost.attempts > 0
    {
        warnings.push(format!(
            "{} requests were interrupted and have no recorded outcome: up to ${:.4} may have been billed for them",
            lost.attempts, lost.usd.0
        ));
    }
    warnings
}
