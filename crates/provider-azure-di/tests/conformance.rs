//! The shared suite for the reader of text, and the answers of every other model. The fixtures are made by hand.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;
use std::time::Duration;

use provider_azure_di::{Config, KEY_HEADER, provider};
use serde_json::{Value, json};
use vision_core::{Bounds, ErrorKind, Evidence, Provider, Response, Secret, Stop, Task, Usage};
use vision_http::{Auth, Pause, Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Looks, Subject, TaskAnswer, rules};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name))
    };
}

vision_testkit::conformance!(subject());

const SEVERAL_CALLS: &str =
    "one answer takes several calls; tests/server.rs makes them over real connections";

fn build(model: &str, key: Secret, transport: Arc<dyn Transport>) -> Provider {
    let auth = Auth::header(KEY_HEADER, key);
    let endpoint = "https://reader.cognitiveservices.azure.com";
    provider(Config::new(endpoint, model, auth, Pause::new(tokio::time::sleep)), transport).unwrap()
}

/// What is handed in, looked at and deleted; a failure is that of handing it in.
fn script(reply: Reply) -> Vec<Reply> {
    if !reply.is_success() {
        return vec![reply];
    }
    vec![accepted(), reply, Reply { status: 204, ..Reply::default() }]
}

fn accepted() -> Reply {
    let address = "https://reader.cognitiveservices.azure.com/documentintelligence/documentModels/m/analyzeResults/1?api-version=2024-11-30";
    Reply { status: 202, ..Reply::default() }
        .with_header("operation-location", address)
        .with_header("retry-after", "1")
}

fn running() -> Reply {
    let body = r#"{"status":"running","createdDateTime":"2026-11-28T12:00:00Z","lastUpdatedDateTime":"2026-11-28T12:00:01Z"}"#;
    Reply::json_text(200, body)
}

fn subject() -> Subject {
    let success = Reply::json_text(200, fixture!("success.json")).with_header("apim-request-id", "req-1");
    Subject {
        response_schema: Some("azure_di.analyze.response"),
        error_schema: Some("azure_di.error"),
        answers: answers(),
        failures: failures(),
        script,
        looks: Some(Looks { before: 1, busy: running() }),
        tasks: vec![TaskAnswer {
            task: Task::Text,
            schema: None,
            replies: script(Reply::json_text(200, fixture!("success.json"))),
            response: page(),
        }],
        except: &[
            ("tells_a_truncated_answer", "nothing caps the output"),
            ("tells_a_refusal", "an engine declines nothing"),
            ("tells_a_filtered_answer", "an engine filters nothing"),
            ("puts_the_schema_in_its_place", "a schema is answered here, out of what was found"),
            (
                "refuses_what_it_cannot_do_before_sending",
                "it takes every form of answer; tests/server.rs asks the rest",
            ),
            ("tells_what_it_could_not_read", "the service reads a document as a whole, or not at all"),
            ("answers_over_a_real_connection", SEVERAL_CALLS),
            ("logs_no_key_at_the_finest_level", SEVERAL_CALLS),
        ],
        ..Subject::new(
            |key, transport| build("prebuilt-read", key, transport),
            success,
            Response { request_id: Some("req-1".to_owned()), ..page() },
        )
    }
}

fn page() -> Response {
    Response {
        evidence: vec![Evidence { page: Some(1), confidence: Some(0.5), ..Evidence::default() }],
        ..read("prebuilt-read", "CAFÉ 東京: 12.50 €")
    }
}

fn read(model: &str, text: &str) -> Response {
    Response {
        text: text.to_owned(),
        stop: Stop::Complete,
        usage: Usage { pages: Some(1), ..Usage::default() },
        model: Some(model.to_owned()),
        ..Response::default()
    }
}

