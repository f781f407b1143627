//! The shared suite for documents that are read by way of a bucket, and what may go wrong on that way.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use provider_textract::{Bucket, Config, provider};
use serde_json::{Value, json};
use vision_core::{Error, ErrorKind, Evidence, Part, Provider, Request, Response, Secret, Stop, Task, Usage};
use vision_http::{Auth, Method, Pause, Record, Replay, Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Looks, Scripted, Step, Subject, TaskAnswer, media, validate};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name))
    };
}

vision_testkit::conformance!(bucket, subject());

const SEVERAL_CALLS: &str =
    "one answer takes several calls; tests/server.rs makes them over real connections";

fn bucket(key: Secret) -> Bucket {
    let auth = Auth::Bearer(key);
    Bucket {
        single_pages: true,
        ..Bucket::new("us-east-1", "documents", auth, Pause::new(tokio::time::sleep))
    }
}

fn build(model: &str, key: Secret, transport: Arc<dyn Transport>) -> Provider {
    let config = Config::new("us-east-1", model, Auth::Bearer(key.clone()));
    provider(Config { bucket: Some(bucket(key)), ..config }, transport).unwrap()
}

/// Put, begun, looked at and deleted; a failure is that of beginning.
fn script(reply: Reply) -> Vec<Reply> {
    let put = Reply { status: 200, ..Reply::default() };
    let deleted = Reply { status: 204, ..Reply::default() };
    match reply.is_success() {
        true => vec![put, started(), reply, deleted],
        false => vec![put, reply, deleted],
    }
}

