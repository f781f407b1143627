//! What a gate says.

use eval_statistics::LossVerdict;

use super::GateRules;
use crate::{Check, GateVerdict, Loss, NeededCases};

pub(super) fn sentence(verdict: GateVerdict, checks: &[&Check], rules: &GateRules) -> String {
    let count = checks.iter().filter(|check| check.verdict == verdict).count();
    let all = checks.len();
    let of_all = if all == 1 { "the only check".to_owned() } else { format!("{count} of {all} checks") };
    match verdict {
        GateVerdict::Pass => {
            format!("Passed: {all} check{} passed.", if all == 1 { "" } else { "s" })
        }
        GateVerdict::NoLossFound => {
            let seen = checks.iter().filter_map(|check| check.loss.as_ref()?.could_see).fold(0.0, f64::max);
            format!("No loss found; one of {} points or more would have shown.", size(seen))
        }
        GateVerdict::Inconclusive => format!(
            "Inconclusive in {of_all}: too few cases to rule out a loss of {} points.",
            size(rules.detect)
        ),
        GateVerdict::Stale => format!("The baseline is stale in {of_all}: set a new one."),
        GateVerdict::Incomplete => format!("Incomplete in {of_all}: cases, trials or figures are missing."),
        GateVerdict::Regressed => format!("Regressed in {of_all}."),
    }
}

/// Why a run is judged as it is against its baseline.
pub(super) fn loss(verdict: LossVerdict, loss: &Loss, rules: &GateRules) -> String {
    let cases = if loss.cases == 1 { "1 case".to_owned() } else { format!("{} cases", loss.cases) };
    let changed = match (loss.changed, &loss.interval) {
        (0, _) => format!("none of {cases} changed"),
        (_, None) => format!("{} points on {cases}", points(loss.difference)),
        (_, Some(bounds)) => format!(
            "{} points on {cases} [{}, {}]",
            points(loss.difference),
            points(bounds.low),
            points(bounds.high)
        ),
    };
    let seen = loss.could_see.map_or_else(|| "any size".to_owned(), |seen| format!("{} points", size(seen)));
    let said = match verdict {
        LossVerdict::Pass => {
            format!("{changed}: a loss of more than {} points is ruled out", size(rules.margin))
        }
        LossVerdict::NoLossFound => {
            format!("{changed}: no loss found; one of {seen} or more would have shown (90% confidence)")
        }
        LossVerdict::Regressed => format!(
            "{} points on {cases}: a loss of more than {} points is shown (95% confidence), {}",
            points(loss.difference),
            // Rounded down: it is what is surely exceeded.
            points((loss.shown.unwrap_or(0.0) * 1_000.0).floor().max(0.0) / 1_000.0).trim_start_matches('+'),
            chance(loss.p_adjusted)
        ),
        LossVerdict::Inconclusive => {
            let more = [
                (loss.needed_to_detect, "detect", rules.detect),
                (loss.needed_for_margin, "settle", rules.margin),
            ];
            let more = more.iter().filter_map(|(needed, verb, size)| Some(further((*needed)?, verb, *size)));
            let more: Vec<String> = more.collect();
            let more = if more.is_empty() {
                "more than 10,000 further cases would be needed".to_owned()
            } else {
                format!("further cases needed: {}", more.join(", "))
            };
            format!("{changed}: a loss of {seen} could go unseen; {more}")
        }
    };
    match loss.own_noise {
        Some(noise) => {
            format!("{said}; {:.0}% of the variance is the provider's own between repeats", noise * 100.0)
        }
        None => said,
    }
}

fn further(needed: NeededCases, verb: &str, size_of_loss: f64) -> String {
    let range = match needed.high {
        Some(high) if high == needed.low => format!("about {high}"),
        Some(high) => format!("{} to {high}", needed.low),
        None => format!("{} to more than 10,000", needed.low),
    };
    format!("{range} to {verb} a loss of {} points", size(size_of_loss))
}

/// A difference of shares in points, without a negative zero.
fn points(difference: f64) -> String {
    let rounded = (difference * 1_000.0).round() / 10.0;
    format!("{:+.1}", rounded + 0.0).replace('-', "−")
}

/// A loss in points; never printed smaller than it is.
fn size(share: f64) -> String {
    format!("{:.1}", (share * 1_000.0 - 1e-9).ceil().max(0.0) / 10.0)
}

fn chance(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}
