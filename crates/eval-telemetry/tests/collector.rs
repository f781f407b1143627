//! What a collector is sent, read with the protocol's own types.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::collections::BTreeMap;
use std::time::Duration;

use eval_record::{Plan, Trial};
use eval_telemetry::{Settings, Telemetry};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use vision_testkit::Collector;

fn plan() -> Plan {
    serde_json::from_value(serde_json::json!({
        "v": 1, "name": "nightly", "started": "2026-11-29T10:00:00Z", "tool": "1", "command": "run", "seed": 1,
        "repeats": 1, "datasets": [], "media": {}, "generation": {},
        "providers": [
            {"label": "gemini/flash", "kind": "gemini", "model": "flash", "price": null},
            {"label": "control/prior", "kind": "control", "model": "prior", "price": null, "control": true},
        ],
        "execution": {"max_concurrency": 1, "timeout_seconds": 1.0, "max_retries": 1},
        "quote": {"price_date": "2026-11-28", "lines": []},
    }))
    .unwrap()
}

fn trial(provider: &str, outcome: &serde_json::Value) -> Trial {
    let mut trial = serde_json::json!({
        "v": 1, "dataset": "receipts", "case": "c7", "provider": provider, "repeat": 2, "task": "extract",
        "at_ms": 1500, "output": "schema",
    });
    trial.as_object_mut().unwrap().extend(outcome.as_object().unwrap().clone());
    serde_json::from_value(trial).unwrap()
}

/// Answered at the second attempt, and failed.
fn trials() -> [Trial; 3] {
    let attempts = serde_json::json!([
        {"start": 0, "total": 200_000, "error": "rate_limited", "status": 429, "wait": 100_000},
        {"start": 300_000, "total": 700_000, "status": 200},
    ]);
    let answered = serde_json::json!({"cost": 0.25, "response": {
        "text": "TOTAL 12.50 private", "stop": "complete", "model": "flash-001",
        "usage": {"input": 90, "output": 10, "cached": 40}, "timing": {"total": 700_000}, "attempts": attempts,
    }});
    let failed = serde_json::json!({"failure": {
        "kind": "timeout", "message": "took too long, private",
        "attempts": [{"start": 0, "total": 1_000_000, "error": "timeout"}],
    }});
    [trial("gemini/flash", &answered), trial("gemini/flash", &failed), trial("control/prior", &answered)]
}

fn tell(status: u16, content: bool) -> (Collector, Result<(), String>) {
    let collector = Collector::start(status, Duration::ZERO);
    let address = &collector.url;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let settings = Settings {
        traces: Some(format!("{address}/v1/traces")),
        metrics: Some(format!("{address}/v1/metrics")),
        headers: vec![("x-key".to_owned(), "collector-key".to_owned())],
        service: "nightly-eval".to_owned(),
        content,
        certificates: Vec::new(),
    };
    let told = runtime.block_on(async {
        let telemetry = Telemetry::start(&settings, &plan()).unwrap();
        trials().iter().for_each(|trial| telemetry.ended(trial));
        tokio::task::spawn_blocking(move || telemetry.finish()).await.unwrap()
    });
    (collector, told)
}

fn bodies(collector: &Collector, path: &str) -> Vec<Vec<u8>> {
    let received = collector.received();
    received.iter().filter(|it| it.path == path).map(|it| it.body.clone()).collect()
}

fn spans(collector: &Collector) -> Vec<Span> {
    let requests = bodies(collector, "/v1/traces").into_iter();
    requests
        .flat_map(|body| ExportTraceServiceRequest::decode(body.as_slice()).unwrap().resource_spans)
        .flat_map(|resource| resource.scope_spans)
        .flat_map(|scope| scope.spans)
        .collect()
}

/// Attributes as text.
fn attributes(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        Value::DoubleValue(number) => number.to_string(),
        Value::ArrayValue(array) => format!("{} values", array.values.len()),
        other => format!("{other:?}"),
    };
    let value = |it: &KeyValue| it.value.as_ref().and_then(|value| value.value.as_ref()).map(text);
    attributes.iter().map(|it| (it.key.clone(), value(it).unwrap_or_default())).collect()
}

