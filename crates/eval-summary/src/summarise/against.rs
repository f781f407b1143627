//! A run against an earlier one: what changed between them, then what got better or worse.

mod changes;
mod fields;

use std::collections::{BTreeMap, BTreeSet};

use eval_statistics::{
    Comparison, Level, Moments, PairedCase, PairedComparison, Verdict, compare, correct_family,
};
use vision_core::Task;

use super::differences::{difference, means, settings};
use crate::baseline::CaseScore;
use crate::{Against, Baseline, CaseChange, Options, Paired, Scope, SummaryError, Unmatched};

pub(crate) use changes::{changes, served_fingerprints, served_models};

/// How two runs are compared. Sign flips have a fixed seed, so that the same two runs give the same p.
pub(crate) fn comparison_settings(level: Level) -> Comparison {
    settings(level, 1)
}

/// Compares `now` with `before` on the cases that both have, provider by provider.
///
/// If each has a single provider, these two are compared, whatever they are called.
pub(crate) fn against(before: &Baseline, now: &Baseline, options: &Options) -> Result<Against, SummaryError> {
    let groups = Groups::new(before, now);
    let mut family: Vec<PairedComparison> = Vec::new();
    let mut compared: Vec<&Group<'_>> = Vec::new();
    for group in groups.0.values() {
        if let Some(comparison) = compare(&group.paired(), &comparison_settings(options.level)) {
            family.push(comparison);
            compared.push(group);
        }
    }
    correct_family(&mut family, options.level);
    let shown: BTreeSet<(&Scope, &str)> = compared
        .iter()
        .zip(&family)
        .filter(|(_, comparison)| comparison.verdict != Verdict::CannotTell)
        .map(|(group, _)| (&group.scope, group.now))
        .collect();
    let fields = fields::fields(&groups, options.level, &shown);
    let differences = compared.iter().zip(&family).map(|(group, comparison)| Paired {
        scope: group.scope.clone(),
        difference: difference(
            group.before.to_owned(),
            group.now.to_owned(),
            means(&group.paired()),
            (group.only_before.len() as u64, group.only_now.len() as u64),
            comparison,
        ),
    });
    let mut moved: Vec<CaseChange> = groups.0.values().flat_map(Group::case_changes).collect();
    moved.sort_by(|a, b| {
        let loss = |change: &CaseChange| change.to - change.from;
        loss(a)
            .total_cmp(&loss(b))
            .then_with(|| (&a.dataset, &a.case, &a.provider).cmp(&(&b.dataset, &b.case, &b.provider)))
    });
    let fixed_from = moved.partition_point(|change| change.to < change.from);
    let fixed = moved[fixed_from..].iter().rev().take(options.examples).cloned().collect();
    Ok(Against {
        name: before.name.clone(),
        started: before.started.clone(),
        changes: changes(before, now),
        differences: differences.collect(),
        unmatched: groups.0.values().filter_map(Group::unmatched).collect(),
        broken_total: fixed_from as u64,
        fixed_total: (moved.len() - fixed_from) as u64,
        broken: moved[..fixed_from].iter().take(options.examples).cloned().collect(),
        fixed,
        fields,
    })
}

/// The comparison of one provider on one task, uncorrected.
pub(crate) struct Groups<'a>(pub BTreeMap<Key, Group<'a>>);

/// Dataset, task and the provider as it is called now.
pub(crate) type Key = (String, Task, String);

/// The scores of one provider on one task, then and now.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub scope: Scope,
    dataset: String,
    task: Task,
    pub before: &'a str,
    pub now: &'a str,
    pub shared: Vec<(&'a CaseScore, &'a CaseScore)>,
    only_before: Vec<&'a CaseScore>,
    only_now: Vec<&'a CaseScore>,
}

impl<'a> Groups<'a> {
    pub fn new(before: &'a Baseline, now: &'a Baseline) -> Self {
        let renamed = match (before.providers.as_slice(), now.providers.as_slice()) {
            ([old], [new]) if old.label != new.label => Some((old.label.as_str(), new.label.as_str())),
            _ => None,
        };
        let called_now = |provider: &'a str| match renamed {
            Some((old, new)) if old == provider => new,
            _ => provider,
        };
        let mut by_case: BTreeMap<(&str, Task, &str, &str), [Option<&CaseScore>; 2]> = BTreeMap::new();
        for (side, scores) in [&before.scores, &now.scores].into_iter().enumerate() {
            for score in scores {
                let provider = if side == 0 { called_now(&score.provider) } else { &score.provider };
                by_case.entry((&score.dataset, score.task, provider, &score.case)).or_default()[side] =
                    Some(score);
            }
        }
        let mut groups = BTreeMap::new();
        for ((dataset, task, provider, _), sides) in by_case {
            let key = (dataset.to_owned(), task, provider.to_owned());
            let group = groups.entry(key).or_insert_with(|| Group::new(dataset, task, provider, renamed));
            match sides {
                [Some(before), Some(now)] => group.shared.push((before, now)),
                [Some(before), None] => group.only_before.push(before),
                [None, Some(now)] => group.only_now.push(now),
                [None, None] => {}
            }
        }
        Self(groups)
    }
}

