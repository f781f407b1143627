//! Over a real connection, to a server that checks every request against the vendor's schema.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_anthropic::{Config, DEFAULT_MODEL, Version, decode_models, models_call, provider};
use vision_core::{Effort, ErrorKind, Part, Provider, Request, Secret, Stop, Task};
use vision_http::{HttpSettings, HttpTransport, Transport};
use vision_testkit::media;
use vision_testkit::server::{Server, Settings};

fn transport() -> Arc<HttpTransport> {
    Arc::new(HttpTransport::new(HttpSettings::default()).unwrap())
}

fn config(server: &Server, path: &str, version: Version) -> Config {
    let base_url = format!("{}{path}", server.url());
    Config { base_url, version, ..Config::new(DEFAULT_MODEL, Secret::new("a-key-of-some-length")) }
}

fn claude(server: &Server, path: &str, version: Version) -> Provider {
    provider(config(server, path, version), transport()).unwrap()
}

fn question() -> Request {
    let parts = vec![
        Part::Media(media::png("a.png", 33, 7, 1)),
        Part::Media(media::pdf("b.pdf")),
        Part::Text("What is it?".to_owned()),
    ];
    let request = Request::new(Task::Text, parts, NonZeroU32::new(512).unwrap());
    Request { temperature: Some(0.5), effort: Some(Effort::Low), ..request }
}

#[tokio::test]
async fn media_arrive_whole_under_both_versions() {
    let server = Server::start(Settings::default()).await.unwrap();
    for version in [Version::V20230601, Version::V20261021] {
        let response = claude(&server, "", version).analyze(&question()).await.unwrap();
        assert_eq!(response.stop, Stop::Complete);
        assert!(response.usage.input.is_some() && response.text.contains("What is it?"), "{response:?}");
        let entry = server.journal().last.back().unwrap().clone();
        assert_eq!((entry.media.len(), entry.mistake), (2, None));
        assert_eq!(
            (entry.media[0].width, entry.media[0].height, entry.media[0].whole),
            (Some(33), Some(7), true)
        );
    }
}

#[tokio::test]
async fn failures_of_a_real_server_have_their_kind() {
    let server = Server::start(Settings::default()).await.unwrap();
    for (fault, kind) in [
        ("529", ErrorKind::Unavailable),
        ("429:2", ErrorKind::RateLimited),
        ("quota", ErrorKind::QuotaExhausted),
        ("html:413", ErrorKind::TooLarge),
        ("error200", ErrorKind::Unavailable),
        ("badjson", ErrorKind::Malformed),
        ("cut", ErrorKind::Unavailable),
    ] {
        let provider = claude(&server, &format!("/__fault/{fault}"), Version::V20261021);
        let error = provider.analyze(&question()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault}: {}", error.chain());
    }
}

#[tokio::test]
async fn a_wrong_key_is_rejected_and_the_models_are_listed() {
    let settings = Settings {
        key: Some("another-key-of-some-length".to_owned()),
        models: vec!["claude-haiku-5-5".to_owned()],
        ..Settings::default()
    };
    let server = Server::start(settings).await.unwrap();
    let error = claude(&server, "", Version::V20261021).analyze(&question()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.message().starts_with("key rejected by 127.0.0.1"), "{error}");

    let config =
        Config { key: Secret::new("another-key-of-some-length"), ..config(&server, "", Version::V20261021) };
    let reply = transport().send(models_call(&config)).await.unwrap();
    assert_eq!(decode_models(&config, &reply).unwrap()[0].id, "claude-haiku-5-5");
}
