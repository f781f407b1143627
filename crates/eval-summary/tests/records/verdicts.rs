//! What is recommended, and what the reader is warned of.

use std::fs;

use eval_record::{About, Look, LookGap, Sequential};
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{
    Constraints, Decision, Difference, Objection, Opinion, Options, Prefer, Provisional, Standing,
    StandingKind, Summary, score,
};
use vision_core::Task;

use crate::{ocr, run, summary, written};

#[test]
fn the_verdict_of_the_varied_run_reads_well() {
    let verdict = summary(&SyntheticRun::varied()).verdict;
    insta::assert_json_snapshot!(verdict);
}

#[test]
fn a_clear_winner_is_recommended() {
    let providers = vec![SyntheticProvider::new("a/good", 1, 0.99), SyntheticProvider::new("b/bad", 2, 0.5)];
    let verdict = summary(&run(providers, 60, &[Task::Receipt])).verdict;
    assert_eq!((verdict.decision, verdict.winner.as_deref()), (Decision::Recommended, Some("a/good")));
    assert_eq!(verdict.runner_up.as_deref(), Some("b/bad"));
    assert_eq!(verdict.candidates[1].standing, StandingKind::Worse);
}

#[test]
fn a_handful_of_cases_settles_nothing_and_says_what_would() {
    let providers = vec![
        SyntheticProvider { price: Some(5.0), ..SyntheticProvider::new("a/one", 1, 0.85) },
        SyntheticProvider::new("b/two", 2, 0.8),
    ];
    let verdict = summary(&run(providers, 24, &[Task::Classify])).verdict;
    assert_eq!((verdict.decision, verdict.winner), (Decision::NotSettled, None));
    let open = verdict.open.unwrap();
    assert_eq!((open.cheaper.as_str(), open.settle.is_some()), ("b/two", true));
    assert!(verdict.today.is_some());
}

#[test]
fn further_cases_are_priced_in_the_mix_of_tasks_of_the_run() {
    let providers = vec![
        SyntheticProvider { price: Some(5.0), ..SyntheticProvider::new("a/one", 1, 0.85) },
        SyntheticProvider { price: Some(1.0), ..SyntheticProvider::new("b/two", 2, 0.8) },
    ];
    let mixed = run(providers, 24, &[Task::Classify, Task::Receipt]);
    let (_folder, record) = written(&mixed);
    // A few receipts are dear, as long documents are.
    let path = record.path("trials.jsonl");
    let trials = fs::read_to_string(&path).unwrap();
    let mut receipts = 0;
    let kept = trials.lines().filter_map(|line| {
        let mut trial: serde_json::Value = serde_json::from_str(line).unwrap();
        let is_receipt = trial["task"] == "receipt";
        receipts += usize::from(is_receipt);
        trial["cost"] = if is_receipt { 3.0.into() } else { 0.002.into() };
        (!is_receipt || receipts <= 4).then(|| format!("{trial}\n"))
    });
    let kept: String = kept.collect();
    let trials = kept.lines().count();
    fs::write(&path, &kept).unwrap();
    let verdict = Summary::of(&record, &Options::default()).unwrap().verdict;
    let settle = verdict.open.and_then(|open| open.settle).expect("48 cases settle nothing");
    let paid = 4.0 * 3.0 + (trials - 4) as f64 * 0.002;
    let usd = settle.usd_per_case.unwrap();
    // Two candidates, each asked as many cases.
    assert!((usd - 2.0 * paid / trials as f64).abs() < 1e-9, "{usd} for {paid} of {trials}");
}