#[test]
fn each_attempt_is_a_span_of_the_convention() {
    let (collector, told) = tell(200, false);
    assert_eq!(told, Ok(()));
    let spans = spans(&collector);
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names.iter().filter(|name| **name == "chat flash").count(), 3, "{names:?}");
    assert_eq!(names.iter().filter(|name| **name == "trial").count(), 2, "a control asks nobody: {names:?}");

    let answered =
        spans.iter().find(|span| attributes(&span.attributes).contains_key("gen_ai.usage.input_tokens"));
    let answered = answered.unwrap();
    let own = attributes(&answered.attributes);
    for (name, value) in [
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.provider.name", "gcp.gemini"),
        ("gen_ai.request.model", "flash"),
        ("gen_ai.response.model", "flash-001"),
        ("gen_ai.usage.input_tokens", "90"),
        ("gen_ai.usage.output_tokens", "10"),
        ("gen_ai.usage.cache_read.input_tokens", "40"),
        ("gen_ai.output.type", "json"),
        ("gen_ai.response.finish_reasons", "1 values"),
        ("http.response.status_code", "200"),
    ] {
        assert_eq!(own.get(name).map(String::as_str), Some(value), "{name} of {own:?}");
    }
    assert!(!own.contains_key("error.type"));
    assert_eq!(answered.kind, 3, "a client's");
    assert_eq!(answered.end_time_unix_nano - answered.start_time_unix_nano, 700_000_000);
    let parent = spans.iter().find(|span| span.span_id == answered.parent_span_id).unwrap();
    assert_eq!((parent.name.as_str(), &parent.trace_id), ("trial", &answered.trace_id));
    assert_eq!(answered.start_time_unix_nano - parent.start_time_unix_nano, 300_000_000);
    let about = attributes(&parent.attributes);
    assert_eq!((about["vision_eval.case"].as_str(), about["vision_eval.cost_usd"].as_str()), ("c7", "0.25"));

    let errors: Vec<String> = spans
        .iter()
        .filter(|span| {
            span.name == "chat flash" && span.status.as_ref().is_some_and(|status| status.code == 2)
        })
        .map(|span| attributes(&span.attributes)["error.type"].clone())
        .collect();
    assert_eq!(errors.len(), 2);
    assert!(
        errors.contains(&"rate_limited".to_owned()) && errors.contains(&"timeout".to_owned()),
        "{errors:?}"
    );
    let key = ("x-key".to_owned(), "collector-key".to_owned());
    assert!(collector.received().iter().all(|it| it.headers.contains(&key)));
}

#[test]
fn tokens_and_durations_are_the_conventions_metrics() {
    let (collector, _) = tell(200, false);
    let mut found = BTreeMap::new();
    for body in bodies(&collector, "/v1/metrics") {
        let request = ExportMetricsServiceRequest::decode(body.as_slice()).unwrap();
        let resource = attributes(&request.resource_metrics[0].resource.as_ref().unwrap().attributes);
        assert_eq!(resource["service.name"], "nightly-eval");
        for metric in
            request.resource_metrics.into_iter().flat_map(|it| it.scope_metrics).flat_map(|it| it.metrics)
        {
            let Some(Data::Histogram(histogram)) = metric.data else {
                panic!("{} is no histogram", metric.name)
            };
            for point in histogram.data_points {
                let own = attributes(&point.attributes);
                let of = own.get("gen_ai.token.type").or(own.get("error.type")).cloned().unwrap_or_default();
                found.insert(
                    format!("{} {} {of}", metric.name, metric.unit),
                    (point.count, point.sum.unwrap()),
                );
            }
        }
    }
    let expected = BTreeMap::from([
        ("gen_ai.client.operation.duration s ".to_owned(), (1, 0.7)),
        ("gen_ai.client.operation.duration s rate_limited".to_owned(), (1, 0.2)),
        ("gen_ai.client.operation.duration s timeout".to_owned(), (1, 1.0)),
        ("gen_ai.client.token.usage {token} input".to_owned(), (1, 90.0)),
        ("gen_ai.client.token.usage {token} output".to_owned(), (1, 10.0)),
    ]);
    assert_eq!(found, expected);
}

#[test]
fn content_is_told_only_where_it_is_asked_for() {
    let holds = |collector: &Collector, text: &str| {
        let all = collector.received();
        all.iter().any(|it| it.body.windows(text.len()).any(|part| part == text.as_bytes()))
    };
    let (collector, _) = tell(200, false);
    assert!(!holds(&collector, "private"), "neither an answer nor the words of a failure");
    let (collector, _) = tell(200, true);
    assert!(holds(&collector, "TOTAL 12.50 private") && holds(&collector, "gen_ai.output.messages"));
}

#[test]
fn a_collector_that_refuses_is_a_complaint_at_the_end() {
    let (_, told) = tell(400, false);
    assert!(told.unwrap_err().contains("answers with status 400"));
}
