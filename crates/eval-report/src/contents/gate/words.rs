//! What a gate says.

use eval_summary::{Broke, Check, CheckReason, GateReport, GateVerdict, Loss, NeededCases, Scope, Unit};

use super::super::judging::uncalibrated;
use crate::figures::{and, count, counted, equal, money, percent, plain, points, seconds};

/// The outcome in one sentence.
#[must_use]
pub fn gate_headline(report: &GateReport) -> String {
    let checks: Vec<&Check> = report.checks.iter().filter(|check| !check.part).collect();
    let all = checks.len() as u64;
    let hits = checks.iter().filter(|check| check.verdict == report.verdict).count() as u64;
    let of_all =
        if all == 1 { "the only check".to_owned() } else { format!("{hits} of {}", counted(all, "check")) };
    match report.verdict {
        GateVerdict::Pass => format!("Passed: {}.", counted(all, "check")),
        GateVerdict::NoLossFound => {
            let seen = checks.iter().filter_map(|check| check.loss.as_ref()?.could_see).fold(0.0, f64::max);
            format!("No loss found; a loss of {} points or more is ruled out (90% confidence).", size(seen))
        }
        GateVerdict::Inconclusive if rests_on_judges(&checks) => format!(
            "Inconclusive in {of_all}: a judge is not calibrated. Have people judge answers (`vision-eval judge RUN --sample`)."
        ),
        GateVerdict::Inconclusive => format!(
            "Inconclusive in {of_all}: too few cases to rule out a loss of {} points.",
            size(report.detect)
        ),
        GateVerdict::Stale => {
            format!("The baseline is out of date in {of_all}: update it with `vision-eval baseline set`.")
        }
        GateVerdict::Incomplete => format!("Incomplete in {of_all}: cases, trials or figures are missing."),
        GateVerdict::Regressed => regressed(&checks, &of_all),
    }
}

/// What broke: a comparison with the baseline, a cutoff, or both.
fn regressed(checks: &[&Check], of_all: &str) -> String {
    let failed = |by_cutoff: bool| {
        let failed = checks.iter().filter(|check| check.verdict == GateVerdict::Regressed);
        failed.filter(|check| misses_cutoff(check) == by_cutoff).count()
    };
    match (failed(false), failed(true)) {
        (_, 0) => format!("Regressed in {of_all}."),
        (0, _) => format!("Cutoff missed in {of_all}."),
        (lost, missed) => format!(
            "Regressed in {lost} and cutoff missed in {missed} of {}.",
            counted(checks.len() as u64, "check")
        ),
    }
}

/// Whether it failed without anything that it could be worse than.
pub(super) fn misses_cutoff(check: &Check) -> bool {
    check.verdict == GateVerdict::Regressed && check.reason == CheckReason::Bound
}

/// Whether all that is inconclusive waits for people.
fn rests_on_judges(checks: &[&Check]) -> bool {
    let mut open = checks.iter().filter(|check| check.verdict == GateVerdict::Inconclusive);
    open.all(|check| matches!(check.reason, CheckReason::Uncalibrated(_) | CheckReason::NotCorrected))
}

/// Why a check ended as it did.
pub(crate) fn reason(check: &Check, report: &GateReport) -> String {
    let said = match (&check.reason, &check.loss) {
        (CheckReason::Compared, Some(loss)) => compared(check, loss, report),
        (CheckReason::Compared, None) => "compared with the baseline".to_owned(),
        (CheckReason::Bound, _) => {
            let kept = if check.verdict == GateVerdict::Pass { "holds" } else { "does not hold" };
            format!("`{}` {kept}: the value is {}", check.rule, value(check))
        }
        (CheckReason::PriceUnknown, _) => {
            format!("`{}` cannot be checked: at least {}, but a price is unknown", check.rule, value(check))
        }
        (CheckReason::NoFigure, _) => format!("`{}` cannot be checked: no such figure", check.rule),
        (CheckReason::EmptyBaseline, _) => "the baseline holds no scores".to_owned(),
        (CheckReason::NoSharedCases, _) => "the run has none of the baseline's cases".to_owned(),
        (CheckReason::Stale { what }, _) => {
            format!("the {} changed since the baseline", and(what))
        }
        (CheckReason::Uncalibrated(why), _) => uncalibrated(why),
        (CheckReason::NotCorrected, _) => format!(
            "`{}` is not decided: people correct the score of a judge, and no other figure of it",
            check.rule
        ),
        (CheckReason::MissingTrials { of, missing, planned }, _) => {
            format!("{} of {} on {of} are missing", count(*missing), counted(*planned, "trial"))
        }
        (CheckReason::NoAnswers { failed }, _) => {
            format!("no answer to any of {}", counted(*failed, "trial"))
        }
        (CheckReason::DatasetChanged { dataset }, _) => {
            format!("the dataset {dataset} was changed during the run")
        }
        (CheckReason::DamagedLines { lines }, _) => {
            format!("{} of the record cannot be read", counted(*lines, "line"))
        }
    };
    match check.lacking {
        0 => said,
        cases => format!("{said}; {} of the baseline missing from this run", counted(cases, "case")),
    }
}

