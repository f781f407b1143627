//! Inputs that are far too large or of the wrong shape are errors that say so: never a panic, never a flood of memory.

#![expect(clippy::unwrap_used, reason = "the helpers of a test are tests, too")]

use eval_metrics::{NAMED, named};
use serde_json::{Value, json};

#[track_caller]
fn refused(name: &str, expected: Value, predicted: Value, says: &str) {
    let error = (named(name).unwrap().score)(&expected, &predicted, &Value::Null).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn refuses_lists_beyond_the_bound() {
    let items = |count: usize| Value::from(vec![json!({ "name": "x", "price": 1 }); count]);
    refused("line_items", items(5_000), items(5_000), "at most 16000000");
    refused("anls_star", items(5_000), items(5_000), "at most 16000000");
    refused("donut_ted", json!({ "a": items(2_000) }), json!({ "a": items(2_000) }), "at most 16000000");
    refused(
        "omni_json_accuracy",
        json!({ "a": items(5_000) }),
        json!({ "a": items(5_000) }),
        "at most 16000000",
    );
    refused("string_similarity", json!("x".repeat(5_000)), json!("y".repeat(5_000)), "at most 16000000");
    let labels: Value = (0..5_000).map(|label| label.to_string()).collect();
    refused("classification", labels.clone(), labels, "at most 16000000");
}

#[test]
fn refuses_values_nested_beyond_the_bound() {
    let nested = (0..60).fold(json!(1), |inner, _| json!([inner]));
    refused("omni_json_accuracy", nested.clone(), json!([nested]), "nested 60 levels");
}

#[test]
fn says_what_was_expected() {
    refused(
        "anls",
        json!(1),
        json!("x"),
        "`expected` should be a string or a list of strings, but is a number",
    );
    refused("wer", json!(["a"]), json!(["a", "b"]), "equally long");
    refused("calibration", json!([1]), json!([2]), "from 0 to 1");
    refused("squad", json!(["a", null]), json!("x"), "`expected[1]` should be a string");
    refused("line_items", json!([1]), json!([]), "a list of objects");
    refused("anls_star", json!({ "__one_of__": [] }), json!("x"), "at least one option");
}

#[test]
fn never_panics_on_any_shape() {
    let deep = (0..120)
        .fold(json!("x"), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "a": inner }) });
    let values = [
        json!(null),
        json!(true),
        json!(1e308),
        json!(-3),
        json!(""),
        json!("a | b\nc | 1"),
        json!([]),
        json!([[]]),
        json!({}),
        json!([{}]),
        json!(["a", 1, null]),
        json!({ "a": [1, null, "x", {}] }),
        json!([0.1, 0.9]),
        json!([1, 0]),
        json!("\u{0}é日\u{10ffff}"),
        json!({ "groups": { "1": [{ "a": "b||c" }] }, "non_group": { "k": ["v"] } }),
        deep,
    ];
    for metric in NAMED {
        for expected in &values {
            for predicted in &values {
                for params in
                    [json!(null), json!({ "threshold": "x", "bins": 0, "fields": [], "corpus": true })]
                {
                    let _ = (metric.score)(expected, predicted, &params);
                }
            }
        }
    }
}

#[test]
fn refuses_texts_and_trees_that_would_take_hours() {
    // Each pair of items is within bounds, and there are nine million of them.
    let items = |text: &str| Value::from(vec![json!(text.repeat(2_000)); 3_000]);
    refused("anls_star", items("a b c d "), items("a b c e "), "letters is too much");
    refused("donut_ted", json!({ "a": items("a b c d ") }), json!({ "a": items("a b c e ") }), "is too much");
    let many = |count: usize| {
        Value::from((0..count).map(|at| (at.to_string(), json!(1))).collect::<serde_json::Map<_, _>>())
    };
    refused("anls_star", many(20_000), many(20_000), "values is too much");
}
