//! The shared suite. The fixtures are made by hand.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use provider_llamaextract::{Config, provider};
use serde_json::json;
use vision_core::{ErrorKind, Response, Stop, Task, Usage};
use vision_http::{Pause, Reply};
use vision_testkit::{Answer, Answers, Failure, Looks, Subject, TaskAnswer};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name))
    };
}

vision_testkit::conformance!(subject());

const SEVERAL_CALLS: &str =
    "one answer takes several calls; tests/server.rs makes them over real connections";

const UPLOADED: &str = r#"{"id":"dfl-0001","name":"document.png","project_id":"prj-0001"}"#;
const BEGUN: &str = r#"{"id":"ext-0001","created_at":"2026-11-28T12:00:00Z","updated_at":"2026-11-28T12:00:00Z","file_input":"dfl-0001","project_id":"prj-0001","status":"PENDING"}"#;

/// What is uploaded, begun, looked at and deleted; a failure is that of the upload.
fn script(reply: Reply) -> Vec<Reply> {
    if !reply.is_success() {
        return vec![reply];
    }
    let gone = || Reply { status: 204, ..Reply::default() };
    vec![Reply::json_text(200, UPLOADED), Reply::json_text(200, BEGUN), reply, gone(), gone()]
}

fn subject() -> Subject {
    Subject {
        answers: Answers {
            empty: Some(Answer::new(fixture!("blank.json"), read("", "ext-0004"))),
            null: Some(Answer::new(fixture!("sparse.json"), sparse())),
            sparse: Some(Answer::new(fixture!("sparse.json"), sparse())),
            ..Answers::default()
        },
        failures: failures(),
        script,
        looks: Some(Looks { before: 2, busy: Reply::json_text(200, BEGUN) }),
        tasks: tasks(),
        except: &[
            ("tells_a_truncated_answer", "nothing caps the output"),
            ("tells_a_refusal", "an engine declines nothing"),
            ("tells_a_filtered_answer", "an engine filters nothing"),
            ("tells_what_it_could_not_read", "the service reads a document as a whole, or not at all"),
            (
                "puts_the_schema_in_its_place",
                "it goes with the second call, which the server of tests/server.rs refuses without one",
            ),
            ("answers_over_a_real_connection", SEVERAL_CALLS),
            ("logs_no_key_at_the_finest_level", SEVERAL_CALLS),
        ],
        ..Subject::new(
            |key, transport| {
                provider(Config::new("agentic", key, Pause::new(tokio::time::sleep)), transport).unwrap()
            },
            Reply::json_text(200, fixture!("success.json")),
            Response {
                usage: Usage { pages: Some(1), credits: Some(15), ..Usage::default() },
                ..read("CAFÉ 東京: 12.50 €", "ext-0001")
            },
        )
    }
}

fn read(text: &str, job: &str) -> Response {
    Response {
        text: text.to_owned(),
        stop: Stop::Complete,
        model: Some("agentic".to_owned()),
        request_id: Some(job.to_owned()),
        ..Response::default()
    }
}

fn sparse() -> Response {
    read("", "ext-0003")
}

fn tasks() -> Vec<TaskAnswer> {
    let by_schema = [Task::Receipt, Task::Document, Task::Extract].into_iter().map(|task| TaskAnswer {
        task,
        schema: Some(json!({"type": "object", "properties": {"total": {"type": "number"}}})),
        replies: script(Reply::json_text(200, fixture!("receipt.json"))),
        response: Response {
            usage: Usage { pages: Some(2), credits: Some(30), ..Usage::default() },
            ..read(r#"{"total":13.99}"#, "ext-0002")
        },
    });
    by_schema.collect()
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, TooLarge, Unavailable};
    let field = r#"{"detail":[{"loc":["body","configuration","tier"],"msg":"Input should be 'agentic'","type":"enum"}]}"#;
    vec![
        Failure::new(401, r#"{"detail":"Invalid API key"}"#, Auth)
            .says("key rejected by api.cloud.llamaindex.ai"),
        Failure::new(402, r#"{"detail":"You have used up your credits"}"#, QuotaExhausted)
            .says("no credit left"),
        Failure::new(413, r#"{"detail":"File too large"}"#, TooLarge),
        Failure::new(422, field, InvalidRequest).says("body.configuration.tier: Input should be"),
        Failure::new(429, r#"{"detail":"Too many requests"}"#, RateLimited)
            .header("retry-after", "2")
            .after(Duration::from_secs(2)),
        Failure::new(429, r#"{"detail":"Not enough credits"}"#, QuotaExhausted),
        Failure::new(500, r#"{"detail":"Internal"}"#, Unavailable),
        Failure::new(503, r#"{"detail":"Busy"}"#, Unavailable),
    ]
}