/// A dear provider that is a little better, with more and more cases.
#[test]
fn more_cases_never_move_the_choice_to_a_dearer_provider_within_the_tolerance() {
    for cases in [40, 200, 1_000] {
        let providers = vec![
            SyntheticProvider { price: Some(10.0), ..SyntheticProvider::new("a/dear", 1, 0.985) },
            SyntheticProvider::new("b/cheap", 2, 0.98),
        ];
        let (_folder, record) = written(&run(providers, cases, &[Task::Classify]));
        let constraints = Constraints { tolerance: 0.03, ..Constraints::default() };
        let verdict = Summary::of(&record, &Options { constraints, ..Options::default() }).unwrap().verdict;
        assert_ne!(verdict.winner.as_deref(), Some("a/dear"), "{cases} cases");
        if cases == 1_000 {
            assert_eq!(verdict.winner.as_deref(), Some("b/cheap"));
        }
    }
}

#[test]
fn time_decides_where_it_is_preferred() {
    let providers = vec![
        SyntheticProvider {
            price: Some(0.1),
            milliseconds: 9_000,
            ..SyntheticProvider::new("a/slow", 1, 1.0)
        },
        SyntheticProvider { price: Some(9.0), milliseconds: 90, ..SyntheticProvider::new("b/fast", 1, 1.0) },
    ];
    let (_folder, record) = written(&run(providers, 1_000, &[Task::Classify]));
    let winner = |prefer| {
        let constraints = Constraints { prefer, ..Constraints::default() };
        Summary::of(&record, &Options { constraints, ..Options::default() }).unwrap().verdict.winner
    };
    assert_eq!(winner(Prefer::Cost).as_deref(), Some("a/slow"));
    assert_eq!(winner(Prefer::Time).as_deref(), Some("b/fast"));
}

#[test]
fn constraints_exclude_and_say_what_would_change() {
    let (_folder, record) = written(&SyntheticRun::varied());
    let constraints = Constraints { max_usd_per_1000: Some(0.01), tolerance: 0.2, ..Constraints::default() };
    let options = Options { constraints, ..Options::default() };
    let verdict = Summary::of(&record, &options).unwrap().verdict;
    assert_eq!((verdict.decision, verdict.winner), (Decision::NoRecommendation, None));
    let reasons =
        |provider: &str| &verdict.excluded.iter().find(|one| one.provider == provider).unwrap().reasons;
    assert!(matches!(reasons("synthetic/large")[0], Objection::MaxCost { usd: Some(usd), .. } if usd > 4.0));
    assert!(matches!(reasons("synthetic/unpriced")[0], Objection::MaxCost { usd: None, .. }));
}

#[test]
fn nobody_who_never_answered_is_recommended_or_named_as_second() {
    let dead = SyntheticProvider { failing: 1.0, ..SyntheticProvider::new("b/dead", 2, 0.9) };
    let alone = summary(&run(vec![dead.clone()], 20, &[Task::Classify])).verdict;
    assert_eq!((alone.decision, alone.winner, alone.today), (Decision::NoRecommendation, None, None));
    let verdict =
        summary(&run(vec![SyntheticProvider::new("a/good", 1, 0.95), dead], 20, &[Task::Classify])).verdict;
    assert_eq!((verdict.winner.as_deref(), verdict.runner_up), (Some("a/good"), None));
    assert!(verdict.changes.iter().all(|change| change.then != "b/dead"));
    assert!(matches!(verdict.excluded[0].reasons[0], Objection::NoAnswers { failed: 20, .. }));
}

#[test]
fn whoever_is_not_shown_to_beat_a_control_is_not_eligible() {
    let excluded = |cases: u64| {
        let provider = SyntheticProvider::new;
        let providers = vec![
            provider("a/good", 1, 0.95),
            provider("b/guessing", 2, 0.0),
            SyntheticProvider { control: true, ..provider("control/blank", 3, 0.0) },
        ];
        let verdict = summary(&run(providers, cases, &[Task::Classify])).verdict;
        let names: Vec<String> = verdict.excluded.into_iter().map(|one| one.provider).collect();
        (names, verdict.decision)
    };
    assert_eq!(excluded(40), (vec!["b/guessing".to_owned()], Decision::Recommended));
    let both = vec!["a/good".to_owned(), "b/guessing".to_owned()];
    assert_eq!(excluded(3), (both, Decision::NoRecommendation), "three cases show nothing");
}

