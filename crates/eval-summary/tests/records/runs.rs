//! Several runs beside each other.

use std::fs;
use std::path::Path;

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{
    ComparedCase, Opinion, Options, Scope, SideAnswers, Summary, case_views, compare_runs, compared_cases,
    experience, history,
};
use vision_core::Task;

use crate::{baseline, run};

#[test]
fn a_comparison_says_first_what_changed() {
    let before = run(vec![SyntheticProvider::new("a/a", 1, 0.95)], 30, &[Task::Receipt]);
    let mut now = run(vec![SyntheticProvider::new("a/a", 1, 0.5)], 25, &[Task::Receipt]);
    now.providers[0].served = "a-2026-12-01".to_owned();
    let comparison = compare_runs(&[baseline(&before), baseline(&now)], &Options::default()).unwrap();
    let against = &comparison.against[0];
    assert_eq!(
        (against.changes[0].what.as_str(), against.changes[0].to.as_str()),
        ("served model", "a-2026-12-01")
    );
    assert_eq!(against.differences[0].difference.opinion, Opinion::Worse);
    assert_eq!((against.differences[0].difference.n, against.unmatched[0].only_before), (25, 5));
    assert!(compare_runs(&[baseline(&before)], &Options::default()).is_err());
}

#[test]
fn a_candidate_is_shown_before_and_now_on_the_cases_that_both_runs_have() {
    let tasks = [Task::Receipt, Task::Classify];
    let mut before = run(vec![SyntheticProvider::new("a/a", 1, 0.9)], 30, &tasks);
    before.providers.push(SyntheticProvider::new("b/old", 2, 0.9));
    let mut now = run(vec![SyntheticProvider::new("a/a", 1, 0.6)], 25, &tasks);
    now.providers[0].price = Some(2.0);
    let against =
        &compare_runs(&[baseline(&before), baseline(&now)], &Options::default()).unwrap().against[0];
    let [a, removed] = against.candidates.as_slice() else { panic!("{:#?}", against.candidates) };
    let (old, new) = (a.before.as_ref().unwrap(), a.now.as_ref().unwrap());
    assert_eq!((old.cases, new.cases), (50, 50), "both tasks, without the five that are gone");
    assert!(old.score.as_ref().unwrap().mean > new.score.as_ref().unwrap().mean + 0.1);
    assert!(new.usd_per_1000.unwrap() > 1.9 * old.usd_per_1000.unwrap() && old.p95_seconds.is_some());
    assert_eq!((removed.provider.as_str(), removed.now.is_some()), ("b/old", false));
    // The comparison over both tasks decides, and stands before those of the tasks.
    let first = &against.differences[0];
    assert_eq!((&first.scope, first.difference.opinion), (&Scope::Overall, Opinion::Worse));
    let [mean_a, mean_b] = [old, new].map(|side| side.score.as_ref().unwrap().mean);
    assert!(
        (first.difference.mean_a - mean_a).abs() < 1e-9 && (first.difference.mean_b - mean_b).abs() < 1e-9
    );
}

#[test]
fn compared_cases_hold_the_answers_of_every_run_and_the_largest_loss_comes_first() {
    let before = run(vec![SyntheticProvider::new("a/a", 1, 0.95)], 12, &[Task::Receipt]);
    let now = run(vec![SyntheticProvider::new("a/a", 1, 0.5)], 10, &[Task::Receipt]);
    let (folder, options) = (tempfile::tempdir().unwrap(), Options::default());
    let record = |run: &SyntheticRun, name: &str| run.write(&folder.path().join(name)).unwrap();
    let records = [record(&before, "before"), record(&now, "now")];
    let baselines = [baseline(&before), baseline(&now)];
    let views = |at: usize| case_views(&records[at], &options).unwrap();
    let both = vec![(&baselines[0], Some(views(0))), (&baselines[1], Some(views(1)))];
    let compared = compared_cases(both, 100).unwrap();
    assert_eq!((compared.cases.len(), compared.left_out), (12, 0));
    let change = |case: &ComparedCase| {
        let score = |side: &SideAnswers| match side {
            SideAnswers::Answers(answers) => answers.first().and_then(|it| it.score),
            SideAnswers::Scores(scores) => scores.first().map(|it| it.scores[0]),
        };
        Some(score(&case.sides[1])? - score(&case.sides[0])?)
    };
    let changes: Vec<Option<f64>> = compared.cases.iter().map(change).collect();
    assert!(changes[0] < Some(-0.3) && changes[..10].is_sorted(), "{changes:?}");
    assert_eq!(changes[10..], [None, None], "two cases are in the earlier run only");
    let scores = vec![(&baselines[0], None), (&baselines[1], Some(views(1)))];
    let bounded = compared_cases(scores, 3).unwrap();
    assert_eq!((bounded.cases.len(), bounded.left_out), (3, 9));
    assert!(matches!(&bounded.cases[0].sides[0], SideAnswers::Scores(scores) if scores.len() == 1));
    assert_eq!(bounded.cases.iter().map(change).collect::<Vec<_>>(), changes[..3]);
}

#[test]
fn single_providers_are_compared_whatever_they_are_called() {
    let both = baseline(&SyntheticRun::varied());
    let (large, small) = (both.only("synthetic/large").unwrap(), both.only("synthetic/unpriced").unwrap());
    let comparison = compare_runs(&[large, small], &Options::default()).unwrap();
    let pair = &comparison.against[0].differences[0].difference;
    assert_eq!((pair.a.as_str(), pair.b.as_str()), ("synthetic/large", "synthetic/unpriced"));
    assert!(both.only("nobody").is_none());
}

#[test]
fn history_marks_what_changed_over_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(vec![SyntheticProvider::new("a/a", 1, 0.9)], 10, &[Task::Text]);
    let mut second = SyntheticRun { started: "2026-11-22T08:00:00Z".to_owned(), ..first.clone() };
    second.providers[0].served = "a-next".to_owned();
    second.content_hash = "cd".repeat(32);
    let write = |run: &SyntheticRun, name: &str| run.write(&folder.path().join(name)).unwrap();
    let record = write(&second, "later");
    record.write_json("summary.json", &Summary::of(&record, &Options::default()).unwrap()).unwrap();
    write(&first, "earlier");
    fs::create_dir(folder.path().join("broken")).unwrap();
    fs::write(folder.path().join("broken/plan.json"), "{").unwrap();
    let history = history(folder.path(), &Options::default()).unwrap();
    let overall: Vec<_> = history.lines.iter().filter(|line| line.scope == Scope::Overall).collect();
    assert_eq!(overall.iter().map(|line| line.run.as_str()).collect::<Vec<_>>(), ["earlier", "later"]);
    assert_eq!(overall[0].marks, []);
    let marks: Vec<&str> = overall[1].marks.iter().map(|mark| mark.what.as_str()).collect();
    assert_eq!(marks, ["served model", "dataset"]);
    assert_ne!(overall[0].data, overall[1].data, "another dataset is not the same line");
    assert!(history.unreadable[0].starts_with("broken: "));
    let experience = experience(folder.path()).unwrap();
    assert_eq!((experience.len(), experience[0].provider.as_str()), (1, "a/a"));
    assert!(experience[0].output_tokens > 40.0 && experience[0].seconds.unwrap() > 0.5);
    assert_eq!(eval_summary::experience(Path::new("no-such-folder")).unwrap(), []);
}
