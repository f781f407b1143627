//! A run tells a collector of its requests, if one is named; what the collector does changes nothing of the run.
#![cfg(all(unix, feature = "otel"))]
#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "run/support.rs"]
#[allow(dead_code, reason = "the tests of plain runs use all of it")]
mod support;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{Host, Project, ended};

type Received = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// Takes everything, after a while.
fn collector(slow: Duration) -> (String, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let received = Received::default();
    let taken = received.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let taken = taken.clone();
            std::thread::spawn(move || serve(&stream.unwrap(), slow, &taken));
        }
    });
    (address, received)
}

fn serve(stream: &TcpStream, slow: Duration, taken: &Received) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim().split_once(':') else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        std::thread::sleep(slow);
        taken.lock().unwrap().push((first.split_whitespace().nth(1).unwrap().to_owned(), body));
        (&mut &*stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
    }
}

fn count(received: &Received, path: &str, text: &str) -> usize {
    let received = received.lock().unwrap();
    let bodies = received.iter().filter(|(to, _)| to == path).map(|(_, body)| body);
    bodies.map(|body| body.windows(text.len()).filter(|part| *part == text.as_bytes()).count()).sum()
}

#[test]
fn a_collector_that_is_named_is_told_of_every_request() {
    let host = Host::new(&["503*2"]);
    let project = Project::new(10, &host.url());
    let (address, received) = collector(Duration::ZERO);
    let run = |content: &str, dir: &str| {
        let mut command = project.command(&format!("run -q --run-dir {dir}"));
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", &address);
        command.env("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", content);
        let ended = ended(command.spawn().unwrap());
        assert_eq!((ended.code, ended.err.contains("telemetry")), (Some(0), false), "{}", ended.err);
    };
    run("", "plain");
    assert_eq!(count(&received, "/v1/traces", "chat m") as u64, host.journal().requests);
    assert_eq!(count(&received, "/v1/traces", "gen_ai.output.messages"), 0);
    assert!(count(&received, "/v1/metrics", "gen_ai.client.operation.duration") > 0);
    run("true", "content");
    assert_eq!(count(&received, "/v1/traces", "gen_ai.output.messages"), 10);
    let before = received.lock().unwrap().len();
    project.expect(0, "run -q --run-dir silent");
    assert_eq!(received.lock().unwrap().len(), before, "nobody named a collector");
}

#[test]
fn a_collector_that_is_gone_or_slow_changes_nothing_of_a_run() {
    let host = Host::new(&[]);
    let project = Project::new(10, &host.url());
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (slow, _) = collector(Duration::from_secs(60));
    for (number, address) in [format!("http://{gone}"), slow].into_iter().enumerate() {
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
