//! What a summary counts, scores and prices.

use std::fs;

use eval_record::{PriceBook, Record};
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Board, Options, Rescore, Row, Summary, Warning, case_views, score};
use vision_core::Task;

use crate::{ocr, row, run, summary, written};

#[test]
fn the_same_record_gives_the_same_bytes_whatever_the_threads() {
    let (_folder, record) = written(&SyntheticRun::varied());
    let text = |threads: usize| {
        let options = Options { threads: threads.try_into().unwrap(), ..Options::default() };
        serde_json::to_string(&Summary::of(&record, &options).unwrap()).unwrap()
    };
    let once = text(1);
    assert_eq!(once, text(1));
    assert_eq!(once, text(3));
}

#[test]
fn a_summary_fits_its_published_schema_and_reads_back() {
    let summary = summary(&SyntheticRun::varied());
    let value = serde_json::to_value(&summary).unwrap();
    let schema = jsonschema::validator_for(&Summary::json_schema()).unwrap();
    let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
    assert!(!schema.is_valid(&serde_json::json!({ "v": 1 })));
    assert_eq!(serde_json::from_value::<Summary>(value).unwrap(), summary);
}

#[test]
fn failed_trials_score_nothing_and_are_counted_apart() {
    let flaky = SyntheticProvider { failing: 0.5, ..SyntheticProvider::new("a/flaky", 1, 1.0) };
    let summary = summary(&run(vec![flaky], 60, &[Task::Receipt]));
    let row = row(&summary, "a/flaky");
    let (failed, trials) = (row.answers.failed, row.answers.trials);
    assert!(failed > 15 && trials == 60 && row.failures.values().sum::<u64>() == failed);
    assert!(row.failures.contains_key("timeout") && row.failures.contains_key("unavailable"));
    assert!((row.score.as_ref().unwrap().mean - (trials - failed) as f64 / trials as f64).abs() < 1e-9);
    assert!((row.score_answered.as_ref().unwrap().mean - 1.0).abs() < 1e-9);
    assert_eq!(row.score_answered.as_ref().unwrap().n, trials - failed);
}

#[test]
fn a_strict_reading_counts_only_answers_in_the_form_that_was_asked_for() {
    let provider = SyntheticProvider::new;
    let bare = SyntheticProvider { failing: 0.5, ..provider("a/bare", 1, 0.9) };
    let tasks = [Task::Receipt, Task::Classify];
    let (_folder, record) = written(&run(vec![bare, provider("b/talks", 2, 1.0)], 20, &tasks));
    let path = record.path("trials.jsonl");
    let talking = |line: &str| match line.contains("b/talks") && line.contains("receipts") {
        true => line.replacen("\"text\":\"", "\"text\":\"Here it is: ", 1) + "\n",
        false => line.to_owned() + "\n",
    };
    let lines: String = fs::read_to_string(&path).unwrap().lines().map(talking).collect();
    fs::write(&path, lines).unwrap();
    let summary = Summary::of(&Record::open(&record.dir).unwrap(), &Options::default()).unwrap();
    let of = |row: &Row| (row.score.as_ref().unwrap().mean, row.strict.unwrap());
    let (score, strict) = of(row(&summary, "a/bare"));
    // Of its wrong values, one or another counts half.
    assert!(score < 0.6 && (0.0..0.01).contains(&(score - strict)), "{score} {strict}");
    assert_eq!(of(row(&summary, "b/talks")), (1.0, 0.5));
    let receipts = &summary.boards[0].rows[0];
    assert_eq!((receipts.provider.as_str(), of(receipts)), ("b/talks", (1.0, 0.0)));
}

#[test]
fn what_cannot_be_asked_is_skipped_and_never_wrong() {
    let summary = summary(&SyntheticRun::varied());
    let row = row(&summary, "local/synthetic-ocr");
    assert_eq!((row.tasks, row.tasks_missing.as_slice()), (2, &["text".to_owned()][..]));
    assert_eq!((row.skipped[0].reason.as_str(), row.answers.skipped), ("takes no free prompts", 40));
    assert_eq!(row.answers.missing, 0);
    assert_eq!(summary.trust.incomplete, []);
}

#[test]
fn an_unknown_price_keeps_its_greater_or_equal() {
    let summary = summary(&SyntheticRun::varied());
    let cost = &row(&summary, "synthetic/unpriced").cost;
    assert!(cost.at_least && cost.per_1000.is_none() && cost.per_case.is_none());
    assert_eq!(summary.trust.prices.unknown, ["synthetic/unpriced"]);
    assert!(summary.trust.quote.iter().any(|line| line.at_least && line.quoted.is_none()));
}

