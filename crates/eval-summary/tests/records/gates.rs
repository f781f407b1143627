//! Runs against a baseline.

use std::fs;

use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{
    Baseline, Broke, CheckReason, GateReport, GateRules, GateVerdict, Opinion, Options, Scope, compare_runs,
    explain_gate, gate, loss_checks,
};
use vision_core::Task;

use crate::{baseline, ocr, run, summary};

fn gated(before: &Baseline, run: &SyntheticRun, cutoffs: &[&str]) -> GateReport {
    let rules = GateRules {
        cutoffs: cutoffs.iter().map(|text| text.parse().unwrap()).collect(),
        ..GateRules::default()
    };
    gate(&summary(run), &baseline(run), Some(before), &rules, &Options::default()).unwrap()
}

#[test]
fn the_same_run_passes_its_own_gate() {
    let run = SyntheticRun::varied();
    let report = gated(&baseline(&run), &run, &["overall.score>=0.9@synthetic/large", "failures<=0.1"]);
    assert_eq!(report.verdict, GateVerdict::NoLossFound, "{:#?}", report.checks);
    assert_eq!(report.against.unwrap().changes, []);
}

#[test]
fn who_answers_nothing_passes_no_gate() {
    let dead = vec![SyntheticProvider { failing: 1.0, ..SyntheticProvider::new("a/dead", 1, 0.9) }];
    let run = run(dead, 60, &[Task::Receipt]);
    let report = gated(&baseline(&run), &run, &[]);
    assert_eq!(report.verdict, GateVerdict::Incomplete);
    assert_eq!(report.checks[0].reason, CheckReason::NoAnswers { failed: 60 });
}

#[test]
fn a_gate_over_answers_of_earlier_runs_knows_that_nothing_was_measured() {
    let of = |cached: f64| {
        let control = SyntheticProvider { control: true, ..SyntheticProvider::new("control/x", 2, 0.5) };
        let own = SyntheticProvider { cached, ..SyntheticProvider::new("a/own", 1, 0.9) };
        let run = run(vec![own, control], 40, &[Task::Receipt]);
        gated(&baseline(&run), &run, &[]).all_cached
    };
    assert_eq!([0.0, 0.9, 1.0].map(of), [false, false, true]);
}

#[test]
fn an_unchanged_run_says_which_loss_would_have_shown() {
    let of = |cases: u64| {
        let run = run(ocr(0.0), cases, &[Task::Receipt]);
        gated(&baseline(&run), &run, &[])
    };
    let few = of(10);
    assert_eq!(
        few.verdict,
        GateVerdict::Inconclusive,
        "ten cases hide a loss of ten points in a third of runs"
    );
    let loss = few.checks[0].loss.as_ref().unwrap();
    assert_eq!((loss.cases, loss.changed), (10, 0));
    assert!(loss.could_see.unwrap() > 0.2 && loss.needed_to_detect.is_some(), "{loss:?}");
    let enough = of(40);
    assert_eq!(enough.verdict, GateVerdict::NoLossFound);
    let loss = enough.checks[0].loss.as_ref().unwrap();
    assert!((0.056..0.057).contains(&loss.could_see.unwrap()), "{loss:?}");
    let many = of(320);
    assert_eq!(many.verdict, GateVerdict::Pass, "{:?}", many.checks[0].loss);
}

#[test]
fn the_cases_of_all_tasks_are_judged_together_first() {
    let run = SyntheticRun { repeats: 1, ..SyntheticRun::varied() };
    let run = SyntheticRun { cases: 12, providers: vec![run.providers[0].clone()], ..run };
    let report = gated(&baseline(&run), &run, &[]);
    assert_eq!(report.verdict, GateVerdict::NoLossFound, "{:#?}", report.checks);
    let [pooled, tasks @ ..] = report.checks.as_slice() else { panic!("there are checks") };
    assert_eq!((pooled.scope.clone(), pooled.part), (Scope::Overall, false));
    assert_eq!(pooled.loss.as_ref().unwrap().cases, 36);
    assert_eq!(tasks.len(), 3);
    assert!(tasks.iter().all(|check| check.part && check.verdict == GateVerdict::Inconclusive));
}

#[test]
fn repeats_tell_how_much_is_the_providers_own_noise() {
    let before = SyntheticRun { providers: ocr(0.0), cases: 60, repeats: 3, ..SyntheticRun::varied() };
    let before = SyntheticRun { tasks: vec![Task::Classify], ..before };
    let mut now = before.clone();
    now.providers[0].seed += 1;
    let report = gated(&baseline(&before), &now, &[]);
    let noise = report.checks[0].loss.as_ref().unwrap().own_noise.unwrap();
    assert!(noise > 0.5, "nothing but noise: {noise}");
    let explained = explain_gate(&baseline(&before), &GateRules::default()).unwrap();
    let [sight] = explained.sights.as_slice() else { panic!("one provider, one task") };
    assert!(sight.own_noise.is_some() && sight.ruled_out > sight.ruled_out_if_steady);
    assert!(sight.detectable > sight.detectable_if_steady && sight.detectable_if_steady > Some(0.1));
}

