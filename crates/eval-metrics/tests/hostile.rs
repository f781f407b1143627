//! No answer takes long to score, whatever it holds.

#![expect(clippy::unwrap_used, reason = "the helpers of a test are tests, too")]

use std::time::{Duration, Instant};

use eval_metrics::task::TaskMetric;
use serde_json::{Value, json};

fn tasks() -> Vec<(TaskMetric, Value)> {
    let labels = json!({ "labels": ["photo", "chart", "receipt"] });
    let items: Vec<Value> = (0..40)
        .map(|at| json!({ "name": format!("A rather long name of an article, number {at}, with much about it"), "quantity": 1, "price": at }))
        .collect();
    let differences: Vec<Value> = (0..6)
        .map(|at| json!({ "kind": "changed", "element": format!("Tile {at}"), "before": "1", "after": "2" }))
        .collect();
    let speech = "Please send three boxes of printer paper to the fourth floor. ".repeat(40);
    let columns: Vec<String> = (0..9).map(|at| format!("Series {at} ($K)")).collect();
    let rows: Vec<Value> = (0..12)
        .map(|row| {
            json!(
                (0..9)
                    .map(|at| if at == 0 { json!(format!("Row {row}")) } else { json!(at) })
                    .collect::<Vec<_>>()
            )
        })
        .collect();
    let schema = json!({ "properties": {
        "total": { "type": "number" },
        "store": { "properties": { "name": { "type": "string" } } },
        "items": { "type": "array", "items": { "properties": {
            "name": { "type": "string" }, "price": { "type": "number" }, "element": { "type": "array", "items": { "type": "string" } },
        } } },
        "rates": { "additionalProperties": { "type": "number" } },
    } });
    let record =
        json!({ "total": 12.5, "store": { "name": "Corner Shop" }, "items": items, "rates": { "USD": 1 } });
    let extract = TaskMetric::from_settings("extract", &json!(null), &[], Some(&schema)).unwrap();
    [
        (
            "receipt",
            json!(null),
            json!({ "store": "Corner Shop", "date": "2024-04-03", "items": items, "total": 12.5 }),
        ),
        ("chart-table", json!(null), json!({ "columns": columns, "rows": rows })),
        ("chart-question", json!(null), json!({ "type": "category", "value": "Q4" })),
        ("chart-question", json!(null), json!({ "type": "number", "value": 620, "unit": "$K" })),
        ("chart-question", json!(null), json!({ "type": "trend", "value": "up" })),
        ("chart-question", json!(null), json!({ "type": "yes_no", "value": true })),
        ("classify", labels, json!({ "label": "chart" })),
        ("compare", json!(null), json!({ "differences": differences })),
        ("transcribe", json!(null), json!(speech)),
        ("text", json!(null), json!(speech)),
    ]
    .into_iter()
    .map(|(name, settings, expected)| {
        (TaskMetric::from_settings(name, &settings, &[], None).unwrap(), expected)
    })
    .chain([(extract, record)])
    .collect()
}

/// Texts that are repeated up to a size.
const UNITS: [&str; 52] = [
    "```json\n",
    "{",
    "[",
    "\"",
    "\\",
    "{\"",
    "{\"a\":",
    "{\"a\":\"",
    "{'",
    "[1,",
    "[a, ",
    "<think>",
    "/*",
    "word",
    "word ",
    "is not Q4, ",
    "not ",
    "12 ",
    "(1",
    "1,234.5 ",
    "Q4. Wait, ",
    "up and down ",
    "forty-five hundred ",
    "a | b | 1\n",
    "{\"a\":1}",
    "chart\n",
    "é",
    "１",
    "[00:00] ",
    "Speaker 1: ",
    "<",
    "actually ",
    "yes no ",
    "$",
    "total: 12\n",
    "a,1\n",
    "a\t1\n",
    "from 3 to 5 ",
    "1. a ",
    "☑ a ☐ b ",
    "hundert",
    "und",
    "deux cent ",
    "in-\n",
    "<p>",
    "half past three ",
    "down 12, ",
    "more than 5 or ",
    "#fff ",
    "½",
    "5/",
    "12:30 pm ",
];

/// One JSON value of about a size.
fn values(bytes: usize) -> Vec<String> {
    let name = |at: usize| {
        format!("An article {at} with a long name that is like others, and on and on it goes in many words")
    };
    let item = |at: usize| json!({ "name": name(at), "quantity": 1, "price": at, "kind": "changed", "element": name(at), "before": "1" });
    let items: Vec<Value> = (0..bytes / 200).map(item).collect();
    let text = "word ".repeat(bytes / 5);
    let rows: Vec<Value> = (0..bytes / 100).map(|at| json!([name(at), at, at, at])).collect();
    vec![
        json!({ "items": items, "differences": items, "total": 12.5 }).to_string(),
        json!({ "store": text, "date": text, "total": text, "answer": text, "label": text, "items": [{ "name": text, "price": text }] }).to_string(),
        json!({ "columns": ["a", "b", "c", "d"], "rows": rows }).to_string(),
        json!({ "differences": [{ "kind": text, "element": text, "before": text, "after": text }] }).to_string(),
        json!({ "text": text }).to_string(),
        json!((0..bytes / 10).map(|at| (format!("key{at}"), json!(1))).collect::<serde_json::Map<_, _>>()).to_string(),
        format!("Here it is: {}", json!({ "items": (0..bytes / 10).map(|at| json!({ "name": at })).collect::<Vec<_>>() })),
    ]
}

fn texts(bytes: usize) -> Vec<String> {
    UNITS.iter().map(|unit| unit.repeat(bytes / unit.len())).chain(values(bytes)).collect()
}

fn time(metric: &TaskMetric, expected: &Value, text: &str) -> Duration {
    let start = Instant::now();
    drop(metric.score(expected, text).unwrap());
    start.elapsed()
}

#[test]
fn scores_hostile_answers_in_linear_time() {
    // Eight times as many bytes take eight times as long, and would take 64 times if it were their square. Items are matched
    // with a bounded number of pairs, which is more than linear in small lists.
    const BYTES: [usize; 2] = [500, 4_000];
    const MOST: f64 = 40.0;
    let (short, long) = (texts(BYTES[0]), texts(BYTES[1]));
    for (metric, expected) in tasks() {
        for (short, long) in short.iter().zip(&long) {
            // Side by side, and again where it was too much: a busy machine slows one down or the other.
            let growth = || {
                let short = time(&metric, &expected, short).max(QUICK);
                time(&metric, &expected, long).as_secs_f64() / short.as_secs_f64()
            };
            let start = &long[..long.len().min(60)];
            assert!((0..10).any(|_| growth() < MOST), "{}: {start}", metric.name());
        }
    }
}

/// Less says nothing.
const QUICK: Duration = Duration::from_micros(200);

/// Seconds that this thread has run, where the system tells: a busy machine does not change them.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// `cargo test --release -p eval-metrics --test hostile -- --ignored --nocapture`
#[test]
#[ignore = "prints times, which say something in a release build on an idle machine only"]
fn scores_ten_megabytes() {
    let texts = texts(10_000_000);
    for (metric, expected) in tasks() {
        for text in &texts {
            let before = processor_seconds();
            time(&metric, &expected, text);
            let seconds = processor_seconds() - before;
            if seconds > 0.5 {
                println!(
                    "{seconds:6.2} s {:15} {:?} {}",
                    metric.name(),
                    expected["type"],
                    &text[..text.len().min(50)]
                );
            }
        }
    }
}
