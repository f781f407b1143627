//! Queries before they are sent.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_textract::{Config, decode_models, models_call, provider};
use serde_json::{Map, Value, json};
use vision_core::{ErrorKind, Output, Part, Request, Schema, Secret, Task};
use vision_http::{Auth, Reply};
use vision_testkit::{Scripted, media, validate};

fn request(fields: usize) -> Request {
    let properties: Map<String, Value> = (0..fields)
        .map(|n| (format!("field_{n}"), json!({"description": "Straße “nr” — ".repeat(20)})))
        .collect();
    let schema =
        Schema { name: "a".into(), schema: Arc::new(json!({"properties": properties})), strict: true };
    let parts = vec![Part::Media(media::png("a.png", 2, 1, 1)), Part::Text("Read it.".to_owned())];
    let output = if fields == 0 { Output::Text } else { Output::Schema(schema) };
    Request { output, ..Request::new(Task::Document, parts, NonZeroU32::MIN) }
}

#[tokio::test]
async fn questions_are_few_short_and_plain_or_refused_before_anything_is_sent() {
    let transport =
        Scripted::always(Reply::json_text(200, r#"{"DocumentMetadata":{"Pages":1},"Blocks":[]}"#));
    let config = Config::new("eu-west-1", "queries", Auth::Bearer(Secret::new("k")));
    let reader = provider(config, transport.clone()).unwrap();
    for (fields, words) in [(0, "use the model `forms`"), (16, "the schema has 16 fields")] {
        let error = reader.analyze(&request(fields)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.message().contains(words) && transport.calls().is_empty(), "{error}");
    }
    reader.analyze(&request(15)).await.unwrap();
    let call = &transport.calls()[0];
    let body: Value = serde_json::from_slice(&call.body.bytes()).unwrap();
    assert_eq!(validate("textract.analyze_document.request", &body), Ok(()));
    let text = body["QueriesConfig"]["Queries"][14]["Text"].as_str().unwrap();
    assert!(text.starts_with("What is the field 14? (Strasse \"nr\" - ") && text.len() == 200, "{text}");
    assert_eq!(call.url, "https://textract.eu-west-1.amazonaws.com/");
}

#[test]
fn a_model_that_is_not_there_is_named() {
    let config = Config::new("eu-west-1", "charts", Auth::Bearer(Secret::new("k")));
    let error = provider(config, Scripted::new(Vec::<Reply>::new())).unwrap_err();
    assert!(error.message().contains("no `charts` (it has: expense, text"), "{error}");
}

/// Whether the keys are good can be asked without a document, and without a bill.
#[test]
fn the_models_are_listed_to_whoever_has_keys() {
    let config = Config::new("eu-west-1", "text", Auth::Bearer(Secret::new("k")));
    let call = models_call(&config);
    let body: Value = serde_json::from_slice(&call.body.bytes()).unwrap();
    assert_eq!(validate("textract.detect_document_text.request", &body), Ok(()));
    let told = |name: &str| {
        let body = json!({"__type": name, "Message": "no"}).to_string();
        decode_models(&config, &Reply::json_text(400, body))
    };
    assert_eq!(told("UnsupportedDocumentException").unwrap()[0].id, "expense");
    assert_eq!(told("UnrecognizedClientException").unwrap_err().kind(), ErrorKind::Auth);
}
