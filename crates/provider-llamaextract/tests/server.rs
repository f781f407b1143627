//! Over real connections, to a server that checks keys and keeps files and jobs until they are deleted; and what may go wrong
//! between the calls.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use provider_llamaextract::{Config, decode_models, models_call, provider};
use serde_json::{Value, json};
use vision_core::{ErrorKind, Output, Part, Provider, Request, Schema, Secret, Stop, Task};
use vision_http::{HttpSettings, HttpTransport, Method, Pause, Reply, Transport};
use vision_testkit::server::{Answers, Server, Settings};
use vision_testkit::{Scripted, Step, media};

const KEY: &str = "a-key-of-some-length";

async fn server() -> Server {
    let answers = Answers::parse(r#"{"answer":{"total":13.99}}"#).unwrap();
    Server::start(Settings { key: Some(KEY.to_owned()), answers, ..Settings::default() }).await.unwrap()
}

fn transport() -> Arc<HttpTransport> {
    Arc::new(HttpTransport::new(HttpSettings::default()).unwrap())
}

fn config(url: String, key: &str) -> Config {
    Config { base_url: url, ..Config::new("agentic", Secret::new(key), Pause::new(tokio::time::sleep)) }
}

fn reader(server: &Server, path: &str, key: &str) -> Provider {
    provider(config(format!("{}{path}", server.url()), key), transport()).unwrap()
}

fn question() -> Request {
    let parts = vec![Part::Text("Read the receipt.".to_owned()), Part::Media(media::pdf("a.pdf"))];
    let schema = json!({"type": "object", "properties": {"total": {"type": "number"}}});
    let schema = Schema { name: "receipt".into(), schema: Arc::new(schema), strict: true };
    Request { output: Output::Schema(schema), ..Request::new(Task::Receipt, parts, NonZeroU32::MIN) }
}

#[tokio::test]
async fn a_document_arrives_whole_and_nothing_is_left_behind() {
    let server = server().await;
    let response = reader(&server, "", KEY).analyze(&question()).await.unwrap();
    assert_eq!(response.text, r#"{"total":13.99}"#);
    assert_eq!((response.usage.pages, response.usage.credits), (Some(1), Some(15)));
    let journal = server.journal();
    assert!(journal.last[0].media[0].whole && journal.files == 0, "{journal:?}");
    assert_eq!((journal.last[0].model.as_str(), journal.last[0].texts.len()), ("agentic", 1));
}

#[tokio::test]
async fn failures_of_a_real_server_have_their_kind() {
    let server = server().await;
    for (fault, kind) in [
        ("429:2", ErrorKind::RateLimited),
        ("503", ErrorKind::Unavailable),
        ("quota", ErrorKind::QuotaExhausted),
        ("html:413", ErrorKind::TooLarge),
        ("error200", ErrorKind::Unavailable),
        ("html", ErrorKind::Malformed),
        ("cut", ErrorKind::Unavailable),
    ] {
        let error = reader(&server, &format!("/__fault/{fault}"), KEY).analyze(&question()).await;
        let error = error.expect_err(fault);
        assert_eq!(error.kind(), kind, "{fault}: {}", error.chain());
    }
}

#[tokio::test]
async fn a_wrong_key_is_rejected_and_the_tiers_are_listed() {
    let server = server().await;
    let error = reader(&server, "", "another-key-of-some-length").analyze(&question()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.message().starts_with("key rejected by 127.0.0.1"), "{error}");
    let config = config(server.url(), KEY);
    let reply = transport().send(models_call(&config)).await.unwrap();
    assert_eq!(decode_models(&config, &reply).unwrap()[0].id, "cost_effective");
}

#[tokio::test]
async fn what_it_does_not_take_is_refused_before_anything_is_sent() {
    let server = server().await;
    for request in [
        Request { task: Task::Text, ..question() },
        Request { parts: vec![Part::Media(media::link("https://example.com/a.png"))], ..question() },
    ] {
        let error = reader(&server, "", KEY).analyze(&request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{}", error.chain());
    }
    assert_eq!(server.journal().requests, 0);
}

fn job(status: &str, more: &Value) -> Step {
    let mut job = json!({"id": "ext-1", "status": status, "file_input": "dfl-1", "project_id": "p"});
    for (name, value) in more.as_object().unwrap() {
        job[name] = value.clone();
    }
    Reply::json_text(200, job.to_string()).into()
}

fn uploaded() -> Step {
    Reply::json_text(200, r#"{"id":"dfl-1","name":"document.pdf","project_id":"p"}"#).into()
}

fn gone() -> Step {
    Reply { status: 204, ..Reply::default() }.into()
}

async fn scripted(
    config: Config,
    steps: Vec<Step>,
) -> (vision_core::Result<vision_core::Response>, Arc<Scripted>) {
    let transport = Scripted::new(steps);
    (provider(config, transport.clone()).unwrap().analyze(&question()).await, transport)
}

fn quiet() -> Config {
    config("https://api.test".to_owned(), KEY)
}

#[tokio::test(start_paused = true)]
async fn a_job_that_fails_says_why_and_is_not_begun_again() {
    for (words, kind) in [
        ("the file is encrypted", ErrorKind::InvalidRequest),
        ("not enough credits", ErrorKind::QuotaExhausted),
    ] {
        let failed = job("FAILED", &json!({"error_message": words}));
        let (outcome, transport) =
            scripted(quiet(), vec![uploaded(), job("PENDING", &json!({})), failed, gone(), gone()]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (kind, false), "{error}");
        assert!(error.message().contains(words), "{error}");
        let methods: Vec<Method> = transport.calls().iter().map(|call| call.method).collect();
        assert_eq!(methods, [Method::Post, Method::Post, Method::Get, Method::Delete, Method::Delete]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_lacks_something_says_so() {
    let more = json!({"error_message": "page 2 is unreadable", "extract_result": {"answer": "12.50"}});
    let steps = vec![uploaded(), job("PENDING", &json!({})), job("PARTIAL_SUCCESS", &more), gone(), gone()];
    let (outcome, _) = scripted(quiet(), steps).await;
    let response = outcome.unwrap();
    assert_eq!(response.stop, Stop::Other("partial: page 2 is unreadable".to_owned()));
    assert!(response.text.contains("12.50"));
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever_and_a_job_that_may_be_billed_is_not_begun_again() {
    let mut config = quiet();
    config.patience.longest = Duration::from_secs(10);
    let mut steps = vec![uploaded(), job("PENDING", &json!({}))];
    steps.extend((0..10).map(|_| job("RUNNING", &json!({}))));
    steps.extend([gone(), gone()]);
    let (outcome, transport) = scripted(config, steps).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.details.maybe_billed), (ErrorKind::Timeout, true));
    assert!(!error.is_transient(), "the document would be billed again");
    assert!(transport.calls().iter().any(|call| call.method == Method::Delete), "nothing stays");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_cannot_stand_in_an_address_is_not_used() {
    let odd = Reply::json_text(200, r#"{"id":"../keys?x=1"}"#).into();
    let (outcome, transport) = scripted(quiet(), vec![odd]).await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Malformed);
    assert_eq!(transport.calls().len(), 1);
}

#[test]
fn a_tier_that_is_not_known_is_refused() {
    let config = Config::new("foo", Secret::new("key"), Pause::new(tokio::time::sleep));
    let refused =
        provider(config, vision_testkit::Scripted::new(Vec::<vision_http::Reply>::new())).unwrap_err();
    assert!(
        refused.message().contains("`foo` is no tier of llamaextract (tiers: cost_effective, "),
        "{refused}"
    );
}
