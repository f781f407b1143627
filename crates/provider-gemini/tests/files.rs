//! The Files API: upload, wait, ask, delete.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use provider_gemini::{Config, Pause, provider};
use serde_json::Value;
use vision_core::{ErrorKind, Facts, Media, Part, Request, Response, Result, Secret, Task, Timing};
use vision_http::{Call, Record, Replay, Reply, Transport};
use vision_testkit::{Scripted, Step};

const ANSWER: &str = include_str!("fixtures/handmade_success.json");
const BUSY: &str = include_str!("fixtures/handmade_error_overloaded.json");

/// A PNG of `size` bytes, as far as anybody looks.
fn png(name: &str, size: usize) -> Part {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.resize(size, 0);
    Part::Media(Media::new(name, bytes, Facts::default()).unwrap())
}

fn question(parts: Vec<Part>) -> Request {
    Request::new(Task::Text, parts, NonZeroU32::new(64).unwrap())
}

/// Takes a second over each reply.
fn reply(status: u16, body: &'static str) -> Reply {
    let second = Duration::from_secs(1);
    Reply { timing: Timing { total: second, ..Timing::default() }, ..Reply::json_text(status, body) }
}

fn started() -> Reply {
    reply(200, "{}").with_header(
        "x-goog-upload-url",
        "https://generativelanguage.googleapis.com/upload/v1beta/files?upload_id=ticket-1&upload_protocol=resumable",
    )
}

fn uploaded(state: &'static str) -> Reply {
    match state {
        "ACTIVE" => reply(
            200,
            r#"{"file":{"name":"files/abc","uri":"https://generativelanguage.googleapis.com/v1beta/files/abc","state":"ACTIVE"}}"#,
        ),
        _ => reply(
            200,
            r#"{"file":{"name":"files/abc","uri":"https://generativelanguage.googleapis.com/v1beta/files/abc","state":"PROCESSING"}}"#,
        ),
    }
}

const PROCESSING: &str = r#"{"name":"files/abc","state":"PROCESSING"}"#;
const ACTIVE: &str = r#"{"name":"files/abc","state":"ACTIVE"}"#;
const FAILED: &str = r#"{"name":"files/abc","state":"FAILED","error":{"code":3,"message":"no frames"}}"#;

/// Asks with an inline limit of 100 bytes, and gives the outcome and the calls in short.
async fn ask<S: Into<Step>>(parts: Vec<Part>, script: Vec<S>) -> (Result<Response>, Vec<Call>) {
    let transport = Scripted::new(script);
    let outcome = ask_over(Arc::clone(&transport) as _, parts).await;
    (outcome, transport.calls())
}

async fn ask_over(transport: Arc<dyn Transport>, parts: Vec<Part>) -> Result<Response> {
    let config = Config {
        inline_limit: 100,
        longest_wait: Duration::from_secs(6),
        ..Config::new("gemini-3.7-flash", Secret::new("a-key-of-some-length"), Pause::new(tokio::time::sleep))
    };
    provider(config, transport).unwrap().analyze(&question(parts)).await
}

fn brief(calls: &[Call]) -> Vec<String> {
    let path = |call: &Call| call.url.split_once(".com").unwrap().1.split('?').next().unwrap().to_owned();
    calls.iter().map(|call| format!("{} {}", call.method.name(), path(call))).collect()
}

fn whole_script() -> Vec<Reply> {
    vec![
        started(),
        uploaded("PROCESSING"),
        reply(200, PROCESSING),
        reply(200, ACTIVE),
        reply(200, ANSWER),
        reply(200, "{}"),
    ]
}

const WHOLE: [&str; 6] = [
    "POST /upload/v1beta/files",
    "POST /upload/v1beta/files",
    "GET /v1beta/files/abc",
    "GET /v1beta/files/abc",
    "POST /v1beta/models/gemini-3.7-flash:generateContent",
    "DELETE /v1beta/files/abc",
];

