//! A run tells a collector of its requests, if one is named; what the collector does changes nothing of the run.
#![cfg(all(unix, feature = "otel"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "run/support.rs"]
#[allow(dead_code, reason = "the tests of plain runs use all of it")]
mod support;

use std::net::TcpListener;
use std::time::Duration;

use support::{Host, Project, ended};
use vision_testkit::Collector;

fn count(collector: &Collector, path: &str, text: &str) -> usize {
    let received = collector.received();
    let bodies = received.iter().filter(|it| it.path == path).map(|it| &it.body);
    bodies.map(|body| body.windows(text.len()).filter(|part| *part == text.as_bytes()).count()).sum()
}

#[test]
fn a_collector_that_is_named_is_told_of_every_request() {
    let host = Host::new(&["503*2"]);
    let project = Project::new(10, &host.url());
    let collector = Collector::start(200, Duration::ZERO);
    let run = |content: &str, dir: &str| {
        let mut command = project.command(&format!("run -q --run-dir {dir}"));
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
        command.env("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", content);
        let ended = ended(command.spawn().unwrap());
        assert_eq!((ended.code, ended.err.contains("telemetry")), (Some(0), false), "{}", ended.err);
    };
    run("", "plain");
    assert_eq!(count(&collector, "/v1/traces", "chat m") as u64, host.journal().requests);
    assert_eq!(count(&collector, "/v1/traces", "gen_ai.output.messages"), 0);
    assert!(count(&collector, "/v1/metrics", "gen_ai.client.operation.duration") > 0);
    run("true", "content");
    assert_eq!(count(&collector, "/v1/traces", "gen_ai.output.messages"), 10);
    let before = collector.received().len();
    project.expect(0, "run -q --run-dir silent");
    assert_eq!(collector.received().len(), before, "nobody named a collector");
}

#[test]
fn a_collector_that_is_gone_or_slow_changes_nothing_of_a_run() {
    let host = Host::new(&[]);
    let project = Project::new(10, &host.url());
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let slow = Collector::start(200, Duration::from_secs(60));
    for (number, address) in [format!("http://{gone}"), slow.url].into_iter().enumerate() {
        let mut command = project.command(&format!("run -q --run-dir run{number}"));
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", address);
        let begun = std::time::Instant::now();
        let ended = ended(command.spawn().unwrap());
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        assert!(ended.err.contains("telemetry is incomplete"), "{}", ended.err);
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
        assert_eq!(project.trials(&format!("run{number}")).len(), 10);
    }
}
