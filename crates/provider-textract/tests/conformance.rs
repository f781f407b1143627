//! The shared suite for text, and the answers of every other model. The fixtures are made by hand.
//!
//! Keys that sign are tested in `tests/server.rs`; here a key in a header stands for them, so that the suite can follow it.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_textract::{Config, provider};
use serde_json::{Value, json};
use vision_core::{Bounds, ErrorKind, Evidence, Provider, Response, Secret, Stop, Task, Usage};
use vision_http::{Auth, Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Subject, TaskAnswer, rules};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name))
    };
}

vision_testkit::conformance!(subject());

fn build(model: &str, key: Secret, transport: Arc<dyn Transport>) -> Provider {
    provider(Config::new("us-east-1", model, Auth::Bearer(key)), transport).unwrap()
}

fn subject() -> Subject {
    let success = Reply::json_text(200, fixture!("success.json")).with_header("x-amzn-requestid", "req-1");
    Subject {
        request_schema: Some("textract.detect_document_text.request"),
        response_schema: Some("textract.detect_document_text.response"),
        error_schema: Some("textract.error"),
        answers: answers(),
        failures: failures(),
        tasks: vec![TaskAnswer {
            task: Task::Text,
            schema: None,
            replies: vec![Reply::json_text(200, fixture!("success.json"))],
            response: page(),
        }],
        except: &[
            ("tells_a_truncated_answer", "nothing caps the output"),
            ("tells_a_refusal", "an engine declines nothing"),
            ("tells_a_filtered_answer", "an engine filters nothing"),
            ("puts_the_schema_in_its_place", "a schema is answered here, out of what was found"),
            ("tells_what_it_could_not_read", "these operations read one page, or none"),
        ],
        ..Subject::new(
            |key, transport| build("text", key, transport),
            success,
            Response { request_id: Some("req-1".to_owned()), ..page() },
        )
    }
}

fn page() -> Response {
    Response {
        evidence: vec![Evidence { page: Some(1), confidence: Some(0.99), ..Evidence::default() }],
        ..read("CAFÉ 東京: 12.50 €")
    }
}

fn read(text: &str) -> Response {
    Response {
        text: text.to_owned(),
        stop: Stop::Complete,
        usage: Usage { pages: Some(1), ..Usage::default() },
        ..Response::default()
    }
}