#[test]
fn a_price_book_prices_a_recorded_run_anew() {
    let (_folder, record) = written(&SyntheticRun::varied());
    let mut price = record.plan.providers[0].price.clone().unwrap();
    (price.provider, price.model) = ("synthetic".to_owned(), "unpriced".to_owned());
    (price.input_per_mtok, price.output_per_mtok) = (Some(2.0), Some(2.0));
    let book =
        PriceBook { as_of: "2026-11-20".to_owned(), entries: vec![price], ..PriceBook::embedded().clone() };
    let options = Options { prices: Some(book), ..Options::default() };
    let summary = Summary::of(&record, &options).unwrap();
    let cost = &row(&summary, "synthetic/unpriced").cost;
    assert!(!cost.at_least && cost.per_1000.is_some_and(|cost| cost > 1.0 && cost < 3.0));
    assert!(row(&summary, "synthetic/large").cost.per_1000.is_some_and(|cost| cost > 4.0));
    assert_eq!((summary.trust.prices.date.as_str(), summary.trust.prices.repriced), ("2026-11-20", true));
}

#[test]
fn hits_of_the_cache_are_scored_but_have_no_latency_and_cost_nothing_now() {
    let cached = SyntheticProvider { cached: 1.0, ..SyntheticProvider::new("a/cached", 1, 1.0) };
    let summary = summary(&run(vec![cached], 20, &[Task::Classify]));
    let row = row(&summary, "a/cached");
    assert_eq!((row.answers.cached, row.latency.clone()), (20, None));
    assert_eq!(row.score.as_ref().unwrap().n, 20);
    assert!(row.cost.per_1000.is_some_and(|cost| cost > 0.0));
    assert_eq!(summary.trust.quote[0].spent, 0.0);
}

#[test]
fn another_metric_rescores_without_asking_anyone() {
    let (_folder, record) = written(&run(ocr(0.0), 20, &[Task::Receipt]));
    let rescored = |metric: &str| {
        let rescore = Rescore { metric: metric.to_owned(), settings: serde_json::Value::Null };
        Summary::of(&record, &Options { metric: Some(rescore), ..Options::default() })
    };
    let summary = rescored("anls_star").unwrap();
    assert!(summary.overall.rows[0].score.as_ref().unwrap().mean > 0.5);
    assert_eq!(summary.datasets[0].tasks[0].metric, "anls_star");
    assert!(rescored("nonsense").unwrap_err().to_string().contains("there is no metric `nonsense`"));
    assert!(rescored("calibration").unwrap_err().to_string().contains("more is better"));
}

#[test]
fn pixels_that_differ_are_told() {
    let summary = summary(&SyntheticRun::varied());
    assert!(!summary.trust.pixels.same && summary.trust.pixels.different == 80);
    assert_eq!(summary.trust.warnings[0], Warning::PixelsDiffer { different: 80, compared: 120 });
    let alike = run(
        vec![SyntheticProvider::new("a/a", 1, 0.9), SyntheticProvider::new("b/b", 2, 0.9)],
        5,
        &[Task::Text],
    );
    let alike = self::summary(&alike).trust.pixels;
    assert!(alike.same && alike.compared == 5);
}

