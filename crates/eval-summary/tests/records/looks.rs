//! Runs that end when they are decided.

use std::fs;

use eval_record::{About, Look, LookGap, Record, Sequential};
use eval_summary::testdata::SyntheticProvider;
use eval_summary::{Decision, Options, Summary};
use tempfile::TempDir;
use vision_core::Task;

use crate::{run, written};

/// A run that was interrupted after some documents, with a dear candidate that leads by little.
fn interrupted(about: About, documents: u64) -> (TempDir, Record) {
    let providers = vec![
        SyntheticProvider { price: Some(4.0), ..SyntheticProvider::new("a/dear", 1, 0.97) },
        SyntheticProvider::new("b/cheap", 2, 0.95),
    ];
    let (folder, mut record) = written(&run(providers, 40, &[Task::Receipt]));
    record.plan.sequential = Some(Sequential { block: 5, tolerance: 0.01, prefer_time: false, about });
    let path = record.path("trials.jsonl");
    let trials = fs::read_to_string(&path).unwrap();
    let mut counts = std::collections::HashMap::<String, u64>::new();
    let kept = trials.lines().filter(|line| {
        let trial: serde_json::Value = serde_json::from_str(line).unwrap();
        let count = counts.entry(trial["provider"].to_string()).or_default();
        *count += 1;
        *count <= documents
    });
    fs::write(&path, kept.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    let (a, b) = ("a/dear".to_owned(), "b/cheap".to_owned());
    let gap = LookGap { a, b, difference: 0.02, low: -0.3, high: 0.4 };
    record.note_look(&Look { documents, of: 40, gaps: vec![gap], ..Look::default() }).unwrap();
    (folder, record)
}

#[test]
fn asking_what_is_left_settles_what_is_said_of_these_documents_alone() {
    let settle = |about, documents| {
        let (_folder, record) = interrupted(about, documents);
        let verdict = Summary::of(&record, &Options::default()).unwrap().verdict;
        assert_eq!(verdict.decision, Decision::NotSettled);
        verdict.open.unwrap().settle.unwrap()
    };
    let alone = settle(About::TheseDocuments, 12);
    assert_eq!((alone.left, alone.cases_high, alone.too_close), (Some(28), Some(28), None));
    assert!(alone.cases_low <= Some(28), "{alone:?}");
    let like_these = settle(About::DocumentsLikeThese, 12);
    assert_eq!(like_these.left, None);
    assert!(like_these.cases_high.is_none_or(|cases| cases > 28), "{like_these:?}");
}

#[test]
fn a_look_says_who_was_not_yet_shown_to_beat_a_control() {
    let (_folder, record) = interrupted(About::TheseDocuments, 12);
    let look = Look {
        documents: 20,
        of: 40,
        pick: Some("a/dear".to_owned()),
        not_above_control: vec!["b/cheap".to_owned()],
        ..Look::default()
    };
    record.note_look(&look).unwrap();
    let looks = Summary::of(&record, &Options::default()).unwrap().stopped.unwrap().looks;
    assert_eq!(looks[1].not_above_control, ["b/cheap"]);
    assert_eq!((looks[1].left, looks[0].not_above_control.len()), (2, 0));
}
