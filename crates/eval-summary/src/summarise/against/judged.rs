//! Tasks whose scores are a judge's, in two runs: what people's judgements make of their difference.

use std::collections::BTreeMap;

use eval_statistics::ppi::{CorrectedScore, JudgedCase};
use eval_statistics::{Level, PairedTasks, score_over_tasks};

use super::groups::Group;
use super::standing::Standing;
use crate::Estimate;
use crate::baseline::CaseScore;
use crate::judgements::NEEDED;
use crate::summarise::corrected::{estimate, plain, plain_score};

/// The difference of two runs as people's judgements correct it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    /// This run less the earlier one.
    pub difference: CorrectedScore,
    pub before: f64,
    pub now: f64,
}

/// Over these tasks with their weights; nothing where no judge's scores are corrected on any of them.
pub(crate) fn corrected(groups: &[&Group<'_>], weight: impl Fn(&Group<'_>) -> f64) -> Option<Change> {
    groups.iter().find(|group| group.standing == Standing::Corrected)?;
    let changes: Vec<(Change, f64)> =
        groups.iter().filter_map(|group| Some((change(group)?, weight(group)))).collect();
    let all: f64 = changes.iter().map(|(_, weight)| weight).sum();
    let mean = |of: fn(&Change) -> f64| {
        changes.iter().map(|(change, weight)| weight * of(change)).sum::<f64>() / all
    };
    let differences: Vec<(CorrectedScore, f64)> =
        changes.iter().map(|(change, weight)| (change.difference, *weight)).collect();
    Some(Change {
        difference: CorrectedScore::weighted(&differences)?,
        before: mean(|change| change.before),
        now: mean(|change| change.now),
    })
}

fn change(group: &Group<'_>) -> Option<Change> {
    let pairs = PairedTasks::new(&[&Group::pooled(&[group])])?;
    let (before, now) = pairs.means();
    let as_it_is = Change { difference: plain(&pairs), before, now };
    if group.standing != Standing::Corrected {
        return Some(as_it_is);
    }
    let numbers = Numbers::new(group);
    let paired: Vec<JudgedCase> = group.shared.iter().map(|(old, new)| numbers.paired(old, new)).collect();
    let [old, new] = [0, 1].map(|side| numbers.score(group, side));
    let judged = paired.iter().filter(|case| case.people.is_some()).count() as u64;
    // Where people judged other cases in each run, the two scores stand each on its own.
    let apart = || old.zip(new).map(|(old, new)| new.less(&old));
    let difference = match judged >= NEEDED {
        true => CorrectedScore::of(&paired, -1.0),
        false => apart().or_else(|| CorrectedScore::of(&paired, -1.0)),
    };
    let mean = |score: Option<CorrectedScore>, plain: f64| score.map_or(plain, |it| it.mean.clamp(0.0, 1.0));
    Some(Change {
        difference: difference.unwrap_or(CorrectedScore { error: None, ..as_it_is.difference }),
        before: mean(old, before),
        now: mean(new, now),
    })
}

/// The corrected score of one candidate of one run, each task with the same weight; nothing where no judge's scores are
/// corrected.
pub(super) fn score(groups: &[&Group<'_>], side: usize, level: Level) -> Option<Estimate> {
    groups.iter().find(|group| group.standing == Standing::Corrected)?;
    let of_task = |group: &&Group<'_>| {
        let numbers = Numbers::new(group);
        let scores = group.shared.iter().map(|pair| [pair.0, pair.1][side]);
        let scores = scores.flat_map(|it| {
            let document = numbers.of(it);
            it.scores.iter().map(move |score| (document, *score))
        });
        let plain = plain_score(&score_over_tasks(&[scores.collect()], level)?);
        Some(match group.standing {
            Standing::Corrected => {
                numbers.score(group, side).unwrap_or(CorrectedScore { error: None, ..plain })
            }
            _ => plain,
        })
    };
    let tasks: Vec<CorrectedScore> = groups.iter().filter_map(of_task).collect();
    CorrectedScore::over_tasks(&tasks).map(|score| estimate(&score, level))
}

/// The documents of a task by their numbers.
struct Numbers<'a>(BTreeMap<&'a str, usize>);

impl<'a> Numbers<'a> {
    fn new(group: &Group<'a>) -> Self {
        let mut numbers = BTreeMap::new();
        for (_, now) in &group.shared {
            let next = numbers.len();
            numbers.entry(now.document()).or_insert(next);
        }
        Self(numbers)
    }

    fn of(&self, case: &CaseScore) -> usize {
        self.0.get(case.document()).copied().unwrap_or(usize::MAX / 2)
    }

    /// What people judged of a case is held against the judge on the same answers.
    fn paired(&self, before: &CaseScore, now: &CaseScore) -> JudgedCase {
        let by_both = before.people.zip(now.people);
        JudgedCase {
            document: self.of(now),
            people: by_both.map(|(old, new)| new.people - old.people),
            judge: by_both.map_or_else(|| now.mean() - before.mean(), |(old, new)| new.judge - old.judge),
        }
    }

    fn score(&self, group: &Group<'_>, side: usize) -> Option<CorrectedScore> {
        let case = |pair: &(&CaseScore, &CaseScore)| {
            let it = [pair.0, pair.1][side];
            JudgedCase {
                document: self.of(pair.1),
                people: it.people.map(|it| it.people),
                judge: it.people.map_or_else(|| it.mean(), |it| it.judge),
            }
        };
        CorrectedScore::of(&group.shared.iter().map(case).collect::<Vec<_>>(), 0.0)
    }
}
