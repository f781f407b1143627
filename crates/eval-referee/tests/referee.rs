//! A referee that is told the trials of a synthetic run.
#![expect(clippy::unwrap_used, reason = "a test may")]

use eval::{Document, Referee};
use eval_record::{About, Failure, Outcome, Record, Sequential, Trial};
use eval_referee::ScoringReferee;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use tempfile::TempDir;
use vision_core::{ErrorKind, Task, Usage};

const CASES: u64 = 120;

fn run(good: f64, bad: f64) -> (TempDir, Record, Vec<Document>) {
    run_of(good, bad, &[Task::Receipt])
}

fn run_of(good: f64, bad: f64, tasks: &[Task]) -> (TempDir, Record, Vec<Document>) {
    let folder = tempfile::tempdir().unwrap();
    let dear = |label: &str, seed, accuracy, price| SyntheticProvider {
        price: Some(price),
        ..SyntheticProvider::new(label, seed, accuracy)
    };
    let providers = vec![
        dear("a/good", 1, good, 10.0),
        dear("b/bad", 2, bad, 1.0),
        SyntheticProvider { control: true, ..SyntheticProvider::new("control/blank", 3, 0.0) },
    ];
    let run =
        SyntheticRun { providers, cases: CASES, repeats: 1, tasks: tasks.to_vec(), ..SyntheticRun::varied() };
    run.write(&folder.path().join("run")).unwrap();
    let mut record = Record::open(&folder.path().join("run")).unwrap();
    record.plan.sequential =
        Some(Sequential { block: 5, tolerance: 0.01, prefer_time: false, about: About::default() });
    let mut documents = Vec::new();
    record
        .cases(|_, case| documents.push(Document { cases: vec![(case.dataset, case.case, case.task)] }))
        .unwrap();
    (folder, record, documents)
}

fn trials(record: &Record) -> Vec<Trial> {
    record.trials(&mut Vec::new()).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_candidate_that_is_clearly_worse_is_out_and_the_other_is_decided_for() {
    let (_folder, record, documents) = run(0.98, 0.5);
    let referee = ScoringReferee::new(&record, documents).unwrap();
    trials(&record).iter().for_each(|trial| referee.note(trial));
    let early = referee.look(5);
    assert!(!early.settled && early.out.is_empty(), "{early:?}");
    let late = referee.look(60);
    assert_eq!(late.out, [("b/bad".to_owned(), 60)]);
    assert_eq!((late.pick.as_deref(), late.settled), (Some("a/good"), true));
    let [gap] = late.gaps.as_slice() else { panic!("controls are no candidates: {:?}", late.gaps) };
    assert!((gap.a.as_str(), gap.b.as_str()) == ("a/good", "b/bad") && gap.low > 0.01, "{gap:?}");
    assert!(gap.low <= gap.difference && gap.difference <= gap.high, "{gap:?}");
}

#[test]
fn open_tasks_decide_nothing_beside_others() {
    let look = |tasks: &[Task]| {
        let (_folder, record, documents) = run_of(0.9, 0.7, tasks);
        let all = documents.len() as u64;
        let referee = ScoringReferee::new(&record, documents).unwrap();
        trials(&record).iter().for_each(|trial| referee.note(trial));
        referee.look(all).gaps[0].difference
    };
    let (alone, beside) = (look(&[Task::Receipt]), look(&[Task::Receipt, Task::Describe]));
    // Differences of the sequence are shrunk by how many documents there are.
    assert!((alone - beside).abs() < 0.05, "{alone} and {beside}");
    assert!(look(&[Task::Describe]).abs() > 0.05, "where nothing else is asked they count");
}

/// A report may find that the cheap one beats the control, where the looks do not show it.
#[test]
fn an_end_that_depends_on_who_beats_a_control_is_none() {
    let (_folder, mut record, documents) = run(0.98, 0.7);
    record.plan.sequential =
        Some(Sequential { block: 5, tolerance: 0.6, prefer_time: false, about: About::default() });
    let referee = ScoringReferee::new(&record, documents).unwrap();
    let is_control = |trial: &Trial| trial.key.provider.starts_with("control/");
    let all = trials(&record);
    all.iter().filter(|trial| !is_control(trial)).for_each(|trial| referee.note(trial));
    // The control is as good as the cheap one.
    for trial in all.iter().filter(|trial| trial.key.provider == "b/bad") {
        let mut copy = trial.clone();
        copy.key.provider = "control/blank".to_owned();
        referee.note(&copy);
    }
    let look = referee.look(100);
    assert_eq!((look.pick.as_deref(), look.out.as_slice()), (Some("a/good"), [].as_slice()));
    assert!(!look.settled, "{look:?}");
}

#[test]
fn only_the_documents_of_a_look_count_so_that_a_resumed_run_looks_the_same() {
    let (_folder, record, documents) = run(0.9, 0.85);
    let (before, after) = (
        ScoringReferee::new(&record, documents.clone()).unwrap(),
        ScoringReferee::new(&record, documents.clone()).unwrap(),
    );
    let first: Vec<&String> = documents[..20].iter().map(|document| &document.cases[0].1).collect();
    for trial in trials(&record) {
        after.note(&trial);
        if first.contains(&&trial.key.case) {
            before.note(&trial);
        }
    }
    assert_eq!(before.look(20), after.look(20));
    // What is not there yet is not looked at.
    assert_eq!(before.look(40).gaps, before.look(20).gaps);
}

#[test]
fn what_is_done_again_replaces_what_failed() {
    let (_folder, record, documents) = run(0.98, 0.5);
    let (failed, plain) = (
        ScoringReferee::new(&record, documents.clone()).unwrap(),
        ScoringReferee::new(&record, documents).unwrap(),
    );
    for trial in trials(&record) {
        let failure = Failure {
            kind: ErrorKind::Timeout,
            message: "no".to_owned(),
            status: None,
            request_id: None,
            usage: Usage::default(),
            body: None,
            attempts: Vec::new(),
        };
        failed.note(&Trial { outcome: Outcome::Failed(failure), cost: None, ..trial.clone() });
        failed.note(&trial);
        plain.note(&trial);
    }
    assert_eq!(failed.look(40), plain.look(40));
}
