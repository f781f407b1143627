//! The shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_yandex::{Config, KeyStyle, SchemaForm, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage};
use vision_http::{Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Places, Subject};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

vision_testkit::conformance!(subject());

vision_testkit::conformance!(
    other_settings,
    Subject {
        build: |key, transport| build(key, transport, KeyStyle::ApiKey, SchemaForm::Named),
        places: Places { schema: Some("/response_format/json_schema/schema"), ..subject().places },
        ..subject()
    }
);

fn build(key: Secret, transport: Arc<dyn Transport>, key_style: KeyStyle, schema: SchemaForm) -> Provider {
    let folder = Secret::new("b1ghandmade000folder");
    let config = Config { key_style, schema_shape: schema, ..Config::new("gemma-3-27b-it", key, folder) };
    provider(config, transport).unwrap()
}

fn subject() -> Subject {
    let success = Reply::json_text(200, fixture!("success")).with_header("x-request-id", "req_hand1");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: usage(1310, 48),
        request_id: Some("req_hand1".to_owned()),
        ..answer(Stop::Complete)
    };
    Subject {
        places: Places {
            text: Some("/messages/1/content/*/text"),
            system: Some("/messages/0/content"),
            image: Some("/messages/0/content/*/image_url/url"),
            schema: Some("/response_format/json_schema"),
            cap: Some("/max_tokens"),
            temperature: Some("/temperature"),
            stop: Some("/choices/0/finish_reason"),
            ..Places::default()
        },
        answers: answers(vec![]),
        failures: failures(),
        ..Subject::new(
            |key, transport| build(key, transport, KeyStyle::Bearer, SchemaForm::Bare),
            success,
            response,
        )
    }
}

fn answer(stop: Stop) -> Response {
    Response {
        stop,
        model: Some("gemma-3-27b-it/latest".to_owned()),
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
        Failure::new(404, fixture!("error_openai"), InvalidRequest).says("model not found"),
        Failure::new(401, fixture!("error_text"), Auth).says("key rejected by ai.api.cloud.yandex.net"),
        Failure::new(401, fixture!("error_gateway"), Auth).says("Unknown api key"),
        Failure::new(403, fixture!("error_rpc"), Auth).says("Permission denied to folder ***"),
        Failure::new(403, fixture!("error_rpc"), Auth).says("ai.languageModels.user"),
        Failure::new(403, fixture!("error_credit"), QuotaExhausted),
        Failure::new(429, fixture!("error_rate"), RateLimited).says("quota limit exceed"),
        Failure::new(500, r#"{"message":"internal"}"#, Unavailable),
    ]
}
