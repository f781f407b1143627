//! What is peculiar to this host, beside the shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_aimlapi::{Config, Path, decode_models, models_call, provider};
use serde_json::{Value, json};
use vision_core::{Detail, Effort, Facts, Media, Part, Request, Secret, Task};
use vision_http::{Call, Reply};
use vision_testkit::{Scripted, media};

fn config(model: &str) -> Config {
    Config::new(model, Secret::new("aiml-0123456789abcdef"))
}

fn request() -> Request {
    let parts = vec![Part::Media(media::png("a.png", 2, 2, 1)), Part::Text("Read.".to_owned())];
    Request::new(Task::Text, parts, NonZeroU32::new(64).unwrap())
}

async fn call(config: Config, request: &Request) -> Call {
    let transport = Scripted::always(Reply::json_text(500, ""));
    provider(config, transport.clone()).unwrap().analyze(request).await.unwrap_err();
    transport.calls().remove(0)
}

#[tokio::test]
async fn both_paths_can_be_taken() {
    let versioned = call(config("gpt-4o"), &request()).await;
    assert_eq!(versioned.url, "https://api.aimlapi.com/v1/chat/completions");
    let bare = call(Config { path: Path::Bare, ..config("gpt-4o") }, &request()).await;
    assert_eq!(bare.url, "https://api.aimlapi.com/chat/completions");
    assert_eq!(versioned.body, bare.body);
}

#[tokio::test]
async fn a_seed_of_zero_is_left_out_and_listed() {
    let zero = call(config("gpt-4o"), &Request { seed: Some(0), ..request() }).await;
    assert_eq!(zero.dropped, ["seed"]);
    let one = call(config("gpt-4o"), &Request { seed: Some(1), ..request() }).await;
    assert!(one.dropped.is_empty());
    let body: Value = serde_json::from_slice(&one.body.bytes()).unwrap();
    assert_eq!(body["seed"], json!(1));
}

#[tokio::test]
async fn what_a_models_schema_does_not_know_is_left_out() {
    let asked = Request { effort: Some(Effort::Low), detail: Some(Detail::Original), ..request() };
    assert_eq!(call(config("google/gemma-3-27b-it"), &asked).await.dropped, ["effort", "detail"]);
    assert_eq!(call(config("brand-new"), &asked).await.dropped, ["detail"]);
}

#[test]
fn the_small_gemmas_know_no_response_format() {
    let able = |model| {
        let provider = provider(config(model), Arc::new(Scripted::default())).unwrap();
        (provider.capabilities().json, provider.capabilities().json_schema)
    };
    assert_eq!(able("google/gemma-3-27b-it"), (true, true));
    assert_eq!(able("google/gemma-3-4b-it"), (false, false));
}

#[tokio::test]
async fn a_system_text_can_be_folded_into_the_question() {
    let asked = Request { system: Some("Be brief.".to_owned()), ..request() };
    let call = call(Config { fold_system: true, ..config("gpt-4o") }, &asked).await;
    let body: Value = serde_json::from_slice(&call.body.bytes()).unwrap();
    assert_eq!(body["messages"].as_array().unwrap().len(), 1);
    assert_eq!(body["messages"][0]["content"][0], json!({"type": "text", "text": "Be brief."}));
}

#[tokio::test]
async fn the_hosts_own_request_id_is_kept() {
    let body = include_str!("fixtures/handmade_error_server.json");
    let transport = Scripted::always(Reply::json_text(500, body));
    let error = provider(config("gpt-4o"), transport).unwrap().analyze(&request()).await.unwrap_err();
    assert_eq!(error.details.request_id.as_deref(), Some("0a1b2c3d-hand-made"));
}

#[test]
fn the_image_tokens_of_gpt_4o_are_those_of_its_vendor() {
    let facts = Facts { width: Some(1024), height: Some(1024), ..Facts::default() };
    let image = Media::new("a.png", &b"\x89PNG\r\n\x1a\n"[..], facts).unwrap();
    let request = Request { parts: vec![Part::Media(image)], ..request() };
    let estimate = |model| provider(config(model), Arc::new(Scripted::default())).unwrap().estimate(&request);
    assert_eq!(estimate("gpt-4o").image, Some(765));
    assert_eq!(estimate("google/gemma-3-27b-it").image, None);
}

#[test]
fn reads_the_model_list() {
    let config = config("x");
    assert_eq!(models_call(&config).url, "https://api.aimlapi.com/v1/models");
    let reply = Reply::json_text(200, include_str!("fixtures/handmade_models.json"));
    insta::assert_json_snapshot!(decode_models(&config, &reply).unwrap());
}
