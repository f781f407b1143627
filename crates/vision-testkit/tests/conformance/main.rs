//! The suite runs on a made-up API, which is also the worked example of a new provider.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod acme;
mod flaws;

use std::sync::Arc;

use acme::{Acme, SUCCESS};
use vision_core::{ErrorKind, Response, Stop, Usage};
use vision_http::{HttpProvider, Reply};
use vision_testkit::{Answer, Answers, Failure, Places, Subject, conformance};

conformance!(subject());

#[test]
fn architecture_md_shows_this_very_provider() {
    let page = include_str!("../../../../ARCHITECTURE.md");
    assert!(page.contains(include_str!("acme.rs")), "ARCHITECTURE.md must hold acme.rs word for word");
}

fn subject() -> Subject {
    Subject {
        places: Places {
            text: Some("/question/*/text"),
            system: Some("/rules"),
            image: Some("/question/*/image"),
            pdf: Some("/question/*/image"),
            schema: Some("/form"),
            cap: Some("/most_tokens"),
            temperature: Some("/warmth"),
            stop: Some("/why"),
            ..Places::default()
        },
        answers: Answers {
            truncated: Some(answer(r#"{"answer":"TOT","why":"limit"}"#, "TOT", Stop::Length)),
            empty: Some(answer(r#"{"answer":"","why":"limit"}"#, "", Stop::Length)),
            null: Some(answer(r#"{"answer":null,"why":"done"}"#, "", Stop::Complete)),
            refused: Some(answer(r#"{"answer":"","why":"declined"}"#, "", Stop::Refused)),
            filtered: Some(answer(r#"{"answer":"","why":"filter"}"#, "", Stop::Filtered(None))),
            sparse: Some(answer(r#"{"answer":"hi","why":"done"}"#, "hi", Stop::Complete)),
            more: vec![],
        },
        failures: failures(),
        ..Subject::new(
            |key, transport| Arc::new(HttpProvider::new(Acme::new(key), transport)),
            Reply::json_text(200, SUCCESS).with_header("x-request-id", "r-1"),
            Response {
                text: "TOTAL 12.50".to_owned(),
                stop: Stop::Complete,
                usage: Usage { input: Some(90), cached: Some(10), output: Some(4), ..Usage::default() },
                request_id: Some("r-1".to_owned()),
                ..Response::default()
            },
        )
    }
}

fn answer(body: &'static str, text: &str, stop: Stop) -> Answer {
    Answer::new(body, Response { text: text.to_owned(), stop, ..Response::default() })
}

fn failures() -> Vec<Failure> {
    vec![
        Failure::new(429, r#"{"error":{"message":"slow down","reason":"busy"}}"#, ErrorKind::RateLimited),
        Failure::new(
            429,
            r#"{"error":{"message":"pay first","reason":"credit"}}"#,
            ErrorKind::QuotaExhausted,
        )
        .says("pay first"),
        Failure::new(401, r#"{"error":{"message":"who?","reason":"key"}}"#, ErrorKind::Auth),
    ]
}
