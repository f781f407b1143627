//! The shared suite for OCR, and the answers of every other type. The fixtures are made by hand.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;
use std::time::Duration;

use provider_documentai::{Config, Kind, decode_models, models_call, next_models_call, provider};
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

fn config(kind: Kind, key: Secret) -> Config {
    Config::new("my-project", "eu", kind, "1a2b3c", Auth::Bearer(key))
}

fn build(kind: Kind, key: Secret, transport: Arc<dyn Transport>) -> Provider {
    provider(config(kind, key), transport).unwrap()
}

fn subject() -> Subject {
    Subject {
        request_schema: Some("documentai.process.request"),
        response_schema: Some("documentai.process.response"),
        error_schema: Some("gemini.error"),
        answers: answers(),
        partial: Some(Answer::new(
            r#"{"document":{"text":"12.50\n","error":{"code":13,"message":"Page 2 was not read."},"pages":[{"pageNumber":1}]}}"#,
            Response {
                stop: Stop::Other("partial: Page 2 was not read.".to_owned()),
                ..read("12.50", Some(1))
            },
        )),
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
        ],
        ..Subject::new(
            |key, transport| build(Kind::Ocr, key, transport),
            Reply::json_text(200, fixture!("success.json")),
            page(),
        )
    }
}

fn page() -> Response {
    Response {
        evidence: vec![Evidence { page: Some(1), confidence: Some(0.75), ..Evidence::default() }],
        ..read("CAFÉ 東京: 12.50 €", Some(1))
    }
}

fn read(text: &str, pages: Option<u64>) -> Response {
    Response {
        text: text.to_owned(),
        stop: Stop::Complete,
        usage: Usage { pages, ..Usage::default() },
        ..Response::default()
    }
}

