//! The readers as the rest of the workspace meets them.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_local::{Model, provider};
use serde_json::{Value, json};
use vision_core::{ErrorKind, Facts, Media, Output, Part, Request, Schema, Task};

const RECEIPT: &[u8] = include_bytes!("fixtures/handmade_receipt.png");

const CHART: &[u8] = include_bytes!("../../../datasets/open/media/chart-01.png");

fn request(task: Task, bytes: &'static [u8]) -> Request {
    let media = Media::new("a.png", bytes, Facts::default()).expect("the bytes are a picture");
    let parts = vec![Part::Text("What does it say?".into()), Part::Media(media)];
    Request::new(task, parts, NonZeroU32::MAX)
}

#[tokio::test]
async fn answers_a_receipt_in_the_schema_asked_for() {
    let schema = json!({"type": "object", "properties": {"total": {}, "date": {}, "loyalty": {}}});
    let schema = Schema { name: "receipt".into(), schema: Arc::new(schema), strict: true };
    let request = Request { output: Output::Schema(schema), ..request(Task::Receipt, RECEIPT) };
    for model in [Model::Accurate, Model::Fast] {
        let response = provider(model).analyze(&request).await.unwrap();
        assert_eq!(response.text, r#"{"total":13.5,"date":"2025-03-14","loyalty":null}"#);
        assert_eq!(response.model.as_deref(), Some(model.name()));
        assert!(!response.timing.total.is_zero());
    }
}

#[tokio::test]
async fn answers_every_field_of_a_receipt() {
    let response = provider(Model::Accurate).analyze(&request(Task::Receipt, RECEIPT)).await.unwrap();
    let wanted = json!({
        "store": "CORNER BAKERY",
        "date": "2025-03-14",
        "items": [
            {"name": "Sourdough loaf", "quantity": 1, "price": 3.8},
            {"name": "Almond croissant", "quantity": 2, "price": 5},
            {"name": "Oat flat white", "quantity": 1, "price": 3.45},
            {"name": "Member discount", "quantity": 1, "price": -1},
        ],
        "subtotal": 11.25,
        "tax": 2.25,
        "tip": null,
        "total": 13.5,
        "payment_method": "card",
    });
    assert_eq!(serde_json::from_str::<Value>(&response.text).unwrap(), wanted);
}

fn extracting(schema: Value) -> Request {
    let schema = Schema { name: "extract".into(), schema: Arc::new(schema), strict: true };
    Request { output: Output::Schema(schema), ..request(Task::Extract, RECEIPT) }
}

#[tokio::test]
async fn fills_the_fields_of_a_schema_that_it_knows() {
    let schema = json!({"type": "object", "properties": {
        "vendor": {"type": "object", "properties": {"name": {"type": "string"}, "city": {"type": ["string", "null"]}}},
        "purchaseDate": {"type": "string", "format": "date"}, "grand_total": {"type": "number"},
        "vat": {"type": ["number", "null"]}, "mood": {"type": ["string", "null"]},
        "line_items": {"type": "array", "items": {"$ref": "#/$defs/line"}},
    }, "$defs": {"line": {"type": "object", "properties": {
        "description": {"type": "string"}, "qty": {"type": "integer"}, "amount": {"type": "number"},
        "sku": {"type": ["string", "null"]},
    }}}});
    let response = provider(Model::Accurate).analyze(&extracting(schema)).await.unwrap();
    let answer: Value = serde_json::from_str(&response.text).unwrap();
    assert_eq!(answer["vendor"], json!({"name": "CORNER BAKERY", "city": null}));
    assert_eq!((&answer["purchaseDate"], &answer["grand_total"]), (&json!("2025-03-14"), &json!(13.5)));
    assert_eq!((&answer["vat"], &answer["mood"]), (&json!(2.25), &Value::Null));
    let croissant = json!({"description": "Almond croissant", "qty": 2, "amount": 5, "sku": null});
    assert_eq!((answer["line_items"].as_array().unwrap().len(), &answer["line_items"][1]), (4, &croissant));
}

#[tokio::test]
async fn says_plainly_that_it_knows_nothing_of_a_schema() {
    let schema =
        json!({"type": "object", "properties": {"mood": {"type": "string"}, "colors": {"type": "array"}}});
    let error = provider(Model::Fast).analyze(&extracting(schema)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("its schema has no field"), "{error}");
    let error = provider(Model::Fast).analyze(&request(Task::Extract, RECEIPT)).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Unsupported && error.message().contains("JSON Schema"), "{error}");
}

const INVOICE: &[u8] = include_bytes!("../../../datasets/documents/media/0001.pdf");

