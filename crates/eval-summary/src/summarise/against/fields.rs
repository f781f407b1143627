//! Fields that are right in fewer or more cases than before.
//!
//! A field is called better or worse only where its provider's score on the task is: so fields add no false alarms to
//! those of the comparison that they belong to.

use std::collections::{BTreeMap, BTreeSet};

use eval_statistics::{Level, holm, mcnemar};

use super::groups::Groups;
use crate::{FieldChange, Opinion, Paired, Scope};

pub(super) fn fields(groups: &Groups<'_>, level: Level, differences: &[Paired]) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    for ((dataset, task, provider), group) in &groups.0 {
        let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        // A failed trial says nothing about a field.
        let answered = || group.shared.iter().filter(|(before, now)| before.failed == 0 && now.failed == 0);
        for (before, now) in answered() {
            let old: BTreeSet<&str> = before.wrong.iter().map(String::as_str).collect();
            let new: BTreeSet<&str> = now.wrong.iter().map(String::as_str).collect();
            new.difference(&old).for_each(|field| counts.entry(field).or_default().0 += 1);
            old.difference(&new).for_each(|field| counts.entry(field).or_default().1 += 1);
        }
        let cases = answered().count() as u64;
        changes.extend(counts.into_iter().map(|(field, (broken, fixed))| FieldChange {
            dataset: dataset.clone(),
            task: *task,
            provider: provider.clone(),
            field: field.to_owned(),
            broken,
            fixed,
            cases,
            p_adjusted: mcnemar(fixed, broken).p_exact,
            opinion: Opinion::CannotTell,
        }));
    }
    let is_shown = |one: &&Paired| one.difference.opinion != Opinion::CannotTell;
    let shown: BTreeSet<(&Scope, &str)> =
        differences.iter().filter(is_shown).map(|one| (&one.scope, one.difference.b.as_str())).collect();
    judge(&mut changes, level, &shown);
    let loss = |change: &FieldChange| change.fixed as i64 - change.broken as i64;
    changes.sort_by_key(loss);
    changes
}

fn judge(changes: &mut [FieldChange], level: Level, shown: &BTreeSet<(&Scope, &str)>) {
    let adjusted = holm(&changes.iter().map(|change| change.p_adjusted).collect::<Vec<_>>());
    for (change, p) in changes.iter_mut().zip(adjusted) {
        change.p_adjusted = p;
        let scope = Scope::task(&change.dataset, change.task);
        let is_shown = shown.contains(&(&scope, change.provider.as_str()));
        change.opinion = match change.broken.cmp(&change.fixed) {
            _ if p > 1.0 - level.get() || !is_shown => Opinion::CannotTell,
            std::cmp::Ordering::Greater => Opinion::Worse,
            std::cmp::Ordering::Less => Opinion::Better,
            std::cmp::Ordering::Equal => Opinion::CannotTell,
        };
    }
}
