//! Comparisons, gates, annotations and histories of fixed records, as people read them.

use eval_report::{
    Look, NoMedia, Page, comment, compare_html, gate_html, history_html, json, markdown, terminal,
};
use eval_summary::{
    Broke, CandidateChange, CheckReason, ComparedCases, GateReport, GateRules, GateVerdict, History,
    RunComparison,
};

use eval_summary::testdata::SyntheticRun;
use vision_core::Task;

use crate::attacks::{ATTACKS, in_against, in_cases, in_comparison, in_history};
use crate::inert;
use crate::runs::{self, november, weeks};

/// The same later: another model, other prices, fewer cases, and a reader that swaps digits.
fn december() -> SyntheticRun {
    let mut run = november();
    run.started = "2026-12-01T08:00:00Z".to_owned();
    run.price_date = "2026-12-01".to_owned();
    run.cases = 28;
    let reader = &mut run.providers[0];
    reader.served = "reader-2026-12-01".to_owned();
    reader.fingerprint = Some("fp-2".to_owned());
    reader.damage = 0.3;
    run
}

fn comparison() -> (RunComparison, ComparedCases) {
    runs::compared(&[("november", &november(), true), ("december", &december(), true)])
}

fn gated() -> (GateReport, ComparedCases) {
    let rules = GateRules {
        cutoffs: ["p95<=1", "receipts.field_f1=0.5"].map(|text| text.parse().unwrap()).into(),
        ..GateRules::default()
    };
    runs::gated(&[("november", &november(), false), ("december", &december(), true)], &rules)
}

fn looks() -> [Look; 2] {
    [80, 160].map(|columns| Look { columns, color: false })
}

/// A page without its style and script, which the page of a report pins.
fn body(page: &str) -> &str {
    let from = page.find("<body>").unwrap();
    &page[from..page.rfind("<script>").unwrap()]
}

#[test]
fn pins_comparisons() {
    let (comparison, mut cases) = comparison();
    for look in looks() {
        let text = terminal(&comparison, look);
        inert::fits(&text, look.columns);
        insta::assert_snapshot!(format!("compare_terminal_{}", look.columns), text);
    }
    insta::assert_snapshot!("compare_markdown", markdown(&comparison));
    cases.cases.truncate(2);
    insta::assert_snapshot!(
        "compare_html",
        body(&compare_html(&comparison, &cases, &NoMedia, &Page::default()))
    );
    insta::assert_snapshot!("compare_json", json(&comparison));
}

#[test]
fn pins_gates_and_annotations() {
    let (report, _) = gated();
    for look in looks() {
        let text = terminal(&report, look);
        inert::fits(&text, look.columns);
        insta::assert_snapshot!(format!("gate_terminal_{}", look.columns), text);
    }
    insta::assert_snapshot!("gate_markdown", markdown(&report));
    insta::assert_snapshot!("gate_json", json(&report));
    insta::assert_snapshot!("annotations", eval_report::annotations(&report));
}

#[test]
fn a_gate_over_cached_answers_says_so_wherever_it_is_read() {
    let (report, _) = gated();
    let report = GateReport { all_cached: true, ..report };
    let texts = [terminal(&report, looks()[0]), markdown(&report), eval_report::annotations(&report)];
    for text in texts {
        assert!(text.contains("All answers came from the cache: nothing new was measured"), "{text}");
    }
}

#[test]
fn pins_histories() {
    let weeks = weeks();
    for look in looks() {
        let text = terminal(&weeks, look);
        inert::fits(&text, look.columns);
        insta::assert_snapshot!(format!("history_terminal_{}", look.columns), text);
    }
    insta::assert_snapshot!("history_markdown", markdown(&weeks));
    insta::assert_snapshot!("history_html", body(&history_html(&weeks)));
    insta::assert_snapshot!("history_json", json(&weeks));
}

#[test]
fn attacks_are_inert_in_comparisons() {
    let (mut comparison, mut cases) = comparison();
    in_comparison(&mut comparison);
    for look in looks() {
        inert::terminal(&terminal(&comparison, look));
    }
    in_cases(&mut cases);
    inert::html(&compare_html(&comparison, &cases, &NoMedia, &Page::default()), 2);
    inert::comment(&comment(&comparison, &ATTACKS.join(" ")));
    let text = json(&comparison);
    assert_eq!(serde_json::from_str::<RunComparison>(&text).unwrap(), comparison);
}