fn asked(question: &str, bytes: &'static [u8]) -> Request {
    let media = Media::new("a", bytes, Facts::default()).expect("the bytes are known");
    let parts = vec![Part::Media(media), Part::Text(question.into())];
    Request::new(Task::Text, parts, NonZeroU32::MAX)
}

#[tokio::test]
async fn reads_the_pages_of_a_pdf() {
    let reader = provider(Model::Accurate);
    assert!(reader.capabilities().accepts(vision_core::MediaKind::Pdf));
    let text = reader.analyze(&asked("What does it say?", INVOICE)).await.unwrap().text;
    assert!(text.contains("INV-76146") && text.contains("617.46"), "{text}");
    let total = reader.analyze(&asked("What is the total?", INVOICE)).await.unwrap().text;
    assert_eq!(total, "617.46");
}

#[tokio::test]
async fn a_free_question_is_answered_or_refused_and_never_ignored() {
    let reader = provider(Model::Accurate);
    let answer = reader.analyze(&asked("What is the total?", RECEIPT)).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.refusal), ("13.5", None));
    for question in ["Is the cashier happy?", "Describe the mood of the picture.", "What breed is the dog?"] {
        let answer = reader.analyze(&asked(question, RECEIPT)).await.unwrap();
        assert_eq!((answer.text.as_str(), answer.stop), ("", vision_core::Stop::Refused), "{question}");
        assert!(answer.refusal.unwrap().contains(question));
    }
}

#[tokio::test]
async fn says_what_it_cannot_do_before_it_reads() {
    for task in [Task::Compare, Task::Transcribe] {
        let error = provider(Model::Accurate).analyze(&request(task, RECEIPT)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.message().contains(task.name()), "{error}");
    }
}

#[tokio::test]
async fn describes_what_is_printed() {
    let request = Request { output: Output::Text, ..request(Task::Describe, RECEIPT) };
    let said = provider(Model::Accurate).analyze(&request).await.unwrap().text;
    assert!(said.starts_with("This is a receipt. It says:\nCORNER BAKERY\n12 Mill Lane, Leeds\n"), "{said}");
}

#[tokio::test]
async fn compares_two_pictures_by_what_they_say() {
    let pair = |second: &'static [u8]| {
        let media = Media::new("b.png", second, Facts::default()).expect("the bytes are a picture");
        let mut request = request(Task::CompareFree, RECEIPT);
        request.parts.push(Part::Media(media));
        request
    };
    let reader = provider(Model::Fast);
    let same = reader.analyze(&pair(RECEIPT)).await.unwrap().text;
    assert_eq!(same, "The two pictures are identical: nothing differs.");
    let other = reader.analyze(&pair(CHART)).await.unwrap().text;
    assert!(other.contains("“CORNER BAKERY” was removed.") && other.contains("was added."), "{other}");
    let error = reader.analyze(&request(Task::CompareFree, RECEIPT)).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Unsupported && error.message().contains("two pictures"), "{error}");
    let error = reader.analyze(&Request { task: Task::Receipt, ..pair(RECEIPT) }).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
}

#[tokio::test]
async fn a_broken_picture_is_refused_and_no_panic() {
    let error = provider(Model::Fast).analyze(&request(Task::Text, b"\x89PNG\r\n\x1a\n")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
}

#[tokio::test]
async fn many_at_once_all_get_their_answer() {
    let reader = provider(Model::Fast);
    let readings: Vec<_> = (0..6)
        .map(|_| {
            let reader = Arc::clone(&reader);
            tokio::spawn(async move { reader.analyze(&request(Task::Text, RECEIPT)).await })
        })
        .collect();
    for reading in readings {
        assert!(reading.await.unwrap().unwrap().text.contains("CORNER BAKERY"));
    }
}

#[tokio::test]
async fn tesseract_reads_or_says_that_it_is_absent() {
    match provider(Model::Tesseract).analyze(&request(Task::Text, RECEIPT)).await {
        Ok(response) => assert!(response.text.contains("BAKERY"), "{}", response.text),
        Err(error) => {
            assert!(!Model::Tesseract.is_installed(), "{error}");
            assert_eq!(error.kind(), ErrorKind::Config);
            assert_eq!(error.message(), "the `tesseract` program is not installed");
        }
    }
}

#[tokio::test]
#[ignore = "needs the program: apt-get install tesseract-ocr; cargo test -p provider-local -- --ignored"]
async fn tesseract_answers_a_receipt_by_the_same_rules() {
    let response = provider(Model::Tesseract).analyze(&request(Task::Receipt, RECEIPT)).await.unwrap();
    let answer: Value = serde_json::from_str(&response.text).unwrap();
    assert_eq!((&answer["store"], &answer["total"]), (&json!("CORNER BAKERY"), &json!(13.5)));
    assert_eq!(answer["items"].as_array().unwrap().len(), 4);
}