#[test]
fn a_run_that_broke_off_is_provisional() {
    let providers = vec![SyntheticProvider::new("a/good", 1, 0.99), SyntheticProvider::new("b/bad", 2, 0.3)];
    let (_folder, record) = written(&run(providers, 60, &[Task::Classify]));
    let trials = record.path("trials.jsonl");
    let text = fs::read_to_string(&trials).unwrap();
    let first: Vec<&str> = text.lines().take(40).collect();
    fs::write(&trials, first.join("\n") + "\n").unwrap();
    let verdict = Summary::of(&record, &Options::default()).unwrap().verdict;
    let expected = Provisional { missing: 80, cases: 20, planned: 60, over_budget: false };
    assert_eq!(verdict.provisional, Some(expected));
}

/// The trials of a record, each under its number among those of its provider, as far as they are wanted.
fn keep(record: &eval_record::Record, wanted: impl Fn(&str, usize) -> bool) {
    let path = record.path("trials.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let mut numbers = std::collections::HashMap::<String, usize>::new();
    let is_wanted = |line: &&str| {
        let trial: serde_json::Value = serde_json::from_str(line).unwrap();
        let provider = trial["provider"].as_str().unwrap();
        let number = numbers.entry(provider.to_owned()).or_default();
        *number += 1;
        wanted(provider, *number)
    };
    let kept: Vec<&str> = text.lines().filter(is_wanted).collect();
    fs::write(&path, kept.join("\n") + "\n").unwrap();
}

#[test]
fn a_provisional_verdict_counts_cases_and_not_their_repeats() {
    let providers = vec![SyntheticProvider::new("a/one", 1, 0.99), SyntheticProvider::new("b/two", 2, 0.9)];
    let run = SyntheticRun { repeats: 3, ..run(providers, 40, &[Task::Classify]) };
    let (_folder, record) = written(&run);
    keep(&record, |provider, number| provider == "a/one" || number <= 90);
    let provisional = Summary::of(&record, &Options::default()).unwrap().verdict.provisional.unwrap();
    assert_eq!((provisional.missing, provisional.cases, provisional.planned), (30, 30, 40));
}

#[test]
fn trials_that_are_missing_of_one_that_never_answered_leave_the_verdict_provisional() {
    let dead = SyntheticProvider { failing: 1.0, ..SyntheticProvider::new("b/dead", 2, 0.9) };
    let providers = vec![SyntheticProvider::new("a/good", 1, 0.99), dead];
    let (_folder, record) = written(&run(providers, 40, &[Task::Classify]));
    keep(&record, |provider, number| provider == "a/good" || number <= 11);
    let verdict = Summary::of(&record, &Options::default()).unwrap().verdict;
    assert_eq!(verdict.winner.as_deref(), Some("a/good"));
    let expected = Provisional { missing: 29, cases: 40, planned: 40, over_budget: false };
    assert_eq!(verdict.provisional, Some(expected));
}

#[test]
fn one_that_is_worse_than_another_than_the_best_is_named_beside_it() {
    let provider = SyntheticProvider::new;
    let late = SyntheticProvider { price: Some(9.0), ..provider("c/late", 3, 1.0) };
    let providers = vec![provider("a/good", 1, 0.95), provider("b/poor", 2, 0.4), late];
    let (_folder, record) = written(&run(providers, 40, &[Task::Classify]));
    keep(&record, |provider, number| provider != "c/late" || number <= 14);
    let verdict = Summary::of(&record, &Options::default()).unwrap().verdict;
    let poor = verdict.candidates.iter().find(|it| it.provider == "b/poor").unwrap();
    assert_eq!((verdict.candidates[0].provider.as_str(), poor.standing), ("c/late", StandingKind::Worse));
    let behind = poor.behind.as_ref().unwrap();
    assert!(behind.provider == "a/good" && behind.gap.difference < -0.3, "{behind:?}");
}

#[test]
fn one_right_answer_of_thirty_does_not_beat_an_empty_answer() {
    let lucky = |failing| SyntheticProvider { failing, ..SyntheticProvider::new("a/lucky", 1, 1.0) };
    let decision = |failing, cases| {
        let verdict = summary(&run(vec![lucky(failing)], cases, &[Task::Classify])).verdict;
        (verdict.decision, verdict.excluded.first().map(|it| it.reasons.clone()))
    };
    let blank = Some(vec![Objection::NotAboveBlank]);
    assert_eq!(decision(0.95, 30), (Decision::NoRecommendation, blank.clone()));
    assert_eq!(decision(0.0, 3), (Decision::NoRecommendation, blank), "as beside a control that is blank");
    assert_eq!(decision(0.0, 30), (Decision::Recommended, None));
}

#[test]
fn cost_decides_where_time_should_and_is_not_known() {
    let provider = |label, price| SyntheticProvider {
        price: Some(price),
        cached: 0.0,
        ..SyntheticProvider::new(label, 1, 1.0)
    };
    let (_folder, record) =
        written(&run(vec![provider("a/dear", 9.0), provider("b/cheap", 1.0)], 60, &[Task::Classify]));
    let path = record.path("trials.jsonl");
    let untimed = |line: &str| {
        let mut trial: serde_json::Value = serde_json::from_str(line).unwrap();
        trial["untimed"] = true.into();
        trial.to_string()
    };
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.lines().map(untimed).collect::<Vec<_>>().join("\n") + "\n").unwrap();
    let constraints = Constraints { prefer: Prefer::Time, ..Constraints::default() };
    let verdict = Summary::of(&record, &Options { constraints, ..Options::default() }).unwrap().verdict;
    assert!(verdict.candidates.iter().all(|it| it.p50_seconds.is_none()), "{:?}", verdict.candidates);
    assert_eq!((verdict.constraints.prefer, verdict.time_unknown), (Prefer::Cost, true));
    assert_eq!(verdict.winner.or(verdict.today).as_deref(), Some("b/cheap"));
}

