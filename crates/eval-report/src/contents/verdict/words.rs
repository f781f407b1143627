use eval_summary::{PairedGap, Standing};

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
        Some(0.0) => "free".to_owned(),
        Some(usd) => format!("{} per 1,000", money(usd)),
    };
    format!("{} ({}, {price})", it.provider, score(it))
}

/// `−3.1 points [−7.0, +1.0]`.
pub(super) fn gap(gap: &PairedGap) -> String {
    let difference = format!("{} points", points(gap.difference));
    match &gap.interval {
        None => format!("{difference} (no interval)"),
        Some(bounds) => format!("{difference} [{}, {}]", points(bounds.low), points(bounds.high)),
    }
}
