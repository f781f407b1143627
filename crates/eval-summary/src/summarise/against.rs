//! A run against an earlier one: what changed between them, then what got better or worse.

mod candidates;
mod changes;
mod fields;
mod groups;
mod judged;
mod paired;
mod standing;

use std::collections::BTreeSet;

use vision_core::Task;

use crate::{Against, Baseline, CaseChange, Options, SummaryError};

pub(crate) use changes::{changes, served_fingerprints, served_models};
pub(crate) use groups::{Group, Groups};
pub(crate) use judged::{Change as JudgedChange, corrected};
pub(crate) use paired::{comparison_settings, level_among};
pub(crate) use standing::Standing;

/// Compares `now` with `before` on the cases that both have, provider by provider.
///
/// If each has a single provider, these two are compared, whatever they are called.
pub(crate) fn against(before: &Baseline, now: &Baseline, options: &Options) -> Result<Against, SummaryError> {
    let groups = Groups::new(before, now);
    let differences = paired::differences(&groups, options.level);
    let fields = fields::fields(&groups, options.level, &differences);
    let mut moved: Vec<CaseChange> = groups.0.values().flat_map(Group::case_changes).collect();
    moved.sort_by(|a, b| {
        let loss = |change: &CaseChange| change.to - change.from;
        loss(a)
            .total_cmp(&loss(b))
            .then_with(|| (&a.dataset, &a.case, &a.provider).cmp(&(&b.dataset, &b.case, &b.provider)))
    });
    let fixed_from = moved.partition_point(|change| change.to < change.from);
    let (lower, higher) = moved.split_at(fixed_from);
    Ok(Against {
        name: before.name.clone(),
        started: before.started.clone(),
        changes: changes(before, now),
        drift: Vec::new(),
        parity: Vec::new(),
        candidates: candidates::candidates(before, now, &groups, options.level),
        differences,
        unmatched: groups.0.values().filter_map(Group::unmatched).collect(),
        shared_cases: shared_cases(before, now),
        broken: lower.iter().take(options.examples).cloned().collect(),
        broken_total: lower.len() as u64,
        broken_cases: cases_of(lower),
        fixed: higher.iter().rev().take(options.examples).cloned().collect(),
        fixed_total: higher.len() as u64,
        fixed_cases: cases_of(higher),
        fields,
    })
}

/// The cases behind changes, each counted once however many candidates it changed for.
fn cases_of(changes: &[CaseChange]) -> u64 {
    let cases = changes.iter().map(|change| (&change.dataset, change.task, &change.case));
    cases.collect::<BTreeSet<_>>().len() as u64
}

/// The cases that both runs have, whoever was asked them.
fn shared_cases(before: &Baseline, now: &Baseline) -> u64 {
    cases_in(before).intersection(&cases_in(now)).count() as u64
}

fn cases_in(run: &Baseline) -> BTreeSet<(&str, Task, &str)> {
    run.scores.iter().map(|score| (score.dataset.as_str(), score.task, score.case.as_str())).collect()
}
