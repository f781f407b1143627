//! Several runs beside each other.

use std::fs;
use std::path::Path;

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Opinion, Options, Scope, Summary, compare_runs, experience, history};
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