fn answers() -> Answers {
    let none = Response { usage: Usage { pages: Some(0), ..Usage::default() }, ..read("prebuilt-read", "") };
    Answers {
        empty: Some(Answer::new(fixture!("blank.json"), read("prebuilt-read", ""))),
        null: Some(Answer::new(fixture!("none.json"), none)),
        sparse: Some(Answer::new(fixture!("sparse.json"), read("prebuilt-read", "12.50"))),
        ..Answers::default()
    }
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, TooLarge, Unavailable};
    let content = r#"{"error":{"code":"InvalidRequest","message":"Invalid request.","innererror":{"code":"InvalidContent","message":"The file is corrupted or format is unsupported."}}}"#;
    let size = r#"{"error":{"code":"InvalidRequest","message":"Invalid request.","innererror":{"code":"InvalidContentLength","message":"The input image is too large."}}}"#;
    let key = r#"{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}"#;
    let model = r#"{"error":{"code":"NotFound","message":"Resource not found.","innererror":{"code":"ModelNotFound","message":"The requested model was not found."}}}"#;
    let rate = r#"{"error":{"code":"429","message":"Requests to the Analyze Document Operation have exceeded rate limit of your current pricing tier."}}"#;
    let quota = r#"{"error":{"code":"QuotaExceeded","message":"The free tier of this month is used up."}}"#;
    vec![
        Failure::new(400, content, InvalidRequest).says("The file is corrupted"),
        Failure::new(400, size, TooLarge),
        Failure::new(401, key, Auth).says("key rejected by reader.cognitiveservices.azure.com"),
        Failure::new(403, r#"{"error":{"code":"Forbidden","message":"Access forbidden."}}"#, Auth),
        Failure::new(404, model, InvalidRequest).says("The requested model was not found"),
        Failure::new(403, quota, QuotaExhausted),
        Failure::new(415, r#"{"error":{"code":"UnsupportedMediaType","message":"No."}}"#, InvalidRequest),
        Failure::new(429, rate, RateLimited).header("retry-after", "1").after(Duration::from_secs(1)),
        Failure::new(500, r#"{"error":{"code":"InternalServerError","message":"Oops."}}"#, Unavailable),
        Failure::new(503, r#"{"error":{"code":"ServiceUnavailable","message":"Busy."}}"#, Unavailable),
    ]
}

/// A model with types: its own answers, and the rules of the suite that do not ask for text.
#[track_caller]
fn check(
    build: fn(Secret, Arc<dyn Transport>) -> Provider,
    body: &'static str,
    cases: Vec<(Task, Option<Value>, Response)>,
) {
    let success = Reply::json_text(200, body);
    let tasks = cases.into_iter().map(|(task, schema, response)| TaskAnswer {
        task,
        schema,
        replies: script(success.clone()),
        response,
    });
    let mut tasks: Vec<TaskAnswer> = tasks.collect();
    // A schema of the user's own is answered in the same way.
    let own = |it: &TaskAnswer| TaskAnswer { task: Task::Extract, ..it.clone() };
    let own: Vec<TaskAnswer> = tasks.iter().filter(|it| it.task == Task::Document).map(own).collect();
    tasks.extend(own);
    let response = tasks[0].response.clone();
    let subject = Subject {
        response_schema: Some("azure_di.analyze.response"),
        script,
        tasks,
        ..Subject::new(build, success, response)
    };
    rules::is_tested_with_what_the_vendor_sends(&subject);
    rules::answers_each_of_its_tasks(&subject);
    rules::gives_evidence_that_can_be_drawn(&subject);
    rules::refuses_what_is_no_task_of_its(&subject);
    rules::reports_the_usage_it_promises(&subject);
}

/// Whatever is missing or of another type. Where things stand are most of the numbers, and all alike: they are left out.
#[track_caller]
fn endures(build: fn(Secret, Arc<dyn Transport>) -> Provider, body: &str) {
    let mut body: Value = serde_json::from_str(body).unwrap();
    without_places(&mut body);
    let success = Reply::json_text(200, body.to_string());
    let subject = Subject { script, ..Subject::new(build, success, Response::default()) };
    rules::survives_any_missing_or_null_field(&subject);
}

fn without_places(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["boundingRegions", "spans", "polygon", "span"] {
                fields.shift_remove(name);
            }
            fields.values_mut().for_each(without_places);
        }
        Value::Array(items) => items.iter_mut().for_each(without_places),
        _ => {}
    }
}

fn seen(path: &str, text: &str, confidence: f64) -> Evidence {
    Evidence {
        path: path.to_owned(),
        text: Some(text.to_owned()),
        confidence: Some(confidence),
        ..Evidence::default()
    }
}

/// The same in a place of the first page.
fn at(evidence: Evidence, [left, top, right, bottom]: [f64; 4]) -> Evidence {
    Evidence { page: Some(1), bounds: Some(Bounds { left, top, right, bottom }), ..evidence }
}

#[test]
fn a_receipt_is_typed() {
    let answer = json!({
        "store": "BLUE BOTTLE", "date": "2026-11-28",
        "items": [
            {"name": "Latte", "quantity": 2, "price": 8},
            {"name": "Scone", "quantity": 1, "price": 3}
        ],
        "subtotal": 11, "tax": 0.99, "tip": 2, "total": 13.99, "payment_method": "card"
    });
    let transport = vision_testkit::Scripted::new(script(Reply::json_text(200, fixture!("receipt.json"))));
    let reader = build("prebuilt-receipt", Secret::new("k"), transport);
    let parts = vec![vision_core::Part::Media(vision_testkit::media::png("a.png", 2, 1, 1))];
    let request = vision_core::Request::new(Task::Receipt, parts, std::num::NonZeroU32::MIN);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let response = runtime.unwrap().block_on(reader.analyze(&request)).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&response.text).unwrap(), answer);
    let of = |path: &str| response.evidence.iter().find(|it| it.path == path).cloned().unwrap();
    let store = at(seen("store", "BLUE BOTTLE", 0.98), [0.125, 0.008333, 0.25, 0.025]);
    assert_eq!(of("store"), store);
    assert_eq!(of("items[1].quantity").confidence, Some(0.0), "a quantity that is not printed is a guess");
    assert_eq!(of("items[1].price"), seen("items[1].price", "3,00 €", 0.7));
    check(
        |key, transport| build("prebuilt-receipt", key, transport),
        fixture!("receipt.json"),
        vec![(
            Task::Receipt,
            None,
            Response { evidence: response.evidence.clone(), ..read("prebuilt-receipt", &answer.to_string()) },
        )],
    );
}

