//! What the shared suite does not ask.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_mistral_ocr::{Config, decode_models, models_call, provider};
use serde_json::json;
use vision_core::{ErrorKind, Output, Part, Request, Schema, Secret, Task};
use vision_http::Reply;
use vision_testkit::{Scripted, media};

fn request(task: Task, output: Output) -> Request {
    let parts = vec![Part::Media(media::pdf("a.pdf")), Part::Text("Read the receipt.".to_owned())];
    Request { output, system: Some("You read.".to_owned()), ..Request::new(task, parts, NonZeroU32::MIN) }
}

fn schema() -> Output {
    Output::Schema(Schema {
        name: "receipt".into(),
        schema: Arc::new(json!({"type": "object"})),
        strict: true,
    })
}

#[tokio::test]
async fn a_task_without_a_schema_is_refused_before_anything_is_sent() {
    let transport = Scripted::new(Vec::<Reply>::new());
    let provider = provider(Config::new("mistral-ocr-4-1", Secret::new("k")), transport.clone()).unwrap();
    let error = provider.analyze(&request(Task::Receipt, Output::Text)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("by a schema only") && transport.calls().is_empty(), "{error}");
}

#[tokio::test]
async fn the_question_is_the_prompt_of_the_annotation() {
    let reply = r#"{"pages":[],"model":"m","document_annotation":"{}","usage_info":{"pages_processed":3}}"#;
    let transport = Scripted::new([Reply::json_text(200, reply)]);
    let provider = provider(Config::new("mistral-ocr-4-1", Secret::new("k")), transport.clone()).unwrap();
    let request = request(Task::Receipt, schema());
    let response = provider.analyze(&request).await.unwrap();
    assert_eq!((response.usage.pages, response.usage.annotated_pages), (Some(3), Some(3)));
    let body: serde_json::Value = serde_json::from_slice(&transport.calls()[0].body.bytes()).unwrap();
    assert_eq!(body["document_annotation_prompt"], "You read.\n\nRead the receipt.");
    assert_eq!(body["document"]["type"], "document_url");
    assert!(body["document"]["document_url"].as_str().unwrap().starts_with("data:application/pdf;base64,"));
    assert_eq!(provider.estimate(&request).annotated_pages, None, "each page may be annotated");
    let plain = provider.estimate(&self::request(Task::Text, Output::Text));
    assert_eq!((plain.input(), plain.annotated_pages), (Some(0), Some(0)));
}

#[test]
fn only_readers_are_listed() {
    let config = Config::new("mistral-ocr-4-1", Secret::new("k"));
    assert_eq!(models_call(&config).url, "https://api.mistral.ai/v1/models");
    let reply = Reply::json_text(200, r#"{"data":[{"id":"mistral-small-latest"},{"id":"mistral-ocr-4-1"}]}"#);
    assert_eq!(decode_models(&config, &reply).unwrap()[0].id, "mistral-ocr-4-1");
}