fn answers() -> Answers {
    Answers {
        empty: Some(Answer::new(fixture!("blank.json"), read("", Some(1)))),
        null: Some(Answer::new(fixture!("none.json"), read("", None))),
        sparse: Some(Answer::new(fixture!("sparse.json"), read("12.50", Some(1)))),
        ..Answers::default()
    }
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, Timeout, TooLarge, Unavailable};
    let pages = r#"{"error":{"code":400,"message":"Document pages exceed the limit: 10 got 12","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"PAGE_LIMIT_EXCEEDED","domain":"documentai.googleapis.com"}]}}"#;
    let token = r#"{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED"}}"#;
    let denied = r#"{"error":{"code":403,"message":"Permission 'documentai.processors.processOnline' denied","status":"PERMISSION_DENIED"}}"#;
    let billing = r#"{"error":{"code":403,"message":"This API method requires billing to be enabled.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"BILLING_DISABLED","domain":"googleapis.com"}]}}"#;
    let missing = r#"{"error":{"code":404,"message":"Processor not found","status":"NOT_FOUND"}}"#;
    let quota = r#"{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"}]}}"#;
    let nothing = r#"{"document":{"text":"","error":{"code":13,"message":"Nothing was read."},"pages":[]}}"#;
    vec![
        Failure::new(200, nothing, Unavailable).undocumented().says("could not read the document: Nothing"),
        Failure::new(
            400,
            r#"{"error":{"code":400,"message":"Unsupported input file format.","status":"INVALID_ARGUMENT"}}"#,
            InvalidRequest,
        ),
        Failure::new(400, pages, TooLarge),
        Failure::new(401, token, Auth).says("token rejected by eu-documentai.googleapis.com"),
        Failure::new(403, denied, Auth).says("does not allow this account"),
        Failure::new(403, billing, QuotaExhausted),
        Failure::new(404, missing, InvalidRequest).says("is the processor in this location?"),
        Failure::new(429, quota, RateLimited).after(Duration::from_millis(1500)),
        Failure::new(500, r#"{"error":{"code":500,"message":"Internal","status":"INTERNAL"}}"#, Unavailable),
        Failure::new(503, r#"{"error":{"code":503,"message":"Busy","status":"UNAVAILABLE"}}"#, Unavailable),
        Failure::new(504, r#"{"error":{"code":504,"message":"Late","status":"DEADLINE_EXCEEDED"}}"#, Timeout),
    ]
}

/// Another type: its answers, and the rules of the suite that do not ask for text.
#[track_caller]
fn check(
    build: fn(Secret, Arc<dyn Transport>) -> Provider,
    body: &'static str,
    cases: Vec<(Task, Option<Value>, Response)>,
) {
    let success = Reply::json_text(200, body);
    let response = cases[0].2.clone();
    let tasks = cases.into_iter().map(|(task, schema, response)| TaskAnswer {
        task,
        schema,
        replies: vec![success.clone()],
        response,
    });
    let mut tasks: Vec<TaskAnswer> = tasks.collect();
    // A schema of the user's own is answered in the same way.
    let own = |it: &TaskAnswer| TaskAnswer { task: Task::Extract, ..it.clone() };
    let own: Vec<TaskAnswer> = tasks.iter().filter(|it| it.task == Task::Document).map(own).collect();
    tasks.extend(own);
    let subject = Subject {
        request_schema: Some("documentai.process.request"),
        response_schema: Some("documentai.process.response"),
        tasks,
        ..Subject::new(build, success.clone(), response)
    };
    rules::is_tested_with_what_the_vendor_sends(&subject);
    rules::answers_each_of_its_tasks(&subject);
    rules::gives_evidence_that_can_be_drawn(&subject);
    rules::refuses_what_is_no_task_of_its(&subject);
    rules::writes_what_the_vendor_accepts(&subject);
    rules::reports_the_usage_it_promises(&subject);
}

fn seen(path: &str, text: &str, confidence: f64) -> Evidence {
    Evidence {
        path: path.to_owned(),
        text: Some(text.to_owned()),
        confidence: Some(confidence),
        ..Evidence::default()
    }
}

#[test]
fn an_expense_is_typed() {
    let answer = json!({
        "store": "BLUE BOTTLE", "date": "2026-11-28",
        "items": [{"name": "Latte", "quantity": 2, "price": 8}, {"name": "Scone", "quantity": 1, "price": 3}],
        "subtotal": 11, "tax": 0.99, "tip": 2, "total": 13.99, "payment_method": "card"
    });
    let bounds = Some(Bounds { left: 0.125, top: 0.25, right: 0.375, bottom: 0.5 });
    let guess =
        Evidence { path: "items[1].quantity".to_owned(), confidence: Some(0.0), ..Evidence::default() };
    let evidence = vec![
        Evidence { page: Some(1), bounds, ..seen("store", "BLUE\nBOTTLE", 0.97) },
        seen("date", "11/28/2026", 0.97),
        seen("items[0].name", "Latte", 0.97),
        seen("items[0].quantity", "2", 0.97),
        seen("items[0].price", "8.00", 0.97),
        seen("items[1].name", "Scone", 0.97),
        guess,
        seen("items[1].price", "3,00 €", 0.97),
        seen("subtotal", "11.00", 0.97),
        seen("tax", "0.99", 0.97),
        seen("tip", "$2.00", 0.97),
        seen("total", "13.99", 0.9),
        seen("payment_method", "VISA", 0.8),
    ];
    check(
        |key, transport| build(Kind::Expense, key, transport),
        fixture!("expense.json"),
        vec![(Task::Receipt, None, Response { evidence, ..read(&answer.to_string(), Some(1)) })],
    );
}

#[test]
fn an_invoice_answers_a_schema_and_a_receipt() {
    let text = json!({"type": ["string", "null"]});
    let schema = json!({"properties": {
        "type": text, "sender": text, "recipient": text, "number": text, "date": text, "due_date": text,
        "total": {"type": "number"}, "currency": text, "subject": text
    }});
    let document = json!({
        "type": "invoice", "sender": "Nordwind GmbH", "recipient": "Ada Lovelace", "number": "R-77",
        "date": "2026-11-28", "due_date": "2027-04-03", "total": 119, "currency": "EUR", "subject": null
    });
    let bare = |path: &str, text: &str| Evidence { confidence: None, ..seen(path, text, 0.0) };
    let bounds = Some(Bounds { left: 0.5, top: 0.5, right: 0.75, bottom: 0.625 });
    let total = |text: &str| Evidence { page: Some(2), bounds, ..seen("total", text, 0.97) };
    let of_document = vec![
        bare("type", "invoice"),
        seen("sender", "Nordwind GmbH", 0.97),
        seen("recipient", "Ada Lovelace", 0.97),
        seen("number", "R-77", 0.97),
        seen("date", "2026-11-28", 0.97),
        seen("due_date", "03/04/2027", 0.97),
        total("119"),
        bare("currency", "EUR"),
    ];
    let receipt = json!({
        "store": "Nordwind GmbH", "date": "2026-11-28", "items": [], "subtotal": null, "tax": null, "tip": null,
        "total": 119, "payment_method": null
    });
    let of_receipt =
        vec![seen("store", "Nordwind GmbH", 0.97), seen("date", "28.11.2026", 0.97), total("119,00 €")];
    let response = |answer: Value, evidence| Response { evidence, ..read(&answer.to_string(), Some(2)) };
    check(
        |key, transport| build(Kind::Invoice, key, transport),
        fixture!("invoice.json"),
        vec![
            (Task::Document, Some(schema), response(document, of_document)),
            (Task::Receipt, None, response(receipt, of_receipt)),
        ],
    );
}

#[test]
fn a_form_has_labels_tables_and_text() {
    let at = |path: &str, text: &str| Evidence { page: Some(1), ..seen(path, text, 0.875) };
    let schema = json!({"properties": {"total": {"type": "number"}, "paid": {"type": "boolean"}, "q1": {"type": "string"}}});
    let answer = json!({"total": 13.99, "paid": true, "q1": null});
    let form = Response {
        evidence: vec![at("total", "$13.99"), at("paid", "x")],
        ..read(&answer.to_string(), Some(1))
    };
    let table = json!({"title": null, "columns": ["Größe", "Sales"], "rows": [["Q1", 120]]});
    let table = Response {
        evidence: vec![at("rows[0][0]", "Q1"), at("rows[0][1]", "120")],
        ..read(&table.to_string(), Some(1))
    };
    let text = Response {
        evidence: vec![Evidence { page: Some(1), confidence: Some(0.75), ..Evidence::default() }],
        ..read("Größe Sales\nQ1 120\nTotal: $13.99\nPaid", Some(1))
    };
    check(
        |key, transport| build(Kind::Form, key, transport),
        fixture!("form.json"),
        vec![(Task::Text, None, text), (Task::Document, Some(schema), form), (Task::ChartTable, None, table)],
    );
}

/// Whatever is missing or of another type, in bodies without what is all alike.
#[test]
fn nothing_that_is_missing_is_fatal() {
    let of =
        |build, body: &str| Subject::new(build, Reply::json_text(200, body.to_owned()), Response::default());
    for subject in [
        of(|key, transport| build(Kind::Invoice, key, transport), fixture!("invoice.json")),
        of(|key, transport| build(Kind::Form, key, transport), fixture!("form.json")),
    ] {
        rules::survives_any_missing_or_null_field(&subject);
    }
}

#[test]
fn what_follows_a_part_of_the_list_is_asked_for_by_its_token() {
    let config = config(Kind::Ocr, Secret::new("k"));
    let next = |body: &str| next_models_call(&config, &Reply::json_text(200, body.to_owned()));
    let call = next(r#"{"processors":[],"nextPageToken":"a/b&c=d#é"}"#).unwrap();
    let list = "https://eu-documentai.googleapis.com/v1/projects/my-project/locations/eu/processors";
    assert_eq!(call.url, format!("{list}?pageToken=a%2Fb%26c%3Dd%23%C3%A9"));
    assert!(call.auth.is_some());
    for last in [r#"{"processors":[]}"#, r#"{"nextPageToken":null}"#, r#"{"nextPageToken":""}"#, "<html>"] {
        assert!(next(last).is_none(), "{last}");
    }
}

#[test]
fn processors_are_named_by_their_type() {
    let key = || Secret::new("k");
    let call = models_call(&config(Kind::Ocr, key()));
    assert_eq!(
        call.url,
        "https://eu-documentai.googleapis.com/v1/projects/my-project/locations/eu/processors"
    );
    let body = r#"{"processors":[{"name":"projects/1/locations/eu/processors/1a2b","type":"EXPENSE_PROCESSOR"},{"name":"projects/1/locations/eu/processors/3c4d","type":"CUSTOM_EXTRACTION_PROCESSOR"}]}"#;
    let models = decode_models(&config(Kind::Ocr, key()), &Reply::json_text(200, body)).unwrap();
    let ids: Vec<_> = models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["expense/1a2b", "custom/3c4d"]);
    assert_eq!(Kind::parse("expense/1a2b").unwrap(), (Kind::Expense, "1a2b"));
    for wrong in ["1a2b", "receipt/1a2b", "expense/"] {
        assert!(Kind::parse(wrong).unwrap_err().message().contains("TYPE/PROCESSOR"), "{wrong}");
    }
    let elsewhere = Config { processor: "../../../x".to_owned(), ..config(Kind::Ocr, key()) };
    provider(elsewhere, vision_testkit::Scripted::new(Vec::<Reply>::new())).unwrap_err();
}
