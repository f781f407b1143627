//! Open tasks that are scored by accepted wordings alone.

use eval_summary::testdata::SyntheticProvider;
use eval_summary::{
    Decision, GateRules, GateVerdict, Measure, Objection, Options, Scope, Summary, Warning, gate,
};
use vision_core::Task;

use crate::{baseline, row, run, summary};

fn providers() -> Vec<SyntheticProvider> {
    vec![SyntheticProvider::new("a/one", 1, 0.9), SyntheticProvider::new("b/two", 2, 0.7)]
}

fn of(tasks: &[Task]) -> Summary {
    summary(&run(providers(), 40, tasks))
}

#[test]
fn they_count_in_no_overall_score_and_no_verdict() {
    let (alone, with_open) = (of(&[Task::Classify]), of(&[Task::Classify, Task::Describe]));
    let Measure::MeanOfTasks { tasks, by_wordings, .. } = &with_open.overall.measure else {
        panic!("several tasks are meant")
    };
    assert_eq!((*tasks, by_wordings.as_slice()), (1, &["describe".to_owned()][..]));
    for label in ["a/one", "b/two"] {
        assert_eq!(row(&alone, label).score, row(&with_open, label).score);
    }
    let gap = |summary: &Summary| {
        let overall = summary.differences.iter().find(|it| it.scope == Scope::Overall).unwrap();
        (overall.pairs[0].n, overall.pairs[0].difference)
    };
    assert_eq!(gap(&alone), gap(&with_open));
    assert_eq!(alone.verdict.winner, with_open.verdict.winner);
    let open = with_open.boards.iter().find(|board| with_open.is_by_wordings(board)).unwrap();
    assert!(open.rows.iter().all(|row| row.score.as_ref().is_some_and(|score| score.n == 40)), "{open:?}");
    assert_eq!(with_open.recorded_trials(), 160);
    let is_said = |it: &Warning| matches!(it, Warning::WordingsOnly { .. });
    assert!(!with_open.trust.warnings.iter().any(is_said), "no overall score rests on them");
}

#[test]
fn where_nothing_else_is_asked_they_count_and_the_reader_is_told() {
    let only = of(&[Task::Describe]);
    assert!(row(&only, "a/one").score.as_ref().is_some_and(|score| score.mean > 0.5));
    let told = Warning::WordingsOnly { of: vec!["describe".to_owned()] };
    assert!(only.trust.warnings.contains(&told), "{:?}", only.trust.warnings);
    // And they recommend nobody, though one is far better.
    assert_eq!((only.verdict.decision, &only.verdict.winner), (Decision::NoRecommendation, &None));
    assert!(
        only.verdict.excluded.iter().all(|it| it.reasons == [Objection::ByWordings]),
        "{:?}",
        only.verdict
    );
    // Nobody can be asked the other task.
    let refuses = vec![Task::Classify];
    let providers = providers().into_iter().map(|it| SyntheticProvider { refuses: refuses.clone(), ..it });
    let only = summary(&run(providers.collect(), 40, &[Task::Classify, Task::Describe]));
    assert!(row(&only, "a/one").score.is_some());
}

#[test]
fn between_two_runs_they_are_a_part_that_decides_only_where_it_regressed() {
    let tasks = [Task::Classify, Task::Describe];
    let worse = |accuracy: f64| vec![SyntheticProvider::new("a/one", 1, accuracy)];
    let (before, same) = (run(worse(0.9), 60, &tasks), run(worse(0.9), 60, &tasks));
    let checked = |now| {
        let (summary, now) = (summary(now), baseline(now));
        gate(&summary, &now, Some(&baseline(&before)), &GateRules::default(), &Options::default()).unwrap()
    };
    let report = checked(&same);
    let deciding: Vec<_> = report.checks.iter().filter(|check| !check.part).collect();
    assert_eq!(deciding.len(), 1, "{deciding:#?}");
    assert_ne!(deciding[0].scope.to_string(), "describe");
    let report = checked(&run(worse(0.2), 60, &[Task::Describe]));
    assert_ne!(report.verdict, GateVerdict::Pass, "{:#?}", report.checks);
}
