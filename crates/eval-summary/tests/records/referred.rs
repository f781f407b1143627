//! Cases that a cascade refers to a person.

use eval_record::{CaseLine, Record};
use eval_summary::testdata::SyntheticProvider;
use eval_summary::{LossTable, Options, Scorable, Summary, case_views};
use serde_json::{Value, json};
use vision_core::Task;

use super::{run, written};

const CASES: u64 = 20;

/// A run of which every other trial is referred to a person who costs 40 cents and gets one case in ten wrong.
fn referred(person: &Value) -> (tempfile::TempDir, Record) {
    let (folder, record) =
        written(&run(vec![SyntheticProvider::new("synthetic/a", 1, 1.0)], CASES, &[Task::Receipt]));
    let path = record.path("trials.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap();
    let changed = lines.lines().enumerate().map(|(at, line)| {
        let mut trial: Value = serde_json::from_str(line).unwrap();
        if at % 2 == 0 {
            trial["response"]["referred"] = person.clone();
            trial["response"]["text"] = json!("what nobody trusted");
        }
        trial.to_string() + "\n"
    });
    std::fs::write(&path, changed.collect::<String>()).unwrap();
    let record = Record::open(&record.dir).unwrap();
    (folder, record)
}

#[test]
fn count_as_right_as_often_as_the_person_is_and_cost_what_a_person_costs() {
    let (_folder, record) = referred(&json!({"usd": 0.4, "error": 0.1}));
    let loss = LossTable::parse(&json!({"failed": 10})).unwrap();
    let options = Options { loss: Some(loss), ..Options::default() };
    let summary = Summary::of(&record, &options).unwrap();
    let row = &summary.overall.rows[0];
    let near = |value: f64, wanted: f64| assert!((value - wanted).abs() < 1e-9, "{value} is not {wanted}");
    let people = row.referred.as_ref().unwrap();
    assert_eq!(people.trials, CASES / 2);
    near(people.share.mean, 0.5);
    near(people.usd_per_1000.unwrap(), 200.0);
    near(row.score.as_ref().unwrap().mean, 0.95);
    near(row.fully_right.as_ref().unwrap().mean, 0.95);
    near(row.cost.per_1000.unwrap(), 200.0 + row.cost.total / CASES as f64 * 1000.0);
    let views: Vec<_> = case_views(&record, &options).unwrap().collect::<Result<_, _>>().unwrap();
    let scores = views.iter().flat_map(|view| &view.answers).filter(|it| it.referred.is_some());
    assert!(scores.clone().all(|it| it.score == Some(0.9)) && scores.count() == 10);
}

#[test]
fn are_unknown_where_nothing_is_known_of_the_person() {
    let (_folder, record) = referred(&json!(true));
    let summary = Summary::of(&record, &Options::default()).unwrap();
    let row = &summary.overall.rows[0];
    assert_eq!(row.referred.as_ref().unwrap().usd_per_1000, None);
    // The score is that of the other cases, and the cost a lower bound.
    assert!((row.score.as_ref().unwrap().mean - 1.0).abs() < 1e-9);
    assert_eq!((row.answers.undefined, row.cost.unknown, row.cost.at_least), (10, 10, true));
}

#[test]
fn a_run_that_ends_when_it_is_decided_scores_them_alike() {
    let (_folder, record) = referred(&json!({"usd": 0.4, "error": 0.1}));
    let scorable = Scorable::new(&record.plan).unwrap();
    let mut cases: Vec<CaseLine> = Vec::new();
    record.cases(|_, case| cases.push(case)).unwrap();
    let trials = record.trials(&mut Vec::new()).unwrap().map(Result::unwrap);
    let score = |trial: &eval_record::Trial| {
        let case = cases.iter().find(|case| case.case == trial.key.case).unwrap();
        scorable.score(case, trial)
    };
    let scores: Vec<Option<f64>> = trials.map(|trial| score(&trial)).collect();
    assert_eq!(scores.iter().filter(|score| **score == Some(0.9)).count(), 10);
    assert_eq!(scores.iter().filter(|score| **score == Some(1.0)).count(), 10);
}