#[test]
fn an_invoice_answers_a_schema_and_a_receipt() {
    let text = json!({"type": ["string", "null"]});
    let number = json!({"type": ["number", "null"]});
    let schema = json!({"properties": {
        "type": {"enum": ["invoice", "letter", "form"]}, "date": text, "number": text, "sender": text,
        "recipient": text, "due_date": {"type": "string", "description": "YYYY-MM-DD"}, "subtotal": number,
        "tax": number, "total": number, "currency": text, "date_of_birth": text
    }});
    let document = json!({
        "type": "invoice", "date": "2026-11-28", "number": "R-2026-77", "sender": "Nordwind GmbH",
        "recipient": "Ada Lovelace", "due_date": "2026-12-12", "subtotal": 100, "tax": 19, "total": 119,
        "currency": "EUR", "date_of_birth": null
    });
    let receipt = json!({
        "store": "Nordwind GmbH", "date": "2026-11-28", "items": [{"name": "Hinge", "quantity": 4, "price": 100}],
        "subtotal": 100, "tax": 19, "tip": null, "total": 119, "payment_method": null
    });
    let place = [0.1, 0.1, 0.2, 0.2];
    let found = |path: &str, text: &str| at(seen(path, text, 0.9), place);
    let bare = |path: &str, text: &str| Evidence { confidence: None, ..seen(path, text, 0.0) };
    let of_document = vec![
        bare("type", "invoice"),
        found("date", "2026-11-28"),
        found("number", "R-2026-77"),
        found("sender", "Nordwind GmbH"),
        found("recipient", "Ada Lovelace"),
        found("due_date", "12/12/2026"),
        found("subtotal", "100"),
        found("tax", "19"),
        found("total", "119"),
        bare("currency", "EUR"),
    ];
    let of_receipt = vec![
        found("store", "Nordwind GmbH"),
        found("date", "28.11.2026"),
        found("items[0].name", "Hinge"),
        found("items[0].quantity", "4"),
        found("items[0].price", "25,00"),
        found("subtotal", "100,00 €"),
        found("tax", "19,00 €"),
        found("total", "119,00 €"),
    ];
    let response =
        |answer: Value, evidence| Response { evidence, ..read("prebuilt-invoice", &answer.to_string()) };
    check(
        |key, transport| build("prebuilt-invoice", key, transport),
        fixture!("invoice.json"),
        vec![
            (Task::Document, Some(schema), response(document, of_document)),
            (Task::Receipt, None, response(receipt, of_receipt)),
        ],
    );
    endures(|key, transport| build("prebuilt-invoice", key, transport), fixture!("invoice.json"));
}

#[test]
fn a_layout_has_text_tables_and_labels() {
    let cell = |path: &str, text: &str, column: f64| {
        let place = if column == 0.0 {
            [0.1, 0.190909, 0.2, 0.290909]
        } else {
            [0.217647, 0.190909, 0.317647, 0.290909]
        };
        at(Evidence { confidence: None, ..seen(path, text, 0.0) }, place)
    };
    let table = json!({"title": "Sales", "columns": ["Quarter", "Sales"], "rows": [["Q1", 120]]});
    let table = Response {
        evidence: vec![cell("rows[0][0]", "Q1", 0.0), cell("rows[0][1]", "$120", 1.0)],
        ..read("prebuilt-layout", &table.to_string())
    };
    let schema = json!({"properties": {
        "number": {"type": "string", "description": "Number of the application"},
        "date": {"type": "string"}, "total": {"type": "number"}
    }});
    let form = json!({"number": "A-77", "date": "2026-11-28", "total": null});
    let place = [0.1, 0.1, 0.2, 0.2];
    let form = Response {
        evidence: vec![at(seen("number", "A-77", 0.9), place), at(seen("date", "28.11.2026", 0.8), place)],
        ..read("prebuilt-layout", &form.to_string())
    };
    check(
        |key, transport| build("prebuilt-layout", key, transport),
        fixture!("layout.json"),
        vec![
            (Task::Text, None, read("prebuilt-layout", "Sales\nQuarter Sales Q1 120")),
            (Task::ChartTable, None, table),
            (Task::Document, Some(schema), form),
        ],
    );
    endures(|key, transport| build("prebuilt-layout", key, transport), fixture!("layout.json"));
}
