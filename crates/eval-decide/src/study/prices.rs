//! What a wrong answer and a wrong document cost.

use eval_record::Record;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{LossTable, Options, case_views};
use serde_json::{Value, json};
use vision_core::Task;

use super::testing::study;
use super::{Question, Study, studies};

fn priced(on: &[&str], loss: &Value) -> Study {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let run = SyntheticRun {
        cases: 60,
        repeats: 1,
        tasks: vec![Task::Receipt],
        providers: vec![SyntheticProvider::new("synthetic/a", 1, 0.7)],
        ..SyntheticRun::varied()
    };
    run.write(&dir).unwrap();
    let record = Record::open(&dir).unwrap();
    let question = Question {
        on: on.iter().map(|name| (*name).to_owned()).collect(),
        scope: None,
        loss: Some(LossTable::parse(loss).unwrap()),
    };
    let cases = case_views(&record, &Options::default()).unwrap();
    studies(&record.plan, cases, &question).unwrap().remove(0)
}

#[test]
fn mistakes_in_other_fields_are_no_part_of_the_price() {
    let loss = json!({
        "*.wrong": 100, "*.missing": 100, "*.invented": 100, "*.late": 7, "late_after_seconds": 0,
        "total.wrong": 25, "total.missing": 25, "total.invented": 25,
    });
    let study = priced(&["total"], &loss);
    let losses = study.cases.iter().flat_map(|case| case.answers.iter().flatten());
    assert!(losses.clone().any(|answer| answer.loss == Some(25.0)));
    assert!(losses.clone().all(|answer| answer.loss == Some(if answer.right { 0.0 } else { 25.0 })));
    assert_eq!((study.usd_per_wrong_answer(), study.usd_per_wrong_document()), (Some(25.0), Some(25.0)));
    assert!(priced(&[], &loss).usd_per_wrong_document().unwrap() > 100.0);
}

#[test]
fn a_document_costs_what_its_cases_cost_together() {
    let mut study = study(40, 1, 3);
    study.documents = 20;
    for (at, case) in study.cases.iter_mut().enumerate() {
        case.document = at / 2;
        let answer = case.answers[0].as_mut().unwrap();
        // One document in two is wrong: half of these in one case, half in both.
        answer.right = !matches!(at % 8, 0 | 2 | 3);
        answer.loss = Some(if answer.right { 0.0 } else { 10.0 });
    }
    assert_eq!(study.usd_per_wrong_answer(), Some(10.0));
    assert_eq!(study.usd_per_wrong_document(), Some(15.0));
    study.cases.iter_mut().for_each(|case| case.answers[0].as_mut().unwrap().loss = None);
    assert_eq!(study.usd_per_wrong_document(), None);
}
