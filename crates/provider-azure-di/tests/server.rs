//! Over real connections, to a server that checks keys and keeps results until they are deleted.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_azure_di::{Config, KEY_HEADER, decode_models, models_call, provider};
use vision_core::{ErrorKind, Output, Part, Provider, Request, Secret, Task};
use vision_http::{Auth, HttpSettings, HttpTransport, Pause, Transport};
use vision_testkit::media;
use vision_testkit::server::{Server, Settings};

const KEY: &str = "a-key-of-some-length";

async fn server() -> Server {
    let settings = Settings {
        key: Some(KEY.to_owned()),
        models: vec!["prebuilt-read".to_owned()],
        ..Settings::default()
    };
    Server::start(settings).await.unwrap()
}

fn transport() -> Arc<HttpTransport> {
    Arc::new(HttpTransport::new(HttpSettings::default()).unwrap())
}

fn config(server: &Server, path: &str, key: &str) -> Config {
    let auth = Auth::header(KEY_HEADER, Secret::new(key));
    Config::new(format!("{}{path}", server.url()), "prebuilt-read", auth, Pause::new(tokio::time::sleep))
}

fn reader(server: &Server, path: &str, key: &str) -> Provider {
    provider(config(server, path, key), transport()).unwrap()
}

fn question() -> Request {
    let parts = vec![Part::Media(media::pdf("a.pdf"))];
    Request::new(Task::Text, parts, NonZeroU32::MIN)
}

#[tokio::test]
async fn a_document_arrives_whole_and_nothing_is_left_behind() {
    let server = server().await;
    let response = reader(&server, "", KEY).analyze(&question()).await.unwrap();
    assert_eq!((response.usage.pages, response.model.as_deref()), (Some(1), Some("prebuilt-read")));
    assert!(response.text.contains("\"kind\":\"pdf\""), "{}", response.text);
    let journal = server.journal();
    assert!(journal.last[0].media[0].whole && journal.files == 0, "{journal:?}");
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
        // Half a page is no reply; half of a reply that has no body is one.
        ("html", ErrorKind::Malformed),
        ("cut", ErrorKind::Unavailable),
    ] {
        let error = reader(&server, &format!("/__fault/{fault}"), KEY).analyze(&question()).await;
        let error = error.expect_err(fault);
        assert_eq!(error.kind(), kind, "{fault}: {}", error.chain());
    }
}

#[tokio::test]
async fn a_wrong_key_is_rejected_and_the_models_are_listed() {
    let server = server().await;
    let error = reader(&server, "", "another-key-of-some-length").analyze(&question()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.message().starts_with("key rejected by 127.0.0.1"), "{error}");
    let config = config(&server, "", KEY);
    let reply = transport().send(models_call(&config)).await.unwrap();
    assert_eq!(decode_models(&config, &reply).unwrap()[0].id, "prebuilt-read");
}

#[tokio::test]
async fn what_it_does_not_take_is_refused_before_anything_is_sent() {
    let server = server().await;
    let parts = vec![Part::Media(media::png("a.png", 1, 1, 1)), Part::Media(media::png("b.png", 1, 1, 2))];
    let webp = vision_core::Media::from_url(
        "https://a.test/a.webp",
        vision_core::MediaKind::Webp,
        Default::default(),
    );
    for request in [
        Request { parts, ..question() },
        Request { parts: vec![Part::Media(webp)], ..question() },
        Request { parts: Vec::new(), output: Output::Json, ..question() },
    ] {
        let error = reader(&server, "", KEY).analyze(&request).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{}", error.chain());
    }
    assert_eq!(server.journal().requests, 0);
}
