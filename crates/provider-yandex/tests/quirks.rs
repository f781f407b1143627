//! What is peculiar to this host, beside the shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_yandex::{Config, decode_models, models_call, provider};
use serde_json::{Value, json};
use vision_core::{ErrorKind, MediaKind, Part, Request, Secret, Task};
use vision_http::{Call, Reply};
use vision_testkit::{Scripted, media};

const FOLDER: &str = "b1ghandmade000folder";

fn config(model: &str) -> Config {
    Config::new(model, Secret::new("AQVN-0123456789abcdef"), Secret::new(FOLDER))
}

fn request() -> Request {
    let parts = vec![Part::Media(media::png("a.png", 2, 2, 1)), Part::Text("Read.".to_owned())];
    Request::new(Task::Text, parts, NonZeroU32::new(64).unwrap())
}

async fn call(config: Config) -> Call {
    let transport = Scripted::always(Reply::json_text(500, ""));
    provider(config, transport.clone()).unwrap().analyze(&request()).await.unwrap_err();
    transport.calls().remove(0)
}

async fn model_uri(config: Config) -> Value {
    let call = call(config).await;
    serde_json::from_slice::<Value>(&call.body.bytes()).unwrap()["model"].clone()
}

#[tokio::test]
async fn a_model_is_addressed_within_its_folder() {
    let uri = |model: &str| json!(format!("gpt://{FOLDER}/{model}"));
    assert_eq!(model_uri(config("gemma-3-27b-it")).await, uri("gemma-3-27b-it/latest"));
    assert_eq!(model_uri(config("gemma-3-27b-it/rc")).await, uri("gemma-3-27b-it/rc"));
    for version in [None, Some(String::new())] {
        let bare = Config { version, ..config("gemma-3-27b-it") };
        assert_eq!(model_uri(bare).await, uri("gemma-3-27b-it"));
    }
    let newest = Config { version: Some("rc".to_owned()), ..config("gemma-3-27b-it") };
    assert_eq!(model_uri(newest).await, uri("gemma-3-27b-it/rc"));
}

#[tokio::test]
async fn the_folder_is_in_no_message_answer_or_debug_output() {
    let body = include_str!("fixtures/handmade_success.json");
    let transport = Scripted::always(Reply::json_text(200, body));
    let provider = provider(config("gemma-3-27b-it"), transport.clone()).unwrap();
    let response = provider.analyze(&request()).await.unwrap();
    assert_eq!(response.model.as_deref(), Some("gemma-3-27b-it/latest"));
    assert_eq!(provider.id().as_str(), "yandex/gemma-3-27b-it");
    let call = transport.calls().remove(0);
    assert!(call.headers.contains(&("openai-project", FOLDER.to_owned())));
    // The transport keeps what it was asked, so the provider's own output shows a call, too.
    let shown =
        [format!("{provider:?}"), format!("{call:?}"), format!("{response:?}"), format!("{:?}", config("a"))];
    for text in shown {
        assert!(!text.contains(FOLDER), "{text}");
    }
}

#[tokio::test]
async fn the_folder_is_in_no_error() {
    let body = include_str!("fixtures/handmade_error_rpc.json");
    let transport = Scripted::always(Reply::json_text(403, body));
    let error = provider(config("gemma-3-27b-it"), transport).unwrap().analyze(&request()).await.unwrap_err();
    assert!(error.message().contains("folder ***"), "{error}");
    assert!(!format!("{error:?} {}", error.chain()).contains(FOLDER));
}

#[test]
fn an_empty_folder_is_named_before_anything_is_sent() {
    let config = Config { folder: Secret::new(""), ..config("gemma-3-27b-it") };
    let error = provider(config, Arc::new(Scripted::default())).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Config, "the folder for yandex is empty"));
}

#[tokio::test]
async fn links_are_refused() {
    let provider = provider(config("gemma-3-27b-it"), Arc::new(Scripted::default())).unwrap();
    let link = vision_core::Media::from_url(
        "https://example.test/a.png",
        MediaKind::Png,
        vision_core::Facts::default(),
    );
    let request = Request { parts: vec![Part::Media(link)], ..request() };
    assert_eq!(provider.analyze(&request).await.unwrap_err().kind(), ErrorKind::Unsupported);
}

#[test]
fn every_image_is_256_tokens() {
    let provider = provider(config("gemma-3-27b-it/latest"), Arc::new(Scripted::default())).unwrap();
    let image = || Part::Media(media::png("a.png", 900, 9, 1));
    let request = Request { parts: vec![image(), image()], ..request() };
    assert_eq!(provider.estimate(&request).image, Some(512));
}

#[test]
fn the_model_list_names_no_folder() {
    let config = config("x");
    let call = models_call(&config);
    assert_eq!(call.url, "https://ai.api.cloud.yandex.net/v1/models");
    assert!(call.headers.contains(&("openai-project", FOLDER.to_owned())));
    let reply = Reply::json_text(200, include_str!("fixtures/handmade_models.json"));
    let models = decode_models(&config, &reply).unwrap();
    insta::assert_json_snapshot!(models);
}
