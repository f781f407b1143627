//! Streamed answers of the Responses API. The stream is made by hand.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_openai::{Api, Config, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage};
use vision_http::Transport;
use vision_testkit::streams::{check, fails};

const STREAM: &str = include_str!("fixtures/handmade_responses_stream.txt");

fn build(transport: Arc<dyn Transport>) -> Provider {
    let config = Config { api: Some(Api::Responses), ..Config::new("gpt-6-luna", Secret::new("sk-1")) };
    provider(config, transport).unwrap()
}

#[test]
fn a_stream_is_the_answer_that_would_have_come_at_once() {
    let wanted = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        stop: Stop::Complete,
        usage: Usage {
            input: Some(1310),
            cached: Some(10),
            output: Some(48),
            reasoning: Some(32),
            ..Usage::default()
        },
        model: Some("gpt-6-luna".to_owned()),
        request_id: Some("resp_hand1".to_owned()),
        ..Response::default()
    };
    check(build, STREAM, &wanted);
}

#[test]
fn a_failure_after_text_is_a_failure() {
    let begun = &STREAM[..STREAM.find("event: response.output_text.done").unwrap()];
    for (event, kind) in [
        (
            r#"{"type":"error","code":"server_error","message":"upstream broke","param":null}"#,
            ErrorKind::Unavailable,
        ),
        (
            r#"{"type":"response.failed","response":{"id":"r","status":"failed","output":[],"error":{"code":"rate_limit_exceeded","message":"slow"}}}"#,
            ErrorKind::RateLimited,
        ),
    ] {
        fails(build, &format!("{begun}data: {event}\n\n"), kind);
    }
}
