//! Over real connections, to a server that checks signatures as the service does.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_bedrock::{Config, SERVICE, provider};
use vision_auth::Fixed;
use vision_core::{ErrorKind, Part, Request, Response, Result, Secret, Task};
use vision_http::{Auth, AwsKeys, HttpSettings, HttpTransport, SigV4};
use vision_testkit::media;
use vision_testkit::server::{Server, Settings};

fn keys(secret: &str) -> AwsKeys {
    let session = Some(Secret::new("a-session-token+with/signs=="));
    AwsKeys { access: Secret::new("AKIDEXAMPLE"), secret: Secret::new(secret), session }
}

async fn ask(server: &Server, path: &str, secret: &str) -> Result<Response> {
    let keys = Arc::new(Fixed::renewed("a test", keys(secret)));
    let auth = Auth::SigV4(SigV4 { keys, region: "us-east-1".to_owned(), service: SERVICE });
    let config = Config {
        base_url: format!("{}{path}", server.url()),
        ..Config::new("us-east-1", "us.amazon.nova-lite-v1:0", auth)
    };
    let transport = Arc::new(HttpTransport::new(HttpSettings::default()).unwrap());
    let parts = vec![Part::Media(media::png("a.png", 33, 7, 1))];
    provider(config, transport)?
        .analyze(&Request::new(Task::Text, parts, NonZeroU32::new(500).unwrap()))
        .await
}

async fn server() -> Server {
    let key = Some("nobody-has-this-key".to_owned());
    Server::start(Settings { key, signer: Some(keys("a/secret+key")), ..Settings::default() }).await.unwrap()
}

#[tokio::test]
async fn a_signed_request_is_taken_and_another_secret_is_not() {
    let server = server().await;
    let response = ask(&server, "", "a/secret+key").await.unwrap();
    assert!(response.usage.input.is_some());
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
        ("html:413", ErrorKind::TooLarge),
        ("error200", ErrorKind::Unavailable),
        ("badjson", ErrorKind::Malformed),
        ("cut", ErrorKind::Unavailable),
    ] {
        let error = ask(&server, &format!("/__fault/{fault}"), "a/secret+key").await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault}: {}", error.chain());
    }
}
