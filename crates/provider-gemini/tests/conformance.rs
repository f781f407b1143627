//! The shared suite, for a model of each generation.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;
use std::time::Duration;

use provider_gemini::{Config, Pause, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage};
use vision_http::{Auth, Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Places, Subject};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

vision_testkit::conformance!(generation_3, subject());

vision_testkit::conformance!(
    generation_2_5,
    Subject {
        build: |key, transport| build(key, transport, "gemini-2.5-flash"),
        places: Places {
            temperature: Some("/generationConfig/temperature"),
            effort: Some("/generationConfig/thinkingConfig/thinkingBudget"),
            detail: Some("/generationConfig/mediaResolution"),
            ..subject().places
        },
        ..subject()
    }
);

vision_testkit::conformance!(
    open_model,
    Subject {
        build: |key, transport| build(key, transport, "gemma-3-27b-it"),
        places: Places {
            temperature: Some("/generationConfig/temperature"),
            effort: None,
            detail: None,
            system: None,
            ..subject().places
        },
        ..subject()
    }
);

vision_testkit::conformance!(
    vertex,
    Subject {
        build: |key, transport| {
            let config = Config::new("gemini-3.7-flash", Secret::new(""), Pause::new(tokio::time::sleep));
            let config = Config {
                name: "vertex",
                base_url: provider_gemini::vertex::base_url("europe-west4"),
                path: provider_gemini::vertex::path("v1beta1", "my-project", "europe-west4", "google"),
                auth: Some(Auth::Bearer(key)),
                uploads: false,
                ..config
            };
            provider(config, transport).unwrap()
        },
        failures: at_vertex(),
        ..subject()
    }
);

/// The same failures at another host, and those that are its own.
fn at_vertex() -> Vec<Failure> {
    let token = r#"{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED"}}"#;
    let model = r#"{"error":{"code":404,"message":"Publisher Model `x` was not found or your project does not have access to it.","status":"NOT_FOUND"}}"#;
    let own = [
        Failure::new(401, token, ErrorKind::Auth).says("europe-west4-aiplatform.googleapis.com"),
        Failure::new(404, model, ErrorKind::InvalidRequest).says("was not found"),
    ];
    failures().into_iter().map(|failure| failure.says("")).chain(own).collect()
}

fn build(key: Secret, transport: Arc<dyn Transport>, model: &str) -> Provider {
    provider(Config::new(model, key, Pause::new(tokio::time::sleep)), transport).unwrap()
}

fn subject() -> Subject {
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: Usage {
            input: Some(1180),
            cached: Some(1024),
            output: Some(114),
            reasoning: Some(96),
            image: Some(1120),
            audio: Some(32),
            ..Usage::default()
        },
        model: Some("gemini-3.7-flash-001".to_owned()),
        request_id: Some("handmade-1".to_owned()),
        ..answer(Stop::Complete, 0, 0)
    };
    Subject {
        request_schema: Some("gemini.generate_content.request"),
        response_schema: Some("gemini.generate_content.response"),
        error_schema: Some("gemini.error"),
        places: Places {
            text: Some("/contents/0/parts/*/text"),
            system: Some("/systemInstruction/parts/0/text"),
            image: Some("/contents/0/parts/*/inlineData/data"),
            pdf: Some("/contents/0/parts/*/inlineData/data"),
            audio: Some("/contents/0/parts/*/inlineData/data"),
            schema: Some("/generationConfig/responseJsonSchema"),
            cap: Some("/generationConfig/maxOutputTokens"),
            temperature: None,
            seed: Some("/generationConfig/seed"),
            effort: Some("/generationConfig/thinkingConfig/thinkingLevel"),
            detail: Some("/contents/0/parts/*/mediaResolution/level"),
            stop: Some("/candidates/0/finishReason"),
        },
        answers: answers(),
        failures: failures(),
        except: &[("tells_a_refusal", "a model that declines says so in its text, and nothing else tells")],
        ..Subject::new(
            |key, transport| build(key, transport, "gemini-3.7-flash"),
            Reply::json_text(200, fixture!("success")),
            response,
        )
    }
}

fn answer(stop: Stop, output: u64, reasoning: u64) -> Response {
    let usage = Usage {
        input: Some(20),
        cached: Some(0),
        output: Some(output),
        reasoning: Some(reasoning),
        ..Usage::default()
    };
    Response { stop, usage, model: Some("gemini-3.7-flash".to_owned()), ..Response::default() }
}

fn answers() -> Answers {
    let said = |text: &str, response| Response { text: text.to_owned(), ..response };
    let filtered = |reason: &str| Stop::Filtered(Some(reason.to_owned()));
    let sparse = Response { text: "12.50".to_owned(), ..Response::default() };
    let recitation = said("It was the best", answer(filtered("RECITATION"), 4, 0));
    let other = answer(Stop::Other("OTHER".to_owned()), 4, 0);
    Answers {
        truncated: Some(Answer::new(fixture!("truncated"), said("12.", answer(Stop::Length, 4, 0)))),
        empty: Some(Answer::new(fixture!("empty"), answer(Stop::Length, 512, 512))),
        null: Some(Answer::new(fixture!("null"), answer(Stop::Complete, 4, 0)).undocumented()),
        refused: None,
        filtered: Some(Answer::new(fixture!("filtered"), answer(filtered("SAFETY"), 0, 0))),
        sparse: Some(Answer::new(fixture!("sparse"), sparse)),
        more: vec![
            Answer::new(fixture!("recitation"), recitation),
            Answer::new(fixture!("no_content"), other),
        ],
    }
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{
        Auth, InvalidRequest, QuotaExhausted, RateLimited, Refused, Timeout, TooLarge, Unavailable,
    };
    let host = "generativelanguage.googleapis.com";
    let rejected = "key rejected by generativelanguage.googleapis.com: API key not valid.";
    let minute = Duration::from_secs(37);
    vec![
        Failure::new(200, fixture!("blocked"), Refused).says("blocked the request: PROHIBITED_CONTENT"),
        Failure::new(400, fixture!("error_invalid"), InvalidRequest).says(host),
        Failure::new(400, fixture!("error_key"), Auth).says(rejected),
        Failure::new(400, fixture!("error_size"), TooLarge),
        Failure::new(
            400,
            r#"{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}}"#,
            TooLarge,
        ),
        Failure::new(400, fixture!("error_region"), InvalidRequest).says("location is not supported"),
        Failure::new(403, fixture!("error_permission"), Auth).says("does not allow this key"),
        Failure::new(404, fixture!("error_model"), InvalidRequest).says("models/gemini-9 is not found"),
        Failure::new(429, fixture!("error_minute"), RateLimited).after(minute).says("limit: 10 Please"),
        Failure::new(429, fixture!("error_message_delay"), RateLimited).after(Duration::from_millis(37_800)),
        Failure::new(429, fixture!("error_day"), QuotaExhausted).after(minute).says("no quota left"),
        Failure::new(429, fixture!("error_none"), QuotaExhausted),
        Failure::new(500, fixture!("error_internal"), Unavailable),
        Failure::new(503, fixture!("error_overloaded"), Unavailable).says("The model is overloaded."),
        Failure::new(503, fixture!("error_array"), Unavailable)
            .says("The model is overloaded.")
            .undocumented(),
        Failure::new(504, fixture!("error_deadline"), Timeout),
    ]
}
