//! What mistakes cost, and a verdict by total cost; and old records by other labels.

use eval_summary::testdata::SyntheticProvider;
use eval_summary::{
    Constraints, Decision, Labels, LossTable, Objection, Options, Prefer, Summary, case_views,
};
use serde_json::json;
use vision_core::Task;

use crate::{row, run, written};

/// A cheap provider that is often wrong beside a dear one that hardly ever is.
fn two() -> Vec<SyntheticProvider> {
    vec![
        SyntheticProvider { price: Some(1.0), ..SyntheticProvider::new("a/cheap", 1, 0.9) },
        SyntheticProvider { price: Some(40.0), ..SyntheticProvider::new("b/dear", 2, 0.99) },
    ]
}

fn by_money(wrong: f64, tolerance_usd: f64) -> Options {
    Options {
        loss: Some(
            LossTable::parse(&json!({"*": {"wrong": wrong, "missing": wrong, "invented": wrong}})).unwrap(),
        ),
        constraints: Constraints {
            prefer: Prefer::TotalCost,
            tolerance_usd: Some(tolerance_usd),
            ..Constraints::default()
        },
        ..Options::default()
    }
}

#[test]
fn the_price_of_mistakes_decides_between_cheap_and_right() {
    let (_folder, record) = written(&run(two(), 300, &[Task::Receipt]));
    let winner = |wrong: f64| Summary::of(&record, &by_money(wrong, 5.0)).unwrap().verdict.winner;
    assert_eq!(winner(0.001).as_deref(), Some("a/cheap"));
    assert_eq!(winner(2.0).as_deref(), Some("b/dear"));
}

#[test]
fn expected_loss_has_an_interval_that_counts_on_a_mistake_that_was_not_seen() {
    let perfect = vec![SyntheticProvider::new("a/perfect", 1, 1.0)];
    let (_folder, record) = written(&run(perfect, 20, &[Task::Receipt]));
    let summary = Summary::of(&record, &by_money(2.0, 5.0)).unwrap();
    let loss = row(&summary, "a/perfect").loss.as_ref().unwrap();
    assert_eq!(loss.mistakes.mean, 0.0);
    assert!(loss.mistakes.interval.as_ref().unwrap().high > 100.0, "{:?}", loss.mistakes);
    let total = loss.total.as_ref().unwrap().mean;
    assert!((total - row(&summary, "a/perfect").cost.per_1000.unwrap()).abs() < 1e-9);
}

#[test]
fn differences_are_dollars_per_1000_documents() {
    let (_folder, record) = written(&run(two(), 300, &[Task::Receipt]));
    let summary = Summary::of(&record, &by_money(2.0, 5.0)).unwrap();
    let verdict = &summary.verdict;
    let total = |label: &str| row(&summary, label).loss.as_ref().unwrap().total.as_ref().unwrap().mean;
    let worse = &verdict.candidates[1];
    let gap = worse.against_best.as_ref().unwrap();
    assert!((gap.difference - (total("b/dear") - total("a/cheap"))).abs() < 1e-6, "{gap:?}");
    let interval = gap.interval.as_ref().unwrap();
    assert!(interval.low < gap.difference && gap.difference < interval.high && interval.high < 0.0);
    assert_eq!(worse.total_usd_per_1000, Some(total("a/cheap")));
}

/// The synthetic labels come two to a document.
#[test]
fn a_document_of_two_cases_costs_what_both_cost() {
    let options = by_money(2.0, 5.0);
    let (_folder, record) = written(&run(two(), 200, &[Task::Classify]));
    let summary = Summary::of(&record, &options).unwrap();
    let views: Vec<_> = case_views(&record, &options).unwrap().collect::<Result<_, _>>().unwrap();
    let documents: std::collections::BTreeSet<&str> = views.iter().map(|view| view.source.as_str()).collect();
    assert_eq!(documents.len(), 100);
    for label in ["a/cheap", "b/dear"] {
        let answers = views.iter().flat_map(|view| &view.answers).filter(|it| it.provider == label);
        let wrong = answers.filter(|it| it.score == Some(0.0)).count();
        let row = row(&summary, label);
        let loss = row.loss.as_ref().unwrap();
        let (mistakes, total) = (&loss.mistakes, loss.total.as_ref().unwrap());
        assert!(wrong > 0 && (mistakes.mean - 2.0 * wrong as f64 / 100.0 * 1000.0).abs() < 1e-9, "{loss:?}");
        let answers = row.cost.per_1000.unwrap() * 2.0;
        assert!((total.mean - mistakes.mean - answers).abs() < 1e-9, "{loss:?}");
        assert_eq!((mistakes.n, mistakes.clusters), (100, 100));
        assert!(mistakes.interval.as_ref().unwrap().low < mistakes.mean);
    }
    let gap = summary.verdict.candidates[1].against_best.as_ref().unwrap();
    let total = |label: &str| row(&summary, label).loss.as_ref().unwrap().total.as_ref().unwrap().mean;
    assert!((gap.difference.abs() - (total("a/cheap") - total("b/dear")).abs()).abs() < 1e-6, "{gap:?}");
}

#[test]
fn a_document_of_which_a_case_is_missing_has_no_cost() {
    let (_folder, record) = written(&run(two(), 40, &[Task::Classify]));
    let path = record.path("trials.jsonl");
    let lines = std::fs::read_to_string(&path).unwrap();
    let is_dropped = |line: &&str| {
        let trial: serde_json::Value = serde_json::from_str(line).unwrap();
        trial["provider"] == "a/cheap" && trial["case"] == "classify-0003"
    };
    let left: Vec<&str> = lines.lines().filter(|line| !is_dropped(line)).collect();
    assert_eq!(left.len() + 1, lines.lines().count());
    std::fs::write(&path, left.join("\n") + "\n").unwrap();
    let record = eval_record::Record::open(&record.dir).unwrap();
    let summary = Summary::of(&record, &by_money(2.0, 5.0)).unwrap();
    let documents = |label: &str| row(&summary, label).loss.as_ref().unwrap().mistakes.n;
    assert_eq!((documents("a/cheap"), documents("b/dear")), (19, 20));
}

#[test]
fn without_a_price_of_mistakes_or_answers_nothing_is_decided_by_total_cost() {
    let unpriced = SyntheticProvider { price: None, ..SyntheticProvider::new("c/unpriced", 3, 0.99) };
    let (_folder, record) = written(&run(vec![unpriced], 40, &[Task::Receipt]));
    let verdict = Summary::of(&record, &by_money(2.0, 5.0)).unwrap().verdict;
    assert_eq!(verdict.decision, Decision::NoRecommendation);
    assert!(verdict.excluded[0].reasons.contains(&Objection::NoTotalCost));
}

#[test]
fn old_answers_are_scored_by_other_labels() {
    let (_folder, record) =
        written(&run(vec![SyntheticProvider::new("a/perfect", 1, 1.0)], 10, &[Task::Receipt]));
    let usual = Options::default();
    let first = case_views(&record, &usual).unwrap().next().unwrap().unwrap();
    let mut label = first.expected.clone();
    label["total"] = json!(1_234.5);
    let labels = Labels::new([((first.dataset, first.case), label.clone())]);
    let other = Options { labels, ..usual.clone() };
    let score =
        |options: &Options| row(&Summary::of(&record, options).unwrap(), "a/perfect").score.clone().unwrap();
    assert_eq!(score(&usual).mean, 1.0);
    assert!(score(&other).mean < 1.0);
    let seen = case_views(&record, &other).unwrap().next().unwrap().unwrap();
    assert_eq!((seen.expected, seen.answers[0].fully_right), (label, false));
}