fn value(check: &Check) -> String {
    check.value.map_or_else(|| "unknown".to_owned(), |value| in_unit(check.unit, value))
}

/// A figure in its unit.
pub(crate) fn in_unit(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => percent(value),
        Unit::Seconds => seconds(value),
        Unit::Dollars => money(value),
        Unit::Number => plain(value),
    }
}

fn compared(check: &Check, loss: &Loss, report: &GateReport) -> String {
    // The table beside it averages tasks.
    let cases = counted(loss.cases, if check.scope == Scope::Overall { "pooled case" } else { "case" });
    let changed = match (loss.changed, &loss.interval) {
        (0, _) if loss.cases == 1 => "the only case did not change".to_owned(),
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
    // Missing cases make a comparison incomplete; what it showed is in `shown` and the needed cases.
    let said = if let Some(shown) = loss.shown {
        // Rounded down: it is what is surely exceeded.
        let exceeded = points((shown * 1_000.0).floor().max(0.0) / 1_000.0);
        format!(
            "{} points on {cases}: significant (p {}); the loss exceeds {} points with 95% confidence",
            points(loss.difference),
            equal(loss.p_adjusted),
            exceeded.trim_start_matches('+')
        )
    } else {
        match check.verdict {
            GateVerdict::Pass => {
                format!("{changed}: a loss of more than {} points is ruled out", size(report.margin))
            }
            GateVerdict::NoLossFound => format!(
                "{changed}: no loss found; a loss of {seen} or more is ruled out (90% confidence; {} are \
                 required)",
                size(report.detect)
            ),
            _ => format!("{changed}: a loss of {seen} could go undetected{}", more(loss, report)),
        }
    };
    match loss.own_noise {
        Some(noise) => {
            format!("{said}; {:.0}% of the variance is noise between repeats", noise * 100.0)
        }
        None => said,
    }
}

fn more(loss: &Loss, report: &GateReport) -> String {
    if loss.by_people {
        return "; more answers judged by people make it clearer".to_owned();
    }
    let needed = [
        (loss.needed_to_detect, "detect", report.detect),
        (loss.needed_for_margin, "rule out", report.margin),
    ];
    let needed: Vec<String> =
        needed.iter().filter_map(|(needed, verb, size)| Some(further((*needed)?, verb, *size))).collect();
    if needed.is_empty() {
        // Cases of the baseline are missing, but those that are there show enough.
        let is_seen = loss.could_see.is_some_and(|seen| seen < report.detect);
        return if is_seen { String::new() } else { "; more than 10,000 more cases are needed".to_owned() };
    }
    format!("; more cases needed: {}", needed.join(", "))
}

fn further(needed: NeededCases, verb: &str, size_of_loss: f64) -> String {
    let range = match needed.high {
        Some(high) if high == needed.low => format!("about {}", count(high)),
        Some(high) => format!("{} to {}", count(needed.low), count(high)),
        None => format!("{} to more than 10,000", count(needed.low)),
    };
    format!("{range} to {verb} a loss of {} points", size(size_of_loss))
}

/// A field or tag that broke.
pub(crate) fn broke(one: &Broke) -> String {
    match one {
        Broke::Field { field, broken, fixed, cases } => format!(
            "field {field}: broken in {}, fixed in {} of {}",
            count(*broken),
            count(*fixed),
            counted(*cases, "case")
        ),
        Broke::Tag { tag, loss } => format!("tag {tag}: {} points", points(-loss)),
    }
}

/// A loss in points; never printed smaller than it is.
pub(super) fn size(share: f64) -> String {
    format!("{:.1}", (share * 1_000.0 - 1e-9).ceil().max(0.0) / 10.0)
}
