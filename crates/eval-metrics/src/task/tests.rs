mod charts;
mod labels;
mod receipts;

use serde_json::{Value, json};

use super::*;
use crate::value::Verdict;

#[track_caller]
fn metric(name: &str, settings: Value) -> TaskMetric {
    TaskMetric::from_settings(name, &settings, &[], None).unwrap()
}

#[track_caller]
fn verdict(scored: &Scored, path: &str) -> Verdict {
    let finding = scored.explanation.iter().find(|finding| finding.path == path);
    finding.unwrap_or_else(|| panic!("no finding {path} in {:#?}", scored.explanation)).verdict
}

#[track_caller]
fn value(scored: &Scored, name: &str) -> Option<f64> {
    *scored.values.get(name).unwrap_or_else(|| panic!("no value {name} in {:?}", scored.values))
}

#[test]
fn explains_every_figure_it_gives() {
    let labels = json!({ "labels": ["a"] });
    let fields = json!({ "fields": { "total": "money" } });
    let cases = [
        ("receipt", json!(null), json!({}), "{}"),
        ("chart-table", json!(null), json!({ "columns": ["x", "y"], "rows": [["a", 1]] }), "{}"),
        ("chart-question", json!(null), json!({ "type": "yes_no", "value": true }), "yes"),
        ("classify", labels, json!({ "label": "a" }), "a"),
        ("compare", json!(null), json!({ "differences": [] }), "{}"),
        ("document", fields, json!({ "total": 1 }), "{}"),
        ("extract", json!(null), json!({ "total": 1 }), "{}"),
        ("transcribe", json!(null), json!("a"), "a"),
        ("text", json!(null), json!("a"), "a"),
        ("checks", json!(null), json!({ "must": ["a boat"] }), "a boat"),
    ];
    assert_eq!(cases.len(), TASK_METRICS.len());
    for (name, settings, expected, answer) in cases {
        let schema = (name == "extract").then(|| json!({ "properties": { "total": { "type": "number" } } }));
        let metric = TaskMetric::from_settings(name, &settings, &[], schema.as_ref()).unwrap();
        let scored = metric.score(&expected, answer).unwrap();
        let mut explained: Vec<&str> = metric.values().iter().map(|value| value.name).collect();
        assert_eq!(scored.headline, scored.values[explained[0]], "{name}: the headline comes first");
        explained.sort_unstable();
        let given: Vec<&str> = scored.values.keys().map(String::as_str).collect();
        assert_eq!(explained, given, "{name}");
    }
}

#[test]
fn counts_every_way_to_read_an_answer_apart() {
    let schema = json!({
        "type": "object", "required": ["total"], "additionalProperties": false,
        "properties": { "total": { "type": ["number", "null"] } },
    });
    let settings = json!({ "fields": { "total": "money" } });
    let metric = TaskMetric::from_settings("document", &settings, &[], Some(&schema)).unwrap();
    for (answer, parse, headline) in [
        (r#"{"total": 12.5}"#, Parse::SchemaValid, 1.0),
        ("```json\n{\"total\": 12.5}\n```", Parse::SchemaValid, 1.0),
        (r#"{"total": "12,50 €"}"#, Parse::SchemaInvalid, 1.0),
        (r#"{'total': 12.5,}"#, Parse::Repaired, 1.0),
        (r#"{"total": 12.5, "tax"#, Parse::Truncated, 1.0),
        ("I cannot see a total.", Parse::Unreadable, 0.0),
    ] {
        let scored = metric.score(&json!({ "total": 12.5 }), answer).unwrap();
        assert_eq!((scored.parse, scored.headline), (parse, Some(headline)), "{answer}");
    }
}

#[test]
fn says_what_is_wrong_with_its_settings() {
    #[track_caller]
    fn refused(name: &str, settings: Value, critical: &[&str], says: &str) {
        let critical: Vec<String> = critical.iter().map(|&name| name.to_owned()).collect();
        let error = TaskMetric::from_settings(name, &settings, &critical, None).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    refused("receipts", json!(null), &[], "there is no task metric `receipts`");
    refused("receipt", json!({ "name_treshold": 1 }), &[], "name_treshold");
    refused("receipt", json!({ "name_threshold": 80 }), &[], "from 0 to 1");
    refused("receipt", json!(null), &["totl"], "critical field `totl`");
    refused("document", json!({}), &[], "needs settings");
    refused("document", json!({ "fields": { "total": "cash" } }), &[], "the type of the field `total`");
    refused("classify", json!({}), &[], "labels");
    refused("classify", json!({ "labels": ["a"] }), &["label"], "no critical fields");
    refused("text", json!({ "threshold": 1 }), &[], "threshold");
}

#[test]
fn survives_a_round_trip_as_json() {
    let scored =
        metric("receipt", json!(null)).score(&json!({ "total": 1, "items": [] }), "{'total': 2}").unwrap();
    let text = serde_json::to_string(&scored).unwrap();
    assert_eq!(serde_json::from_str::<Scored>(&text).unwrap(), scored);
}

#[test]
fn refuses_cases_of_another_shape() {
    let error = metric("receipt", json!(null)).score(&json!("x"), "{}").unwrap_err();
    assert_eq!(error.to_string(), "`expected` should be an object, but is a string");
    assert!(metric("chart-table", json!(null)).score(&json!({ "rows": [] }), "{}").is_err());
    assert!(metric("text", json!(null)).score(&json!(1), "1").is_err());
}

proptest::proptest! {
    #[test]
    fn scores_any_answer_to_any_task(answer in "\\PC{0,120}", shape in "[{}\\[\\]\":,a-z0-9|\\-. $%\n]{0,120}") {
        let tasks = [
            ("receipt", json!({ "total": 1, "items": [{ "name": "a", "price": 1 }] })),
            ("chart-table", json!({ "columns": ["x", "y"], "rows": [["a", 1]] })),
            ("chart-question", json!({ "type": "number", "value": 6, "unit": "$K" })),
            ("chart-question", json!({ "type": "trend", "value": "up" })),
            ("compare", json!({ "differences": [{ "kind": "added", "element": "x" }] })),
            ("transcribe", json!("a b")),
            ("text", json!("a b")),
        ];
        for (name, expected) in &tasks {
            for text in [&answer, &shape] {
                let scored = metric(name, json!(null)).score(expected, text).unwrap();
                let headline = scored.headline.unwrap();
                proptest::prop_assert!((0.0..=1.0).contains(&headline), "{} {} {}", name, text, headline);
            }
        }
    }
}
