//! What a run prints fits a screen, whatever ran.

use eval_report::Look;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Constraints, Options, Prefer, Summary};
use vision_core::Task;

use crate::runs::scores;

fn many(count: usize, failing: f64) -> SyntheticRun {
    let provider = |at: usize| {
        let label = format!("a-rather-long-company/a-model-with-a-name-of-sixty-letters-{at:02}");
        SyntheticProvider { failing, ..SyntheticProvider::new(&label, at as u64, 0.9) }
    };
    SyntheticRun {
        cases: 6,
        repeats: 1,
        tasks: vec![Task::Receipt, Task::Classify],
        providers: (0..count).map(provider).collect(),
        ..SyntheticRun::varied()
    }
}

#[test]
fn a_run_prints_at_most_25_lines() {
    for count in [1, 2, 5, 12, 24] {
        for failing in [0.0, 0.3, 1.0] {
            let (summary, _) = scores(&many(count, failing), "main");
            for columns in [80, 160] {
                let text = eval_report::terminal_brief(&summary, Look { columns, color: false });
                assert!(text.lines().count() <= 25, "{count} candidates, {failing} failing:\n{text}");
                assert!(text.contains("LEADERBOARD"), "{text}");
            }
        }
    }
}

#[test]
fn what_leniency_is_worth_is_shown_where_it_is_worth_anything() {
    let provider = SyntheticProvider::new;
    let (mut summary, _) =
        scores(&labels(20, vec![provider("a/one", 1, 0.9), provider("b/two", 2, 0.8)]), "main");
    let texts = |summary: &Summary| {
        let terminal = eval_report::terminal(summary, Look { columns: 200, color: false });
        let html =
            eval_report::html(summary, Vec::new(), &eval_report::NoMedia, &eval_report::Page::default());
        [terminal, eval_report::markdown(summary), html]
    };
    assert!(texts(&summary).iter().all(|text| !text.contains("Strict")));
    for board in &mut summary.boards {
        board.rows[0].strict = board.rows[0].score.as_ref().map(|score| score.mean - 0.023);
    }
    for text in texts(&summary) {
        assert!(text.contains("Strict") && text.contains("−2.3 points"), "{text}");
        assert!(!text.contains("−0.0 points"), "{text}");
    }
}

/// What a terminal shows of a run some of whose trials are left out, each under its number among those of its provider.
fn shown(run: &SyntheticRun, options: &Options, wanted: impl Fn(&str, usize) -> bool) -> String {
    let folder = tempfile::tempdir().unwrap();
    let record = run.write(&folder.path().join("run")).unwrap();
    let path = record.path("trials.jsonl");
    let mut numbers = std::collections::HashMap::<String, usize>::new();
    let is_wanted = |line: &&str| {
        let trial: serde_json::Value = serde_json::from_str(line).unwrap();
        let provider = trial["provider"].as_str().unwrap();
        let number = numbers.entry(provider.to_owned()).or_default();
        *number += 1;
        wanted(provider, *number)
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let kept: Vec<&str> = text.lines().filter(is_wanted).collect();
    std::fs::write(&path, kept.join("\n") + "\n").unwrap();
    let summary = Summary::of(&record, options).unwrap();
    let text = eval_report::terminal(&summary, Look { columns: 200, color: false });
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn labels(cases: u64, providers: Vec<SyntheticProvider>) -> SyntheticRun {
    SyntheticRun { cases, repeats: 1, tasks: vec![Task::Classify], providers, ..SyntheticRun::varied() }
}

#[test]
fn one_with_a_fifth_of_the_answers_is_not_what_the_others_are_compared_with() {
    let provider = SyntheticProvider::new;
    let late = SyntheticProvider { price: Some(9.0), ..provider("c/late", 3, 1.0) };
    let run = labels(40, vec![provider("a/good", 1, 0.95), provider("b/poor", 2, 0.4), late]);
    let text = shown(&run, &Options::default(), |provider, number| provider != "c/late" || number <= 14);
    let (_, table) = text.split_once("All candidates vs. the best").unwrap();
    let (table, _) = table.split_once("Paired by case").unwrap();
    assert!(table.contains("b/poor overall worse"), "{table}");
    assert_eq!(table.matches("a/good").count(), 2, "the best of both lines: {table}");
    assert_eq!(table.matches("c/late overall").count(), 1, "{table}");
    assert!(text.contains("Best: the best score among candidates without missing trials."), "{text}");
    let (_, why) = text.split_once("b/poor (").unwrap();
    assert!(why.contains("against a/good: worse by more than 1 point"), "{why}");
}

#[test]
fn those_who_tie_lead_nobody_and_what_is_not_known_is_not_claimed() {
    let provider = |label, price| SyntheticProvider { price, ..SyntheticProvider::new(label, 1, 1.0) };
    let options = |tolerance| {
        let constraints = Constraints { tolerance, prefer: Prefer::Cost, ..Constraints::default() };
        Options { constraints, ..Options::default() }
    };
    let all = |_: &str, _: usize| true;
    let tie = labels(40, vec![provider("a/dear", Some(9.0)), provider("b/cheap", Some(1.0))]);
    let text = shown(&tie, &options(0.01), all);
    assert!(
        text.contains(
            "a/dear and b/cheap tie at 100.0%, but a difference of more than 1 point is not ruled out"
        ),
        "{text}"
    );
    assert!(text.contains("b/cheap costs $"), "{text}");
    let exact = shown(&tie, &options(0.0), all);
    assert!(!exact.contains(" 0 points") && exact.contains("but a difference is not ruled out"), "{exact}");
    let unpriced = labels(
        40,
        vec![
            provider("a/one", None),
            SyntheticProvider { price: None, ..SyntheticProvider::new("b/two", 2, 0.95) },
        ],
    );
    let text = shown(&unpriced, &options(0.01), all);
    assert!(!text.contains("cheapest, but") && !text.contains("costs no more"), "{text}");
}