#[test]
fn a_run_without_trials_is_incomplete_and_has_no_verdict() {
    let (_folder, record) = written(&run(ocr(0.0), 4, &[Task::Receipt]));
    fs::remove_file(record.path("trials.jsonl")).unwrap();
    let summary = Summary::of(&record, &Options::default()).unwrap();
    assert_eq!(summary.verdict.decision, Decision::NoRecommendation);
    assert_eq!(summary.trust.incomplete[0].missing, 4);
    assert_eq!(summary.overall.rows[0].score, None);
}

/// Every limit just below, at and just above what a candidate has, and none at all.
fn limits(values: &[f64]) -> Vec<Option<f64>> {
    let around = values.iter().flat_map(|value| [value.next_down(), *value, value.next_up()]);
    around.map(Some).chain([None, Some(0.0), Some(1e9)]).collect()
}

#[test]
fn a_trade_off_says_under_every_limit_what_the_rule_says() {
    let ties = vec![
        SyntheticProvider::new("a/one", 1, 0.95),
        SyntheticProvider::new("b/same", 1, 0.95),
        SyntheticProvider { price: Some(0.0), local: true, ..SyntheticProvider::new("c/free", 2, 0.8) },
    ];
    for synthetic in [SyntheticRun { cases: 15, ..SyntheticRun::varied() }, run(ties, 30, &[Task::Classify])]
    {
        let (_folder, record) = written(&synthetic);
        let options = Options::default();
        let scored = score(&record, &options).unwrap();
        let of = |constraints| {
            let options = Options { constraints, ..Options::default() };
            Summary::of_scored(&scored, &options).unwrap().verdict
        };
        let trade_off = scored.trade_off(&Summary::of_scored(&scored, &options).unwrap(), &options).unwrap();
        // A Latin square instead of every combination, which would take minutes.
        let (scores, costs, times) =
            (limits(&trade_off.scores), limits(&trade_off.usd_per_1000), limits(&trade_off.p95_seconds));
        for at in 0..40 {
            let pick = |all: &[Option<f64>], step: usize| all[(at * step + at / 7) % all.len()];
            let (min_score, max_usd, max_p95) = (pick(&scores, 1), pick(&costs, 5), pick(&times, 3));
            let rule = of(Constraints {
                min_score,
                max_usd_per_1000: max_usd,
                max_p95_seconds: max_p95,
                ..Constraints::default()
            });
            let table = trade_off.at(min_score, max_usd, max_p95).unwrap();
            let limits = format!("{min_score:?} {max_usd:?} {max_p95:?}");
            assert_eq!((table.decision, &table.winner), (rule.decision, &rule.winner), "{limits}");
            assert_eq!(without_limits(table), without_limits(&rule), "{limits}");
            let between = |verdict: &eval_summary::Verdict| {
                verdict.open.as_ref().map(|open| (open.leader.clone(), open.rival.clone(), open.gap.clone()))
            };
            assert_eq!(between(table), between(&rule), "{limits}");
        }
    }
}

