//! Comparisons, gates, annotations and histories of fixed records, as people read them.

use eval_report::Look;
use eval_summary::{
    Broke, CheckReason, GateReport, GateRules, GateVerdict, History, Options, RunComparison, gate,
};

use crate::attacks::{ATTACKS, in_against, in_comparison, in_history};
use crate::inert;
use crate::runs::{comparison, december, november, scores, weeks};

fn gated() -> GateReport {
    let (summary, now) = scores(&december(), "december");
    let rules = GateRules {
        cutoffs: ["p95<=1", "receipts.field_f1=0.5"].map(|text| text.parse().unwrap()).into(),
        ..GateRules::default()
    };
    let before = scores(&november(), "november").1;
    gate(&summary, &now, Some(&before), &rules, &Options::default()).unwrap()
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
    let comparison = comparison();
    for look in looks() {
        let text = eval_report::compare_terminal(&comparison, look);
        inert::fits(&text, look.columns);
        insta::assert_snapshot!(format!("compare_terminal_{}", look.columns), text);
    }
    insta::assert_snapshot!("compare_markdown", eval_report::compare_markdown(&comparison));
    insta::assert_snapshot!("compare_html", body(&eval_report::compare_html(&comparison)));
    insta::assert_snapshot!("compare_json", eval_report::json(&comparison));
}

#[test]
fn pins_gates_and_annotations() {
    let report = gated();
    for look in looks() {
        let text = eval_report::gate_terminal(&report, look);
        inert::fits(&text, look.columns);
        insta::assert_snapshot!(format!("gate_terminal_{}", look.columns), text);
    }
    insta::assert_snapshot!("gate_markdown", eval_report::gate_markdown(&report));
    insta::assert_snapshot!("gate_json", eval_report::json(&report));
    insta::assert_snapshot!("annotations", eval_report::annotations(&report));
}

#[test]
fn pins_histories() {
    let weeks = weeks();
    for look in looks() {
        let text = eval_report::history_terminal(&weeks, look);
        inert::fits(&text, look.columns);
        insta::assert_snapshot!(format!("history_terminal_{}", look.columns), text);
    }
    insta::assert_snapshot!("history_markdown", eval_report::history_markdown(&weeks));
    insta::assert_snapshot!("history_html", body(&eval_report::history_html(&weeks)));
    insta::assert_snapshot!("history_json", eval_report::json(&weeks));
}

#[test]
fn attacks_are_inert_in_comparisons() {
    let mut comparison = comparison();
    in_comparison(&mut comparison);
    for look in looks() {
        inert::terminal(&eval_report::compare_terminal(&comparison, look));
    }
    inert::markdown(&eval_report::compare_markdown(&comparison));
    inert::html(&eval_report::compare_html(&comparison), 1);
    let json = eval_report::json(&comparison);
    assert_eq!(serde_json::from_str::<RunComparison>(&json).unwrap(), comparison);
}

#[test]
fn attacks_are_inert_in_gates_and_annotations() {
    let mut report = gated();
    report.against.iter_mut().for_each(in_against);
    for (check, attack) in report.checks.iter_mut().zip(ATTACKS.iter().cycle()) {
        check.provider.push_str(attack);
        check.rule.push_str(attack);
        check.reason = CheckReason::Stale { what: vec![ATTACKS.join(" ")] };
        check.broke.extend(ATTACKS.iter().map(|&attack| Broke::Tag { tag: attack.to_owned(), loss: 0.1 }));
        check.cases.extend(ATTACKS.iter().map(|&attack| attack.to_owned()));
    }
    for look in looks() {
        inert::terminal(&eval_report::gate_terminal(&report, look));
    }
    inert::markdown(&eval_report::gate_markdown(&report));
    let json = eval_report::json(&report);
    assert_eq!(serde_json::from_str::<GateReport>(&json).unwrap(), report);
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
        inert::terminal(&eval_report::history_terminal(&weeks, look));
    }
    inert::markdown(&eval_report::history_markdown(&weeks));
    inert::html(&eval_report::history_html(&weeks), 1);
    let json = eval_report::json(&weeks);
    assert_eq!(serde_json::from_str::<History>(&json).unwrap(), weeks);
}
