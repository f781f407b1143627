//! Every candidate of two runs in the few figures that a choice is made on.

use std::collections::BTreeMap;

use eval_statistics::{Level, score_over_tasks};
use vision_core::Task;

use super::groups::{Group, Groups};
use super::judged;
use crate::baseline::CaseScore;
use crate::{Baseline, CandidateChange, CandidateFigures, Estimate, RunFigures};

/// The largest loss first; those that only one run has last.
pub(super) fn candidates(
    before: &Baseline,
    now: &Baseline,
    groups: &Groups<'_>,
    level: Level,
) -> Vec<CandidateChange> {
    let mut by_provider: BTreeMap<&str, Vec<&Group<'_>>> = BTreeMap::new();
    for group in groups.0.values() {
        by_provider.entry(group.now).or_default().push(group);
    }
    let mut changes: Vec<CandidateChange> =
        by_provider.values().map(|groups| change(before, now, groups, level)).collect();
    let difference = |change: &CandidateChange| {
        let score = |side: &Option<CandidateFigures>| Some(side.as_ref()?.score.as_ref()?.mean);
        score(&change.now).zip(score(&change.before)).map(|(now, before)| now - before)
    };
    changes.sort_by(|a, b| {
        let order = |change: &CandidateChange| difference(change).unwrap_or(f64::INFINITY);
        order(a).total_cmp(&order(b))
    });
    changes
}

fn change(before: &Baseline, now: &Baseline, groups: &[&Group<'_>], level: Level) -> CandidateChange {
    let [old, new] = groups.first().map_or([""; 2], |group| [group.before, group.now]);
    let groups = &Group::deciding(groups);
    let shared = groups.iter().any(|group| !group.shared.is_empty());
    let before_scores = scores(groups, |group| match shared {
        true => group.shared.iter().map(|(before, _)| *before).collect(),
        false => group.only_before.clone(),
    });
    let now_scores = scores(groups, |group| match shared {
        true => group.shared.iter().map(|(_, now)| *now).collect(),
        false => group.only_now.clone(),
    });
    let corrected = |side: usize, figures: CandidateFigures| CandidateFigures {
        score: judged::score(groups, side, level).or(figures.score),
        ..figures
    };
    CandidateChange {
        provider: new.to_owned(),
        before: figures(before, old, &before_scores, level).map(|it| corrected(0, it)),
        now: figures(now, new, &now_scores, level).map(|it| corrected(1, it)),
    }
}

fn scores<'a>(groups: &[&Group<'a>], of: impl Fn(&Group<'a>) -> Vec<&'a CaseScore>) -> Vec<&'a CaseScore> {
    groups.iter().flat_map(|group| of(group)).collect()
}

fn figures(run: &Baseline, label: &str, scores: &[&CaseScore], level: Level) -> Option<CandidateFigures> {
    let provider = run.providers.iter().find(|one| one.label == label)?;
    let mut numbers: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut tasks: BTreeMap<(&str, Task), Vec<(usize, f64)>> = BTreeMap::new();
    for score in scores {
        let next = numbers.len();
        let document = *numbers.entry((&score.dataset, score.document())).or_insert(next);
        let task = tasks.entry((&score.dataset, score.task)).or_default();
        task.extend(score.scores.iter().map(|one| (document, *one)));
    }
    let RunFigures { usd_per_1000, at_least, p95_seconds } = provider.figures.clone().unwrap_or_default();
    Some(CandidateFigures {
        label: label.to_owned(),
        score: score_over_tasks(&tasks.into_values().collect::<Vec<_>>(), level).map(Estimate::from),
        cases: scores.len() as u64,
        trials: scores.iter().map(|score| score.scores.len() as u64).sum(),
        failed: scores.iter().map(|score| u64::from(score.failed)).sum(),
        usd_per_1000,
        at_least,
        p95_seconds,
    })
}
