use eval_summary::{Objection, PairedGap, Standing, Verdict};

use crate::figures::{money, percent, points};

/// A score this much above the share of cases without a mistake hides how many answers somebody has to mend.
const MUCH: f64 = 0.1;

/// `92.3%`, or `92.3%, 61.0% fully correct`: where the two differ much, the score alone misleads.
pub(super) fn score(it: &Standing) -> String {
    fully(it).map_or_else(|| percent(it.score), |fully| format!("{}, {fully}", percent(it.score)))
}

/// The same within a sentence: `92.3% (61.0% fully correct)`.
pub(super) fn leading_score(it: &Standing) -> String {
    fully(it).map_or_else(|| percent(it.score), |fully| format!("{} ({fully})", percent(it.score)))
}

fn fully(it: &Standing) -> Option<String> {
    let share = it.fully_right.filter(|fully| it.score - fully >= MUCH)?;
    Some(format!("{} fully correct", percent(share)))
}

/// `openai/x (92.3%, $1.20 per 1,000)`.
pub(super) fn described(it: &Standing) -> String {
    let price = match it.usd_per_1000 {
        None => "cost unknown".to_owned(),
        Some(0.0) if !it.at_least => "free".to_owned(),
        Some(usd) => format!("{} per 1,000", dollars(it, usd)),
    };
    format!("{} ({}, {price})", it.provider, score(it))
}

/// `$1.20`, or `≥ $1.20` as the leaderboard has it.
pub(super) fn dollars(it: &Standing, usd: f64) -> String {
    if it.at_least { format!("≥ {}", money(usd)) } else { money(usd) }
}

/// Whom a recommended candidate is held against: an excluded one may be better.
pub(super) fn every_other(verdict: &Verdict) -> &'static str {
    match verdict.excluded.as_slice() {
        [] => "every other candidate",
        _ if only_limits_exclude(verdict) => "every other candidate that keeps the limits",
        _ => "every other eligible candidate",
    }
}

/// The score that a recommended candidate is held against.
pub(super) fn best_score(verdict: &Verdict) -> &'static str {
    if only_limits_exclude(verdict) { "the best score within the limits" } else { "the best score" }
}

fn only_limits_exclude(verdict: &Verdict) -> bool {
    let is_limit = |it: &Objection| {
        matches!(it, Objection::MinScore { .. } | Objection::MaxP95 { .. } | Objection::MaxCost { .. })
    };
    !verdict.excluded.is_empty() && verdict.excluded.iter().all(|it| it.reasons.iter().all(is_limit))
}

/// `−3.1 points [−7.0, +1.0]`.
pub(super) fn gap(gap: &PairedGap) -> String {
    let difference = format!("{} points", points(gap.difference));
    match &gap.interval {
        None => format!("{difference} (no interval)"),
        Some(bounds) => format!("{difference} [{}, {}]", points(bounds.low), points(bounds.high)),
    }
}
