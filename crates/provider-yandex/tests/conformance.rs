//! The shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_yandex::{Config, KeyStyle, SchemaForm, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop};
use vision_http::{Reply, Transport};
use vision_testkit::{Failure, Places, Subject, completions};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

const MODEL: &str = "gemma-3-27b-it/latest";

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
        usage: completions::usage(1310, 48),
        request_id: Some("req_hand1".to_owned()),
        ..completions::answer(MODEL, Stop::Complete)
    };
    Subject {
        places: Places {
            schema: Some("/response_format/json_schema"),
            seed: None,
            effort: None,
            ..completions::places()
        },
        answers: completions::answers("gpt://b1ghandmade000folder/gemma-3-27b-it/latest", MODEL, vec![]),
        failures: failures(),
        ..Subject::new(
            |key, transport| build(key, transport, KeyStyle::Bearer, SchemaForm::Bare),
            success,
            response,
        )
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
