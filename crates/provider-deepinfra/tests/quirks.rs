//! What is peculiar to this host, beside the shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_deepinfra::{Config, decode_models, models_call, provider};
use vision_core::{Detail, Effort, ErrorKind, MediaKind, Part, Provider, Request, Secret, Task};
use vision_http::Reply;
use vision_testkit::{Scripted, media};

fn config(model: &str) -> Config {
    Config::new(model, Secret::new("di-0123456789abcdef"))
}

fn build(model: &str) -> Provider {
    provider(config(model), Arc::new(Scripted::default())).unwrap()
}

fn request(parts: Vec<Part>) -> Request {
    Request::new(Task::Text, parts, NonZeroU32::new(64).unwrap())
}

#[test]
fn takes_three_formats_of_up_to_20_megabytes() {
    let able = build("brand/new").capabilities().clone();
    assert_eq!(able.formats, [MediaKind::Jpeg, MediaKind::Png, MediaKind::Webp]);
    assert_eq!((able.max_image_bytes, able.url_input), (Some(20 * 1024 * 1024), true));
}

#[test]
fn older_models_cannot_be_held_to_a_schema() {
    assert!(build("Qwen/Qwen3-VL-30B-A3B-Instruct").capabilities().json_schema);
    assert!(!build("Qwen/Qwen2.5-VL-32B-Instruct").capabilities().json_schema);
}

#[tokio::test]
async fn detail_has_no_effect_and_is_not_sent() {
    let transport = Scripted::always(Reply::json_text(500, ""));
    let provider = provider(config("Qwen/Qwen3-VL-30B-A3B-Instruct"), transport.clone()).unwrap();
    let request = Request {
        detail: Some(Detail::Original),
        effort: Some(Effort::Low),
        ..request(vec![Part::Media(media::png("a.png", 2, 2, 1))])
    };
    provider.analyze(&request).await.unwrap_err();
    let call = transport.calls().remove(0);
    assert_eq!(call.url, "https://api.deepinfra.com/v1/openai/chat/completions");
    assert_eq!(call.dropped, ["effort", "detail"]);
    assert!(!String::from_utf8_lossy(&call.body.bytes()).contains("detail"));
}

#[test]
fn image_tokens_are_not_published() {
    let request = request(vec![Part::Media(media::png("a.png", 2, 2, 1))]);
    assert_eq!(build("Qwen/Qwen3-VL-30B-A3B-Instruct").estimate(&request).image, None);
}

#[tokio::test]
async fn speech_models_stand_behind_another_path() {
    let transport = Scripted::always(Reply::json_text(200, r#"{"text":"hello"}"#));
    let provider = provider(config("openai/whisper-large-v3"), transport.clone()).unwrap();
    let recording = Part::Media(media::wav("a.wav"));
    let request = Request { task: Task::Transcribe, ..request(vec![recording]) };
    assert_eq!(provider.analyze(&request).await.unwrap().text, "hello");
    assert_eq!(transport.calls()[0].url, "https://api.deepinfra.com/v1/openai/audio/transcriptions");
}

#[test]
fn reads_the_model_list() {
    let config = config("x");
    assert_eq!(models_call(&config).url, "https://api.deepinfra.com/v1/openai/models");
    let reply = Reply::json_text(200, include_str!("fixtures/handmade_models.json"));
    insta::assert_json_snapshot!(decode_models(&config, &reply).unwrap());
    let error = decode_models(&config, &Reply::json_text(200, "{}")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}