impl<'a> Group<'a> {
    fn new(dataset: &str, task: Task, provider: &'a str, renamed: Option<(&'a str, &'a str)>) -> Self {
        Self {
            scope: Scope::task(dataset, task),
            dataset: dataset.to_owned(),
            task,
            before: renamed.map_or(provider, |(old, _)| old),
            now: provider,
            shared: Vec::new(),
            only_before: Vec::new(),
            only_now: Vec::new(),
        }
    }

    pub fn paired(&self) -> Vec<PairedCase> {
        Self::pooled(&[self])
    }

    /// The cases of several tasks, each counting the same. Documents of one name are one within a dataset.
    pub fn pooled(groups: &[&Self]) -> Vec<PairedCase> {
        let mut numbers: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let moments = |score: &CaseScore| score.scores.iter().copied().collect::<Moments>();
        let cases = groups.iter().flat_map(|group| &group.shared);
        cases
            .map(|(before, now)| {
                let next = numbers.len();
                let cluster = *numbers.entry((&now.dataset, now.document())).or_insert(next);
                PairedCase { cluster, a: moments(before), b: moments(now) }
            })
            .collect()
    }

    fn case_changes(&self) -> impl Iterator<Item = CaseChange> {
        self.shared.iter().filter(|(before, now)| (before.mean() - now.mean()).abs() > 1e-12).map(
            |(before, now)| {
                let old: BTreeSet<&String> = before.wrong.iter().collect();
                let new: BTreeSet<&String> = now.wrong.iter().collect();
                CaseChange {
                    dataset: self.dataset.clone(),
                    task: self.task,
                    case: now.case.clone(),
                    provider: self.now.to_owned(),
                    from: before.mean(),
                    to: now.mean(),
                    fields: old.symmetric_difference(&new).map(|field| (*field).clone()).collect(),
                }
            },
        )
    }

    fn unmatched(&self) -> Option<Unmatched> {
        let examples: Vec<String> =
            self.only_before.iter().chain(&self.only_now).take(5).map(|score| score.case.clone()).collect();
        (!examples.is_empty()).then(|| Unmatched {
            scope: self.scope.clone(),
            provider: self.now.to_owned(),
            only_before: self.only_before.len() as u64,
            only_now: self.only_now.len() as u64,
            examples,
        })
    }

    /// Whether the earlier run has any of these cases.
    pub fn has_before(&self) -> bool {
        !self.shared.is_empty() || !self.only_before.is_empty()
    }

    /// How many of the earlier run's cases this one does not have.
    pub fn lacking(&self) -> usize {
        self.only_before.len()
    }

    /// As scopes are printed.
    pub fn name(&self) -> String {
        self.scope.to_string()
    }

    pub fn is(&self, dataset: &str, task: Task) -> bool {
        self.dataset == dataset && self.task == task
    }

    /// The cases that score lower now, the largest loss first.
    pub fn broken(&self) -> impl Iterator<Item = &'a str> {
        let mut losses: Vec<(f64, &'a str)> = self
            .shared
            .iter()
            .map(|(before, now)| (before.mean() - now.mean(), now.case.as_str()))
            .filter(|(loss, _)| *loss > 1e-12)
            .collect();
        losses.sort_by(|a, b| b.0.total_cmp(&a.0));
        losses.into_iter().map(|(_, case)| case)
    }

    /// The mean loss on the cases of each tag of this run, the largest first; gains are left out.
    pub fn tag_losses(&self) -> Vec<(String, f64)> {
        let mut by_tag: BTreeMap<String, Moments> = BTreeMap::new();
        for (before, now) in &self.shared {
            for (tag, value) in &now.tags {
                by_tag.entry(format!("{tag}={value}")).or_default().push(before.mean() - now.mean());
            }
        }
        let losses = by_tag.into_iter().filter_map(|(tag, moments)| Some((tag, moments.mean()?)));
        let mut losses: Vec<_> = losses.filter(|(_, loss)| *loss > 0.0).collect();
        losses.sort_by(|a, b| b.1.total_cmp(&a.1));
        losses
    }
}