#[tokio::test(start_paused = true)]
async fn uploads_waits_asks_and_deletes() {
    let (outcome, calls) = ask(vec![png("a.png", 200)], whole_script()).await;
    assert_eq!(brief(&calls), WHOLE);
    let response = outcome.unwrap();
    assert_eq!(response.text, "CAFÉ 東京: 12.50 €");
    // Four calls of a second, two pauses of two, and the answer.
    let expected = Timing { total: Duration::from_secs(9), ..Timing::default() };
    assert_eq!(response.timing, expected);
}

#[tokio::test(start_paused = true)]
async fn an_upload_says_what_it_is_and_carries_no_key() {
    let script = vec![started(), uploaded("ACTIVE"), reply(200, ANSWER), reply(200, "{}")];
    let (_, calls) = ask(vec![png("a.png", 200)], script).await;
    let headers = |call: &Call| call.headers.clone();
    let header = |name, value: &str| (name, value.to_owned());
    assert_eq!(
        headers(&calls[0]),
        [
            header("x-goog-upload-protocol", "resumable"),
            header("x-goog-upload-command", "start"),
            header("x-goog-upload-header-content-length", "200"),
            header("x-goog-upload-header-content-type", "image/png"),
        ]
    );
    assert_eq!(
        headers(&calls[1]),
        [header("x-goog-upload-offset", "0"), header("x-goog-upload-command", "upload, finalize")]
    );
    assert_eq!((calls[1].body.len(), calls[1].body.content_type()), (200, Some("image/png")));
    assert!(calls[1].auth.is_none(), "the address of an upload needs no key");
    assert!(calls.iter().enumerate().all(|(at, call)| call.auth.is_some() == (at != 1)));
}

#[tokio::test(start_paused = true)]
async fn only_what_does_not_fit_is_uploaded_and_the_order_stays() {
    let script = vec![started(), uploaded("ACTIVE"), reply(200, ANSWER), reply(200, "{}")];
    let parts = vec![png("small.png", 30), png("large.png", 200), Part::Text("?".to_owned())];
    let (_, calls) = ask(parts, script).await;
    let body: Value = serde_json::from_slice(&calls[2].body.bytes()).unwrap();
    assert_eq!(vision_testkit::validate("gemini.generate_content.request", &body), Ok(()));
    let parts = &body["contents"][0]["parts"];
    assert!(parts[0]["inlineData"]["data"].is_string());
    assert_eq!(parts[1]["fileData"]["fileUri"], "https://generativelanguage.googleapis.com/v1beta/files/abc");
    assert_eq!(parts[1]["fileData"]["mimeType"], "image/png");
    assert_eq!(parts[2]["text"], "?");
}

#[tokio::test(start_paused = true)]
async fn what_fits_is_not_uploaded() {
    let (outcome, calls) = ask(vec![png("a.png", 60)], vec![reply(200, ANSWER)]).await;
    assert_eq!((brief(&calls).len(), outcome.unwrap().timing.total), (1, Duration::from_secs(1)));
}

