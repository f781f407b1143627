//! The shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;

use provider_tsystems::{Config, provider};
use vision_core::{ErrorKind, Provider, Response, Secret, Stop, Task, Usage};
use vision_http::{Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Places, Subject, TaskAnswer, completions};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

const MODEL: &str = "Qwen3-VL-30B-A3B-Instruct-FP8";

vision_testkit::conformance!(chat, chat_subject());
vision_testkit::conformance!(transcription, transcription_subject());

fn build(key: Secret, transport: Arc<dyn Transport>, model: &str) -> Provider {
    provider(Config::new(model, key), transport).unwrap()
}

fn chat_subject() -> Subject {
    let success = Reply::json_text(200, fixture!("success")).with_header("x-request-id", "req_hand1");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: Usage { cached: Some(0), audio: Some(0), ..completions::usage(1310, 48) },
        request_id: Some("req_hand1".to_owned()),
        ..completions::answer(MODEL, Stop::Complete)
    };
    Subject {
        places: Places { detail: completions::DETAIL, ..completions::places() },
        answers: completions::answers(MODEL, MODEL, vec![]),
        failures: failures(),
        ..Subject::new(|key, transport| build(key, transport, "gemini-2.5-flash"), success, response)
    }
}

fn transcription_subject() -> Subject {
    const NO_ROOM: &str = "a transcript says neither why it ended nor that anything was withheld";
    let success = Reply::json_text(200, fixture!("transcription"));
    let silence = Response { stop: Stop::Complete, ..Response::default() };
    let response = Response {
        text: "Guten Tag, 東京.".to_owned(),
        usage: Usage { output: Some(52), ..Usage::default() },
        ..silence.clone()
    };
    let seconds = Response {
        text: "Guten Tag.".to_owned(),
        usage: Usage { audio_seconds: Some(3), ..Usage::default() },
        ..silence.clone()
    };
    Subject {
        answers: Answers {
            null: Some(Answer::new(fixture!("transcription_silence"), silence.clone())),
            sparse: Some(Answer::new(fixture!("transcription_silence"), silence)),
            more: vec![Answer::new(fixture!("transcription_seconds"), seconds)],
            ..Answers::default()
        },
        tasks: vec![TaskAnswer {
            task: Task::Transcribe,
            schema: None,
            replies: vec![success.clone()],
            response: response.clone(),
        }],
        failures: failures(),
        except: &[
            ("tells_a_truncated_answer", NO_ROOM),
            ("takes_an_empty_answer", NO_ROOM),
            ("tells_a_refusal", NO_ROOM),
            ("tells_a_filtered_answer", NO_ROOM),
            ("tells_what_it_could_not_read", "a recording is heard as a whole"),
            ("sends_or_drops_the_temperature", "it is a field of a form, and tested with the dialect"),
            ("reports_the_usage_it_promises", "the service counts a recording's words and not its input"),
        ],
        ..Subject::new(|key, transport| build(key, transport, "whisper-large-v3"), success, response)
    }
}

fn failures() -> Vec<Failure> {
    use ErrorKind::{Auth, InvalidRequest, QuotaExhausted, RateLimited, Refused, Unavailable};
    vec![
        Failure::new(400, fixture!("error_filter"), Refused),
        Failure::new(401, fixture!("error_key"), Auth)
            .says("key rejected by llm-server.llmhub.t-systems.net"),
        Failure::new(404, fixture!("error_vllm"), InvalidRequest).says("end-of-life dates"),
        Failure::new(429, fixture!("error_rate"), RateLimited),
        Failure::new(429, fixture!("error_budget"), QuotaExhausted).says("Budget has been exceeded"),
        Failure::new(500, fixture!("error_server"), Unavailable).says("Internal Server Error"),
    ]
}
