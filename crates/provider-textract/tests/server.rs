//! Over real connections, to a server that checks signatures as the service does.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_textract::{Bucket, Config, SERVICE, STORAGE_SERVICE, provider};
use vision_auth::Fixed;
use vision_core::{ErrorKind, Part, Request, Response, Result, Secret, Task};
use vision_http::{Auth, AwsKeys, HttpSettings, HttpTransport, Pause, SigV4};
use vision_testkit::media;
use vision_testkit::server::{Server, Settings};

fn keys(secret: &str) -> AwsKeys {
    let session = Some(Secret::new("a-session-token+with/signs=="));
    AwsKeys { access: Secret::new("AKIDEXAMPLE"), secret: Secret::new(secret), session }
}

fn signed(secret: &str, service: &'static str) -> Auth {
    let keys = Arc::new(Fixed::renewed("a test", keys(secret)));
    Auth::SigV4(SigV4 { keys, region: "us-east-1".to_owned(), service })
}

async fn ask(server: &Server, path: &str, secret: &str) -> Result<Response> {
    let base_url = format!("{}{path}", server.url());
    let config = Config { base_url, ..Config::new("us-east-1", "text", signed(secret, SERVICE)) };
    read(config, Part::Media(media::png("a.png", 33, 7, 1))).await
}

/// A document of three pages, by way of a bucket at the same server.
async fn ask_by_bucket(server: &Server, faults: [&str; 2], secret: &str) -> Result<Response> {
    let at = |path: &str| format!("{}{path}", server.url());
    let pause = Pause::new(|wait| tokio::time::sleep(wait / 200));
    let bucket = Bucket::new("us-east-1", "documents", signed(secret, STORAGE_SERVICE), pause);
    let bucket = Some(bucket.at(&at(faults[0])));
    let auth = signed("a/secret+key", SERVICE);
    let config = Config { base_url: at(faults[1]), bucket, ..Config::new("us-east-1", "text", auth) };
    read(config, Part::Media(media::pages("a.pdf", 3))).await
}

async fn read(config: Config, part: Part) -> Result<Response> {
    let transport = Arc::new(HttpTransport::new(HttpSettings::default()).unwrap());
    provider(config, transport)?.analyze(&Request::new(Task::Text, vec![part], NonZeroU32::MIN)).await
}

async fn server() -> Server {
    let key = Some("nobody-has-this-key".to_owned());
    Server::start(Settings { key, signer: Some(keys("a/secret+key")), ..Settings::default() }).await.unwrap()
}

#[tokio::test]
async fn a_signed_request_is_taken_and_another_secret_is_not() {
    let server = server().await;
    let response = ask(&server, "", "a/secret+key").await.unwrap();
    assert_eq!(response.usage.pages, Some(1));
    assert!(response.text.contains("\"width\":33"), "{}", response.text);
    let error = ask(&server, "", "another/secret").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.message().starts_with("key rejected by 127.0.0.1"), "{error}");
}

#[tokio::test]
async fn failures_of_a_real_server_have_their_kind() {
    let server = server().await;
    for (fault, kind) in [
        ("429:2", ErrorKind::RateLimited),
        ("500", ErrorKind::Unavailable),
        ("quota", ErrorKind::QuotaExhausted),
        ("413", ErrorKind::TooLarge),
        ("error200", ErrorKind::Unavailable),
        ("badjson", ErrorKind::Malformed),
        ("cut", ErrorKind::Unavailable),
    ] {
        let error = ask(&server, &format!("/__fault/{fault}"), "a/secret+key").await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault}: {}", error.chain());
    }
}

#[tokio::test]
async fn a_long_document_goes_through_the_bucket_and_does_not_stay_there() {
    let server = server().await;
    let response = ask_by_bucket(&server, ["", ""], "a/secret+key").await.unwrap();
    assert_eq!(response.usage.pages, Some(3));
    assert!(response.text.contains("\"kind\":\"pdf\""), "{}", response.text);
    let journal = server.journal();
    assert!(journal.last[0].media[0].whole && journal.files == 0, "{journal:?}");
}

#[tokio::test]
async fn storage_checks_its_own_signature() {
    let server = server().await;
    let error = ask_by_bucket(&server, ["", ""], "another/secret").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.message().starts_with("key rejected by 127.0.0.1"), "{error}");
}

#[tokio::test]
async fn each_step_on_the_way_through_the_bucket_may_fail() {
    // A look that fails once is followed by another, and so is one that is throttled.
    for fault in ["/__fault/503*1", "/__fault/429*1"] {
        let server = server().await;
        // The first of its kind to fail is the beginning, whose failure is the layers' to mend.
        ask_by_bucket(&server, ["", fault], "a/secret+key").await.unwrap_err();
        ask_by_bucket(&server, ["", fault], "a/secret+key").await.unwrap();
    }
    let server = server().await;
    for (faults, kind) in [
        (["/__fault/503", ""], ErrorKind::RateLimited),
        (["/__fault/500", ""], ErrorKind::Unavailable),
        (["/__fault/403", ""], ErrorKind::Auth),
        (["/__fault/413", ""], ErrorKind::TooLarge),
        (["/__fault/cut", ""], ErrorKind::Unavailable),
        (["", "/__fault/500"], ErrorKind::Unavailable),
        (["", "/__fault/429"], ErrorKind::RateLimited),
        (["", "/__fault/quota"], ErrorKind::QuotaExhausted),
        (["", "/__fault/badjson"], ErrorKind::Malformed),
    ] {
        let error = ask_by_bucket(&server, faults, "a/secret+key").await.unwrap_err();
        assert_eq!(error.kind(), kind, "{faults:?}: {}", error.chain());
    }
    assert_eq!(server.journal().files, 0, "no document stays");
}
