//! What decisions rest on, of a run in which each case was asked twice and some labels are wrong.

use std::path::Path;

use eval_decide::chain::{Goal, chains};
use eval_decide::labels::audit;
use eval_decide::{People, Question, Study, Wanted, automation, studies};
use eval_record::Record;
use eval_report::Finding;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Options, case_views};
use vision_core::Task;

use crate::attacks::ATTACKS;

/// By the name of the page.
pub fn pages() -> Vec<(&'static str, String)> {
    let folder = tempfile::tempdir().expect("a folder for the record");
    let record = record(&folder.path().join("run"));
    let options = Options::default();
    let question = Question { on: vec!["date".to_owned(), "total".to_owned()], scope: None, loss: None };
    let views = case_views(&record, &options).expect("cases");
    let mut all = studies(&record.plan, views, &question).expect("a task with these fields");
    let mut pages = of_studies(["automation", "cascade", "cascade-people"], &all);
    let runs = [("synthetic".to_owned(), record)];
    let mut labels = audit(&runs, &options, 0.1).expect("candidates to ask");
    pages.push(("labels", Finding::Labels(&labels).html()));
    let attack = ATTACKS.join(" ");
    all[0].candidates.iter_mut().for_each(|name| *name = format!("{attack}{name}"));
    for suspect in &mut labels.suspects {
        (suspect.label, suspect.suggestion) = (attack.as_str().into(), attack.as_str().into());
    }
    pages.extend(of_studies(["attack-automation", "attack-cascade", "attack-cascade-people"], &all));
    pages.push(("attack-labels", Finding::Labels(&labels).html()));
    pages
}

fn of_studies(names: [&'static str; 3], studies: &[Study]) -> Vec<(&'static str, String)> {
    let wanted = Wanted { max_error: 0.05, ..Wanted::default() };
    let people = Some(People { usd: 0.4, error: 0.01 });
    let found = automation("synthetic", studies, &wanted);
    let alone = chains("synthetic", studies, Goal::BestSingle, None);
    let with_people = chains("synthetic", studies, Goal::TotalCost { wrong_usd: 25.0 }, people);
    let findings = [Finding::Automation(&found), Finding::Cascade(&alone), Finding::Cascade(&with_people)];
    names.into_iter().zip(findings.map(Finding::html)).collect()
}

fn record(dir: &Path) -> Record {
    let provider = SyntheticProvider::new;
    let run = SyntheticRun {
        cases: 150,
        repeats: 2,
        tasks: vec![Task::Receipt],
        providers: vec![
            SyntheticProvider { price: Some(20.0), ..provider("synthetic/large", 1, 0.985) },
            SyntheticProvider { price: Some(2.0), ..provider("synthetic/middle", 2, 0.97) },
            SyntheticProvider { price: Some(0.2), failing: 0.05, ..provider("synthetic/small", 3, 0.95) },
        ],
        ..SyntheticRun::varied()
    };
    run.write(dir).expect("a record");
    // Every fiftieth label is spoilt.
    let path = dir.join("cases.jsonl");
    let lines = std::fs::read_to_string(&path).expect("the cases");
    let spoilt = lines.lines().enumerate().map(|(at, line)| {
        let mut case: serde_json::Value = serde_json::from_str(line).expect("a case");
        if at % 50 == 0 {
            case["expected"]["total"] = 9_999.25.into();
        }
        case.to_string() + "\n"
    });
    std::fs::write(&path, spoilt.collect::<String>()).expect("a writable file");
    Record::open(dir).expect("the record")
}
