//! The limits that a reader moves give what the tool would say.

use eval_report::{NoMedia, Page};
use eval_summary::testdata::{SyntheticProvider, SyntheticRun};
use eval_summary::{Constraints, Options, Summary, score};
use serde_json::Value;
use vision_core::Task;

/// The data of the page, as its script reads it.
fn data(page: &str) -> Value {
    let (_, data) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap()
}

/// What the script does, in the same steps.
fn looked_up(limits: &Value, score: Option<f64>, usd: Option<f64>, p95: Option<f64>) -> String {
    let values = |name: &str| -> Vec<f64> {
        limits[name].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
    };
    let (scores, costs, times) = (values("scores"), values("usd"), values("p95"));
    let below = score.map_or(0, |limit| scores.iter().filter(|value| **value < limit).count());
    let within = |limit: Option<f64>, values: &[f64]| {
        limit.map_or(values.len() + 1, |limit| values.iter().filter(|value| **value <= limit).count())
    };
    let place = (below * (costs.len() + 2) + within(usd, &costs)) * (times.len() + 2) + within(p95, &times);
    let outcome = limits["table"][place].as_u64().unwrap() as usize;
    limits["outcomes"][outcome]["text"].as_str().unwrap().to_owned()
}

#[test]
fn the_page_says_under_every_limit_what_the_tool_says() {
    let spread = |number: u32| SyntheticProvider {
        price: (number != 3).then(|| f64::from(number * number)),
        milliseconds: u64::from(1_500 - 200 * number),
        ..SyntheticProvider::new(&format!("a/{number}"), u64::from(number), 0.5 + f64::from(number) / 10.0)
    };
    let run = SyntheticRun {
        cases: 25,
        repeats: 1,
        tasks: vec![Task::Receipt],
        providers: (1..=4).map(spread).collect(),
        ..SyntheticRun::varied()
    };
    let folder = tempfile::tempdir().unwrap();
    let record = run.write(&folder.path().join("run")).unwrap();
    let options = Options::default();
    let scored = score(&record, &options).unwrap();
    let summary = Summary::of_scored(&scored, &options).unwrap();
    let trade_off = scored.trade_off(&summary, &options);
    let page = Page { trade_off: trade_off.as_ref(), ..Page::default() };
    let limits = data(&eval_report::html(&summary, Vec::new(), &NoMedia, &page))["trade_off"].take();
    let around = |name: &str| -> Vec<Option<f64>> {
        let values = limits[name].as_array().unwrap().iter().filter_map(Value::as_f64);
        let near = values.flat_map(|value| [value.next_down(), value, value.next_up()]);
        std::iter::once(None).chain(near.map(Some)).collect()
    };
    let (scores, costs, times) = (around("scores"), around("usd"), around("p95"));
    let mut different = std::collections::BTreeSet::new();
    for at in 0..60 {
        let [min_score, max_usd_per_1000, max_p95_seconds] = [(&scores, 1), (&costs, 3), (&times, 5)]
            .map(|(all, step)| all[(at * step + at / 13) % all.len()]);
        let constraints =
            Constraints { min_score, max_usd_per_1000, max_p95_seconds, ..Constraints::default() };
        let told = Summary::of_scored(&scored, &Options { constraints, ..Options::default() }).unwrap();
        let told = eval_report::headline(&told.verdict);
        let found = looked_up(&limits, min_score, max_usd_per_1000, max_p95_seconds);
        assert_eq!(found, told, "{min_score:?} {max_usd_per_1000:?} {max_p95_seconds:?}");
        different.insert(found);
    }
    assert!(different.len() > 4, "limits change something: {different:?}");
}

#[test]
fn a_recommendation_under_a_limit_is_held_against_those_that_keep_it() {
    let provider = |label: &str, seed, accuracy, price| SyntheticProvider {
        price: Some(price),
        ..SyntheticProvider::new(label, seed, accuracy)
    };
    let run = SyntheticRun {
        cases: 60,
        repeats: 1,
        tasks: vec![Task::Receipt],
        providers: vec![
            provider("a/dear", 1, 0.99, 90.0),
            provider("b/middle", 2, 0.8, 1.0),
            provider("c/worst", 3, 0.3, 0.5),
        ],
        ..SyntheticRun::varied()
    };
    let folder = tempfile::tempdir().unwrap();
    let record = run.write(&folder.path().join("run")).unwrap();
    let said = |max_usd_per_1000| {
        let constraints = Constraints { max_usd_per_1000, ..Constraints::default() };
        let options = Options { constraints, ..Options::default() };
        let scored = score(&record, &options).unwrap();
        let summary = Summary::of_scored(&scored, &options).unwrap();
        let page = eval_report::html(&summary, Vec::new(), &NoMedia, &Page::default());
        let headline = eval_report::headline(&summary.verdict);
        assert!(page.contains(&headline), "{headline}");
        headline
    };
    let all = said(None);
    assert!(
        all.starts_with("Recommended: a/dear") && all.contains("every other candidate is worse"),
        "{all}"
    );
    let limited = said(Some(10.0));
    assert!(limited.starts_with("Recommended: b/middle"), "{limited}");
    assert!(limited.contains("every other candidate that keeps the limits is worse by"), "{limited}");
}

#[test]
fn without_candidates_there_is_nothing_to_move() {
    let dead = SyntheticProvider { failing: 1.0, ..SyntheticProvider::new("a/dead", 1, 0.9) };
    let run = SyntheticRun { cases: 5, providers: vec![dead], ..SyntheticRun::varied() };
    let folder = tempfile::tempdir().unwrap();
    let record = run.write(&folder.path().join("run")).unwrap();
    let options = Options::default();
    let scored = score(&record, &options).unwrap();
    let summary = Summary::of_scored(&scored, &options).unwrap();
    assert_eq!(scored.trade_off(&summary, &options), None);
    let page = eval_report::html(&summary, Vec::new(), &NoMedia, &Page::default());
    assert!(!page.contains("id=\"limits\"") && page.contains("Excluded"));
}
