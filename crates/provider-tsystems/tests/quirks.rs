//! What is peculiar to this host, beside the shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_tsystems::{Config, decode_models, models_call, provider};
use serde_json::{Value, json};
use vision_core::{Effort, Part, Request, Secret, Task};
use vision_http::{Call, Reply};
use vision_testkit::{Scripted, media};

fn config(model: &str) -> Config {
    Config::new(model, Secret::new("ts-0123456789abcdef"))
}

fn request(parts: Vec<Part>) -> Request {
    Request::new(Task::Text, parts, NonZeroU32::new(64).unwrap())
}

async fn call(model: &str, request: &Request) -> Call {
    let transport = Scripted::always(Reply::json_text(500, ""));
    provider(config(model), transport.clone()).unwrap().analyze(request).await.unwrap_err();
    transport.calls().remove(0)
}

#[tokio::test]
async fn the_cap_goes_out_under_both_names() {
    let call = call("brand-new", &request(vec![Part::Text("hi".to_owned())])).await;
    assert_eq!(call.url, "https://llm-server.llmhub.t-systems.net/v2/chat/completions");
    let body: Value = serde_json::from_slice(&call.body.bytes()).unwrap();
    assert_eq!((&body["max_tokens"], &body["max_completion_tokens"]), (&json!(64), &json!(64)));
}

#[tokio::test]
async fn only_models_that_reason_get_an_effort() {
    let asked = Request { effort: Some(Effort::Low), ..request(vec![Part::Text("hi".to_owned())]) };
    assert_eq!(call("Qwen2.5-VL-72B-Instruct", &asked).await.dropped, ["effort"]);
    assert!(call("gemini-2.5-flash", &asked).await.dropped.is_empty());
}

#[tokio::test]
async fn whisper_transcribes() {
    let body = include_str!("fixtures/handmade_transcription.json");
    let transport = Scripted::always(Reply::json_text(200, body));
    let config = Config { language: Some("de".to_owned()), ..config("whisper-large-v3") };
    let provider = provider(config, transport.clone()).unwrap();
    let recording = vec![Part::Media(media::wav("a.wav"))];
    let asked = Request { task: Task::Transcribe, temperature: Some(0.0), ..request(recording) };
    let response = provider.analyze(&asked).await.unwrap();
    assert_eq!(response.text, "Guten Tag, 東京.");
    let call = transport.calls().remove(0);
    assert_eq!(call.url, "https://llm-server.llmhub.t-systems.net/v2/audio/transcriptions");
    let form = String::from_utf8_lossy(&call.body.bytes()).into_owned();
    assert!(form.contains("name=\"language\"\r\n\r\nde\r\n"), "{form}");
    assert!(form.contains("name=\"temperature\"\r\n\r\n0\r\n"), "{form}");
}

#[test]
fn the_model_list_states_ends_of_life_and_empty_values_say_nothing() {
    let config = config("x");
    assert_eq!(models_call(&config).url, "https://llm-server.llmhub.t-systems.net/v2/models");
    let reply = Reply::json_text(200, include_str!("fixtures/handmade_models.json"));
    insta::assert_json_snapshot!(decode_models(&config, &reply).unwrap());
}

#[test]
fn an_empty_key_is_named_before_anything_is_sent() {
    let error = provider(Config::new("gpt-4.1", Secret::new("")), Arc::new(Scripted::default())).unwrap_err();
    assert_eq!(error.message(), "the key for llm-server.llmhub.t-systems.net is empty");
}
