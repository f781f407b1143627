//! The shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_deepinfra::{Config, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage, Usd};
use vision_http::{Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Places, Subject};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

vision_testkit::conformance!(subject());

fn build(key: Secret, transport: Arc<dyn Transport>) -> Provider {
    provider(Config::new("google/gemma-4-31B-it", key), transport).unwrap()
}

fn subject() -> Subject {
    let success = Reply::json_text(200, fixture!("success")).with_header("x-request-id", "req_hand1");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: Usage { cached: Some(64), ..usage(1310, 48) },
        request_id: Some("req_hand1".to_owned()),
        cost: Some(Usd(0.00021)),
        ..answer(Stop::Complete)
    };
    let reasoned = Response {
        text: "4".to_owned(),
        usage: usage(20, 90),
        cost: Some(Usd(1.2e-5)),
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
            stop: Some("/choices/0/finish_reason"),
            ..Places::default()
        },
        answers: answers(vec![Answer::new(fixture!("reasoning"), reasoned)]),
        failures: failures(),
        ..Subject::new(build, success, response)
    }
}

fn answer(stop: Stop) -> Response {
    Response {
        stop,
        model: Some("Qwen/Qwen3-VL-30B-A3B-Instruct".to_owned()),
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
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, Unavailable};
    vec![
        Failure::new(401, fixture!("error_detail_text"), Auth).says("key rejected by api.deepinfra.com"),
        Failure::new(402, fixture!("error_credit"), QuotaExhausted).says("Insufficient balance"),
        Failure::new(404, fixture!("error_object"), InvalidRequest).says("model not found"),
        Failure::new(422, fixture!("error_validation"), InvalidRequest)
            .says("body.messages.1.content.0.image_url.detail: Input should be"),
        Failure::new(429, fixture!("error_text"), RateLimited).says("how many requests run at once"),
        Failure::new(503, fixture!("error_detail_object"), Unavailable).says("Model is not available"),
    ]
}