/// The candidates without the limits that they are in doubt about: those of a table's place are not one limit.
fn without_limits(verdict: &eval_summary::Verdict) -> Vec<Standing> {
    let mut candidates = verdict.candidates.clone();
    for doubt in candidates.iter_mut().flat_map(|one| &mut one.in_doubt) {
        if let Objection::MinScore { limit, .. } | Objection::MaxP95 { limit, .. } = doubt {
            *limit = 0.0;
        }
    }
    candidates
}

#[test]
fn one_case_shows_its_difference_and_nothing_else() {
    let providers = vec![SyntheticProvider::new("a/good", 1, 1.0), SyntheticProvider::new("b/bad", 2, 0.5)];
    let summary = summary(&run(providers, 1, &[Task::Receipt]));
    let (verdict, pair) = (&summary.verdict, &summary.differences[0].pairs[0]);
    // One right answer does not beat an empty one, and so nobody can be recommended.
    assert_eq!((verdict.decision, &pair.interval), (Decision::NoRecommendation, &None));
    assert!(pair.difference < -0.1, "{pair:?}");
}

/// Whoever the differences call worse is not one that the verdict thinks may be better, and the other way round.
#[test]
fn the_differences_and_the_verdict_give_one_answer() {
    let mut shown = 0;
    for seed in 0..40 {
        let accuracies = [0.97, 0.9, 0.8, 0.95];
        let provider = |(at, accuracy): (usize, &f64)| {
            SyntheticProvider::new(&format!("p/{at}"), seed * 10 + at as u64, *accuracy)
        };
        let count = 2 + seed as usize % 3;
        let providers: Vec<_> = accuracies.iter().enumerate().take(count).map(provider).collect();
        let summary = summary(&run(providers, 9 + seed, &[Task::Receipt]));
        for candidate in &summary.verdict.candidates {
            let Some(interval) = candidate.against_best.as_ref().and_then(|gap| gap.interval.as_ref()) else {
                continue;
            };
            let best = &summary.verdict.candidates[0].provider;
            let pair = |it: &&Difference| it.a == *best && it.b == candidate.provider;
            let Some(pair) = summary.differences[0].pairs.iter().find(pair) else { continue };
            match pair.opinion {
                Opinion::Worse => {
                    shown += 1;
                    assert!(interval.high <= 0.0, "{seed}: {interval:?} beside {pair:?}");
                    assert!(pair.interval.as_ref().is_some_and(|it| it.high <= 0.0), "{pair:?}");
                    let settled = summary.verdict.decision == Decision::Recommended;
                    let told = summary.verdict.standing(&candidate.provider);
                    assert!(!(settled && told == Some(StandingKind::InContention)), "{candidate:?}");
                }
                _ => {
                    assert!(interval.high >= 0.0, "{seed}: {interval:?} beside {pair:?}");
                    assert_ne!(candidate.standing, StandingKind::Worse, "{seed}: {pair:?}");
                }
            }
        }
    }
    assert!(shown > 10, "{shown}");
}