#[test]
fn attacks_are_inert_in_gates_and_annotations() {
    let (mut report, mut cases) = gated();
    report.against.iter_mut().for_each(in_against);
    for (check, attack) in report.checks.iter_mut().zip(ATTACKS.iter().cycle()) {
        check.provider.push_str(attack);
        check.rule.push_str(attack);
        check.reason = CheckReason::Stale { what: vec![ATTACKS.join(" ")] };
        check.broke.extend(ATTACKS.iter().map(|&attack| Broke::Tag { tag: attack.to_owned(), loss: 0.1 }));
        check.cases.extend(ATTACKS.iter().map(|&attack| attack.to_owned()));
    }
    for look in looks() {
        inert::terminal(&terminal(&report, look));
    }
    inert::comment(&comment(&report, &ATTACKS.join(" ")));
    in_cases(&mut cases);
    inert::html(&gate_html(&report, &cases, &NoMedia, &Page::default()), 2);
    let text = json(&report);
    assert_eq!(serde_json::from_str::<GateReport>(&text).unwrap(), report);
    let annotations = eval_report::annotations(&report);
    let failed = report.checks.iter().filter(|check| check.verdict != GateVerdict::Pass).count();
    assert_eq!(annotations.lines().count(), failed, "no attack begins a command of its own");
    for line in annotations.lines() {
        assert!(line.starts_with("::error title="), "{line}");
        let (property, _) = line["::error title=".len()..].split_once("::").unwrap();
        assert!(!property.contains([':', ',']), "{property}");
        assert!(!line.chars().any(char::is_control) && !line.contains("owned%0A"), "{line}");
    }
}

#[test]
fn attacks_are_inert_in_histories() {
    let mut weeks = weeks();
    in_history(&mut weeks);
    for look in looks() {
        inert::terminal(&terminal(&weeks, look));
    }
    inert::markdown(&markdown(&weeks));
    inert::html(&history_html(&weeks), 1);
    let text = json(&weeks);
    assert_eq!(serde_json::from_str::<History>(&text).unwrap(), weeks);
}

fn changes(report: &GateReport) -> Vec<String> {
    report.against.iter().flat_map(|one| &one.candidates).map(|one| one.provider.clone()).collect()
}

#[test]
fn a_comment_names_itself_says_the_verdict_and_folds_at_most_twenty_cases() {
    let (report, _) = gated();
    let text = comment(&report, "main gate");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("<!-- vision-eval:main_gate -->"));
    assert_eq!(lines.next(), Some("## Gate: cutoff missed"));
    assert_eq!(text.lines().nth(3), Some("❌ **Cutoff missed in 1 of 10 checks.**"));
    for name in changes(&report) {
        assert!(text.contains(&format!("\n| {name} | ")), "{name}: {text}");
    }
    assert!(text.contains("<details><summary>Broken: 20 of 21 cases</summary>"), "{text}");
    assert!(text.contains("\n```\nvision-eval gate december --baseline november\n```\n"), "{text}");
    assert_eq!(text, comment(&report, "main gate"), "the same twice");
}

#[test]
fn a_comment_is_never_longer_than_github_takes() {
    let (mut report, _) = gated();
    for _ in 0..4 {
        report.checks.extend(report.checks.clone());
    }
    for long in ["x", "<", "é", "@"] {
        let long = long.repeat(70_000);
        let mut report = report.clone();
        report.run = long.clone();
        report.checks.iter_mut().for_each(|check| check.provider.push_str(&long));
        report.against.iter_mut().for_each(|one| one.candidates[0].provider.push_str(&long));
        report.command = Some(format!("vision-eval gate {long}"));
        let text = comment(&report, &long);
        assert!(text.len() <= 65_536, "{}", text.len());
        assert!(text.starts_with("<!-- vision-eval:") && text.contains("**Cutoff missed in "));
        assert!(text.contains("vision-eval gate "), "the command is there");
        inert::comment(&text);
    }
    // So many candidates that their table alone is too long.
    let (mut comparison, _) = comparison();
    let candidates = &mut comparison.against[0].candidates;
    let one = CandidateChange { provider: "cloud/model-with-a-name".repeat(4), ..candidates[0].clone() };
    candidates.extend(vec![one; 600]);
    let text = comment(&comparison, "many");
    assert!(text.len() <= 65_536 && text.contains("Cut: GitHub takes no longer comment."), "{}", text.len());
    inert::comment(&text);
}

