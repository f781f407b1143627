//! The shared suite. The fixtures are made by hand.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use provider_mistral_ocr::{Config, provider};
use serde_json::json;
use vision_core::{ErrorKind, Evidence, Response, Stop, Task, Usage};
use vision_http::Reply;
use vision_testkit::{Answer, Answers, Failure, Places, Subject, TaskAnswer};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name))
    };
}

vision_testkit::conformance!(subject());

fn subject() -> Subject {
    let success = Reply::json_text(200, fixture!("success.json")).with_header("x-request-id", "req-1");
    let response = Response { request_id: Some("req-1".to_owned()), ..page() };
    Subject {
        request_schema: Some("mistral.ocr.request"),
        response_schema: Some("mistral.ocr.response"),
        error_schema: Some("mistral.ocr.error"),
        places: Places {
            schema: Some("/document_annotation_format/json_schema/schema"),
            ..Places::default()
        },
        answers: answers(),
        failures: failures(),
        tasks: tasks(),
        except: &[
            ("tells_a_truncated_answer", "nothing caps the output"),
            (
                "tells_what_it_could_not_read",
                "no counter or mark of the service tells of a page that it left out",
            ),
            ("tells_a_refusal", "an engine declines nothing"),
            ("tells_a_filtered_answer", "an engine filters nothing"),
        ],
        ..Subject::new(
            |key, transport| provider(Config::new("mistral-ocr-4-1", key), transport).unwrap(),
            success,
            response,
        )
    }
}

fn page() -> Response {
    Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        evidence: vec![Evidence { page: Some(1), confidence: Some(0.98), ..Evidence::default() }],
        ..read("", 1)
    }
}

fn read(text: &str, pages: u64) -> Response {
    Response {
        text: text.to_owned(),
        stop: Stop::Complete,
        usage: Usage { pages: Some(pages), annotated_pages: Some(0), ..Usage::default() },
        model: Some("mistral-ocr-4-1".to_owned()),
        ..Response::default()
    }
}

fn answers() -> Answers {
    let sparse = Response { model: Some("mistral-ocr-2512".to_owned()), ..read("12.50", 1) };
    Answers {
        empty: Some(Answer::new(fixture!("blank.json"), read("", 1))),
        null: Some(Answer::new(fixture!("none.json"), read("", 0))),
        sparse: Some(Answer::new(fixture!("sparse.json"), sparse)),
        more: vec![Answer::new(fixture!("tables.json"), read("Sales\n\nQ1 120\nQ2 90\n\nThe end", 2))],
        ..Answers::default()
    }
}

fn tasks() -> Vec<TaskAnswer> {
    let annotated = Response {
        usage: Usage { annotated_pages: Some(1), ..read("", 1).usage },
        ..read("{\"total\": 13.99}", 1)
    };
    use Task::{ChartQuestion, ChartTable, Classify, Document, Extract, Receipt};
    let by_schema = [Receipt, Document, Extract, ChartTable, ChartQuestion, Classify];
    let by_schema = by_schema.into_iter().map(|task| TaskAnswer {
        task,
        schema: Some(json!({"type": "object", "properties": {"total": {"type": "number"}}})),
        replies: vec![Reply::json_text(200, fixture!("annotated.json"))],
        response: annotated.clone(),
    });
    let text = TaskAnswer {
        task: Task::Text,
        schema: None,
        replies: vec![Reply::json_text(200, fixture!("success.json"))],
        response: page(),
    };
    by_schema.chain([text]).collect()
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, TooLarge, Unavailable};
    let limited = r#"{"object":"error","message":"Requests rate limit exceeded","type":"rate_limited","param":null,"code":"1300"}"#;
    let model = r#"{"object":"error","message":"Invalid model: mistral-ocr-9","type":"invalid_model","param":null,"code":"1500"}"#;
    let field = r#"{"detail":[{"loc":["body","document"],"msg":"Field required","type":"missing"}]}"#;
    let monthly = r#"{"object":"error","message":"Monthly quota exceeded","type":"rate_limited","param":null,"code":"1301"}"#;
    vec![
        Failure::new(400, model, InvalidRequest).says("api.mistral.ai: Invalid model"),
        Failure::new(401, r#"{"message":"Unauthorized","request_id":"abc"}"#, Auth)
            .says("key rejected by api.mistral.ai"),
        Failure::new(402, r#"{"message":"Payment required"}"#, QuotaExhausted).says("no credit left"),
        Failure::new(413, r#"{"message":"Request too large"}"#, TooLarge),
        Failure::new(422, field, InvalidRequest).says("body.document: Field required").undocumented(),
        Failure::new(429, limited, RateLimited).header("retry-after", "2").after(Duration::from_secs(2)),
        Failure::new(429, monthly, QuotaExhausted),
        Failure::new(
            500,
            r#"{"object":"error","message":"Internal","type":"internal","param":null,"code":"3000"}"#,
            Unavailable,
        ),
        Failure::new(503, r#"{"message":"Service unavailable"}"#, Unavailable),
    ]
}
