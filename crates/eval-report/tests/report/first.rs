//! The first screen and the list of what is worst.

use eval_report::{NoMedia, Page};
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Options, Summary, score};
use vision_core::Task;

fn page(run: &SyntheticRun, monthly_volume: Option<u64>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let record = run.write(&folder.path().join("run")).unwrap();
    let scored = score(&record, &Options { keep: usize::MAX, ..Options::default() }).unwrap();
    let summary = Summary::of_scored(&scored, &Options::default()).unwrap();
    let cases = scored.case_views().unwrap().map(Result::unwrap);
    eval_report::html(&summary, cases, &NoMedia, &Page { monthly_volume, ..Page::default() })
}

fn run(cases: u64, providers: Vec<SyntheticProvider>) -> SyntheticRun {
    SyntheticRun { cases, repeats: 1, tasks: vec![Task::Receipt], providers, ..SyntheticRun::varied() }
}

/// What stands between two texts.
#[track_caller]
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("{from} is there"));
    rest.split_once(to).unwrap_or_else(|| panic!("{to} follows {from}")).0
}

#[test]
fn every_serious_candidate_has_a_card_and_the_recommended_one_is_the_first() {
    let providers = vec![
        SyntheticProvider { price: Some(1.0), ..SyntheticProvider::new("a/bad", 1, 0.4) },
        SyntheticProvider { price: Some(5.0), ..SyntheticProvider::new("b/good", 2, 0.995) },
    ];
    let page = page(&run(80, providers), Some(2_000));
    let cards: Vec<&str> = page.split("<article").skip(1).collect();
    assert_eq!(cards.len(), 2);
    assert!(cards[0].contains("Recommended") && cards[0].contains("<h2>b/good</h2>"), "{}", cards[0]);
    assert!(cards[1].contains("Worse") && cards[1].contains("95% CI"));
    let usd: f64 = between(cards[0], "data-usd=\"", "\"").parse().unwrap();
    assert!(
        cards[0].contains(&format!("<dd class=\"monthly\">{}</dd>", eval_report::figures::money(usd * 2.0)))
    );
    assert!(page.contains("value=\"2000\"") && !page.contains("an assumption"));
}

#[test]
fn the_price_of_a_point_is_said_from_the_cheaper_to_the_better() {
    let providers = vec![
        SyntheticProvider { price: Some(0.0), local: true, ..SyntheticProvider::new("local/free", 1, 0.5) },
        SyntheticProvider { price: Some(5.0), ..SyntheticProvider::new("b/good", 2, 0.99) },
    ];
    let page = page(&run(60, providers), None);
    let costs = between(&page, "What a point costs", "</ul>");
    assert!(costs.contains("From local/free to b/good: +") && costs.contains("per point"), "{costs}");
    assert!(!costs.contains("not statistically significant"), "{costs}");
    assert!(page.contains("an assumption"));
}

#[test]
fn the_three_worst_risks_are_told_and_no_more() {
    let few = page(&run(6, vec![SyntheticProvider::new("a/only", 1, 0.9)]), None);
    let risks = between(&few, "Biggest risks", "</ol>");
    assert_eq!(risks.matches("<li>").count(), 3, "{risks}");
    assert!(risks.contains("Few cases: with 6 cases"), "{risks}");
}

#[test]
fn worst_fields_lead_to_their_cases_and_say_what_their_mistakes_have_in_common() {
    let reader = SyntheticProvider { damage: 0.5, ..SyntheticProvider::new("a/only", 1, 0.8) };
    let page = page(&run(40, vec![reader]), None);
    let worst = between(&page, "Worst fields", "</table>");
    assert!(worst.contains("href=\"#cases?dataset=receipts&amp;field=items.price\""), "{worst}");
    assert!(worst.contains(" mistakes have a digit swapped, dropped or moved."), "{worst}");
}