fn started() -> Reply {
    Reply::json_text(200, r#"{"JobId":"job-1"}"#)
}

/// What a look shows: a result, with the state of the job beside it.
fn looked(status: &str, body: &str) -> Reply {
    let mut body: Value = serde_json::from_str(body).unwrap();
    body["JobStatus"] = json!(status);
    Reply::json_text(200, body.to_string())
}

fn subject() -> Subject {
    let success = looked("SUCCEEDED", fixture!("success.json")).with_header("x-amzn-requestid", "req-1");
    let warning = r#"{"DocumentMetadata":{"Pages":3},"Warnings":[{"ErrorCode":"INTERNAL_ERROR","Pages":[2,3]}],
        "Blocks":[{"BlockType":"LINE","Id":"a","Text":"12.50","Page":1}]}"#;
    let partial = Response {
        stop: Stop::Other("partial: pages 2, 3 unread (INTERNAL_ERROR)".to_owned()),
        usage: Usage { pages: Some(3), ..Usage::default() },
        ..read("12.50")
    };
    let answer = |body: &str, text: &str| Answer {
        reply: looked("SUCCEEDED", body),
        response: read(text),
        documented: false,
    };
    Subject {
        error_schema: Some("textract.error"),
        answers: Answers {
            empty: Some(answer(fixture!("blank.json"), "")),
            null: Some(answer(fixture!("none.json"), "")),
            sparse: Some(answer(fixture!("sparse.json"), "12.50")),
            ..Answers::default()
        },
        partial: Some(Answer {
            reply: looked("PARTIAL_SUCCESS", warning),
            response: partial,
            documented: false,
        }),
        failures: failures(),
        script,
        looks: Some(Looks { before: 2, busy: Reply::json_text(200, r#"{"JobStatus":"IN_PROGRESS"}"#) }),
        tasks: vec![TaskAnswer {
            task: Task::Text,
            schema: None,
            replies: script(looked("SUCCEEDED", fixture!("success.json"))),
            response: page(),
        }],
        except: &[
            ("tells_a_truncated_answer", "nothing caps the output"),
            ("tells_a_refusal", "an engine declines nothing"),
            ("tells_a_filtered_answer", "an engine filters nothing"),
            ("puts_the_schema_in_its_place", "a schema is answered here, out of what was found"),
            (
                "carries_a_large_image_whole",
                "the document lies in the bucket; tests/server.rs looks at it there",
            ),
            ("survives_a_broken_connection", "the first call is to storage, which is not billed"),
            ("cuts_off_a_reply_without_end", "the first call is to storage, which is not billed"),
            ("names_the_host_that_rejected_the_key", "there are two: tests/server.rs asks each of them"),
            ("answers_over_a_real_connection", SEVERAL_CALLS),
            ("logs_no_key_at_the_finest_level", SEVERAL_CALLS),
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

fn failures() -> Vec<Failure> {
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, Unavailable};
    let object =
        r#"{"__type":"InvalidS3ObjectException","message":"Unable to get object metadata from S3."}"#;
    vec![
        Failure::new(400, object, InvalidRequest).says("needs s3:GetObject"),
        Failure::new(400, r#"{"__type":"LimitExceededException","Message":"Open jobs"}"#, RateLimited),
        Failure::new(500, r#"{"__type":"ThrottlingException","Message":"Rate exceeded"}"#, RateLimited),
        Failure::new(400, r#"{"__type":"UnrecognizedClientException","Message":"no"}"#, Auth)
            .says("key rejected by textract.us-east-1.amazonaws.com"),
        Failure::new(400, r#"{"__type":"SubscriptionRequiredException","Message":"none"}"#, QuotaExhausted),
        Failure::new(500, r#"{"__type":"InternalServerError","Message":"oops"}"#, Unavailable),
    ]
}

async fn ask(
    config: Config,
    steps: Vec<Step>,
    document: Part,
    task: Task,
) -> (Result<Response, Error>, Arc<Scripted>) {
    let transport = Scripted::new(steps);
    let reader = provider(config, transport.clone()).unwrap();
    let outcome = reader.analyze(&Request::new(task, vec![document], NonZeroU32::MIN)).await;
    (outcome, transport)
}

fn config(model: &str) -> Config {
    let key = Secret::new("a-key-that-signs");
    let bucket = Bucket { single_pages: false, ..bucket(key.clone()) };
    Config { bucket: Some(bucket), ..Config::new("us-east-1", model, Auth::Bearer(key)) }
}

fn pages(count: u32) -> Part {
    Part::Media(media::pages("a.pdf", count))
}

fn steps(replies: Vec<Reply>) -> Vec<Step> {
    replies.into_iter().map(Step::from).collect()
}

fn body(transport: &Scripted, at: usize) -> Value {
    serde_json::from_slice(&transport.calls()[at].body.bytes()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_long_document_is_put_read_in_parts_and_taken_out_again() {
    let part = |text: &str, page: u32, token: Option<&str>| {
        let mut body = json!({
            "DocumentMetadata": {"Pages": 3}, "JobStatus": "SUCCEEDED",
            "Blocks": [{"BlockType": "LINE", "Id": text, "Text": text, "Page": page, "Confidence": 90.0}]
        });
        if let Some(token) = token {
            body["NextToken"] = json!(token);
        }
        Reply::json_text(200, body.to_string())
    };
    let mut replies = script(part("First", 1, Some("2")));
    let deleted = replies.pop().unwrap();
    let slow =
        Reply::json_text(400, r#"{"__type":"ProvisionedThroughputExceededException","Message":"slow"}"#);
    replies.extend([slow, part("Second", 2, Some("3")), part("Third", 3, None), deleted]);
    let (outcome, transport) = ask(config("text"), steps(replies), pages(3), Task::Text).await;
    let response = outcome.unwrap();
    assert_eq!((response.text.as_str(), response.usage.pages), ("First\nSecond\nThird", Some(3)));
    let seen: Vec<_> = response.evidence.iter().map(|it| (it.page, it.confidence)).collect();
    assert_eq!(seen, [(Some(1), Some(0.9)), (Some(2), Some(0.9)), (Some(3), Some(0.9))]);
    let calls = transport.calls();
    assert_eq!(calls.iter().filter(|call| call.method == Method::Post).count(), 5);
    let (put, delete) = (&calls[0], calls.last().unwrap());
    assert_eq!((put.method, delete.method, &put.url), (Method::Put, Method::Delete, &delete.url));
    assert!(put.url.starts_with("https://documents.s3.us-east-1.amazonaws.com/vision-eval/"), "{}", put.url);
    assert!(put.url.ends_with(".pdf") && put.body.content_type() == Some("application/pdf"));
    let start = body(&transport, 1);
    let object = &start["DocumentLocation"]["S3Object"];
    assert_eq!(
        (&object["Bucket"], put.url.ends_with(object["Name"].as_str().unwrap())),
        (&json!("documents"), true)
    );
    let tokens: Vec<Value> = (2..=5).map(|at| body(&transport, at)["NextToken"].clone()).collect();
    assert_eq!(tokens, [Value::Null, json!("2"), json!("2"), json!("3")]);
}

#[tokio::test(start_paused = true)]
async fn each_model_has_its_job() {
    let expense = json!({"DocumentMetadata": {"Pages": 2}, "ExpenseDocuments": [
        {"SummaryFields": [{"Type": {"Text": "VENDOR_NAME"}, "ValueDetection": {"Text": "ACME", "Confidence": 90.0}, "PageNumber": 1}]},
        {"SummaryFields": [{"Type": {"Text": "TOTAL"}, "ValueDetection": {"Text": "$5.00", "Confidence": 80.0}, "PageNumber": 2}]}
    ]});
    for (model, task, name, result) in [
        ("expense", Task::Receipt, "ExpenseAnalysis", expense.to_string()),
        ("text", Task::Text, "DocumentTextDetection", fixture!("success.json").to_owned()),
        ("tables", Task::ChartTable, "DocumentAnalysis", fixture!("tables.json").to_owned()),
        ("forms", Task::Document, "DocumentAnalysis", fixture!("forms.json").to_owned()),
    ] {
        let replies = steps(script(looked("SUCCEEDED", &result)));
        let (outcome, transport) = ask(config(model), replies, pages(2), task).await;
        let response = outcome.unwrap();
        let target = |at: usize| transport.calls()[at].headers[0].1.clone();
        assert_eq!(target(1), format!("Textract.Start{name}"));
        assert_eq!(target(2), format!("Textract.Get{name}"));
        if model == "expense" {
            assert_eq!(validate("textract.start_expense_analysis.request", &body(&transport, 1)), Ok(()));
            let answer: Value = serde_json::from_str(&response.text).unwrap();
            assert_eq!((&answer["store"], &answer["total"]), (&json!("ACME"), &json!(5)));
            assert_eq!(response.evidence.iter().map(|it| it.page).collect::<Vec<_>>(), [Some(1), Some(2)]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_page_needs_no_bucket_and_several_need_one() {
    let (outcome, transport) = ask(
        config("text"),
        steps(vec![Reply::json_text(200, fixture!("success.json"))]),
        pages(1),
        Task::Text,
    )
    .await;
    outcome.unwrap();
    assert_eq!(transport.calls().len(), 1);
    let without = Config { bucket: None, ..config("text") };
    let (outcome, transport) = ask(without, Vec::new(), pages(2), Task::Text).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("has 2 pages, above the limit of 1; set `bucket`"), "{error}");
    assert!(transport.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn whatever_goes_wrong_the_document_does_not_stay() {
    let put = || Reply { status: 200, ..Reply::default() };
    let denied = r#"{"__type":"AccessDeniedException","Message":"no"}"#;
    let failed = r#"{"JobStatus":"FAILED","StatusMessage":"INVALID_IMAGE_TYPE"}"#;
    for (replies, kind, words) in [
        (vec![put(), Reply::json_text(400, denied)], ErrorKind::Auth, "does not allow this key"),
        (
            vec![put(), started(), Reply::json_text(200, failed)],
            ErrorKind::InvalidRequest,
            "could not read the document: INVALID_IMAGE_TYPE",
        ),
        (
            vec![put(), started(), Reply::json_text(200, r#"{"JobStatus":"ODD"}"#)],
            ErrorKind::Malformed,
            "says the job is `ODD`",
        ),
    ] {
        let mut steps = steps(replies);
        steps.push(Reply { status: 204, ..Reply::default() }.into());
        let (outcome, transport) = ask(config("text"), steps, pages(2), Task::Text).await;
        let error = outcome.unwrap_err();
        assert!(error.kind() == kind && error.message().contains(words), "{error}");
        assert_eq!(transport.calls().last().unwrap().method, Method::Delete);
    }
    // Nothing is there that could be deleted, and nothing that could be billed.
    let refused =
        Reply { status: 403, body: "<Error><Code>AccessDenied</Code></Error>".into(), ..Reply::default() };
    let (outcome, transport) = ask(config("text"), steps(vec![refused]), pages(2), Task::Text).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.details.maybe_billed), (ErrorKind::Auth, false));
    assert_eq!(transport.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_fails_or_hangs_or_is_not_wanted_loses_no_answer() {
    for last in [Step::from(Reply::json_text(500, "")), Step::Hang] {
        let mut replies = steps(script(looked("SUCCEEDED", fixture!("success.json"))));
        replies.pop();
        replies.push(last);
        ask(config("text"), replies, pages(2), Task::Text).await.0.unwrap();
    }
    let mut kept = config("text");
    kept.bucket.as_mut().unwrap().delete = false;
    let mut replies = script(looked("SUCCEEDED", fixture!("success.json")));
    replies.pop();
    ask(kept, steps(replies), pages(2), Task::Text).await.0.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever() {
    let mut config = config("text");
    config.bucket.as_mut().unwrap().patience.longest = Duration::from_secs(10);
    let busy = || Reply::json_text(200, r#"{"JobStatus":"IN_PROGRESS"}"#);
    let mut replies = vec![Reply { status: 200, ..Reply::default() }, started()];
    replies.extend((0..10).map(|_| busy()));
    let (outcome, transport) = ask(config, steps(replies), pages(2), Task::Text).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.details.maybe_billed), (ErrorKind::Timeout, true));
    assert!(!error.is_transient(), "the document would be read again");
    assert_eq!(transport.calls().last().unwrap().method, Method::Delete);
    // Looks become rarer: the service allows few of them.
    assert!(transport.calls().len() < 9, "{} calls", transport.calls().len());
}

#[tokio::test(start_paused = true)]
async fn a_job_is_begun_once_however_often_the_reply_is_lost() {
    let lost = || Step::Fail(ErrorKind::Unavailable, "connection lost");
    let mut replies = steps(script(looked("SUCCEEDED", fixture!("success.json"))));
    replies.splice(1..1, [lost(), lost()]);
    let (outcome, transport) = ask(config("text"), replies, pages(2), Task::Text).await;
    outcome.unwrap();
    let starts: Vec<Value> = (1..=3).map(|at| body(&transport, at)).collect();
    let token = starts[0]["ClientRequestToken"].as_str().unwrap();
    assert!((1..=64).contains(&token.len()) && token.bytes().all(|it| it.is_ascii_alphanumeric()), "{token}");
    assert!(starts.iter().all(|start| *start == starts[0]), "{starts:?}");
}

/// The object has another name each time, and a recording is found again in spite of it.
#[tokio::test(start_paused = true)]
async fn a_job_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let scripted = Scripted::new(script(looked("SUCCEEDED", fixture!("success.json"))));
    let request = Request::new(Task::Text, vec![pages(2)], NonZeroU32::MIN);
    let record = Arc::new(Record::new(scripted.clone(), folder.path()).unwrap());
    let recorded = provider(config("text"), record).unwrap().analyze(&request).await.unwrap();
    let replay = Arc::new(Replay::new(folder.path()).unwrap());
    let replayed = provider(config("text"), replay).unwrap().analyze(&request).await.unwrap();
    assert_eq!(replayed, recorded);
}

/// More questions than one request takes fit into a job.
#[tokio::test(start_paused = true)]
async fn a_job_takes_thirty_questions_about_every_page() {
    use vision_core::{Output, Schema};
    for (fields, fits) in [(30, true), (31, false)] {
        let properties: serde_json::Map<String, Value> =
            (0..fields).map(|n| (format!("field_{n}"), json!({}))).collect();
        let schema =
            Schema { name: "a".into(), schema: Arc::new(json!({"properties": properties})), strict: true };
        let request = Request {
            output: Output::Schema(schema),
            ..Request::new(Task::Document, vec![pages(2)], NonZeroU32::MIN)
        };
        let mut replies = script(looked("SUCCEEDED", fixture!("queries.json")));
        if !fits {
            replies = vec![replies.remove(0), replies.pop().unwrap()];
        }
        let transport = Scripted::new(replies);
        let outcome = provider(config("queries"), transport.clone()).unwrap().analyze(&request).await;
        assert_eq!(outcome.is_ok(), fits, "{outcome:?}");
        if fits {
            assert_eq!(body(&transport, 1)["QueriesConfig"]["Queries"][29]["Pages"], json!(["*"]));
        } else {
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Unsupported);
        }
    }
}
