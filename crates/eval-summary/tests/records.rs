//! Summaries, gates and histories of synthetic records.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::fs;
use std::path::Path;

use eval_record::{PriceBook, Record};
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{
    Baseline, Constraints, Decision, GateReport, GateRules, GateVerdict, Opinion, Options, Rescore, Row,
    Scope, Summary, case_views, compare_runs, experience, gate, history, score,
};
use tempfile::TempDir;
use vision_core::Task;

fn run(providers: Vec<SyntheticProvider>, cases: u64, tasks: &[Task]) -> SyntheticRun {
    SyntheticRun { providers, cases, tasks: tasks.to_vec(), repeats: 1, ..SyntheticRun::varied() }
}

fn written(run: &SyntheticRun) -> (TempDir, Record) {
    let folder = tempfile::tempdir().unwrap();
    let record = run.write(&folder.path().join("run")).unwrap();
    (folder, record)
}

fn summary(run: &SyntheticRun) -> Summary {
    Summary::of(&written(run).1, &Options::default()).unwrap()
}

fn row<'a>(summary: &'a Summary, provider: &str) -> &'a Row {
    summary.overall.rows.iter().find(|row| row.provider == provider).unwrap()
}

fn baseline(run: &SyntheticRun) -> Baseline {
    let (_folder, record) = written(run);
    Baseline::of(&score(&record, &Options::default()).unwrap(), "main").unwrap()
}

fn gated(before: &Baseline, run: &SyntheticRun, cutoffs: &[&str]) -> GateReport {
    let rules = GateRules {
        cutoffs: cutoffs.iter().map(|text| text.parse().unwrap()).collect(),
        ..GateRules::default()
    };
    gate(&summary(run), &baseline(run), Some(before), &rules, &Options::default()).unwrap()
}

