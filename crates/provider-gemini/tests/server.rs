//! Over a real connection, to a server that checks every request against the vendor's schema.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use provider_gemini::{Config, DEFAULT_MODEL, Pause, decode_models, models_call, provider};
use vision_core::{Effort, ErrorKind, Part, Provider, Request, Secret, Stop, Task};
use vision_http::{HttpSettings, HttpTransport, Transport};
use vision_testkit::media;
use vision_testkit::server::{Server, Settings};

fn transport() -> Arc<HttpTransport> {
    Arc::new(HttpTransport::new(HttpSettings::default()).unwrap())
}

fn config(server: &Server, path: &str) -> Config {
    let base_url = format!("{}{path}", server.url());
    // Nothing is gained by waiting for a server on this machine, but what it does takes its time.
    let patience = |wait| if wait > Duration::from_secs(2) { wait } else { Duration::ZERO };
    let pause = Pause::new(move |wait| tokio::time::sleep(patience(wait)));
    Config { base_url, ..Config::new(DEFAULT_MODEL, Secret::new("a-key-of-some-length"), pause) }
}

fn gemini(config: Config) -> Provider {
    provider(config, transport()).unwrap()
}

fn question() -> Request {
    let parts = vec![
        Part::Media(media::png("a.png", 33, 7, 1)),
        Part::Media(media::wav("b.wav")),
        Part::Text("What is it?".to_owned()),
    ];
    let request = Request::new(Task::Text, parts, NonZeroU32::new(512).unwrap());
    Request { effort: Some(Effort::Low), seed: Some(1), ..request }
}

#[tokio::test]
async fn media_arrive_whole() {
    let server = Server::start(Settings::default()).await.unwrap();
    let response = gemini(config(&server, "")).analyze(&question()).await.unwrap();
    assert_eq!(response.stop, Stop::Complete);
    assert!(response.usage.input.is_some() && response.text.contains("What is it?"), "{response:?}");
    let entry = server.journal().last.back().unwrap().clone();
    assert_eq!((entry.media.len(), entry.mistake), (2, None));
    assert_eq!(
        (entry.media[0].width, entry.media[0].height, entry.media[0].whole),
        (Some(33), Some(7), true)
    );
}

#[tokio::test]
async fn what_does_not_fit_is_uploaded_whole_and_deleted() {
    let server = Server::start(Settings::default()).await.unwrap();
    let config = Config { inline_limit: 0, ..config(&server, "") };
    let response = gemini(config).analyze(&question()).await.unwrap();
    assert_eq!(response.stop, Stop::Complete);
    let journal = server.journal();
    assert_eq!(journal.files, 0, "a file was left behind");
    let question = journal.last.iter().find(|entry| entry.request.ends_with(":generateContent")).unwrap();
    assert_eq!(question.media.len(), 2);
    assert!(question.media.iter().all(|medium| medium.whole), "{question:?}");
    assert_eq!(question.media[0].width, Some(33));
}

#[tokio::test]
async fn failures_of_a_real_server_have_their_kind() {
    let server = Server::start(Settings::default()).await.unwrap();
    for (fault, kind) in [
        ("503", ErrorKind::Unavailable),
        ("429:2", ErrorKind::RateLimited),
        ("quota", ErrorKind::QuotaExhausted),
        ("html:413", ErrorKind::TooLarge),
        ("error200", ErrorKind::Unavailable),
        ("badjson", ErrorKind::Malformed),
        ("cut", ErrorKind::Unavailable),
    ] {
        let provider = gemini(config(&server, &format!("/__fault/{fault}")));
        let error = provider.analyze(&question()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault}: {}", error.chain());
    }
}

#[tokio::test]
async fn a_wrong_key_is_rejected_and_the_models_are_listed() {
    let settings = Settings {
        key: Some("another-key-of-some-length".to_owned()),
        models: vec!["gemini-3.7-flash".to_owned()],
        ..Settings::default()
    };
    let server = Server::start(settings).await.unwrap();
    let error = gemini(config(&server, "")).analyze(&question()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(error.message().starts_with("key rejected by 127.0.0.1"), "{error}");

    let config = Config { key: Secret::new("another-key-of-some-length"), ..config(&server, "") };
    let reply = transport().send(models_call(&config)).await.unwrap();
    assert_eq!(decode_models(&config, &reply).unwrap()[0].id, "gemini-3.7-flash");
}
