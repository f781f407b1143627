//! What worse pictures cost each candidate, case by case.

use std::collections::HashMap;

use eval_statistics::{
    Level, Moments, PairedCase, PairedComparison, PairedTasks, correct_weighted, report_weights,
};

use super::differences::settings;
use super::pairing::moments;
use super::row;
use crate::scored::{Row as Trial, by_case};
use crate::{Degraded, DegradedLoss, EffectOn, Options, Scored, SummaryError};

/// Nothing where every picture was sent as it is.
pub(super) fn degraded(scored: &Scored<'_>, options: &Options) -> Result<Option<Degraded>, SummaryError> {
    let Some(twins) = scored.twins.as_deref() else { return Ok(None) };
    let cases = twins_of_cases(scored)?;
    let units = paired_units(scored, twins);
    let mut found: Vec<(&str, &str, PairedTasks)> = Vec::new();
    for (provider, planned) in scored.providers().iter().enumerate() {
        // A control looks at no picture.
        if scored.prices.controls[provider] {
            continue;
        }
        for (how, units) in &units {
            let pairs = paired(scored, twins, provider, (units, &cases));
            found.extend(pairs.map(|pairs| (planned.label.as_str(), *how, pairs)));
        }
    }
    Ok(Some(Degraded { losses: losses(scored, &found, options), usd: usd(twins), missing: missing(twins) }))
}

/// A task with pictures as they are, and its twin.
struct UnitPair {
    clean: usize,
    twin: usize,
}

/// By the number of a twin: that of the case with the picture as it is.
fn twins_of_cases(scored: &Scored<'_>) -> Result<HashMap<u32, u32>, SummaryError> {
    let plan = scored.plan();
    let of =
        plan.datasets.iter().filter_map(|it| Some((it.name.as_str(), it.degraded.as_ref()?.of.as_str())));
    let of: HashMap<&str, &str> = of.collect();
    let mut clean: HashMap<(String, String), u32> = HashMap::new();
    let mut twins: Vec<(u32, (String, String))> = Vec::new();
    let mut numbers = 0..;
    scored.record.cases(|_, case| {
        let number = numbers.next().expect("memory ends before four billion cases");
        match of.get(case.dataset.as_str()) {
            Some(of) => twins.push((number, ((*of).to_owned(), case.case))),
            None => _ = clean.insert((case.dataset, case.case), number),
        }
    })?;
    Ok(twins.into_iter().filter_map(|(twin, name)| Some((twin, *clean.get(&name)?))).collect())
}

/// By way of being worse, in the order of the plan.
fn paired_units<'s>(scored: &'s Scored<'_>, twins: &Scored<'_>) -> Vec<(&'s str, Vec<UnitPair>)> {
    let mut found: Vec<(&str, Vec<UnitPair>)> = Vec::new();
    for planned in &scored.plan().datasets {
        let Some(degraded) = &planned.degraded else { continue };
        for (twin, unit) in twins.units.iter().enumerate().filter(|(_, unit)| unit.dataset == planned.name) {
            let mut units = scored.units.iter();
            let clean = units.position(|it| it.dataset == degraded.of && it.task == unit.task);
            let Some(clean) = clean else { continue };
            // Worse pictures are not put before a judge, so that the two would be scored by different rules.
            if scored.is_judged(clean) {
                continue;
            }
            let pair = UnitPair { clean, twin };
            match found.iter_mut().find(|(how, _)| *how == degraded.how) {
                Some((_, units)) => units.push(pair),
                None => found.push((&degraded.how, vec![pair])),
            }
        }
    }
    found
}

fn paired(
    scored: &Scored<'_>,
    twins: &Scored<'_>,
    provider: usize,
    (units, cases): (&[UnitPair], &HashMap<u32, u32>),
) -> Option<PairedTasks> {
    let of_unit = |unit: &UnitPair| {
        let clean: HashMap<u32, Moments> = scores(scored.rows(unit.clean, provider)).collect();
        let pair = |(twin, b): (u32, Moments)| {
            let case = *cases.get(&twin)?;
            Some(PairedCase { cluster: scored.cases.cluster(case), a: *clean.get(&case)?, b })
        };
        scores(twins.rows(unit.twin, provider)).filter_map(pair).collect::<Vec<_>>()
    };
    let tasks: Vec<Vec<PairedCase>> =
        units.iter().map(of_unit).filter(|cases: &Vec<PairedCase>| !cases.is_empty()).collect();
    PairedTasks::new(&tasks.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// By case: all repeats that have a score.
fn scores(rows: &[Trial]) -> impl Iterator<Item = (u32, Moments)> {
    let of_case = |case: &[Trial]| (case[0].case, moments(&Trial::score, case));
    by_case(rows).map(of_case).filter(|(_, scores)| scores.mean().is_some())
}

fn losses(scored: &Scored<'_>, found: &[(&str, &str, PairedTasks)], options: &Options) -> Vec<DegradedLoss> {
    let comparison = settings(options.level, scored.plan().seed);
    let (weight, _) = report_weights(found.len(), 0);
    let mut family: Vec<(PairedComparison, f64)> =
        found.iter().map(|(.., pairs)| (pairs.compare(&comparison), weight)).collect();
    correct_weighted(&mut family, options.level);
    let level = Level::from_alpha((1.0 - options.level.get()) * weight).unwrap_or(options.level);
    let loss = |((provider, how, pairs), (comparison, _)): (&(&str, &str, PairedTasks), _)| {
        let comparison = PairedComparison { interval: pairs.interval(level), ..comparison };
        DegradedLoss {
            provider: (*provider).to_owned(),
            how: (*how).to_owned(),
            score: EffectOn {
                n: pairs.cases() as u64,
                from: pairs.means().0,
                difference: pairs.difference(),
                interval: comparison.agreed_interval().map(Into::into),
                p_adjusted: comparison.p_adjusted,
                opinion: comparison.verdict.into(),
            },
        }
    };
    found.iter().zip(family).map(loss).collect()
}

/// What all answers cost; nothing if that of one is not known.
fn usd(twins: &Scored<'_>) -> Option<f64> {
    twins.rows.iter().map(Trial::cost).sum()
}

fn missing(twins: &Scored<'_>) -> u64 {
    let providers = 0..twins.providers().len();
    providers.flat_map(|at| (0..twins.units.len()).map(move |unit| row::missing(twins, unit, at))).sum()
}