fn ocr(damage: f64) -> Vec<SyntheticProvider> {
    vec![SyntheticProvider { damage, ..SyntheticProvider::new("local/ocr", 4, 0.95) }]
}

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
fn the_verdict_of_the_varied_run_reads_well() {
    let verdict = summary(&SyntheticRun::varied()).verdict;
    insta::assert_json_snapshot!(verdict);
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
fn pixels_that_differ_are_told() {
    let summary = summary(&SyntheticRun::varied());
    assert!(!summary.trust.pixels.same && summary.trust.pixels.different == 80);
    assert!(summary.trust.warnings[0].contains("did not get the same pixels: 80 of 120"));
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
fn the_same_run_passes_its_own_gate() {
    let run = SyntheticRun::varied();
    let report = gated(&baseline(&run), &run, &["overall.score>=0.9@synthetic/large", "failures<=0.1"]);
    assert_eq!(report.verdict, GateVerdict::Pass, "{:#?}", report.checks);
    assert_eq!(report.against.unwrap().changes, []);
}

#[test]
fn swapped_digits_regress_and_the_fields_are_named() {
    let before = baseline(&run(ocr(0.0), 400, &[Task::Receipt]));
    let report = gated(&before, &run(ocr(0.06), 400, &[Task::Receipt]), &[]);
    assert_eq!(report.verdict, GateVerdict::Regressed, "{:#?}", report.checks);
    let broke = report.checks[0].broke.join("\n");
    assert!(
        broke.contains("field items.price: broken in") && broke.contains("field total: broken in"),
        "{broke}"
    );
    assert!(!broke.contains("field store") && !broke.contains("field date"), "{broke}");
    assert!(broke.contains("tag look=") && !report.checks[0].cases.is_empty());
    let against = report.against.unwrap();
    assert!(
        against.fields.iter().any(|field| field.field == "items.price" && field.opinion == Opinion::Worse)
    );
    assert!(against.fixed_total == 0 && against.broken_total > 50);
}

#[test]
fn too_few_cases_are_inconclusive() {
    let before = baseline(&run(ocr(0.0), 10, &[Task::Receipt]));
    let report = gated(&before, &run(ocr(0.1), 10, &[Task::Receipt]), &[]);
    assert_eq!(report.verdict, GateVerdict::Inconclusive, "{:#?}", report.checks);
}

#[test]
fn cases_that_the_run_leaves_out_do_not_pass() {
    let before = baseline(&run(ocr(0.0), 20, &[Task::Receipt]));
    let report = gated(&before, &run(ocr(0.0), 12, &[Task::Receipt]), &["receipts.score>=0"]);
    assert_eq!(report.verdict, GateVerdict::Incomplete, "{:#?}", report.checks);
    let message = &report.checks[0].message;
    assert!(message.ends_with("8 more cases of the baseline are not in this run"), "{message}");
    assert_eq!(report.checks[1].verdict, GateVerdict::Pass, "the worst check stands first");
}

#[test]
fn another_dataset_makes_the_baseline_stale() {
    let run = run(ocr(0.0), 20, &[Task::Receipt]);
    let before = baseline(&run);
    let report = gated(&before, &SyntheticRun { content_hash: "ab".repeat(32), ..run }, &[]);
    assert_eq!(report.verdict, GateVerdict::Stale);
    assert_eq!(report.checks[0].message, "the baseline is about another dataset");
}

#[test]
fn a_provider_that_is_gone_or_unfinished_is_incomplete() {
    let before =
        baseline(&run(vec![SyntheticProvider::new("a/a", 1, 0.9)], 20, &[Task::Text, Task::Receipt]));
    let report = gated(&before, &run(vec![SyntheticProvider::new("a/a", 1, 0.9)], 20, &[Task::Text]), &[]);
    assert_eq!(report.verdict, GateVerdict::Incomplete, "{:#?}", report.checks);
    let empty = Baseline { scores: Vec::new(), ..before };
    let report = gated(&empty, &run(vec![SyntheticProvider::new("a/a", 1, 0.9)], 20, &[Task::Text]), &[]);
    assert_eq!(report.verdict, GateVerdict::Incomplete);
}

#[test]
fn cutoffs_hold_break_or_are_not_known() {
    let summary = summary(&SyntheticRun::varied());
    let now = baseline(&SyntheticRun::varied());
    let verdict = |cutoff: &str| {
        let rules = GateRules { cutoffs: vec![cutoff.parse().unwrap()], ..GateRules::default() };
        gate(&summary, &now, None, &rules, &Options::default()).map(|report| report.verdict)
    };
    assert_eq!(verdict("receipts.field_f1=0.9@synthetic/large").unwrap(), GateVerdict::Pass);
    assert_eq!(verdict("receipts.field_f1=0.99@synthetic/large").unwrap(), GateVerdict::Regressed);
    assert_eq!(verdict("receipts.schema_valid=1").unwrap(), GateVerdict::Pass);
    assert_eq!(verdict("receipts.wrong=100").unwrap(), GateVerdict::Pass);
    assert_eq!(verdict("p95=0.001@synthetic/small").unwrap(), GateVerdict::Regressed);
    assert_eq!(verdict("cost_per_1000<=1@synthetic/unpriced").unwrap(), GateVerdict::Incomplete);
    for (cutoff, word) in [
        ("receits.score=1", "no dataset `receits`"),
        ("receipts.field_f2=1", "no figure `field_f2`"),
        ("score=1@openai/x", "no provider `openai/x`"),
    ] {
        let error = verdict(cutoff).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn a_baseline_is_one_line_per_case_and_provider_and_reads_back() {
    let folder = tempfile::tempdir().unwrap();
    let baseline = baseline(&run(ocr(0.1), 3, &[Task::Receipt]));
    let path = baseline.write(folder.path()).unwrap();
    insta::assert_snapshot!(fs::read_to_string(path).unwrap());
    let read = Baseline::read(folder.path(), "main").unwrap();
    assert_eq!(read.to_text(), baseline.to_text());
    let list = eval_summary::list_baselines(folder.path()).unwrap();
    assert_eq!((list.len(), list[0].scores), (1, 3));
    let stray = Baseline { name: "../stray".to_owned(), ..read };
    assert!(stray.write(folder.path()).unwrap_err().to_string().contains("cannot be the name"));
    fs::write(folder.path().join("bad.json"), "{}").unwrap();
    let error = Baseline::read(folder.path(), "bad").unwrap_err().to_string();
    assert!(error.contains("is no baseline: missing field"), "{error}");
}

#[test]
fn a_comparison_says_first_what_changed() {
    let before = run(vec![SyntheticProvider::new("a/a", 1, 0.95)], 30, &[Task::Receipt]);
    let mut now = run(vec![SyntheticProvider::new("a/a", 1, 0.5)], 25, &[Task::Receipt]);
    now.providers[0].served = "a-2026-12-01".to_owned();
    let comparison = compare_runs(&[baseline(&before), baseline(&now)], &Options::default()).unwrap();
    let against = &comparison.against[0];
    assert_eq!(
        (against.changes[0].what.as_str(), against.changes[0].to.as_str()),
        ("served model", "a-2026-12-01")
    );
    assert_eq!(against.differences[0].difference.opinion, Opinion::Worse);
    assert_eq!((against.differences[0].difference.n, against.unmatched[0].only_before), (25, 5));
    assert!(compare_runs(&[baseline(&before)], &Options::default()).is_err());
}

#[test]
fn single_providers_are_compared_whatever_they_are_called() {
    let both = baseline(&SyntheticRun::varied());
    let (large, small) = (both.only("synthetic/large").unwrap(), both.only("synthetic/unpriced").unwrap());
    let comparison = compare_runs(&[large, small], &Options::default()).unwrap();
    let pair = &comparison.against[0].differences[0].difference;
    assert_eq!((pair.a.as_str(), pair.b.as_str()), ("synthetic/large", "synthetic/unpriced"));
    assert!(both.only("nobody").is_none());
}

#[test]
fn history_marks_what_changed_over_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(vec![SyntheticProvider::new("a/a", 1, 0.9)], 10, &[Task::Text]);
    let mut second = SyntheticRun { started: "2026-11-22T08:00:00Z".to_owned(), ..first.clone() };
    second.providers[0].served = "a-next".to_owned();
    second.content_hash = "cd".repeat(32);
    let write = |run: &SyntheticRun, name: &str| run.write(&folder.path().join(name)).unwrap();
    let record = write(&second, "later");
    record.write_json("summary.json", &Summary::of(&record, &Options::default()).unwrap()).unwrap();
    write(&first, "earlier");
    fs::create_dir(folder.path().join("broken")).unwrap();
    fs::write(folder.path().join("broken/plan.json"), "{").unwrap();
    let history = history(folder.path(), &Options::default()).unwrap();
    let overall: Vec<_> = history.lines.iter().filter(|line| line.scope == Scope::Overall).collect();
    assert_eq!(overall.iter().map(|line| line.run.as_str()).collect::<Vec<_>>(), ["earlier", "later"]);
    assert_eq!(overall[0].marks, []);
    let marks: Vec<&str> = overall[1].marks.iter().map(|mark| mark.what.as_str()).collect();
    assert_eq!(marks, ["served model", "dataset"]);
    assert!(history.unreadable[0].starts_with("broken: "));
    let experience = experience(folder.path()).unwrap();
    assert_eq!((experience.len(), experience[0].provider.as_str()), (1, "a/a"));
    assert!(experience[0].output_tokens > 40.0 && experience[0].seconds.unwrap() > 0.5);
    assert_eq!(eval_summary::experience(Path::new("no-such-folder")).unwrap(), []);
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
fn a_run_without_trials_is_incomplete_and_has_no_verdict() {
    let (_folder, record) = written(&run(ocr(0.0), 4, &[Task::Receipt]));
    fs::remove_file(record.path("trials.jsonl")).unwrap();
    let summary = Summary::of(&record, &Options::default()).unwrap();
    assert_eq!(summary.verdict.decision, Decision::NoCandidate);
    assert_eq!(summary.trust.incomplete[0].missing, 4);
    assert_eq!(summary.overall.rows[0].score, None);
}

#[test]
fn the_published_schema_is_that_of_this_version() {
    let published: serde_json::Value = serde_json::from_str(include_str!("../summary.schema.json")).unwrap();
    assert_eq!(
        published,
        Summary::json_schema(),
        "print it with `cargo run -p eval-summary --example schema`"
    );
}
