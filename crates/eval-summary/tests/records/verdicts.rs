//! What is recommended, and what the reader is warned of.

use std::fs;

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Constraints, Decision, Options, Summary};
use vision_core::Task;

use crate::{ocr, run, summary, written};

#[test]
fn the_verdict_of_the_varied_run_reads_well() {
    let verdict = summary(&SyntheticRun::varied()).verdict;
    insta::assert_json_snapshot!(verdict);
}

#[test]
fn a_clear_winner_is_the_best() {
    let providers = vec![SyntheticProvider::new("a/good", 1, 0.99), SyntheticProvider::new("b/bad", 2, 0.5)];
    let verdict = summary(&run(providers, 60, &[Task::Receipt])).verdict;
    assert_eq!((verdict.decision, verdict.winner.as_deref()), (Decision::Best, Some("a/good")));
    assert_eq!(
        (verdict.runner_up.as_deref(), verdict.tied.as_slice()),
        (Some("b/bad"), &["a/good".to_owned()][..])
    );
}

#[test]
fn a_handful_of_cases_cannot_tell() {
    let providers = vec![
        SyntheticProvider { price: Some(5.0), ..SyntheticProvider::new("a/one", 1, 0.85) },
        SyntheticProvider::new("b/two", 2, 0.8),
    ];
    let verdict = summary(&run(providers, 8, &[Task::Classify])).verdict;
    assert_eq!((verdict.decision, verdict.winner), (Decision::CannotTellYet, None));
    assert!(verdict.sentence.starts_with("Cannot tell yet between "), "{}", verdict.sentence);
}

#[test]
fn constraints_exclude_and_say_what_would_flip() {
    let (_folder, record) = written(&SyntheticRun::varied());
    let constraints = Constraints { max_usd_per_1000: Some(0.01), ..Constraints::default() };
    let options = Options { constraints, ..Options::default() };
    let verdict = Summary::of(&record, &options).unwrap().verdict;
    assert_eq!((verdict.decision, verdict.winner), (Decision::NoCandidate, None));
    let reasons = |provider: &str| {
        verdict.excluded.iter().find(|one| one.provider == provider).unwrap().reasons.join("; ")
    };
    assert_eq!(reasons("synthetic/unpriced"), "its price is not known");
    assert!(reasons("synthetic/large").starts_with("costs $4."));
    assert!(
        verdict.flips[0].starts_with("Without the limit on cost: synthetic/small"),
        "{:?}",
        verdict.flips
    );
}

#[test]
fn whoever_is_not_shown_to_beat_a_control_is_named() {
    let warnings = |cases: u64| {
        let provider = SyntheticProvider::new;
        let providers = vec![
            provider("a/good", 1, 0.95),
            provider("b/guessing", 2, 0.0),
            SyntheticProvider { control: true, ..provider("control/blank", 3, 0.0) },
        ];
        summary(&run(providers, cases, &[Task::Classify])).trust.warnings
    };
    let told = "not shown to be better than control/blank, a control that never looks at the media: ";
    assert_eq!(warnings(40), [format!("{told}b/guessing")]);
    assert_eq!(warnings(3), [format!("{told}a/good, b/guessing")], "three cases show nothing");
}

#[test]
fn a_run_without_trials_is_incomplete_and_has_no_verdict() {
    let (_folder, record) = written(&run(ocr(0.0), 4, &[Task::Receipt]));
    fs::remove_file(record.path("trials.jsonl")).unwrap();
    let summary = Summary::of(&record, &Options::default()).unwrap();
    assert_eq!(summary.verdict.decision, Decision::NoCandidate);
    assert_eq!(summary.trust.incomplete[0].missing, 4);
    assert_eq!(summary.overall.rows[0].score, None);
}
