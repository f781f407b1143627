//! The shared suite, under both versions of the API.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;
use std::time::Duration;

use provider_anthropic::{Config, Door, Version, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage};
use vision_http::{Auth, Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Places, Subject};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name))
    };
}

vision_testkit::conformance!(newest_version, subject());

vision_testkit::conformance!(
    first_version,
    Subject {
        build: |key, transport| build(key, transport, "claude-sonnet-4-6", Version::V20230601),
        request_schema: Some("anthropic.messages.request.2023-06-01.core"),
        response_schema: Some("anthropic.messages.response.2023-06-01.core"),
        error_schema: Some("anthropic.messages.error.2023-06-01"),
        places: Places { temperature: Some("/temperature"), ..subject().places },
        ..subject()
    }
);

vision_testkit::conformance!(
    vertex,
    Subject {
        build: |key, transport| {
            let path = "v1/projects/my-project/locations/global/publishers/anthropic/models/claude-haiku-5-5:rawPredict";
            let config = Config {
                name: "vertex",
                base_url: "https://aiplatform.googleapis.com".to_owned(),
                version: Version::V20230601,
                auth: Some(Auth::Bearer(key)),
                door: Door::Vertex(path.to_owned()),
                ..Config::new("claude-haiku-5-5", Secret::new(""))
            };
            provider(config, transport).unwrap()
        },
        // The model stands in the address and the version in the body, which is no form of the vendor's own.
        request_schema: None,
        response_schema: Some("anthropic.messages.response.2023-06-01.core"),
        error_schema: None,
        failures: at_vertex(),
        ..subject()
    }
);

/// The same failures at another host, and those of the house around it.
fn at_vertex() -> Vec<Failure> {
    let denied = r#"{"error":{"code":403,"message":"Permission 'aiplatform.endpoints.predict' denied","status":"PERMISSION_DENIED"}}"#;
    let busy = r#"{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}"#;
    let own = [
        Failure::new(403, denied, ErrorKind::Auth).says("aiplatform.googleapis.com"),
        Failure::new(429, busy, ErrorKind::RateLimited),
    ];
    failures().into_iter().map(|failure| failure.says("")).chain(own).collect()
}

fn build(key: Secret, transport: Arc<dyn Transport>, model: &str, version: Version) -> Provider {
    provider(Config { version, ..Config::new(model, key) }, transport).unwrap()
}

fn subject() -> Subject {
    let success = Reply::json_text(200, fixture!("success.json")).with_header("request-id", "req_01HandMade");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: Usage {
            input: Some(1504),
            cached: Some(1024),
            cache_write: Some(200),
            cache_write_long: Some(100),
            reasoning: Some(24),
            ..usage(180, 40)
        },
        model: Some("claude-haiku-5-5-20261101".to_owned()),
        service_tier: Some("standard+us".to_owned()),
        request_id: Some("req_01HandMade".to_owned()),
        ..answer(Stop::Complete)
    };
    Subject {
        request_schema: Some("anthropic.messages.request.2026-10-21.core"),
        response_schema: Some("anthropic.messages.response.2026-10-21.core"),
        error_schema: Some("anthropic.messages.error.2026-10-21"),
        places: Places {
            text: Some("/messages/0/content/*/text"),
            system: Some("/system"),
            image: Some("/messages/0/content/*/source/data"),
            pdf: Some("/messages/0/content/*/source/data"),
            schema: Some("/output_config/format/schema"),
            cap: Some("/max_tokens"),
            effort: Some("/output_config/effort"),
            stop: Some("/stop_reason"),
            ..Places::default()
        },
        answers: answers(),
        failures: failures(),
        except: &[("tells_a_filtered_answer", "the service calls whatever it filters a refusal")],
        ..Subject::new(
            |key, transport| build(key, transport, "claude-haiku-5-5", Version::V20261021),
            success,
            response,
        )
    }
}

fn answer(stop: Stop) -> Response {
    Response {
        stop,
        model: Some("claude-haiku-5-5".to_owned()),
        usage: usage(180, 512),
        ..Response::default()
    }
}

