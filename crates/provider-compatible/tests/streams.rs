//! Streamed answers of the chat-completions dialect. The stream is made by hand.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;
use std::time::Duration;

use provider_compatible::{Config, preset, provider};
use vision_core::{ErrorKind, Provider, Response, Stop, Usage};
use vision_http::Transport;
use vision_testkit::streams::{ask, check, fails};

const STREAM: &str = include_str!("fixtures/handmade_stream.txt");

fn build(transport: Arc<dyn Transport>) -> Provider {
    provider(Config::new(preset("vllm").unwrap(), "m-1", None), transport).unwrap()
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
        model: Some("m-1".to_owned()),
        request_id: Some("chatcmpl-hand1".to_owned()),
        ..Response::default()
    };
    check(build, STREAM, &wanted);
    let timing = ask(build, STREAM.as_bytes()).unwrap().timing;
    let millis = |number| Some(Duration::from_millis(number));
    assert_eq!((timing.first_token, timing.first_text), (millis(2), millis(3)));
}

#[test]
fn usage_stands_where_each_server_puts_it() {
    let with = |last: &str| {
        let text = r#"data: {"choices":[{"index":0,"delta":{"content":"12.50"},"finish_reason":null}],"usage":{"prompt_tokens":9,"completion_tokens":1}}"#;
        ask(build, format!("{text}\n\ndata: {last}\n\ndata: [DONE]\n\n").as_bytes()).unwrap()
    };
    let end = r#""choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}]"#;
    let counted = [
        format!(r#"{{{end},"usage":{{"prompt_tokens":9,"completion_tokens":4}}}}"#),
        format!(r#"{{{end},"x_groq":{{"usage":{{"prompt_tokens":9,"completion_tokens":4}}}}}}"#),
    ];
    for last in counted {
        assert_eq!(with(&last).usage.output, Some(4), "{last}");
    }
}

#[test]
fn a_failure_after_text_is_a_failure() {
    let text = r#"data: {"choices":[{"index":0,"delta":{"content":"12"},"finish_reason":null}]}"#;
    let failures = [
        (r#"{"error":{"message":"busy","type":"rate_limit_error","code":429}}"#, ErrorKind::RateLimited),
        (
            r#"{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502,"message":"gone"}}"#,
            ErrorKind::Unavailable,
        ),
        (r#"{"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}"#, ErrorKind::Unavailable),
    ];
    for (failure, kind) in failures {
        fails(build, &format!(": OPENROUTER PROCESSING\n\n{text}\n\ndata: {failure}\n\n"), kind);
    }
}

#[test]
fn a_long_event_is_read_whole() {
    let long = "7".repeat(4 << 20);
    let body = format!(
        "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{long}\"}},\"finish_reason\":\"stop\"}}]}}\n\n"
    );
    assert_eq!(ask(build, body.as_bytes()).unwrap().text, long);
}