fn answers() -> Answers {
    Answers {
        empty: Some(Answer::new(fixture!("blank.json"), read(""))),
        null: Some(Answer::new(fixture!("none.json"), read(""))),
        sparse: Some(Answer::new(fixture!("sparse.json"), read("12.50"))),
        more: vec![Answer::new(fixture!("lines.json"), read("First\nSecond"))],
        ..Answers::default()
    }
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, TooLarge, Unavailable};
    let pages = r#"{"__type":"com.amazonaws.textract#UnsupportedDocumentException","message":"Request has unsupported document format"}"#;
    let throttled =
        r#"{"__type":"ProvisionedThroughputExceededException","Message":"Provisioned rate exceeded"}"#;
    let signature = r#"{"__type":"InvalidSignatureException","message":"The request signature we calculated does not match."}"#;
    vec![
        Failure::new(400, pages, InvalidRequest).says("a document of several pages"),
        Failure::new(400, r#"{"__type":"BadDocumentException","Message":"Bad"}"#, InvalidRequest),
        Failure::new(400, r#"{"__type":"InvalidParameterException","Message":"Bad"}"#, InvalidRequest),
        Failure::new(400, r#"{"__type":"DocumentTooLargeException","Message":"Large"}"#, TooLarge),
        Failure::new(400, throttled, RateLimited).says("Provisioned rate exceeded"),
        Failure::new(400, r#"{"__type":"ThrottlingException","Message":"Rate exceeded"}"#, RateLimited)
            .header("x-amz-retry-after", "700")
            .after(std::time::Duration::from_millis(700)),
        Failure::new(500, r#"{"__type":"ThrottlingException","Message":"Rate exceeded"}"#, RateLimited),
        Failure::new(400, r#"{"__type":"LimitExceededException","Message":"Too many"}"#, RateLimited),
        Failure::new(400, signature, Auth).says("key rejected by textract.us-east-1.amazonaws.com"),
        Failure::new(400, r#"{"__type":"AccessDeniedException","Message":"no"}"#, Auth)
            .says("does not allow this key"),
        Failure::new(400, r#"{"__type":"ExpiredTokenException","Message":"expired"}"#, Auth),
        Failure::new(400, r#"{"__type":"SubscriptionRequiredException","Message":"none"}"#, QuotaExhausted),
        Failure::new(500, r#"{"__type":"InternalServerError","Message":"oops"}"#, Unavailable),
    ]
}

/// Another model: what it sends and answers, and the rules of the suite that do not ask for text.
#[track_caller]
fn check(
    build: fn(Secret, Arc<dyn Transport>) -> Provider,
    schemas: [&'static str; 2],
    body: &'static str,
    (task, schema, response): (Task, Option<Value>, Response),
) {
    let success = Reply::json_text(200, body);
    let replies = vec![success.clone()];
    let mut tasks = vec![TaskAnswer { task, schema, replies, response: response.clone() }];
    // A schema of the user's own is answered in the same way.
    let own = |it: &TaskAnswer| TaskAnswer { task: Task::Extract, ..it.clone() };
    let own: Vec<TaskAnswer> = tasks.iter().filter(|it| it.task == Task::Document).map(own).collect();
    tasks.extend(own);
    let subject = Subject {
        request_schema: Some(schemas[0]),
        response_schema: Some(schemas[1]),
        failures: failures(),
        tasks,
        ..Subject::new(build, success, response)
    };
    rules::is_tested_with_what_the_vendor_sends(&subject);
    rules::answers_each_of_its_tasks(&subject);
    if schemas[0] != "textract.analyze_document.request" || !body.contains("QUERY_RESULT") {
        rules::writes_what_the_vendor_accepts(&subject);
        rules::gives_evidence_that_can_be_drawn(&subject);
        rules::refuses_what_is_no_task_of_its(&subject);
        rules::reports_the_usage_it_promises(&subject);
        rules::maps_every_documented_error(&subject);
    }
}

fn seen(path: &str, text: &str, confidence: f64) -> Evidence {
    Evidence {
        path: path.to_owned(),
        text: Some(text.to_owned()),
        confidence: Some(confidence),
        page: Some(1),
        ..Evidence::default()
    }
}

fn at(evidence: Evidence, [left, top, right, bottom]: [f64; 4]) -> Evidence {
    Evidence { bounds: Some(Bounds { left, top, right, bottom }), ..evidence }
}

/// Whatever is missing or of another type: a long body takes a minute, and holds nothing that a short one does not.
#[test]
fn nothing_that_is_missing_is_fatal() {
    let expense = r#"{"DocumentMetadata":{"Pages":1},"ExpenseDocuments":[{"ExpenseIndex":1,"SummaryFields":[
        {"Type":{"Text":"TOTAL","Confidence":99.0},"ValueDetection":{"Text":"$1.00","Confidence":98.0,
         "Geometry":{"Polygon":[{"X":0.1,"Y":0.1},{"X":0.2,"Y":0.2}]}},"Currency":{"Code":"USD"},"PageNumber":1}],
        "LineItemGroups":[{"LineItems":[{"LineItemExpenseFields":[
        {"Type":{"Text":"ITEM"},"ValueDetection":{"Text":"Tea"}}]}]}]}]}"#;
    let of =
        |build, body: &str| Subject::new(build, Reply::json_text(200, body.to_owned()), Response::default());
    for subject in [
        of(|key, transport| build("expense", key, transport), expense),
        of(|key, transport| build("tables", key, transport), fixture!("tables.json")),
        of(|key, transport| build("forms", key, transport), fixture!("forms.json")),
    ] {
        rules::survives_any_missing_or_null_field(&subject);
    }
}

const DOCUMENT: [&str; 2] = ["textract.analyze_document.request", "textract.analyze_document.response"];

#[test]
fn a_receipt_is_read_out_of_printed_words() {
    let answer = json!({
        "store": "BLUE BOTTLE", "date": "2026-11-28",
        "items": [{"name": "Latte", "quantity": 2, "price": 8}, {"name": "Scone", "quantity": 1, "price": 3}],
        "subtotal": 11, "tax": 0.99, "tip": 2, "total": 13.99, "payment_method": "card"
    });
    let guess =
        Evidence { path: "items[1].quantity".to_owned(), confidence: Some(0.0), ..Evidence::default() };
    let evidence = vec![
        at(seen("store", "BLUE\nBOTTLE", 0.985), [0.6, 0.5, 0.7, 0.52]),
        seen("date", "11/28/2026", 0.985),
        seen("items[0].name", "Latte", 0.985),
        seen("items[0].quantity", "2", 0.985),
        seen("items[0].price", "8.00", 0.985),
        seen("items[1].name", "Scone", 0.985),
        guess,
        seen("items[1].price", "$3.00", 0.985),
        seen("subtotal", "$11.00", 0.985),
        seen("tax", "$0.66", 0.985),
        seen("tip", "$2.00", 0.985),
        seen("total", "$13.99", 0.98),
        seen("payment_method", "****1234", 0.8),
    ];
    check(
        |key, transport| build("expense", key, transport),
        ["textract.analyze_expense.request", "textract.analyze_expense.response"],
        fixture!("expense.json"),
        (Task::Receipt, None, Response { evidence, ..read(&answer.to_string()) }),
    );
}

#[test]
fn a_table_has_its_merged_cells_and_its_title() {
    let answer =
        json!({"title": "2026", "columns": ["Quarter", "Net sales", ""], "rows": [["Q1", 120, null]]});
    let cell = |column: usize, text: &str| {
        let left = [0.1, 0.2, 0.3][column];
        let place = [left, 0.2, [0.2, 0.3, 0.4][column], 0.22];
        at(seen(&format!("rows[0][{column}]"), text, 0.9), place)
    };
    let evidence = vec![cell(0, "Q1"), cell(1, "$120"), cell(2, "")];
    check(
        |key, transport| build("tables", key, transport),
        DOCUMENT,
        fixture!("tables.json"),
        (Task::ChartTable, None, Response { evidence, ..read(&answer.to_string()) }),
    );
}

#[test]
fn a_form_answers_a_schema_by_its_labels() {
    let schema = json!({"properties": {
        "total": {"type": "number"}, "paid": {"type": "boolean"}, "number": {"type": "string"}
    }});
    let answer = json!({"total": 13.99, "paid": true, "number": null});
    let place = [0.2, 0.1, 0.3, 0.12];
    let evidence = vec![at(seen("total", "$13.99", 0.875), place), at(seen("paid", "x", 0.875), place)];
    check(
        |key, transport| build("forms", key, transport),
        DOCUMENT,
        fixture!("forms.json"),
        (Task::Document, Some(schema), Response { evidence, ..read(&answer.to_string()) }),
    );
}

#[test]
fn questions_are_made_of_a_schema() {
    let schema = json!({"properties": {
        "total": {"type": "number", "description": "To pay — all in all"},
        "date": {"type": "string", "description": "YYYY-MM-DD"},
        "cashier": {"type": "string"}
    }});
    let answer = json!({"total": 13.99, "date": "2026-11-28", "cashier": null});
    let place = [0.5, 0.5, 0.6, 0.52];
    let evidence =
        vec![at(seen("total", "$13.99", 0.97), place), at(seen("date", "28 Nov 2026", 0.92), place)];
    check(
        |key, transport| build("queries", key, transport),
        DOCUMENT,
        fixture!("queries.json"),
        (Task::Document, Some(schema), Response { evidence, ..read(&answer.to_string()) }),
    );
}