#[test]
fn what_a_gate_can_see_is_said_beforehand() {
    let run = SyntheticRun { repeats: 1, ..SyntheticRun::varied() };
    let run = SyntheticRun { cases: 20, providers: vec![run.providers[0].clone()], ..run };
    let explained = explain_gate(&baseline(&run), &GateRules::default()).unwrap();
    let of: Vec<(String, u64)> =
        explained.sights.iter().map(|sight| (sight.scope.to_string(), sight.cases)).collect();
    assert_eq!(of[0], ("overall".to_owned(), 60));
    assert_eq!(of.len(), 4);
    assert!(explained.sights[0].ruled_out < 0.1 && explained.sights[1].ruled_out > 0.1);
    for (margin, detect) in [(1.0, 0.1), (0.01, 0.005), (-0.1, 0.1), (0.01, f64::NAN)] {
        let rules = GateRules { margin, detect, cutoffs: Vec::new() };
        assert!(explain_gate(&baseline(&run), &rules).is_err(), "{margin} and {detect}");
    }
}

/// A baseline of right answers, and a run in which this many are wrong.
fn with_broken(cases: u64, broken: usize) -> [Baseline; 2] {
    let mut before = baseline(&run(ocr(0.0), cases, &[Task::ChartQuestion]));
    before.scores.iter_mut().for_each(|score| score.scores = vec![1.0]);
    let mut now = before.clone();
    now.scores.iter_mut().take(broken).for_each(|score| score.scores = vec![0.0]);
    [before, now]
}

#[test]
fn what_explain_calls_detectable_is_what_the_gate_calls_regressed_in_four_of_five_runs() {
    let options = Options::default();
    let verdict = |broken: usize| {
        let sides = with_broken(100, broken);
        let compared = compare_runs(&sides, &options).unwrap();
        let [before, now] = &sides;
        let checks = loss_checks(before, now, &compared.against[0], &GateRules::default(), &options);
        assert_eq!(checks.len(), 1);
        checks[0].verdict
    };
    let explained = explain_gate(&with_broken(100, 0)[0], &GateRules::default()).unwrap();
    let [sight] = explained.sights.as_slice() else { panic!("one provider, one task") };
    // How likely it is that so many of 100 break.
    let chance = |loss: f64, broken: usize| {
        (0..broken).fold((1.0 - loss).powi(100), |chance, k| {
            chance * (100 - k) as f64 / (k + 1) as f64 * loss / (1.0 - loss)
        })
    };
    let ends_with_100 = |loss: f64| -> f64 {
        let shown = |broken: &usize| verdict(*broken) == GateVerdict::Regressed;
        1.0 - (0..=20).filter(|broken| !shown(broken)).map(|broken| chance(loss, broken)).sum::<f64>()
    };
    assert_eq!([2, 3, 4].map(verdict), [GateVerdict::NoLossFound; 3]);
    assert_eq!(verdict(5), GateVerdict::Regressed);
    let detectable = sight.detectable_if_steady.unwrap();
    assert!((ends_with_100(detectable) - 0.8).abs() < 1e-4, "{detectable}");
    assert!(ends_with_100(sight.ruled_out_if_steady) < 0.1, "{}", sight.ruled_out_if_steady);
}

#[test]
fn another_dataset_is_not_called_the_same() {
    let provider = || vec![SyntheticProvider::new("a/a", 1, 0.9)];
    let before = baseline(&run(provider(), 20, &[Task::Receipt]));
    let report = gated(&before, &run(provider(), 20, &[Task::Classify]), &[]);
    assert_eq!(report.verdict, GateVerdict::Incomplete, "{:#?}", report.checks);
    let changes = report.against.unwrap().changes;
    assert!(changes.iter().any(|change| change.what == "task" && change.of == "receipts"), "{changes:?}");
}

#[test]
fn swapped_digits_regress_and_the_fields_are_named() {
    let before = baseline(&run(ocr(0.0), 400, &[Task::Receipt]));
    let report = gated(&before, &run(ocr(0.06), 400, &[Task::Receipt]), &[]);
    assert_eq!(report.verdict, GateVerdict::Regressed, "{:#?}", report.checks);
    let broke = &report.checks[0].broke;
    let is_broken =
        |name: &str| broke.iter().any(|it| matches!(it, Broke::Field { field, .. } if field == name));
    assert!(is_broken("items.price") && is_broken("total"), "{broke:?}");
    assert!(!is_broken("store") && !is_broken("date"), "{broke:?}");
    assert!(
        broke.iter().any(|it| matches!(it, Broke::Tag { tag, .. } if tag.starts_with("look="))),
        "{broke:?}"
    );
    assert!(!report.checks[0].cases.is_empty());
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
    assert_eq!(report.checks[0].lacking, 8);
    assert_eq!(report.checks[1].verdict, GateVerdict::Pass, "the worst check stands first");
}

#[test]
fn another_dataset_makes_the_baseline_stale() {
    let run = run(ocr(0.0), 20, &[Task::Receipt]);
    let before = baseline(&run);
    let report = gated(&before, &SyntheticRun { content_hash: "ab".repeat(32), ..run }, &[]);
    assert_eq!(report.verdict, GateVerdict::Stale);
    assert_eq!(report.checks[0].reason, CheckReason::Stale { what: vec!["dataset".to_owned()] });
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
