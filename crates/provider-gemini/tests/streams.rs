//! Streamed answers. The stream is made by hand.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_gemini::{Config, Pause, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage};
use vision_http::Transport;
use vision_testkit::streams::{ask, check, fails};

const STREAM: &str = include_str!("fixtures/handmade_stream.txt");

fn build(transport: Arc<dyn Transport>) -> Provider {
    let pause = Pause::new(|_| async {});
    provider(Config::new("gemini-3.7-flash", Secret::new("AIza-1"), pause), transport).unwrap()
}

#[test]
fn a_stream_is_the_answer_that_would_have_come_at_once() {
    let wanted = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        stop: Stop::Complete,
        usage: Usage {
            input: Some(1140),
            cached: Some(10),
            output: Some(48),
            reasoning: Some(32),
            ..Usage::default()
        },
        model: Some("gemini-3.7-flash".to_owned()),
        request_id: Some("r-hand1".to_owned()),
        ..Response::default()
    };
    check(build, STREAM, &wanted);
}

#[test]
fn a_failure_after_text_comes_as_lines_that_are_no_event() {
    let begun = &STREAM[..STREAM.rfind("data: ").unwrap()];
    let failure = "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"overloaded\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}\n";
    fails(build, &format!("{begun}{failure}"), ErrorKind::Unavailable);
}

#[test]
fn a_blocked_prompt_is_refused() {
    let body = "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":9}}\n\n";
    let error = ask(build, body.as_bytes()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
}
