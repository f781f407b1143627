//! The scores of two runs beside each other, provider by provider and task by task.

use std::collections::{BTreeMap, BTreeSet};

use eval_statistics::{Moments, PairedCase};
use vision_core::Task;

use super::standing::Standing;
use crate::baseline::CaseScore;
use crate::{Baseline, CaseChange, Scope, Unmatched};

/// By provider and task.
pub(crate) struct Groups<'a>(pub BTreeMap<Key, Group<'a>>);

/// Dataset, task and the provider as it is called now.
pub(crate) type Key = (String, Task, String);

/// The scores of one provider on one task, then and now.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    pub scope: Scope,
    pub dataset: String,
    task: Task,
    pub before: &'a str,
    pub now: &'a str,
    pub shared: Vec<(&'a CaseScore, &'a CaseScore)>,
    pub only_before: Vec<&'a CaseScore>,
    pub only_now: Vec<&'a CaseScore>,
    pub standing: Standing,
    /// Whether it is scored by accepted wordings alone.
    pub by_wordings: bool,
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
            let group = groups.entry(key).or_insert_with(|| Group {
                standing: Standing::of(before, now, dataset, task),
                by_wordings: is_by_wordings(now, dataset, task),
                ..Group::new(dataset, task, provider, renamed)
            });
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
            standing: Standing::default(),
            by_wordings: false,
        }
    }

    /// The tasks that count in overall figures, as in a report of one run.
    pub fn deciding<'g>(groups: &[&'g Self]) -> Vec<&'g Self> {
        let others: Vec<&Self> = groups.iter().copied().filter(|group| !group.by_wordings).collect();
        if others.is_empty() { groups.to_vec() } else { others }
    }

    /// The cases of several tasks, each counting the same.
    pub fn pooled(groups: &[&Self]) -> Vec<PairedCase> {
        Self::by_task(groups).concat()
    }

    /// The cases of each task. Documents of one name are one within a dataset.
    pub fn by_task(groups: &[&Self]) -> Vec<Vec<PairedCase>> {
        let mut numbers: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let moments = |score: &CaseScore| score.scores.iter().copied().collect::<Moments>();
        let mut paired = |(before, now): &(&'a CaseScore, &'a CaseScore)| {
            let next = numbers.len();
            let cluster = *numbers.entry((&now.dataset, now.document())).or_insert(next);
            PairedCase { cluster, a: moments(before), b: moments(now) }
        };
        groups.iter().map(|group| group.shared.iter().map(&mut paired).collect()).collect()
    }

    pub fn case_changes(&self) -> impl Iterator<Item = CaseChange> {
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

    pub fn unmatched(&self) -> Option<Unmatched> {
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

fn is_by_wordings(run: &Baseline, dataset: &str, task: Task) -> bool {
    run.tasks.iter().any(|it| it.dataset == dataset && it.task == task && it.is_by_wordings())
}
