//! Handing in, looking and deleting: what may go wrong between them.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use provider_azure_di::{Config, KEY_HEADER, decode_models, models_call, next_models_call, provider};
use vision_core::{Error, ErrorKind, Part, Request, Response, Secret, Task};
use vision_http::{Auth, Method, Pause, Reply};
use vision_testkit::{Scripted, Step, media, validate};

const DONE: &str = include_str!("fixtures/handmade_success.json");
const ELSEWHERE: &str =
    "https://evil.test/documentintelligence/documentModels/m/analyzeResults/1?api-version=2024-11-30";

fn config() -> Config {
    let auth = Auth::header(KEY_HEADER, Secret::new("k"));
    Config::new("https://reader.test", "prebuilt-read", auth, Pause::new(tokio::time::sleep))
}

fn accepted() -> Step {
    Reply { status: 202, ..Reply::default() }
        .with_header("operation-location", ELSEWHERE)
        .with_header("retry-after", "2")
        .into()
}

fn running() -> Step {
    let body = r#"{"status":"running","createdDateTime":"2026-11-28T12:00:00Z","lastUpdatedDateTime":"2026-11-28T12:00:01Z"}"#;
    Reply::json_text(200, body).with_header("retry-after", "3").into()
}

fn status(status: u16) -> Step {
    Reply::json_text(status, "{}").into()
}

fn done() -> Step {
    Reply::json_text(200, DONE).into()
}

async fn read(config: Config, steps: Vec<Step>) -> (Result<Response, Error>, Arc<Scripted>) {
    let transport = Scripted::new(steps);
    let parts = vec![Part::Media(media::png("a.png", 2, 1, 1))];
    let request = Request::new(Task::Text, parts, NonZeroU32::MIN);
    let outcome = provider(config, transport.clone()).unwrap().analyze(&request).await;
    (outcome, transport)
}

#[tokio::test(start_paused = true)]
async fn it_waits_as_told_and_deletes_what_it_read() {
    let (outcome, transport) = read(config(), vec![accepted(), running(), done(), status(204)]).await;
    assert_eq!(outcome.unwrap().timing.total, Duration::from_secs(5), "waiting for the engine is its time");
    let calls = transport.calls();
    let methods: Vec<Method> = calls.iter().map(|call| call.method).collect();
    assert_eq!(methods, [Method::Post, Method::Get, Method::Get, Method::Delete]);
    // The key goes nowhere but to the endpoint, whatever the reply names.
    assert!(calls.iter().all(|call| call.url.starts_with("https://reader.test/documentintelligence/")));
}

#[tokio::test(start_paused = true)]
async fn a_look_that_fails_is_tried_again_and_the_document_is_not_handed_in_twice() {
    let lost = Step::Fail(ErrorKind::Unavailable, "connection lost");
    let (outcome, transport) =
        read(config(), vec![accepted(), status(429), lost, status(503), done(), status(204)]).await;
    outcome.unwrap();
    assert_eq!(transport.calls().iter().filter(|call| call.method == Method::Post).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn looks_that_keep_failing_end_in_an_error_that_may_be_billed_and_is_not_retried() {
    let mut steps = vec![accepted()];
    steps.extend((0..6).map(|_| status(503)));
    steps.push(status(204));
    let error = read(config(), steps).await.0.unwrap_err();
    assert_eq!((error.kind(), error.details.maybe_billed), (ErrorKind::Unavailable, true));
    assert!(!error.is_transient(), "the document would be handed in again");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever() {
    let mut config = config();
    config.patience.longest = Duration::from_secs(10);
    let busy = || vec![accepted(), running(), running()];
    let hangs = [busy(), vec![Step::Hang]].into_iter().flatten().collect();
    let runs = [busy(), vec![running(), running()]].into_iter().flatten().collect();
    for mut steps in [hangs, runs] as [Vec<Step>; 2] {
        steps.push(status(204));
        let (outcome, transport) = read(config.clone(), steps).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.details.maybe_billed), (ErrorKind::Timeout, true));
        assert!(error.message().contains("still reading after 10.0 s"), "{error}");
        assert!(!error.is_transient(), "the document would be handed in again");
        assert_eq!(transport.calls().last().unwrap().method, Method::Delete, "the result does not stay");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_analysis_comes_with_status_200() {
    let failed = r#"{"status":"failed","createdDateTime":"2026-11-28T12:00:00Z","lastUpdatedDateTime":"2026-11-28T12:00:01Z",
        "error":{"code":"InvalidRequest","message":"Invalid request.","innererror":{"code":"InvalidContentDimensions","message":"The input image dimensions are out of range."}}}"#;
    let steps = vec![accepted(), Reply::json_text(200, failed).into(), status(204)];
    let error = read(config(), steps).await.0.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::TooLarge, false));
    assert!(error.details.maybe_billed, "nobody says that a failed analysis is free");
    assert!(error.message().contains("dimensions are out of range"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_fails_or_hangs_loses_no_answer() {
    for last in [status(500), Step::Hang] {
        read(config(), vec![accepted(), done(), last]).await.0.unwrap();
    }
    let (outcome, transport) = read(Config { delete: false, ..config() }, vec![accepted(), done()]).await;
    outcome.unwrap();
    assert_eq!(transport.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_link_is_handed_in_as_a_link() {
    let transport = Scripted::new([accepted(), done(), status(204)]);
    let parts = vec![Part::Media(media::link("https://example.com/a.png"))];
    let config = Config { locale: Some("en-US".to_owned()), pages: Some("1, 3-4".to_owned()), ..config() };
    let reader = provider(config, transport.clone()).unwrap();
    reader.analyze(&Request::new(Task::Text, parts, NonZeroU32::MIN)).await.unwrap();
    let call = &transport.calls()[0];
    let body = serde_json::from_slice(&call.body.bytes()).unwrap();
    assert_eq!(validate("azure_di.analyze.request", &body), Ok(()));
    assert!(call.url.ends_with(
        ":analyze?api-version=2024-11-30&stringIndexType=unicodeCodePoint&locale=en-US&pages=1,3-4"
    ));
}

#[test]
fn the_models_of_the_resource_are_listed() {
    let call = models_call(&config());
    assert_eq!(call.url, "https://reader.test/documentintelligence/documentModels?api-version=2024-11-30");
    let reply = Reply::json_text(
        200,
        r#"{"value":[{"modelId":"prebuilt-read"},{"modelId":"mine","expirationDateTime":"2027-01-01T00:00:00Z"}]}"#,
    );
    let models = decode_models(&config(), &reply).unwrap();
    assert_eq!(
        (models[0].id.as_str(), models[1].end_of_life.as_deref()),
        ("prebuilt-read", Some("2027-01-01T00:00:00Z"))
    );
}

#[test]
fn what_follows_a_part_of_the_list_is_asked_for_at_the_endpoint_itself() {
    let next = |body: String| next_models_call(&config(), &Reply::json_text(200, body));
    let page = "documentintelligence/documentModels?api-version=2024-11-30&nextPageToken=a%2Fb";
    for host in ["https://reader.test", "https://evil.test"] {
        let call = next(format!(r#"{{"value":[],"nextLink":"{host}/{page}"}}"#)).unwrap();
        assert_eq!((call.method, call.url), (Method::Get, format!("https://reader.test/{page}")));
        assert!(call.auth.is_some());
    }
    for last in [r#"{"value":[]}"#, r#"{"value":[],"nextLink":null}"#, r#"{"nextLink":""}"#, "<html>"] {
        assert!(next(last.to_owned()).is_none(), "{last}");
    }
}
