//! The shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_aimlapi::{Config, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage};
use vision_http::{Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Places, Subject};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

vision_testkit::conformance!(subject());

fn build(key: Secret, transport: Arc<dyn Transport>) -> Provider {
    provider(Config::new("brand-new/model", key), transport).unwrap()
}

fn subject() -> Subject {
    let success = Reply::json_text(201, fixture!("success")).with_header("x-request-id", "req_hand1");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: usage(1310, 48),
        request_id: Some("req_hand1".to_owned()),
        model: Some("google/gemma-3-27b-it:free".to_owned()),
        ..answer(Stop::Complete)
    };
    let uncounted = Response {
        text: "12.50".to_owned(),
        usage: Usage { input: Some(1310), ..Usage::default() },
        model: Some("google/gemma-3-4b-it:free".to_owned()),
        ..answer(Stop::Complete)
    };
    Subject {
        places: Places {
            text: Some("/messages/1/content/*/text"),
            system: Some("/messages/0/content"),
            image: Some("/messages/0/content/*/image_url/url"),
            schema: Some("/response_format/json_schema/schema"),
            cap: Some("/max_tokens"),
            temperature: Some("/temperature"),
            seed: Some("/seed"),
            effort: Some("/reasoning_effort"),
            detail: Some("/messages/*/content/*/image_url/detail"),
            stop: Some("/choices/0/finish_reason"),
            ..Places::default()
        },
        answers: answers(vec![Answer::new(fixture!("uncounted"), uncounted)]),
        failures: failures(),
        statuses: &[(403, ErrorKind::QuotaExhausted)],
        ..Subject::new(build, success, response)
    }
}

fn answer(stop: Stop) -> Response {
    Response {
        stop,
        model: Some("google/gemma-3-27b-it".to_owned()),
        request_id: Some("chatcmpl-hand1".to_owned()),
        usage: usage(180, 512),
        ..Response::default()
    }
}

fn usage(input: u64, output: u64) -> Usage {
    Usage { input: Some(input), output: Some(output), ..Usage::default() }
}

fn answers(more: Vec<Answer>) -> Answers {
    let counted = |stop, output| Response { usage: usage(180, output), ..answer(stop) };
    let truncated = Response { text: "{\"store\":\"CAF".to_owned(), ..answer(Stop::Length) };
    let refused =
        Response { refusal: Some("I can't help with that.".to_owned()), ..counted(Stop::Refused, 12) };
    let sparse = Response { text: "12.50".to_owned(), ..Response::default() };
    Answers {
        truncated: Some(Answer::new(fixture!("truncated"), truncated)),
        empty: Some(Answer::new(fixture!("empty"), answer(Stop::Length))),
        null: Some(Answer::new(fixture!("null"), counted(Stop::Complete, 1))),
        refused: Some(Answer::new(fixture!("refused"), refused)),
        filtered: Some(Answer::new(fixture!("filtered"), counted(Stop::Filtered(None), 1))),
        sparse: Some(Answer::new(fixture!("sparse"), sparse)),
        more,
    }
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, Timeout, Unavailable};
    vec![
        Failure::new(400, fixture!("error_validation"), InvalidRequest).says("a schema of that model's own"),
        Failure::new(400, fixture!("error_role"), InvalidRequest).says("set fold_system"),
        Failure::new(401, fixture!("error_key"), Auth).says("key rejected by api.aimlapi.com"),
        Failure::new(403, fixture!("error_credit"), QuotaExhausted).says("left at api.aimlapi.com"),
        Failure::new(404, fixture!("error_model"), InvalidRequest).says("model not found at api.aimlapi.com"),
        Failure::new(429, fixture!("error_rate"), RateLimited).says("Too Many Requests"),
        Failure::new(500, fixture!("error_server"), Unavailable).says("Something wrong"),
        Failure::new(504, fixture!("error_timeout"), Timeout).says("Generation timeout"),
    ]
}
