use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::task::{CaseFacts, Judgement, TaskMetric};

fn score(expected: &Value, answer: &str) -> f64 {
    let metric = TaskMetric::from_settings("checks", &Value::Null, &[], None).unwrap();
    metric.score(expected, answer).unwrap().headline.unwrap()
}

fn harbour() -> Value {
    json!({
        "must": [
            { "text": "there are sailing boats", "accepted": ["sailing boats", "sailboats", "yachts"] },
            { "text": "it is evening", "accepted": ["sunset", "dusk", "evening"] },
            { "text": "no people", "accepted": ["no people", "nobody", "deserted"], "weight": 2 },
        ],
        "must_not": [{ "text": "a lighthouse", "accepted": ["lighthouse"] }],
    })
}

#[test]
fn what_is_said_counts_by_its_weight() {
    for (answer, fair) in [
        ("Several sailboats lie in a deserted harbour at dusk.", 1.0),
        ("Yachts at sunset; there are no people.", 1.0),
        ("A sailing boat in the evening.", 0.5),
        ("Yachts at dusk, nobody around, and a lighthouse.", 0.75),
        ("A lighthouse.", 0.0),
        ("There is no lighthouse, but there are yachts.", 0.25),
        ("It might be dusk.", 0.125),
        ("These are not yachts.", 0.0),
        ("", 0.0),
        ("{\"description\": \"Yachts at dusk. Nobody is there.\"}", 1.0),
    ] {
        assert!((score(&harbour(), answer) - fair).abs() < 1e-9, "{answer}: {}", score(&harbour(), answer));
    }
}

#[test]
fn silence_earns_nothing() {
    let label = json!({ "must_not": ["a lighthouse", "snow"] });
    assert_eq!(score(&label, ""), 0.0);
    assert_eq!(score(&label, "A harbour."), 1.0);
    assert_eq!(score(&label, "Snow on a harbour."), 0.5);
}

#[test]
fn a_dataset_adds_criteria_to_every_case() {
    let settings = json!({ "rubric": [{ "text": "names the season", "accepted": ["summer", "winter"] }] });
    let metric = TaskMetric::from_settings("checks", &settings, &[], None).unwrap();
    let label = json!({ "must": ["yachts"] });
    assert_eq!(metric.score(&label, "Yachts in summer").unwrap().headline, Some(1.0));
    let scored = metric.score(&label, "Yachts").unwrap();
    assert_eq!(scored.headline, Some(0.5));
    assert_eq!(scored.explanation[1].field, "rubric");
}

#[test]
fn a_judgement_takes_the_place_of_the_rule() {
    let metric = TaskMetric::from_settings("checks", &Value::Null, &[], None).unwrap();
    let label = json!({ "must": ["there are boats"], "must_not": ["snow"] });
    let answer = "Vessels under sail on a snowfield of foam";
    let by_rule = metric.score(&label, answer).unwrap().headline;
    let judged = BTreeMap::from([(
        "must[0]".to_owned(),
        Judgement { said: true, quote: "Vessels under sail".to_owned() },
    )]);
    let judged = metric.score_case(&label, answer, &CaseFacts { judged, ..CaseFacts::default() }).unwrap();
    assert_eq!((by_rule, judged.headline), (Some(0.0), Some(1.0)));
    assert_eq!(judged.explanation[0].got, json!("Vessels under sail"));
}

#[test]
fn labels_that_make_no_sense_are_refused() {
    let metric = TaskMetric::from_settings("checks", &Value::Null, &[], None).unwrap();
    for wrong in [
        json!("yachts"),
        json!({ "should": ["yachts"] }),
        json!({ "must": "yachts" }),
        json!({ "must": [{ "text": "yachts", "weight": 0 }] }),
        json!({ "must": [{ "text": "yachts", "wieght": 1 }] }),
        json!({ "must": ["…"] }),
    ] {
        assert!(metric.score(&wrong, "yachts").is_err(), "{wrong}");
    }
    assert_eq!(metric.score(&json!({}), "yachts").unwrap().headline, None);
}
