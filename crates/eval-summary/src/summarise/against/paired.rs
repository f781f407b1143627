//! What got better or worse, provider by provider: over all tasks first, then task by task.
//!
//! All of it is one family, as in a report: three quarters of the error are for the overall comparisons, which decide.
//! Intervals are adjusted for the candidates compared, as those of a verdict and a gate are.

use std::collections::BTreeMap;

use eval_statistics::{
    Comparison, Level, PairedCase, PairedComparison, PairedTasks, correct_weighted, report_weights,
};

use super::groups::{Group, Groups};
use super::judged::corrected;
use super::standing::Standing;
use crate::summarise::corrected as judged;
use crate::summarise::differences::{difference, settings};
use crate::{Difference, Opinion, Paired, Scope, Uncalibrated};

/// How two runs are compared. Sign flips have a fixed seed, so that the same two runs give the same p.
pub(crate) fn comparison_settings(level: Level) -> Comparison {
    settings(level, 1)
}

struct Compared<'a> {
    scope: Scope,
    groups: Vec<&'a Group<'a>>,
    pairs: PairedTasks,
}

impl<'a> Compared<'a> {
    fn new(scope: Scope, groups: Vec<&'a Group<'a>>) -> Option<Self> {
        let tasks = Group::by_task(&groups);
        let tasks: Vec<&[PairedCase]> =
            tasks.iter().map(Vec::as_slice).filter(|task| !task.is_empty()).collect();
        Some(Self { scope, groups, pairs: PairedTasks::new(&tasks)? })
    }

    /// The line of a report, with people's corrections; nothing is said on a task that nothing is decided on.
    fn line(&self, comparison: &PairedComparison, (weight, level): (f64, Level)) -> Paired {
        let only = |of: fn(&Group<'_>) -> usize| self.groups.iter().map(|group| of(group) as u64).sum();
        let [before, now] = self.groups.first().map_or([""; 2], |group| [group.before, group.now]);
        let line = difference(
            before.to_owned(),
            now.to_owned(),
            self.pairs.means(),
            (only(|group| group.only_before.len()), only(|group| group.only_now.len())),
            comparison,
            level,
        );
        let (line, undecided) = match (self.undecided(), corrected(&self.groups, |_| 1.0)) {
            (Some(undecided), _) => (unsaid(line), Some(undecided.clone())),
            (None, Some(it)) => {
                (judged::line(line, &it.difference, (it.before, it.now), (weight, level)), None)
            }
            (None, None) => (line, None),
        };
        Paired { scope: self.scope.clone(), difference: line, undecided }
    }

    fn undecided(&self) -> Option<&Uncalibrated> {
        self.groups.iter().find_map(|group| match &group.standing {
            Standing::Undecided(why) => Some(why),
            _ => None,
        })
    }
}

/// The level of intervals where so many candidates are compared with their earlier selves.
pub(crate) fn level_among(candidates: usize, level: Level) -> Level {
    Level::from_alpha((1.0 - level.get()) / candidates.max(1) as f64).unwrap_or(level)
}

pub(super) fn differences(groups: &Groups<'_>, level: Level) -> Vec<Paired> {
    let mut by_provider: BTreeMap<&str, Vec<&Group<'_>>> = BTreeMap::new();
    let is_decided = |group: &&Group<'_>| !matches!(group.standing, Standing::Undecided(_));
    for group in groups.0.values().filter(|group| !group.shared.is_empty()).filter(is_decided) {
        by_provider.entry(group.now).or_default().push(group);
    }
    let of_interval = level_among(by_provider.len(), level);
    // One task alone is the overall comparison.
    let several = by_provider.into_values().filter(|tasks| tasks.len() > 1);
    let deciding = several.map(|tasks| Group::deciding(&tasks));
    let overall: Vec<Compared<'_>> =
        deciding.filter_map(|tasks| Compared::new(Scope::Overall, tasks)).collect();
    let tasks: Vec<Compared<'_>> =
        groups.0.values().filter_map(|group| Compared::new(group.scope.clone(), vec![group])).collect();
    let (of_overall, of_task) = report_weights(overall.len(), tasks.len());
    let settings = comparison_settings(level);
    let compare = |weight: f64| move |one: &Compared<'_>| (one.pairs.compare(&settings), weight);
    let mut family: Vec<(PairedComparison, f64)> =
        overall.iter().map(compare(of_overall)).chain(tasks.iter().map(compare(of_task))).collect();
    correct_weighted(&mut family, level);
    let line = |(one, (comparison, weight)): (&Compared<'_>, &(PairedComparison, f64))| {
        let comparison = PairedComparison { interval: one.pairs.interval(of_interval), ..*comparison };
        one.line(&comparison, (*weight, level))
    };
    overall.iter().chain(&tasks).zip(&family).map(line).collect()
}

/// The figures without a word about them.
fn unsaid(line: Difference) -> Difference {
    Difference {
        interval: None,
        p: 1.0,
        p_adjusted: 1.0,
        smallest_detectable: None,
        cases_to_settle: None,
        opinion: Opinion::CannotTell,
        doubt: None,
        ..line
    }
}