#[test]
fn a_run_that_asked_every_case_says_what_any_run_of_them_says() {
    let providers = vec![
        SyntheticProvider { price: Some(4.0), ..SyntheticProvider::new("a/dear", 1, 0.97) },
        SyntheticProvider::new("b/cheap", 2, 0.95),
    ];
    let (_folder, mut record) = written(&run(providers, 40, &[Task::Receipt]));
    let options = Options::default();
    let plain = Summary::of(&record, &options).unwrap();
    record.plan.sequential =
        Some(Sequential { block: 5, tolerance: 0.01, prefer_time: false, about: About::default() });
    let gap =
        LookGap { a: "a/dear".to_owned(), b: "b/cheap".to_owned(), difference: 0.02, low: 0.02, high: 0.02 };
    let look =
        |documents| Look { documents, of: 40, gaps: vec![gap.clone()], settled: true, ..Look::default() };
    record.note_look(&look(40)).unwrap();
    let exhausted = Summary::of(&record, &options).unwrap();
    assert_eq!((&exhausted.verdict, &exhausted.differences), (&plain.verdict, &plain.differences));
    let stopped = exhausted.stopped.unwrap();
    assert_eq!((stopped.decided, stopped.gaps), (false, Vec::new()));
}

#[test]
fn what_is_said_of_these_documents_alone_is_marked_and_said_by_looks() {
    let providers = vec![
        SyntheticProvider { price: Some(4.0), ..SyntheticProvider::new("a/dear", 1, 0.97) },
        SyntheticProvider::new("b/cheap", 2, 0.95),
    ];
    let (_folder, mut record) = written(&run(providers, 40, &[Task::Receipt]));
    let plain = Summary::of(&record, &Options::default()).unwrap();
    assert!(plain.verdict.decision == Decision::NotSettled && !plain.verdict.about_these_alone);
    let about = About::TheseDocuments;
    record.plan.sequential = Some(Sequential { block: 5, tolerance: 0.01, prefer_time: false, about });
    let gap =
        LookGap { a: "a/dear".to_owned(), b: "b/cheap".to_owned(), difference: 0.02, low: 0.02, high: 0.02 };
    record.note_look(&Look { documents: 40, of: 40, gaps: vec![gap], ..Look::default() }).unwrap();
    let alone = Summary::of(&record, &Options::default()).unwrap();
    assert_eq!((alone.verdict.winner.as_deref(), alone.verdict.about_these_alone), (Some("a/dear"), true));
    assert_eq!(alone.stopped.unwrap().gaps.len(), 1);
}

#[test]
fn what_would_change_the_choice_never_names_the_current_one() {
    let providers = (0..12).map(|at| SyntheticProvider::new(&format!("p/{at:02}"), at, 0.95)).collect();
    let verdict = summary(&run(providers, 60, &[Task::Receipt])).verdict;
    let current = verdict.winner.clone().or(verdict.today.clone());
    assert!(verdict.changes.iter().all(|it| Some(&it.then) != current.as_ref()), "{verdict:?}");
}

#[test]
fn one_that_skipped_everything_is_excluded_for_the_reason_of_that() {
    let refusing =
        SyntheticProvider { refuses: vec![Task::Receipt], ..SyntheticProvider::new("b/not", 2, 0.9) };
    let verdict =
        summary(&run(vec![SyntheticProvider::new("a/one", 1, 0.9), refusing], 12, &[Task::Receipt])).verdict;
    let [Objection::NoScore { skipped: Some(skip) }] = verdict.excluded[0].reasons.as_slice() else {
        panic!("{:?}", verdict.excluded)
    };
    assert!(skip.cases == 12 && !skip.reason.is_empty(), "{skip:?}");
}
