//! Metrics on receipts of 10, 30 and 100 line items, one thread.
//!
//! The Python references reach, in scores per second: ANLS* 41 / 4.3 / 0.35, tree edit 8.6 / 1.1 / 0.08,
//! WER 23,000 / 10,800 / 3,600, line items 30,000 / 3,600 / 325.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eval_metrics::answer;
use eval_metrics::named;
use eval_metrics::task::TaskMetric;
use serde_json::{Value, json};

const SIZES: [usize; 3] = [10, 30, 100];

/// A receipt whose names are all different, so that nothing can be looked up twice.
fn receipt(items: usize, misread: bool) -> Value {
    let nouns = [
        "Espresso",
        "Club sandwich",
        "Nasi goreng",
        "Butter 250g",
        "Milk 3.5% 1L",
        "Tofu & veg bowl",
        "Crème brûlée",
    ];
    let item = |index: usize| {
        let noisy = misread && index % 7 == 3;
        let name = format!("{} {}", nouns[index % nouns.len()], index * 37 % 911);
        let cents = index * 7919 % 9000 + 100 + usize::from(noisy);
        json!({
            "name": if noisy { name.replace('e', "c") } else { name },
            "quantity": index % 3 + 1,
            "unit_price": cents as f64 / 100.0,
            "price": (cents * (index % 3 + 1)) as f64 / 100.0,
        })
    };
    // A misread receipt lists its items from the bottom up.
    let order = |index: usize| if misread { items - 1 - index } else { index };
    json!({
        "store": { "name": "Corner Café", "address": "1 Infinite Loop, Cupertino", "phone": null },
        "date": "2025-12-31", "currency": "EUR",
        "items": (0..items).map(|index| item(order(index))).collect::<Vec<_>>(),
        "subtotal": 419.5, "tax": 0.5, "total": if misread { 42.0 } else { 420.0 },
    })
}

fn lines(receipt: &Value) -> String {
    let items = receipt["items"].as_array().map_or(&[][..], Vec::as_slice);
    items.iter().map(|item| format!("{} {} {} ", item["quantity"], item["name"], item["price"])).collect()
}

fn named_metric(criterion: &mut Criterion, name: &str, input: fn(&Value) -> Value) {
    let metric = named(name).expect("the metric is in the list");
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(1));
    for size in SIZES {
        let (expected, predicted) = (input(&receipt(size, false)), input(&receipt(size, true)));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| (metric.score)(black_box(&expected), black_box(&predicted), &Value::Null));
        });
    }
    group.finish();
}

fn fields_metrics(criterion: &mut Criterion) {
    named_metric(criterion, "anls_star", Value::clone);
    named_metric(criterion, "donut_ted", Value::clone);
    named_metric(criterion, "donut_f1", Value::clone);
    named_metric(criterion, "wer", |receipt| json!(lines(receipt)));
    named_metric(criterion, "cer", |receipt| json!(lines(receipt)));
    named_metric(criterion, "line_items", |receipt| {
        let items = receipt["items"].as_array().map_or(&[][..], Vec::as_slice);
        items
            .iter()
            .map(|item| json!({ "name": item["name"], "qty": item["quantity"], "price": item["price"] }))
            .collect()
    });
}

fn headline_metrics(criterion: &mut Criterion) {
    let metric =
        TaskMetric::from_settings("receipt", &Value::Null, &[], None).expect("the defaults are valid");
    let mut group = criterion.benchmark_group("receipt");
    group.throughput(Throughput::Elements(1));
    for size in SIZES {
        let mut expected = receipt(size, false);
        expected["store"] = json!("Corner Café");
        let answer = receipt(size, true).to_string();
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| metric.score(black_box(&expected), black_box(&answer)));
        });
    }
    group.finish();
}

fn answers(criterion: &mut Criterion) {
    let clean = receipt(100, true).to_string();
    let broken = clean.replace("null", "None").replace("}, {", "},\n// next\n{");
    let mut group = criterion.benchmark_group("read answer of 100 items");
    group.throughput(Throughput::Bytes(clean.len() as u64));
    for (name, text) in
        [("clean", clean.clone()), ("repaired", broken), ("cut", clean[..clean.len() - 40].to_owned())]
    {
        group.bench_function(name, |bencher| bencher.iter(|| answer::read(black_box(&text))));
    }
    group.finish();
}

/// Answers of 10 MB that a reader or a score could stumble over.
fn hostile(criterion: &mut Criterion) {
    // Unoptimized, as tests run it, a hundredth is enough to see that it ends.
    const BYTES: usize = if cfg!(debug_assertions) { 100_000 } else { 10_000_000 };
    let receipt =
        TaskMetric::from_settings("receipt", &Value::Null, &[], None).expect("the defaults are valid");
    let question =
        TaskMetric::from_settings("chart-question", &Value::Null, &[], None).expect("the defaults are valid");
    let expected = receipt_of_thirty();
    let category = json!({ "type": "category", "value": "Q4" });
    let mut group = criterion.benchmark_group("hostile answer of 10 MB");
    group.throughput(Throughput::Bytes(BYTES as u64)).sample_size(10);
    for unit in
        ["```json\n", "{", "[", "{\"", "{\"a\":\"", "\"", "\\", "[a, ", "{\"a\":1}", "word ", "is not Q4, "]
    {
        let text = unit.repeat(BYTES / unit.len());
        let name = unit.escape_debug().to_string();
        group.bench_function(BenchmarkId::new("receipt", &name), |bencher| {
            bencher.iter(|| receipt.score(black_box(&expected), black_box(&text)));
        });
        group.bench_function(BenchmarkId::new("question", &name), |bencher| {
            bencher.iter(|| question.score(black_box(&category), black_box(&text)));
        });
    }
    group.finish();
}

fn receipt_of_thirty() -> Value {
    let mut expected = receipt(30, false);
    expected["store"] = json!("Corner Café");
    expected
}

criterion_group! {
    name = metrics;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = fields_metrics, headline_metrics, answers, hostile
}
criterion_main!(metrics);
