//! Findings that decisions rest on, as people read them.

use eval_decide::chain::{Goal, chains};
use eval_decide::drift::{DriftSide, drift};
use eval_decide::labels::audit;
use eval_decide::{People, Question, Wanted, automation, studies};
use eval_record::Record;
use eval_report::{Finding, Look, NoMedia, Page};
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{
    Baseline, CanaryCheck, Cause, LossTable, Options, Summary, case_views, compare_runs, score,
};
use serde_json::json;
use vision_core::Task;

use crate::{attacks, inert};

fn record(folder: &std::path::Path) -> Record {
    let provider = SyntheticProvider::new;
    let run = SyntheticRun {
        cases: 150,
        repeats: 1,
        tasks: vec![Task::Receipt],
        providers: vec![
            SyntheticProvider { price: Some(20.0), ..provider("synthetic/large", 1, 0.985) },
            SyntheticProvider { price: Some(2.0), ..provider("synthetic/middle", 2, 0.97) },
            SyntheticProvider { price: Some(0.2), failing: 0.05, ..provider("synthetic/small", 3, 0.95) },
            SyntheticProvider { control: true, ..provider("control/blank", 4, 0.0) },
        ],
        ..SyntheticRun::varied()
    };
    run.write(&folder.join("run")).unwrap()
}

fn question() -> Question {
    let loss = LossTable::parse(&json!({"total": {"wrong": 25}, "*": {"missing": 1}})).unwrap();
    Question { on: vec!["date".to_owned(), "total".to_owned()], scope: None, loss: Some(loss) }
}

#[track_caller]
fn pin(name: &str, finding: Finding<'_>) {
    for columns in [80, 160] {
        inert::fits(&finding.terminal(Look { columns, color: false }), columns);
    }
    insta::assert_snapshot!(
        format!("{name}_terminal"),
        finding.terminal(Look { columns: 160, color: false })
    );
    insta::assert_snapshot!(format!("{name}_markdown"), finding.markdown());
    assert!(finding.html().starts_with("<!doctype html>"));
}

/// A candidate's label is anybody's word.
#[test]
fn attacks_are_inert_in_findings() {
    let folder = tempfile::tempdir().unwrap();
    let record = record(folder.path());
    let options = Options::default();
    let mut studies = studies(&record.plan, case_views(&record, &options).unwrap(), &question()).unwrap();
    for candidate in &mut studies[0].candidates {
        *candidate = format!("{}{candidate}", attacks::ATTACKS.join(" "));
    }
    let found = automation("synthetic", &studies, &Wanted::default());
    let chains = chains("synthetic", &studies, Goal::BestSingle, None);
    let mut labels = audit(&[("synthetic".to_owned(), record)], &options, 0.0).unwrap();
    for suspect in &mut labels.suspects {
        suspect.suggestion = json!(attacks::ATTACKS.join(" "));
    }
    for finding in [Finding::Automation(&found), Finding::Cascade(&chains), Finding::Labels(&labels)] {
        inert::terminal(&finding.terminal(Look { columns: 80, color: false }));
        inert::markdown(&finding.markdown());
        inert::html(&finding.html(), 1);
    }
    let queue = eval_report::label_queue_csv(&labels);
    for row in csv::Reader::from_reader(queue.as_bytes()).records() {
        assert!(
            row.unwrap().iter().all(|cell| !cell.starts_with(['=', '+', '-', '@']) && !cell.contains('\x1b'))
        );
    }
}

#[test]
fn pins_automation() {
    let folder = tempfile::tempdir().unwrap();
    let record = record(folder.path());
    let options = Options::default();
    let studies = studies(&record.plan, case_views(&record, &options).unwrap(), &question()).unwrap();
    for (name, max_error) in [("automation", 0.05), ("automation_too_few", 0.01)] {
        let found = automation("synthetic", &studies, &Wanted { max_error, ..Wanted::default() });
        pin(name, Finding::Automation(&found));
    }
}

/// A promise that is kept at a higher total than people alone is no recommendation.
#[test]
fn people_alone_are_recommended_where_they_cost_less() {
    let folder = tempfile::tempdir().unwrap();
    let record = record(folder.path());
    let studies =
        studies(&record.plan, case_views(&record, &Options::default()).unwrap(), &question()).unwrap();
    let people = People { usd: 0.001, error: 0.0 };
    let wanted = Wanted { max_error: 0.05, people, ..Wanted::default() };
    let found = automation("synthetic", &studies, &wanted);
    let best = found.tasks[0].recommended.as_ref().unwrap();
    assert!(best.promised.documents > 0 && best.total.as_ref().unwrap().usd > found.tasks[0].people.usd);
    let text = Finding::Automation(&found).markdown();
    assert!(text.contains("Recommended: people only"), "{text}");
}

