//! The shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_deepinfra::{Config, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage, Usd};
use vision_http::{Reply, Transport};
use vision_testkit::{Answer, Failure, Subject, completions};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

const MODEL: &str = "Qwen/Qwen3-VL-30B-A3B-Instruct";

vision_testkit::conformance!(subject());

fn build(key: Secret, transport: Arc<dyn Transport>) -> Provider {
    provider(Config::new("google/gemma-4-31B-it", key), transport).unwrap()
}

fn subject() -> Subject {
    let success = Reply::json_text(200, fixture!("success")).with_header("x-request-id", "req_hand1");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: Usage { cached: Some(64), ..completions::usage(1310, 48) },
        request_id: Some("req_hand1".to_owned()),
        cost: Some(Usd(0.00021)),
        ..completions::answer(MODEL, Stop::Complete)
    };
    let reasoned = Response {
        text: "4".to_owned(),
        usage: completions::usage(20, 90),
        cost: Some(Usd(1.2e-5)),
        ..completions::answer(MODEL, Stop::Complete)
    };
    Subject {
        places: completions::places(),
        answers: completions::answers(MODEL, MODEL, vec![Answer::new(fixture!("reasoning"), reasoned)]),
        failures: failures(),
        ..Subject::new(build, success, response)
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
