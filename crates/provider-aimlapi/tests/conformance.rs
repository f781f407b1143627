//! The shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_aimlapi::{Config, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage};
use vision_http::{Reply, Transport};
use vision_testkit::{Answer, Failure, Places, Subject, completions};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

const MODEL: &str = "google/gemma-3-27b-it";

vision_testkit::conformance!(subject());

fn build(key: Secret, transport: Arc<dyn Transport>) -> Provider {
    provider(Config::new("brand-new/model", key), transport).unwrap()
}

fn subject() -> Subject {
    let success = Reply::json_text(201, fixture!("success")).with_header("x-request-id", "req_hand1");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: completions::usage(1310, 48),
        request_id: Some("req_hand1".to_owned()),
        model: Some("google/gemma-3-27b-it:free".to_owned()),
        ..completions::answer(MODEL, Stop::Complete)
    };
    let uncounted = Response {
        text: "12.50".to_owned(),
        usage: Usage { input: Some(1310), ..Usage::default() },
        model: Some("google/gemma-3-4b-it:free".to_owned()),
        ..completions::answer(MODEL, Stop::Complete)
    };
    Subject {
        places: Places { detail: completions::DETAIL, ..completions::places() },
        answers: completions::answers(MODEL, MODEL, vec![Answer::new(fixture!("uncounted"), uncounted)]),
        failures: failures(),
        statuses: &[(403, ErrorKind::QuotaExhausted)],
        ..Subject::new(build, success, response)
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