#[tokio::test(start_paused = true)]
async fn deletes_after_a_failure_too() {
    let script = vec![started(), uploaded("ACTIVE"), reply(503, BUSY), reply(200, "{}")];
    let (outcome, calls) = ask(vec![png("a.png", 200)], script).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(brief(&calls).last().map(String::as_str), Some("DELETE /v1beta/files/abc"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_survives_a_file_that_cannot_be_deleted() {
    let script = vec![started(), uploaded("ACTIVE"), reply(200, ANSWER), reply(500, "")];
    let (outcome, _) = ask(vec![png("a.png", 200)], script).await;
    assert!(outcome.is_ok());
}

/// Plays a script, and never answers what comes after it.
#[derive(Debug)]
struct Silent(Arc<Scripted>, std::sync::atomic::AtomicUsize);

#[async_trait::async_trait]
impl Transport for Silent {
    async fn send(&self, call: Call) -> Result<Reply> {
        match self.1.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) {
            0 => std::future::pending().await,
            _ => self.0.send(call).await,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_does_not_wait_for_a_deletion_that_hangs() {
    let script = Scripted::new(vec![started(), uploaded("ACTIVE"), reply(200, ANSWER)]);
    let begun = tokio::time::Instant::now();
    let outcome = ask_over(Arc::new(Silent(script, 3.into())), vec![png("a.png", 200)]).await;
    assert!(outcome.is_ok());
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_a_success_is_a_failure_at_each_step() {
    const BROKEN: &str = r#"{"error":{"code":503,"message":"upstream broke","status":"UNAVAILABLE"}}"#;
    let steps = [started(), uploaded("PROCESSING")];
    for before in 0..=steps.len() {
        let script = steps[..before].iter().cloned().chain([reply(200, BROKEN), reply(200, "{}")]);
        let (outcome, _) = ask(vec![png("a.png", 200)], script.collect()).await;
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Unavailable, "after {before} steps");
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_read_is_named_and_deleted() {
    let script = vec![started(), uploaded("PROCESSING"), reply(200, FAILED), reply(200, "{}")];
    let (outcome, calls) = ask(vec![png("film.png", 200)], script).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.message(), "generativelanguage.googleapis.com could not read film.png: no frames");
    assert_eq!(calls.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn waits_only_so_long() {
    let looks = (0..3).map(|_| reply(200, PROCESSING));
    let script = [started(), uploaded("PROCESSING")].into_iter().chain(looks).chain([reply(200, "{}")]);
    let (outcome, calls) = ask(vec![png("a.png", 200)], script.collect()).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.details.maybe_billed), (ErrorKind::Timeout, false));
    assert_eq!(error.message(), "generativelanguage.googleapis.com was still busy with a.png after 6s");
    assert_eq!(brief(&calls).last().map(String::as_str), Some("DELETE /v1beta/files/abc"));
}

#[tokio::test(start_paused = true)]
async fn a_failed_upload_is_an_error_that_costs_nothing() {
    let (outcome, calls) = ask(vec![png("a.png", 200)], vec![reply(504, "")]).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.details.maybe_billed, calls.len()), (ErrorKind::Timeout, false, 1));

    let (outcome, _) = ask(vec![png("a.png", 200)], vec![reply(200, "{}")]).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert_eq!(error.message(), "generativelanguage.googleapis.com named no address to upload to");

    let lost = vec![Step::Reply(started()), Step::Fail(ErrorKind::Unavailable, "connection reset")];
    let (outcome, calls) = ask(vec![png("a.png", 200)], lost).await;
    assert_eq!((outcome.unwrap_err().kind(), calls.len()), (ErrorKind::Unavailable, 2));
}

#[tokio::test(start_paused = true)]
async fn a_name_that_leads_elsewhere_is_refused() {
    let evil = reply(200, r#"{"file":{"name":"files/../models?x=","uri":"https://a","state":"ACTIVE"}}"#);
    let (outcome, calls) = ask(vec![png("a.png", 200)], vec![started(), evil]).await;
    assert_eq!((outcome.unwrap_err().kind(), calls.len()), (ErrorKind::Malformed, 2));
}

#[tokio::test(start_paused = true)]
async fn several_files_are_all_deleted() {
    let script = vec![
        started(),
        uploaded("ACTIVE"),
        started(),
        uploaded("ACTIVE"),
        reply(200, ANSWER),
        reply(200, "{}"),
        reply(200, "{}"),
    ];
    let (outcome, calls) = ask(vec![png("a.png", 200), png("b.png", 300)], script).await;
    assert!(outcome.is_ok());
    assert_eq!(calls.iter().filter(|call| call.method.name() == "DELETE").count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_recorded_upload_plays_back() {
    let folder = tempfile::tempdir().unwrap();
    let record = Record::new(Scripted::new(whole_script()), folder.path()).unwrap();
    let first = ask_over(Arc::new(record), vec![png("a.png", 200)]).await.unwrap();
    let replay = Replay::new(folder.path()).unwrap();
    let again = ask_over(Arc::new(replay), vec![png("a.png", 200)]).await.unwrap();
    assert_eq!(again, first);
}
