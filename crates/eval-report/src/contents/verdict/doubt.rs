//! Candidates that are neither shown to meet the constraints nor to miss them.

use eval_summary::{Objection, Standing, Verdict};

use super::objections::not_shown;
use super::words::described;
use crate::figures::and;

/// What keeps the choice from being settled: that of the candidates among each other, that of the constraints, or both.
pub(super) fn said_of(verdict: &Verdict, among_candidates: impl FnOnce() -> String) -> String {
    let Some(pick) = pick(verdict) else { return among_candidates() };
    let constraints = and(&pick.in_doubt.iter().map(not_shown).collect::<Vec<_>>());
    match verdict.open {
        Some(_) => format!("{} Nor is {} shown {constraints}.", among_candidates(), pick.provider),
        None => {
            format!("Not settled: {} would be recommended, but is not shown {constraints}.", described(pick))
        }
    }
}

/// What more is needed, where it is no matter of the differences alone.
pub(super) fn to_settle(verdict: &Verdict) -> Option<String> {
    let pick = pick(verdict)?;
    let is_unbounded =
        |it: &Objection| matches!(it, Objection::MaxP95 { seconds: Some(p95), .. } if p95.high.is_none());
    Some(match pick.in_doubt.iter().any(is_unbounded) {
        true => "More cases, of at least 72 documents: p95 latency has no upper bound before.".to_owned(),
        false => format!(
            "More cases, until the 95% CI of {} no longer includes the limit. How many that takes depends on how near \
             the limit it is.",
            pick.provider
        ),
    })
}

/// Behind the difference of a candidate that is in contention.
pub(super) fn beside(it: &Standing) -> String {
    match it.in_doubt.as_slice() {
        [] => String::new(),
        doubts => format!("; not shown {}", and(&doubts.iter().map(not_shown).collect::<Vec<_>>())),
    }
}

fn pick(verdict: &Verdict) -> Option<&Standing> {
    let label = verdict.in_doubt.as_ref()?;
    verdict.candidates.iter().find(|it| it.provider == *label)
}
