//! Sentences of the verdict, the gate and comparisons that say no more than is true.

use eval_record::{About, Look as Seen, LookGap, Sequential};
use eval_report::{Look, NoMedia, Page, gate_headline, headline, terminal};
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{
    Baseline, Constraints, Decision, GateRules, GateVerdict, LossTable, Options, Prefer, Summary,
    compare_runs, gate, score,
};
use serde_json::json;
use vision_core::Task;

use crate::runs::scores;

fn priced(label: &str, seed: u64, accuracy: f64, price: f64) -> SyntheticProvider {
    SyntheticProvider { price: Some(price), ..SyntheticProvider::new(label, seed, accuracy) }
}

fn run(task: Task, cases: u64, providers: Vec<SyntheticProvider>) -> SyntheticRun {
    SyntheticRun { cases, repeats: 1, tasks: vec![task], providers, ..SyntheticRun::varied() }
}

fn summary(run: &SyntheticRun, options: &Options) -> Summary {
    let folder = tempfile::tempdir().unwrap();
    let record = run.write(&folder.path().join("run")).unwrap();
    Summary::of(&record, options).unwrap()
}

/// In one line, however it is wrapped.
fn text(summary: &Summary) -> String {
    let text = terminal(summary, Look { columns: 200, color: false });
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn everybody_that_may_miss_the_minimum_score_is_named() {
    let providers =
        vec![priced("a/cheap", 1, 0.9, 1.0), priced("b/middle", 2, 0.9, 5.0), priced("c/dear", 3, 0.9, 9.0)];
    let run = run(Task::ChartQuestion, 60, providers);
    let constraints = Constraints { min_score: Some(0.9), ..Constraints::default() };
    let summary = summary(&run, &Options { constraints, ..Options::default() });
    assert!(summary.verdict.candidates.iter().all(|it| !it.in_doubt.is_empty()), "{:?}", summary.verdict);
    let text = text(&summary);
    assert!(text.contains("Nor are "), "{text}");
    let settle = text.split("until the 95% CIs of ").nth(1).unwrap().split(" no longer").next().unwrap();
    assert!(["a/cheap", "b/middle", "c/dear"].iter().all(|name| settle.contains(name)), "{settle}");
}

#[test]
fn nothing_is_hidden_behind_a_score_that_is_the_share_of_right_cases() {
    let (summary, _) = scores(
        &run(Task::ChartQuestion, 60, vec![priced("a/cheap", 1, 0.7, 1.0), priced("b/dear", 2, 0.99, 90.0)]),
        "main",
    );
    let mut summary = summary;
    let chosen = summary.verdict.candidates.iter().position(|it| it.provider == "a/cheap").unwrap();
    (summary.verdict.winner, summary.verdict.today) = (Some("a/cheap".to_owned()), None);
    let candidate = &mut summary.verdict.candidates[chosen];
    candidate.fully_right = Some(candidate.score);
    assert!(!text(&summary).contains("Fully correct: a/cheap"), "{}", text(&summary));
    summary.verdict.candidates[chosen].fully_right = Some(0.3);
    assert!(text(&summary).contains("Fully correct: a/cheap"), "the risk is told where there is one");
}

/// A run of 40 cases that was interrupted or ended after some.
fn looked(cases: usize, settled: bool) -> Summary {
    let folder = tempfile::tempdir().unwrap();
    let run = run(Task::Receipt, 40, vec![priced("a/dear", 1, 0.97, 4.0), priced("b/cheap", 2, 0.95, 1.0)]);
    let mut record = run.write(&folder.path().join("run")).unwrap();
    let about = About::TheseDocuments;
    record.plan.sequential = Some(Sequential { block: 5, tolerance: 0.01, prefer_time: false, about });
    let path = record.path("trials.jsonl");
    let mut counts = std::collections::HashMap::<String, usize>::new();
    let trials = std::fs::read_to_string(&path).unwrap();
    let kept = trials.lines().filter(|line| {
        let trial: serde_json::Value = serde_json::from_str(line).unwrap();
        let count = counts.entry(trial["provider"].to_string()).or_default();
        *count += 1;
        *count <= cases
    });
    std::fs::write(&path, kept.collect::<Vec<_>>().join("\n") + "\n").unwrap();
    let (low, high) = if settled { (0.02, 0.2) } else { (-0.3, 0.4) };
    let gap = LookGap { a: "a/dear".to_owned(), b: "b/cheap".to_owned(), difference: 0.03, low, high };
    let pick = Some("a/dear".to_owned());
    let not_above_control = vec!["b/cheap".to_owned()];
    let documents = cases as u64;
    let look =
        Seen { documents, of: 40, gaps: vec![gap], pick, not_above_control, settled, ..Seen::default() };
    record.note_look(&look).unwrap();
    Summary::of(&record, &Options::default()).unwrap()
}

#[test]
fn an_open_choice_among_these_documents_is_settled_by_asking_the_rest() {
    let text = text(&looked(12, false));
    assert!(text.contains("sking the 28 cases that are left settles it"), "{text}");
    assert!(!text.contains("10,000"), "{text}");
}

#[test]
fn a_run_that_ended_early_counts_the_cases_that_it_asked_and_says_what_kept_it_going() {
    let summary = looked(15, true);
    let text = text(&summary);
    assert!(text.contains("15 of 40 cases"), "{text}");
    assert!(text.contains("Not above a control") && text.contains("keeps it going"), "{text}");
    let page = eval_report::html(&summary, Vec::new(), &NoMedia, &Page::default());
    assert!(page.contains("15 of 40 cases"));
}

#[test]
fn a_missed_cutoff_is_no_regression() {
    let (summary, now) = scores(&run(Task::Receipt, 40, vec![priced("a/one", 1, 0.8, 1.0)]), "now");
    let cutoffs = |texts: &[&str]| GateRules {
        cutoffs: texts.iter().map(|text| text.parse().unwrap()).collect(),
        ..GateRules::default()
    };
    let gate = |before: Option<&Baseline>, texts: &[&str]| {
        let report = gate(&summary, &now, before, &cutoffs(texts), &Options::default()).unwrap();
        let text = terminal(&report, Look { columns: 200, color: false });
        (report.verdict, gate_headline(&report), text)
    };
    let (verdict, headline, text) = gate(None, &["score=0.99"]);
    assert_eq!(verdict, GateVerdict::Regressed);
    assert_eq!(headline, "Cutoff missed in the only check.");
    assert!(text.contains("cutoff missed") && !text.to_lowercase().contains("regressed"), "{text}");
    let (_, headline, _) = gate(None, &["score=0.99", "failures<=0.5"]);
    assert_eq!(headline, "Cutoff missed in 1 of 2 checks.");
    let (_, better) = scores(&run(Task::Receipt, 40, vec![priced("a/one", 1, 1.0, 1.0)]), "before");
    let (_, headline, _) = gate(Some(&better), &["score=0.99"]);
    assert_eq!(headline, "Regressed in 1 and cutoff missed in 1 of 2 checks.");
}

#[test]
fn runs_that_share_cases_and_no_candidate_say_so() {
    let of = |names: [&str; 2]| {
        let providers = names.iter().map(|name| priced(name, 1, 0.9, 1.0)).collect();
        run(Task::Receipt, 20, providers)
    };
    let sides = [("before", of(["a/one", "b/two"])), ("now", of(["c/three", "d/four"]))];
    let sides = sides.map(|(name, run)| scores(&run, name).1);
    let comparison = compare_runs(&sides, &Options::default()).unwrap();
    assert_eq!(comparison.against[0].shared_cases, 20);
    let text = terminal(&comparison, Look { columns: 300, color: false });
    assert!(text.contains("now and before share 20 cases, but no candidate"), "{text}");
    assert!(text.contains("vision-eval compare before@a/one now@c/three"), "{text}");
    assert!(!text.contains("other cases"), "{text}");
}

#[test]
fn a_case_that_broke_for_two_candidates_is_one_case() {
    let of = |damage| {
        let reader = |label: &str| SyntheticProvider { damage, ..priced(label, 4, 0.95, 1.0) };
        run(Task::Receipt, 60, vec![reader("a/one"), reader("b/two")])
    };
    let sides = [scores(&of(0.0), "before").1, scores(&of(0.2), "now").1];
    let comparison = compare_runs(&sides, &Options::default()).unwrap();
    let against = &comparison.against[0];
    assert_eq!(
        (against.broken_total, against.broken_cases * 2),
        (against.broken_cases * 2, against.broken_total)
    );
    assert!(against.broken_cases > 10 && against.broken_cases <= 60, "{}", against.broken_cases);
    let text = terminal(&comparison, Look { columns: 200, color: false });
    assert!(text.contains(&format!("{} cases broken", against.broken_cases)), "{text}");
    assert!(text.contains("lines, one per candidate"), "{text}");
}

#[test]
fn cards_show_what_decides_where_that_is_the_total_cost() {
    let loss = json!({"*": {"wrong": 2.0, "missing": 2.0, "invented": 2.0}});
    let options = |prefer| Options {
        loss: Some(LossTable::parse(&loss).unwrap()),
        constraints: Constraints { prefer, ..Constraints::default() },
        ..Options::default()
    };
    let run = run(Task::Receipt, 100, vec![priced("a/cheap", 1, 0.9, 1.0), priced("b/dear", 2, 0.99, 40.0)]);
    let page = |prefer| {
        let folder = tempfile::tempdir().unwrap();
        let record = run.write(&folder.path().join("run")).unwrap();
        let options = options(prefer);
        let scored = score(&record, &options).unwrap();
        let summary = Summary::of_scored(&scored, &options).unwrap();
        let page = Page { monthly_volume: Some(2_000), ..Page::default() };
        (eval_report::html(&summary, Vec::new(), &NoMedia, &page), summary)
    };
    let (shown, summary) = page(Prefer::TotalCost);
    let total = summary.verdict.candidates[0].total_usd_per_1000.unwrap();
    let money = eval_report::figures::money;
    assert!(shown.contains(&format!("<dt>Total per 1,000, with mistakes</dt><dd>{}</dd>", money(total))));
    let monthly = format!("<dt>Total per month</dt><dd class=\"monthly\">{}</dd>", money(total * 2.0));
    assert!(shown.contains(&monthly), "{monthly}");
    assert!(!page(Prefer::Cost).0.contains("<dt>Total per"), "where cost decides, the cards show cost");
}

#[test]
fn prices_that_read_the_same_are_no_advantage_and_a_lower_bound_is_marked() {
    let run = run(Task::Classify, 24, vec![priced("a/one", 1, 0.85, 1.0), priced("b/two", 2, 0.8, 1.0)]);
    let mut verdict = summary(&run, &Options::default()).verdict;
    assert_eq!(verdict.decision, Decision::NotSettled);
    let open = verdict.open.clone().unwrap();
    for candidate in &mut verdict.candidates {
        let is_leader = candidate.provider == open.leader;
        candidate.usd_per_1000 = Some(if is_leader { 1.162 } else { 1.158 });
        candidate.score = if is_leader { 0.85 } else { 0.8 };
    }
    verdict.open.as_mut().unwrap().cheaper.clone_from(&open.rival);
    let same = headline(&verdict);
    assert!(!same.contains("$1.16 instead of") && same.contains("may be as good"), "{same}");
    for candidate in &mut verdict.candidates {
        if candidate.provider == open.rival {
            (candidate.usd_per_1000, candidate.at_least) = (Some(0.5), true);
        }
    }
    let bounded = headline(&verdict);
    assert!(bounded.contains("costs ≥ $0.50 instead of $1.16 per 1,000 cases"), "{bounded}");
}