fn usage(input: u64, output: u64) -> Usage {
    Usage { input: Some(input), output: Some(output), ..Usage::default() }
}

fn answers() -> Answers {
    let truncated = Response { text: "{\"store\":\"CAF".to_owned(), ..answer(Stop::Length) };
    let empty = Response {
        model: Some("claude-sonnet-5-5".to_owned()),
        usage: Usage { reasoning: Some(512), ..usage(180, 512) },
        ..answer(Stop::Length)
    };
    let null = Response { usage: usage(180, 1), ..answer(Stop::Unknown) };
    let refused = Response {
        refusal: Some("This could help an attack.".to_owned()),
        usage: usage(180, 0),
        ..answer(Stop::Refused)
    };
    let sparse = Response { text: "12.50".to_owned(), usage: usage(180, 4), ..answer(Stop::Unknown) };
    let full_window =
        Response { text: "12.".to_owned(), usage: usage(180, 2), ..answer(Stop::ContextWindow) };
    // This model is never offered a tool.
    let unasked_tool = Response {
        text: "Here it is.".to_owned(),
        model: Some("claude-sonnet-4-20250514".to_owned()),
        usage: usage(180, 40),
        ..answer(Stop::ToolUse)
    };
    Answers {
        truncated: Some(Answer::new(fixture!("truncated.json"), truncated)),
        empty: Some(Answer::new(fixture!("empty.json"), empty)),
        null: Some(Answer::new(fixture!("null.json"), null).undocumented()),
        refused: Some(Answer::new(fixture!("refused.json"), refused)),
        filtered: None,
        sparse: Some(Answer::new(fixture!("sparse.json"), sparse)),
        more: vec![
            Answer::new(fixture!("context_window.json"), full_window),
            Answer::new(fixture!("forced_tool.json"), unasked_tool),
        ],
    }
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{
        Auth, InvalidRequest, QuotaExhausted, RateLimited, Refused, Timeout, TooLarge, Unavailable,
    };
    let wait = Duration::from_secs(30);
    vec![
        Failure::new(400, fixture!("error_invalid.json"), InvalidRequest).says("appears to be image/jpeg"),
        Failure::new(400, fixture!("error_credit.json"), QuotaExhausted)
            .says("no credit left at api.anthropic.com"),
        Failure::new(400, fixture!("error_filtered.json"), Refused).says("content filtering policy"),
        Failure::new(400, fixture!("error_too_long.json"), TooLarge).says("210000 tokens"),
        Failure::new(400, fixture!("error_hold.json"), Auth),
        Failure::new(401, fixture!("error_key.json"), Auth).says("key rejected by api.anthropic.com"),
        Failure::new(402, fixture!("error_billing.json"), QuotaExhausted),
        Failure::new(403, fixture!("error_permission.json"), Auth).says("does not allow this key"),
        Failure::new(404, fixture!("error_model.json"), InvalidRequest).says("model: claude-haiku-9"),
        Failure::new(409, fixture!("error_conflict.json"), Unavailable).undocumented(),
        Failure::new(413, fixture!("error_too_large.json"), TooLarge).undocumented(),
        Failure::new(413, fixture!("error_too_large.html"), TooLarge)
            .undocumented()
            .says("413 Request Entity"),
        Failure::new(418, fixture!("error_unknown.json"), InvalidRequest).undocumented().says("teapot"),
        Failure::new(429, fixture!("error_rate.json"), RateLimited).header("retry-after", "30").after(wait),
        Failure::new(429, fixture!("error_ramp.json"), RateLimited).header("retry-after", "30").after(wait),
        Failure::new(429, fixture!("error_contract.json"), QuotaExhausted),
        Failure::new(429, fixture!("error_tier.json"), QuotaExhausted),
        Failure::new(500, fixture!("error_internal.json"), Unavailable),
        Failure::new(504, fixture!("error_timeout.json"), Timeout),
        Failure::new(529, fixture!("error_overloaded.json"), Unavailable).says("Overloaded"),
    ]
}
