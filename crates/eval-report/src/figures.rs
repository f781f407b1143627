//! Numbers as people read them.

use eval_summary::{Bounds, Cost, Opinion};

use crate::document::Tone;

pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// A difference of shares in points.
pub(crate) fn points(difference: f64) -> String {
    let rounded = (difference * 1_000.0).round() / 10.0;
    // No negative zero.
    format!("{:+.1}", if rounded == 0.0 { 0.0 } else { rounded }).replace('-', "−")
}

pub(crate) fn interval(bounds: Option<&Bounds>) -> String {
    bounds.map_or_else(|| "–".to_owned(), |one| format!("{:.1}–{:.1}", one.low * 100.0, one.high * 100.0))
}

pub(crate) fn interval_of_points(bounds: Option<&Bounds>) -> String {
    bounds.map_or_else(|| "–".to_owned(), |one| format!("{} to {}", points(one.low), points(one.high)))
}

pub(crate) fn seconds(value: f64) -> String {
    match value {
        short if short < 0.0095 => format!("{:.1} ms", short * 1_000.0),
        short if short < 0.9995 => format!("{:.0} ms", short * 1_000.0),
        long if long < 99.5 => format!("{long:.1} s"),
        long => format!("{:.1} min", long / 60.0),
    }
}

/// `316–436 ms`: the unit once, if it is the same.
pub(crate) fn range_of_seconds(low: Option<f64>, high: Option<f64>) -> String {
    let end = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), seconds);
    let (low, high) = (end(low), end(high));
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => format!("{number}–{high}"),
        _ => format!("{low}–{high}"),
    }
}

/// A moment for people: `2026-11-21 08:00`.
pub(crate) fn minute(started: &str) -> String {
    started.chars().take(16).collect::<String>().replace('T', " ")
}

/// Dollars as every report writes them: less than a cent is not nothing.
#[must_use]
pub fn money(usd: f64) -> String {
    match usd {
        0.0 => "$0".to_owned(),
        tiny if tiny < 0.0001 => "<$0.0001".to_owned(),
        small if small < 0.1 => format!("${small:.4}"),
        large => format!("${large:.2}"),
    }
}

/// Money that may be a lower bound.
pub(crate) fn money_of(cost: &Cost, usd: f64) -> String {
    if cost.at_least { format!("≥ {}", money(usd)) } else { money(usd) }
}

/// A figure whose unit nobody said, in at most four decimals.
pub(crate) fn plain(value: f64) -> String {
    format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(crate) fn whole(value: f64) -> String {
    format!("{value:.0}")
}

pub(crate) fn chance(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { format!("{p:.3}") }
}

pub(crate) fn opinion(opinion: Opinion) -> (&'static str, Tone) {
    match opinion {
        Opinion::Better => ("better", Tone::Good),
        Opinion::Worse => ("worse", Tone::Bad),
        Opinion::CannotTell => ("cannot tell", Tone::Unsure),
    }
}
