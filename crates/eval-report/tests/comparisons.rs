//! Comparisons, gates, annotations and histories of fixed records, as people read them.
#![allow(clippy::unwrap_used, reason = "a test may")]

use eval_report::Look;
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{
    Against, Baseline, Change, GateReport, GateRules, GateVerdict, History, Options, RunComparison, Summary,
    compare_runs, gate, history, score,
};
use vision_core::Task;

#[path = "attacks/list.rs"]
mod list;

#[path = "attacks/inert.rs"]
mod inert;

use list::ATTACKS;

/// Two providers, asked once about receipts and labels.
fn november() -> SyntheticRun {
    let reader = SyntheticProvider {
        fingerprint: Some("fp-1".to_owned()),
        ..SyntheticProvider::new("synthetic/reader", 1, 0.97)
    };
    let local = SyntheticProvider {
        price: Some(0.0),
        local: true,
        milliseconds: 90,
        ..SyntheticProvider::new("local/synthetic-ocr", 4, 0.9)
    };
    SyntheticRun {
        cases: 30,
        repeats: 1,
        tasks: vec![Task::Receipt, Task::Classify],
        providers: vec![reader, local],
        ..SyntheticRun::varied()
    }
}

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

fn scores(run: &SyntheticRun, name: &str) -> (Summary, Baseline) {
    let folder = tempfile::tempdir().unwrap();
    let record = run.write(&folder.path().join("run")).unwrap();
    let options = Options::default();
    let scored = score(&record, &options).unwrap();
    (Summary::of_scored(&scored, &options).unwrap(), Baseline::of(&scored, name).unwrap())
}

fn comparison() -> RunComparison {
    let sides = [scores(&november(), "november").1, scores(&december(), "december").1];
    compare_runs(&sides, &Options::default()).unwrap()
}

fn gated() -> GateReport {
    let (summary, now) = scores(&december(), "december");
    let rules = GateRules {
        cutoffs: ["p95<=1", "receipts.field_f1=0.5"].map(|text| text.parse().unwrap()).into(),
        ..GateRules::default()
    };
    let before = scores(&november(), "november").1;
    gate(&summary, &now, Some(&before), &rules, &Options::default()).unwrap()
}

/// Five weeks, in each of which something else changed.
fn weeks() -> History {
    let mut run = SyntheticRun { cases: 12, tasks: vec![Task::Receipt], ..november() };
    run.providers.truncate(1);
    let folder = tempfile::tempdir().unwrap();
    let mut write = |week: usize, change: &dyn Fn(&mut SyntheticRun)| {
        change(&mut run);
        run.started = format!("2026-11-{:02}T08:00:00Z", 1 + 7 * week);
        run.write(&folder.path().join(format!("week-{}", week + 1))).unwrap();
    };
    write(0, &|_| {});
    write(1, &|run| run.providers[0].served = "reader-2026-11-08".to_owned());
    write(2, &|run| run.providers[0].fingerprint = Some("fp-2".to_owned()));
    write(3, &|run| {
        run.prompt = "Read this {{kind}} carefully.".to_owned();
        run.content_hash = "ab".repeat(32);
        run.providers[0].accuracy = 0.8;
    });
    write(4, &|run| {
        run.price_date = "2026-11-28".to_owned();
        run.providers[0].price = Some(0.2);
    });
    history(folder.path(), &Options::default()).unwrap()
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
        insta::assert_snapshot!(format!("history_terminal_{}", look.columns), text);
    }
    insta::assert_snapshot!("history_markdown", eval_report::history_markdown(&weeks));
    insta::assert_snapshot!("history_html", body(&eval_report::history_html(&weeks)));
    insta::assert_snapshot!("history_json", eval_report::json(&weeks));
}

/// Wherever somebody else chose the text of a comparison.
fn poison(against: &mut Against) {
    let attack = |at: usize| ATTACKS[at % ATTACKS.len()];
    against.name.push_str(&ATTACKS.join(" "));
    for attack in ATTACKS {
        let [what, of, from, to] = ["served model", attack, attack, attack].map(str::to_owned);
        against.changes.push(Change { what, of, from, to });
    }
    for (at, one) in against.differences.iter_mut().enumerate() {
        one.difference.b.push_str(attack(at));
    }
    for (at, one) in against.fields.iter_mut().enumerate() {
        (one.field, one.dataset) = (attack(at).to_owned(), attack(at + 1).to_owned());
    }
    for (at, one) in against.broken.iter_mut().enumerate() {
        (one.case, one.provider) = (attack(at).to_owned(), attack(at + 1).to_owned());
        one.fields.push(attack(at + 2).to_owned());
    }
    for (at, one) in against.unmatched.iter_mut().enumerate() {
        one.examples.push(attack(at).to_owned());
    }
}

#[test]
fn attacks_are_inert_in_comparisons() {
    let mut comparison = comparison();
    comparison.sides.iter_mut().for_each(|side| side.name.push_str(&ATTACKS.join(" ")));
    comparison.against.iter_mut().for_each(poison);
    for look in looks() {
        inert::terminal(&eval_report::compare_terminal(&comparison, look));
    }
    inert::markdown(&eval_report::compare_markdown(&comparison));
    inert::html(&eval_report::compare_html(&comparison));
    let json = eval_report::json(&comparison);
    assert_eq!(serde_json::from_str::<RunComparison>(&json).unwrap(), comparison);
}

#[test]
fn attacks_are_inert_in_gates_and_annotations() {
    let mut report = gated();
    report.against.iter_mut().for_each(poison);
    for (check, attack) in report.checks.iter_mut().zip(ATTACKS.iter().cycle()) {
        check.provider.push_str(attack);
        check.rule.push_str(attack);
        check.message.push_str(&ATTACKS.join(" "));
        check.broke.extend(ATTACKS.iter().map(|&attack| attack.to_owned()));
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
    for (line, attack) in weeks.lines.iter_mut().zip(ATTACKS.iter().cycle()) {
        line.provider.push_str(attack);
        line.run.push_str(attack);
        line.started.push_str(attack);
        for mark in &mut line.marks {
            (mark.of, mark.from, mark.to) = (ATTACKS.join(" "), attack.to_string(), attack.to_string());
        }
        line.served.iter_mut().for_each(|one| one.model.push_str(attack));
    }
    weeks.unreadable.extend(ATTACKS.iter().map(|&attack| attack.to_owned()));
    for look in looks() {
        inert::terminal(&eval_report::history_terminal(&weeks, look));
    }
    inert::markdown(&eval_report::history_markdown(&weeks));
    inert::html(&eval_report::history_html(&weeks));
    let json = eval_report::json(&weeks);
    assert_eq!(serde_json::from_str::<History>(&json).unwrap(), weeks);
}
