//! The shared suite, with a Bedrock key. The fixtures are made by hand.
#![allow(clippy::unwrap_used, reason = "a test")]

use provider_bedrock::{Config, provider};
use vision_core::{ErrorKind, Response, Stop, Usage};
use vision_http::{Auth, Reply};
use vision_testkit::{Answer, Answers, Failure, Places, Subject};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name))
    };
}

vision_testkit::conformance!(subject());

fn subject() -> Subject {
    let success =
        Reply::json_text(200, fixture!("success.json")).with_header("x-amzn-requestid", "9c0ffee0-hand-made");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: Usage {
            input: Some(1504),
            cached: Some(1024),
            cache_write: Some(200),
            cache_write_long: Some(100),
            ..usage(40)
        },
        model: Some("us.anthropic.claude-sonnet-4-6".to_owned()),
        service_tier: Some("default".to_owned()),
        request_id: Some("9c0ffee0-hand-made".to_owned()),
        ..answer(Stop::Complete)
    };
    Subject {
        request_schema: Some("bedrock.converse.request"),
        response_schema: Some("bedrock.converse.response"),
        error_schema: Some("bedrock.error"),
        places: Places {
            text: Some("/messages/0/content/*/text"),
            system: Some("/system/0/text"),
            image: Some("/messages/0/content/*/image/source/bytes"),
            pdf: Some("/messages/0/content/*/document/source/bytes"),
            schema: Some("/outputConfig/textFormat/structure/jsonSchema/schema"),
            cap: Some("/inferenceConfig/maxTokens"),
            temperature: Some("/inferenceConfig/temperature"),
            effort: Some("/outputConfig/effort"),
            stop: Some("/stopReason"),
            ..Places::default()
        },
        answers: answers(),
        failures: failures(),
        except: &[("tells_a_refusal", "whatever is declined is filtered: the API knows no refusal")],
        ..Subject::new(
            |key, transport| {
                let config = Config::new("us-east-1", "us.anthropic.claude-sonnet-4-6", Auth::Bearer(key));
                provider(config, transport).unwrap()
            },
            success,
            response,
        )
    }
}

fn answer(stop: Stop) -> Response {
    Response { stop, usage: usage(512), ..Response::default() }
}

fn usage(output: u64) -> Usage {
    Usage { input: Some(180), output: Some(output), ..Usage::default() }
}

fn answers() -> Answers {
    let of =
        |text: &str, stop, output| Response { text: text.to_owned(), usage: usage(output), ..answer(stop) };
    Answers {
        truncated: Some(Answer::new(fixture!("truncated.json"), of("{\"store\":\"CAF", Stop::Length, 512))),
        empty: Some(Answer::new(fixture!("empty.json"), of("", Stop::Length, 512))),
        null: Some(Answer::new(fixture!("null.json"), of("", Stop::Complete, 1))),
        refused: None,
        filtered: Some(Answer::new(
            fixture!("filtered.json"),
            of("", Stop::Filtered(Some("guardrail".to_owned())), 0),
        )),
        sparse: Some(Answer::new(fixture!("sparse.json"), of("12.50", Stop::Complete, 4))),
        more: vec![
            Answer::new(fixture!("content_filtered.json"), of("I", Stop::Filtered(None), 1)),
            Answer::new(fixture!("context_window.json"), of("12.", Stop::ContextWindow, 2)),
            Answer::new(fixture!("citations.json"), of("12.50", Stop::Complete, 4)),
        ],
    }
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, Timeout, TooLarge, Unavailable};
    let named = |status, name: &str, body, kind| {
        Failure::new(status, body, kind)
            .header("x-amzn-errortype", &format!("{name}:http://internal.amazon.com/"))
    };
    let too_many = r#"{"message":"Too many requests, please wait before trying again."}"#;
    let large =
        r#"{"message":"messages.0.content.0.image.source.bytes: image exceeds 5 MB maximum: 6 MB > 5 MB"}"#;
    let model = r#"{"message":"The model returned the following errors: bad image","originalStatusCode":400,"resourceName":"m"}"#;
    let broken = r#"{"message":"The model returned an error.","originalStatusCode":500,"resourceName":"m"}"#;
    let denied = r#"{"message":"You don't have access to the model with the specified model ID."}"#;
    let in_body = r#"{"__type":"com.amazon.coral.service#UnrecognizedClientException","message":"The security token included in the request is invalid."}"#;
    let expired = r#"{"message":"The security token included in the request is expired"}"#;
    vec![
        named(
            400,
            "ValidationException",
            r#"{"message":"The provided model identifier is invalid."}"#,
            InvalidRequest,
        )
        .says("bedrock-runtime.us-east-1.amazonaws.com: The provided"),
        named(400, "ValidationException", large, TooLarge),
        named(
            400,
            "ServiceQuotaExceededException",
            r#"{"message":"Your account has exceeded its quota."}"#,
            QuotaExhausted,
        )
        .says("no quota left at bedrock-runtime"),
        named(403, "AccessDeniedException", denied, Auth)
            .says("does not allow this key to use us.anthropic.claude"),
        Failure::new(403, in_body, Auth).says("key rejected by bedrock-runtime.us-east-1.amazonaws.com"),
        named(403, "ExpiredTokenException", expired, Auth),
        named(403, "InvalidSignatureException", r#"{"Message":"Signature expired"}"#, Auth)
            .says("Signature expired"),
        named(
            404,
            "ResourceNotFoundException",
            r#"{"message":"Could not resolve the foundation model"}"#,
            InvalidRequest,
        ),
        named(408, "ModelTimeoutException", r#"{"message":"Model has timed out."}"#, Timeout),
        named(424, "ModelErrorException", model, InvalidRequest),
        named(424, "ModelErrorException", broken, Unavailable),
        named(429, "ThrottlingException", too_many, RateLimited),
        named(
            429,
            "ThrottlingException",
            r#"{"message":"Too many tokens per day, please wait."}"#,
            QuotaExhausted,
        ),
        named(
            429,
            "ModelNotReadyException",
            r#"{"message":"Model is not ready for inference."}"#,
            Unavailable,
        ),
        named(500, "InternalServerException", r#"{"message":"An internal error occurred."}"#, Unavailable),
        named(
            503,
            "ServiceUnavailableException",
            r#"{"message":"Bedrock is unable to process your request."}"#,
            Unavailable,
        ),
    ]
}
