//! Candidates that are neither shown to meet the constraints nor to miss them.

use eval_summary::{Objection, Standing, StandingKind, Verdict};

use super::objections::not_shown;
use super::words::described;
use crate::figures::and;

/// What keeps the choice from being settled: that of the candidates among each other, that of the constraints, or both.
pub(super) fn said_of(verdict: &Verdict, among_candidates: impl FnOnce() -> String) -> String {
    let Some(pick) = pick(verdict) else { return among_candidates() };
    let constraints = and(&pick.in_doubt.iter().map(not_shown).collect::<Vec<_>>());
    let others = others(verdict, pick);
    let nor = match others.as_slice() {
        [] => String::new(),
        [other] => format!(" Nor is {other} shown to meet the constraints."),
        others => format!(" Nor are {} shown to meet the constraints.", and(others)),
    };
    match verdict.open {
        Some(_) => format!("{} Nor is {} shown {constraints}.{nor}", among_candidates(), pick.provider),
        None => {
            format!(
                "Not settled: {} would be recommended, but is not shown {constraints}.{nor}",
                described(pick)
            )
        }
    }
}

/// What more is needed, where it is no matter of the differences alone.
pub(super) fn to_settle(verdict: &Verdict) -> Option<String> {
    let pick = pick(verdict)?;
    let is_unbounded =
        |it: &Objection| matches!(it, Objection::MaxP95 { seconds: Some(p95), .. } if p95.high.is_none());
    if pick.in_doubt.iter().any(is_unbounded) {
        return Some(
            "More cases, of at least 72 documents: p95 latency has no upper bound before.".to_owned(),
        );
    }
    let mut all = vec![pick.provider.as_str()];
    all.extend(others(verdict, pick));
    Some(match all.as_slice() {
        [one] => format!(
            "More cases, until the 95% CI of {one} no longer includes the limit. How many that takes depends on how near \
             the limit it is."
        ),
        all => format!(
            "More cases, until the 95% CIs of {} no longer include the limit. How many that takes depends on how near the \
             limit they are.",
            and(all)
        ),
    })
}

/// The others that are left and may miss the constraints as well.
fn others<'v>(verdict: &'v Verdict, pick: &Standing) -> Vec<&'v str> {
    let is_other = |it: &&Standing| {
        it.provider != pick.provider && it.standing != StandingKind::Worse && !it.in_doubt.is_empty()
    };
    verdict.candidates.iter().filter(is_other).map(|it| it.provider.as_str()).collect()
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
