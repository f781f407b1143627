//! Streamed messages. The streams are made by hand.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_anthropic::{Config, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Usage};
use vision_http::Transport;
use vision_testkit::streams::{ask, check, fails};

const STREAM: &str = include_str!("fixtures/handmade_stream.txt");
const TOOL: &str = include_str!("fixtures/handmade_stream_tool.txt");

fn newest(transport: Arc<dyn Transport>) -> Provider {
    provider(Config::new("claude-haiku-5-5", Secret::new("sk-1")), transport).unwrap()
}

/// A model that is held to a schema by a tool.
fn older(transport: Arc<dyn Transport>) -> Provider {
    provider(Config::new("claude-sonnet-4", Secret::new("sk-1")), transport).unwrap()
}

#[test]
fn a_stream_is_the_answer_that_would_have_come_at_once() {
    let wanted = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        stop: Stop::Complete,
        usage: Usage {
            input: Some(300),
            cached: Some(20),
            cache_write: Some(0),
            output: Some(48),
            reasoning: Some(32),
            ..Usage::default()
        },
        model: Some("claude-haiku-5-5".to_owned()),
        service_tier: Some("standard".to_owned()),
        ..Response::default()
    };
    check(newest, STREAM, &wanted);
}

#[test]
fn the_input_of_a_tool_is_the_answer_to_the_last_digit() {
    let response = ask(older, TOOL.as_bytes()).unwrap();
    assert_eq!((response.text.as_str(), response.stop), (r#"{"total": 12.50}"#, Stop::Complete));
    assert_eq!(response.usage.output, Some(16));
}

#[test]
fn a_failure_after_text_is_a_failure() {
    let begun = &STREAM[..STREAM.find("event: message_delta").unwrap()];
    for (kind, wanted) in
        [("overloaded_error", ErrorKind::Unavailable), ("rate_limit_error", ErrorKind::RateLimited)]
    {
        let event = format!(
            "event: error\ndata: {{\"type\":\"error\",\"error\":{{\"type\":\"{kind}\",\"message\":\"no\"}}}}\n\n"
        );
        fails(newest, &format!("{begun}{event}"), wanted);
    }
}