#[test]
fn damaged_lines_and_missing_trials_are_told() {
    let (_folder, record) = written(&run(ocr(0.0), 10, &[Task::Receipt]));
    let path = record.path("trials.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    lines[3] = "{\"v\":1,garbage";
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let summary = Summary::of(&record, &Options::default()).unwrap();
    assert_eq!(summary.trust.damaged.lines, 1);
    assert!(summary.trust.damaged.examples[0].starts_with("trials.jsonl:4: "));
    assert_eq!((summary.trust.incomplete[0].missing, summary.overall.rows[0].answers.missing), (1, 1));
}

#[test]
fn views_hold_every_trial_in_a_fixed_order() {
    let (_folder, record) = written(&SyntheticRun::varied());
    let views: Vec<_> = case_views(&record, &Options::default()).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(views.len(), 120);
    let first = &views[0];
    assert_eq!(
        (first.case.as_str(), first.prompt.as_str()),
        ("receipt-0001", "Read the receipt in this image.")
    );
    let answers: Vec<(&str, u32)> =
        first.answers.iter().map(|answer| (answer.provider.as_str(), answer.repeat)).collect();
    assert_eq!(answers[..3], [("synthetic/large", 0), ("synthetic/large", 1), ("synthetic/small", 0)]);
    let trials: usize = views.iter().map(|view| view.answers.len()).sum();
    assert_eq!(trials, 4 * 240 + 160);
    let summary = Summary::of(&record, &Options::default()).unwrap();
    let scores = views[..40].iter().flat_map(|view| &view.answers);
    let scores: Vec<f64> = scores
        .filter(|answer| answer.provider == "synthetic/large")
        .filter_map(|answer| answer.score)
        .collect();
    let board = summary.boards[0].rows.iter().find(|row| row.provider == "synthetic/large").unwrap();
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    assert!((mean - board.score.as_ref().unwrap().mean).abs() < 1e-9);
}

#[test]
fn a_repeated_trial_counts_once_and_its_last_line_counts() {
    let run = run(vec![SyntheticProvider::new("a/a", 1, 1.0)], 5, &[Task::Classify]);
    let (_folder, record) = written(&run);
    let failed = SyntheticRun {
        providers: vec![SyntheticProvider { failing: 1.0, ..SyntheticProvider::new("a/a", 1, 1.0) }],
        ..run
    };
    let (_other, failures) = written(&failed);
    let (good, bad) = (record.path("trials.jsonl"), failures.path("trials.jsonl"));
    let both = fs::read_to_string(bad).unwrap() + &fs::read_to_string(&good).unwrap();
    fs::write(good, both).unwrap();
    let summary = Summary::of(&record, &Options::default()).unwrap();
    assert_eq!((summary.overall.rows[0].answers.trials, summary.overall.rows[0].answers.failed), (5, 0));
    let views = case_views(&record, &Options::default()).unwrap();
    assert!(views.into_iter().all(|view| view.unwrap().answers[0].failure.is_none()));
}

#[test]
fn a_failed_call_has_one_cost_everywhere() {
    let flaky =
        SyntheticProvider { failing: 0.5, price: Some(2.0), ..SyntheticProvider::new("a/flaky", 1, 1.0) };
    let (_folder, record) = written(&run(vec![flaky], 40, &[Task::Receipt]));
    let path = record.path("trials.jsonl");
    let mut trials: Vec<serde_json::Value> =
        fs::read_to_string(&path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // Every other one was refused at once, and the rest may have been billed.
    let (mut refused, mut billed) = (0, 0);
    for trial in trials.iter_mut().filter(|trial| trial["failure"].is_object()) {
        let charged = if refused > billed { 0.5 } else { 0.0 };
        *(if charged > 0.0 { &mut billed } else { &mut refused }) += 1_u64;
        trial["failure"]["attempts"] =
            serde_json::json!([{"start": 0, "total": 9, "error": "timeout", "charged": charged}]);
    }
    let text: String = trials.iter().map(|trial| format!("{trial}\n")).collect();
    fs::write(&path, text).unwrap();

    let options = Options::default();
    let summary = Summary::of(&record, &options).unwrap();
    let cost = &row(&summary, "a/flaky").cost;
    assert!(billed > 5 && refused > 5);
    assert_eq!((cost.unknown, cost.at_least), (billed, true));
    assert!(summary.trust.quote[0].at_least);
    let views: Vec<_> = case_views(&record, &options).unwrap().collect::<Result<_, _>>().unwrap();
    let failed = || views.iter().flat_map(|view| &view.answers).filter(|answer| answer.failure.is_some());
    assert_eq!(failed().filter(|answer| answer.usd.is_none()).count() as u64, billed);
    assert_eq!(failed().filter(|answer| answer.usd == Some(0.0)).count() as u64, refused);
}

#[test]
fn views_do_not_depend_on_how_many_judgements_were_kept() {
    let (_folder, record) = written(&SyntheticRun::varied());
    let anew: Vec<_> = case_views(&record, &Options::default()).unwrap().collect::<Result<_, _>>().unwrap();
    for keep in [0, 500, usize::MAX] {
        let scored = score(&record, &Options { keep, ..Options::default() }).unwrap();
        let views: Vec<_> = scored.case_views().unwrap().collect::<Result<_, _>>().unwrap();
        assert_eq!(views, anew, "{keep} kept");
    }
}

#[test]
fn what_the_money_of_a_run_lacks_is_said() {
    let (_folder, mut record) =
        written(&run(vec![SyntheticProvider::new("a/dear", 1, 1.0)], 5, &[Task::Receipt]));
    let quiet = Summary::of(&record, &Options::default()).unwrap();
    assert_eq!(quiet.trust.prices.outdated, [""; 0]);
    record.append("reservations.jsonl").unwrap().write(&serde_json::json!({"n": 1, "usd": 0.25})).unwrap();
    record.plan.providers[0].price.as_mut().unwrap().as_of = "2020-01-01".to_owned();
    let path = record.path("trials.jsonl");
    let text = fs::read_to_string(&path).unwrap().replacen("\"charged\":", "\"overrun\":7.4,\"charged\":", 1);
    fs::write(&path, text).unwrap();
    let summary = Summary::of(&record, &Options::default()).unwrap();
    assert_eq!(summary.trust.prices.outdated, ["a/dear"]);
    let provider = || "a/dear".to_owned();
    for warning in [
        Warning::OldPrices { days: 90, providers: vec![provider()] },
        Warning::Overruns { provider: provider(), requests: 1, worst: 7.4 },
        Warning::Interrupted { requests: 1, usd: 0.25 },
    ] {
        assert!(summary.trust.warnings.contains(&warning), "{warning:?}: {:?}", summary.trust.warnings);
    }
}

#[test]
fn the_figures_of_the_overall_row_are_means_over_tasks() {
    let summary = summary(&SyntheticRun::varied());
    let close = |a: f64, b: f64| (a - b).abs() < 1e-12 * a.abs().max(1.0);
    let row = |board: &Board, name: &str| board.rows.iter().find(|row| row.provider == name).unwrap().clone();
    for name in ["synthetic/large", "synthetic/small"] {
        let overall = row(&summary.overall, name);
        let tasks: Vec<_> = summary.boards.iter().map(|board| row(board, name)).collect();
        let mean = |of: &dyn Fn(&Row) -> Option<f64>| {
            let values: Vec<f64> = tasks.iter().filter_map(of).collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        let right = |row: &Row| row.fully_right.as_ref().map(|right| right.mean);
        let cost = |row: &Row| row.cost.per_case.as_ref().map(|cost| cost.mean);
        let schema = |row: &Row| row.answers.schema_valid;
        for (what, of) in [("all right", &right as &dyn Fn(&Row) -> _), ("cost", &cost), ("schema", &schema)]
        {
            assert!(close(of(&overall).unwrap(), mean(of)), "{name}: {what}");
        }
        let per_right = overall.cost.per_fully_right.unwrap();
        assert!(close(per_right, cost(&overall).unwrap() / right(&overall).unwrap()), "{name}");
    }
}

#[test]
fn all_comparisons_of_a_report_are_one_family() {
    let summary = summary(&SyntheticRun::varied());
    let pairs: Vec<_> = summary.differences.iter().flat_map(|one| &one.pairs).collect();
    assert!(pairs.len() > 6);
    // The overall pairs share three quarters of the error: the smallest p has to pay for all of them, and for the tasks.
    let overall = &summary.differences[0].pairs;
    let smallest = overall.iter().min_by(|a, b| a.p.total_cmp(&b.p)).unwrap();
    let least = smallest.p * overall.len() as f64 / 0.75;
    assert!(smallest.p_adjusted >= least.min(1.0) - 1e-12, "{smallest:#?}");
    for pair in pairs {
        let bounds = pair.interval.as_ref().unwrap();
        assert!(bounds.low >= -1.0 && bounds.high <= 1.0 && pair.cases_to_settle != Some(0));
    }
}

#[test]
fn copies_are_known_by_what_they_hold_and_not_by_their_names() {
    let (_folder, record) = written(&run(ocr(0.0), 20, &[Task::Receipt]));
    let copies = || {
        let warnings = Summary::of(&record, &Options::default()).unwrap().trust.warnings;
        warnings.into_iter().find_map(|it| match it {
            Warning::Copies { cases } => Some(cases),
            _ => None,
        })
    };
    assert_eq!(copies(), None);
    let path = record.path("media.jsonl");
    let mut entries: Vec<serde_json::Value> =
        fs::read_to_string(&path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for at in [1, 2] {
        entries[at]["source_hash"] = entries[0]["source_hash"].clone();
    }
    let lines: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
    fs::write(&path, lines + "{\"torn").unwrap();
    assert_eq!(copies(), Some(2));
}