#[test]
fn a_report_says_what_can_run_unattended_and_draws_it() {
    let folder = tempfile::tempdir().unwrap();
    let record = record(folder.path());
    let options = Options::default();
    let views = || case_views(&record, &options).unwrap();
    let studies = studies(&record.plan, views(), &question()).unwrap();
    let found = automation("synthetic", &studies, &Wanted::default());
    let summary = Summary::of(&record, &options).unwrap();
    let cases: Vec<_> = views().map(Result::unwrap).collect();
    let page = |automation| {
        eval_report::html(&summary, cases.clone(), &NoMedia, &Page { automation, ..Page::default() })
    };
    let (with, without) = (page(Some(&found)), page(None));
    for words in ["How many documents can run unattended", "Error against automation", "Naive thresholds"] {
        assert!(with.contains(words) && !without.contains(words), "{words}");
    }
}

#[test]
fn pins_chains() {
    let folder = tempfile::tempdir().unwrap();
    let record = record(folder.path());
    let options = Options::default();
    let studies = studies(&record.plan, case_views(&record, &options).unwrap(), &question()).unwrap();
    let people = Some(People { usd: 0.4, error: 0.01 });
    pin(
        "cascade",
        Finding::Cascade(&chains("synthetic", &studies, Goal::TotalCost { wrong_usd: 25.0 }, people)),
    );
    let page = Finding::Cascade(&chains("synthetic", &studies, Goal::BestSingle, people)).html();
    assert!(page.contains("Right answers against cost") && page.contains("<svg"), "{page}");
    pin("cascade_alone", Finding::Cascade(&chains("synthetic", &studies, Goal::BestSingle, None)));
}

#[test]
fn pins_audits_of_labels() {
    let folder = tempfile::tempdir().unwrap();
    record(folder.path());
    // Every fiftieth label is spoilt.
    let path = folder.path().join("run/cases.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap();
    let spoilt = lines.lines().enumerate().map(|(at, line)| {
        let mut case: serde_json::Value = serde_json::from_str(line).unwrap();
        if at % 50 == 0 {
            case["expected"]["total"] = json!(9_999.25);
        }
        case.to_string() + "\n"
    });
    std::fs::write(&path, spoilt.collect::<String>()).unwrap();
    let runs = [("synthetic".to_owned(), Record::open(&folder.path().join("run")).unwrap())];
    let found = audit(&runs, &Options::default(), 0.1).unwrap();
    pin("labels", Finding::Labels(&found));
    insta::assert_snapshot!("labels_csv", eval_report::label_queue_csv(&found));
    insta::assert_snapshot!("labels_jsonl", eval_report::label_queue_jsonl(&found));
}

#[test]
fn a_comparison_says_what_it_is_due_to() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options::default();
    let run = |name: &str, provider: SyntheticProvider| {
        let run = SyntheticRun {
            cases: 60,
            repeats: 2,
            tasks: vec![Task::Receipt],
            providers: vec![provider],
            ..SyntheticRun::varied()
        };
        let record = run.write(&folder.path().join(name)).unwrap();
        let scores = Baseline::of(&score(&record, &options).unwrap(), name).unwrap();
        (record, scores)
    };
    let old = SyntheticProvider::new("synthetic/a", 1, 0.97);
    let new = SyntheticProvider { served: "a-2026-12-01".to_owned(), seed: 9, ..old.clone() };
    let (before, now) = (run("old", old), run("new", SyntheticProvider { accuracy: 0.7, ..new }));
    let mut comparison = compare_runs(&[before.1.clone(), now.1.clone()], &options).unwrap();
    let [then, today] = [&before, &now].map(|(record, scores)| DriftSide { scores, record });
    comparison.against[0].drift = drift(then, today, &options).unwrap();
    let text = eval_report::markdown(&comparison);
    assert!(text.contains("What the difference is due to"), "{text}");
    assert!(text.contains("served model or fingerprint") && text.contains("beyond noise"), "{text}");
    for columns in [80, 160] {
        inert::fits(&eval_report::terminal(&comparison, Look { columns, color: false }), columns);
    }
    let names: Vec<String> = (1..=5).map(|at| format!("c{at}")).collect();
    let changed = CanaryCheck { cases: 8, changed: 5, examples: names, ..CanaryCheck::default() };
    let ours = CanaryCheck { causes: vec![Cause::Prompt], ..changed.clone() };
    let steady = CanaryCheck { changed: 0, examples: Vec::new(), ..changed.clone() };
    let replaced = CanaryCheck { replaced: 8, ..CanaryCheck::default() };
    for (check, words) in [
        (changed, "the host or its model changed: c1, c2, c3 and 2 more"),
        (ours, "changed along with prompt: c1, c2, c3 and 2 more"),
        (steady, "unchanged"),
        (replaced, "none to compare"),
    ] {
        assert!(!text.contains(words), "{text}");
        comparison.against[0].drift[0].canaries = Some(check);
        let text = eval_report::markdown(&comparison);
        assert!(text.contains("Canary cases") && text.contains(words), "{words}: {text}");
        inert::fits(&eval_report::terminal(&comparison, Look { columns: 80, color: false }), 80);
    }
}
