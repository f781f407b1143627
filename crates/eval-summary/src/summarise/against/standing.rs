//! Whether anything may be decided on a task of two runs, and by which scores.

use vision_core::Task;

use crate::baseline::TaskJudge;
use crate::judgements::NEEDED;
use crate::{Baseline, JudgeStanding, Uncalibrated};

/// What the difference of two runs on a task rests on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Standing {
    /// The scores as they are.
    #[default]
    Plain,
    /// The judge's scores, corrected by people's judgements in both runs.
    Corrected,
    /// Nothing: a judge that people have not judged with.
    Undecided(Uncalibrated),
}

impl Standing {
    pub fn of(before: &Baseline, now: &Baseline, dataset: &str, task: Task) -> Self {
        let judge = |run: &'_ Baseline| -> Option<TaskJudge> {
            let of = run.tasks.iter().find(|it| it.dataset == dataset && it.task == task)?;
            of.judge.clone()
        };
        let sides = [(now, judge(now)), (before, judge(before))];
        let undecided = sides.iter().find_map(|(run, judge)| {
            let judge = judge.as_ref().filter(|judge| !judge.standing.decides())?;
            Some(Uncalibrated {
                run: run.name.clone(),
                judge: judge.name.clone(),
                caught: judge.standing == JudgeStanding::Caught,
                labelled: judge.labelled,
                needed: NEEDED,
            })
        });
        let is_calibrated = |(_, judge): &(&Baseline, Option<TaskJudge>)| {
            judge.as_ref().is_some_and(|judge| judge.standing == JudgeStanding::Calibrated)
        };
        match undecided {
            Some(undecided) => Self::Undecided(undecided),
            None if sides.iter().all(is_calibrated) => Self::Corrected,
            None => Self::Plain,
        }
    }
}