#[test]
fn a_comparison_says_in_one_sentence_who_got_worse() {
    let headline = |sides: &[runs::Side<'_>]| {
        let text = terminal(&runs::compared(sides).0, Look { columns: 400, color: false });
        text.lines().next().unwrap().to_owned()
    };
    let (old, new) = (november(), december());
    let old_side = ("november", &old, false);
    assert_eq!(headline(&[old_side, ("again", &old, false)]), "No score changed from november.");
    let worse = headline(&[old_side, ("december", &new, false)]);
    assert!(
        worse.starts_with("Worse than november: synthetic/reader on receipts by 8.2 points; 21 cases"),
        "{worse}"
    );
    let better = headline(&[("december", &new, false), old_side]);
    assert!(
        better.starts_with("Better than december: synthetic/reader on receipts by 8.2 points; 0 cases"),
        "{better}"
    );
    let other = SyntheticRun { tasks: vec![Task::Text], ..november() };
    assert_eq!(
        headline(&[old_side, ("other", &other, false)]),
        "Nothing to compare: other and november share no scored cases: november is about classify and receipts, other \
         about text."
    );
    let both = headline(&[old_side, ("again", &old, false), ("december", &new, false)]);
    assert!(
        both.starts_with("again: no score changed from november. december: worse than november"),
        "{both}"
    );
}

#[test]
fn another_dataset_or_prompt_is_said_before_the_scores() {
    let old = november();
    let new =
        SyntheticRun { content_hash: "ab".repeat(32), prompt: "Read it again.".to_owned(), ..november() };
    let (comparison, _) = runs::compared(&[("november", &old, false), ("again", &new, false)]);
    let text = terminal(&comparison, Look { columns: 120, color: false });
    let sentence = "The dataset and prompt changed: scores may differ for that reason alone.";
    assert!(text.find(sentence).unwrap() < text.find("synthetic/reader").unwrap(), "{text}");
}

#[test]
fn a_page_holds_old_and_new_answers_or_says_that_only_scores_are_known() {
    let (old, new) = (november(), december());
    let data = |has_record: bool| {
        let sides = [("november", &old, has_record), ("december", &new, true)];
        let (comparison, cases) = runs::compared(&sides);
        let page = compare_html(&comparison, &cases, &NoMedia, &Page::default());
        let from = page.find("id=\"data\">").unwrap() + "id=\"data\">".len();
        let text = page[from..].split("</script>").next().unwrap();
        serde_json::from_str::<serde_json::Value>(text).unwrap()
    };
    let whole = data(true);
    assert_eq!(whole["sides"], serde_json::json!(["november", "december"]));
    let first = &whole["cases"][0];
    assert_eq!(first["case"], "receipt-0021", "the largest loss is the first");
    let texts: Vec<&str> =
        first["answers"].as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect();
    assert!(texts.len() == 4 && texts.iter().all(|text| text.contains("store")), "{texts:?}");
    let scores = data(false);
    let before = &scores["cases"][0]["answers"][0];
    assert_eq!((before["only_score"].as_bool(), before["text"].as_str()), (Some(true), None), "{before}");
    let all = scores["cases"].as_array().unwrap();
    assert_eq!(all.len(), 60, "cases of one run only are there, too");
    // What did not change is the same to the last digit and mark, from whichever file it comes.
    let unchanged = |place: u64, side: u64, case: &serde_json::Value| -> Option<(String, bool)> {
        let answers = case["answers"].as_array()?;
        let answer = answers.iter().find(|it| it["provider"] == place && it["side"] == side)?;
        Some((answer["score"].to_string(), answer["right"].is_boolean()))
    };
    let local =
        scores["providers"].as_array().unwrap().iter().position(|it| it["name"] == "local/synthetic-ocr");
    let local = local.unwrap() as u64;
    for case in all.iter().filter(|case| unchanged(local, 1, case).is_some()) {
        assert_eq!(unchanged(local, 0, case), unchanged(local, 1, case), "{case}");
    }
}
