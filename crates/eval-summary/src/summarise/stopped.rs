//! A run that ends when it is decided: what its looks have shown.

use eval_record::{About, Look, Sequential};
use eval_statistics::Level;

use crate::decide::Gap;
use crate::{AnytimeGap, LookInfo, Scored, Stopped};

/// Nothing for a run whose cases were fixed beforehand.
pub(super) fn stopped(scored: &Scored<'_>) -> Option<Stopped> {
    let sequential = scored.plan().sequential?;
    let last = scored.looks.last()?;
    let candidates: Vec<usize> =
        (0..scored.providers().len()).filter(|at| !scored.providers()[*at].control).collect();
    let planned =
        |at: usize| (0..scored.units.len()).map(|unit| super::row::planned(scored, unit, at)).sum::<u64>();
    let rows = |at: usize| (0..scored.units.len()).flat_map(move |unit| scored.rows(unit, at));
    let trials = |at: usize| rows(at).count() as u64;
    let usd = |at: usize| rows(at).map(|row| row.cost()).sum::<Option<f64>>();
    let all_usd = |at: usize| Some(usd(at)? / trials(at).max(1) as f64 * planned(at) as f64);
    Some(Stopped {
        decided: last.settled && last.documents < last.of,
        documents: last.documents,
        of: last.of,
        trials: candidates.iter().map(|at| trials(*at)).sum(),
        all_trials: candidates.iter().map(|at| planned(*at)).sum(),
        usd: candidates.iter().map(|at| usd(*at)).sum(),
        all_usd: candidates.iter().map(|at| all_usd(*at)).sum(),
        gaps: last.gaps.iter().filter(|it| looks_decide(scored, sequential, &it.a, &it.b)).map(gap).collect(),
        looks: looks(&scored.looks, candidates.len() as u64),
    })
}

fn gap(gap: &eval_record::LookGap) -> AnytimeGap {
    let eval_record::LookGap { a, b, difference, low, high } = gap.clone();
    AnytimeGap { a, b, difference, low, high }
}

fn looks(looks: &[Look], candidates: u64) -> Vec<LookInfo> {
    let mut known: Vec<&str> = Vec::new();
    let mut infos = Vec::new();
    for look in looks {
        let labels = || look.out.iter().map(|(label, _)| label.as_str());
        let out: Vec<String> = labels().filter(|label| !known.contains(label)).map(str::to_owned).collect();
        known = labels().collect();
        let against = |gap: &eval_record::LookGap, pick: &str| match () {
            () if gap.a == pick && !known.contains(&gap.b.as_str()) => Some(gap.low),
            () if gap.b == pick && !known.contains(&gap.a.as_str()) => Some(-gap.high),
            () => None,
        };
        let may_lose = look.pick.as_ref().and_then(|pick| {
            look.gaps.iter().filter_map(|gap| against(gap, pick)).reduce(f64::min).map(|low| (-low).max(0.0))
        });
        infos.push(LookInfo {
            documents: look.documents,
            left: candidates - known.len() as u64,
            out,
            pick: look.pick.clone(),
            not_above_control: look.not_above_control.clone(),
            may_lose,
        });
    }
    infos
}

/// The difference of two candidates as the last look has it: what a fixed number of cases would say is too sure where the
/// end was chosen by looking.
pub(super) fn anytime(scored: &Scored<'_>, one: &str, other: &str) -> Option<Gap> {
    scored.plan().sequential.filter(|it| looks_decide(scored, *it, one, other))?;
    let of = |gap: &eval_record::LookGap| {
        let as_is = Gap::within(gap.difference, gap.low, gap.high, Level::P95);
        match () {
            () if gap.a == one && gap.b == other => Some(as_is),
            () if gap.b == one && gap.a == other => Some(as_is.turned()),
            () => None,
        }
    };
    scored.looks.last()?.gaps.iter().find_map(of)
}

/// Not for two that have answered everything: there the end was not chosen. What is said of these documents alone is only
/// said by looks.
fn looks_decide(scored: &Scored<'_>, sequential: Sequential, one: &str, other: &str) -> bool {
    sequential.about == About::TheseDocuments || !answered_all(scored, one, other)
}

/// Whether a run speaks of its documents alone.
pub(super) fn about_these_alone(scored: &Scored<'_>) -> bool {
    scored.plan().sequential.is_some_and(|it| it.about == About::TheseDocuments)
}

/// Whether two candidates have answered every case of the plan.
fn answered_all(scored: &Scored<'_>, one: &str, other: &str) -> bool {
    let has =
        |at: usize, unit: usize| scored.rows(unit, at).len() as u64 >= super::row::planned(scored, unit, at);
    let all = |label: &str| {
        let at = scored.providers().iter().position(|provider| provider.label == label);
        at.is_some_and(|at| (0..scored.units.len()).all(|unit| has(at, unit)))
    };
    all(one) && all(other)
}

/// Whether the rest of a candidate's trials need not be asked: it is out, or the run is decided.
pub(super) fn is_done(scored: &Scored<'_>, label: &str) -> bool {
    let last = scored.plan().sequential.and_then(|_| scored.looks.last());
    last.is_some_and(|look| look.settled || look.out.iter().any(|(out, _)| out == label))
}
