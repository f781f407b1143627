//! The shared suite at every door.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::sync::Arc;
use std::time::Duration;

use provider_openai::{Api, Config, provider};
use vision_core::{Provider, Response, Secret, Stop, Task, Usage};
use vision_http::{Reply, Transport};
use vision_testkit::{Answer, Answers, Failure, Places, Subject, TaskAnswer};

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/handmade_", $name, ".json"))
    };
}

vision_testkit::conformance!(chat, chat_subject());
vision_testkit::conformance!(responses, responses_subject());
vision_testkit::conformance!(transcription, transcription_subject());

vision_testkit::conformance!(
    chat_with_sound,
    Subject { build: |key, transport| build(key, transport, "gpt-audio-1.5", None), ..chat_subject() }
);

fn build(key: Secret, transport: Arc<dyn Transport>, model: &str, api: Option<Api>) -> Provider {
    let config = Config {
        api,
        organisation: Some("org-hand".to_owned()),
        project: Some("proj_hand".to_owned()),
        ..Config::new(model, key)
    };
    provider(config, transport).unwrap()
}

fn chat_subject() -> Subject {
    let success = Reply::json_text(200, fixture!("chat_success"))
        .with_header("x-request-id", "req_hand1")
        .with_header("openai-processing-ms", "812");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: Usage {
            cached: Some(1024),
            cache_write: Some(128),
            reasoning: Some(32),
            image: Some(1105),
            audio: Some(0),
            ..usage(1310, 48)
        },
        fingerprint: Some("fp_0a1b".to_owned()),
        service_tier: Some("default".to_owned()),
        request_id: Some("req_hand1".to_owned()),
        ..answer("chatcmpl-hand1", Stop::Complete)
    };
    Subject {
        request_schema: Some("openai.chat.request"),
        response_schema: Some("openai.chat.response"),
        error_schema: Some("openai.error"),
        places: Places {
            text: Some("/messages/1/content/*/text"),
            system: Some("/messages/0/content"),
            image: Some("/messages/0/content/*/image_url/url"),
            pdf: Some("/messages/0/content/*/file/file_data"),
            audio: Some("/messages/0/content/*/input_audio/data"),
            schema: Some("/response_format/json_schema/schema"),
            cap: Some("/max_completion_tokens"),
            temperature: Some("/temperature"),
            seed: Some("/seed"),
            effort: Some("/reasoning_effort"),
            detail: Some("/messages/1/content/*/image_url/detail"),
            stop: Some("/choices/0/finish_reason"),
        },
        answers: chat_answers(),
        failures: failures(),
        ..Subject::new(|key, transport| build(key, transport, "gpt-5.6-luna", None), success, response)
    }
}

fn answer(id: &str, stop: Stop) -> Response {
    Response {
        stop,
        model: Some("gpt-5.6-luna-2026-07-09".to_owned()),
        request_id: Some(id.to_owned()),
        usage: usage(180, 512),
        ..Response::default()
    }
}

fn usage(input: u64, output: u64) -> Usage {
    Usage { input: Some(input), output: Some(output), ..Usage::default() }
}

fn chat_answers() -> Answers {
    let of = |stop| answer("chatcmpl-hand1", stop);
    let truncated = Response { text: "{\"store\":\"CAF".to_owned(), ..of(Stop::Length) };
    let empty = Response { usage: Usage { reasoning: Some(512), ..usage(180, 512) }, ..of(Stop::Length) };
    let refused = Response {
        refusal: Some("I can't help with that.".to_owned()),
        usage: usage(180, 12),
        ..of(Stop::Refused)
    };
    let filtered = Response { usage: usage(180, 0), ..of(Stop::Filtered(None)) };
    let sparse = Response { text: "12.50".to_owned(), usage: Usage::default(), ..of(Stop::Complete) };
    let sound = Response {
        text: "TOTAL 12.50".to_owned(),
        model: Some("gpt-audio-1.5-2026-01-13".to_owned()),
        usage: Usage { cached: Some(0), audio: Some(30), ..usage(34, 6) },
        ..of(Stop::Complete)
    };
    Answers {
        truncated: Some(Answer::new(fixture!("chat_truncated"), truncated)),
        empty: Some(Answer::new(fixture!("chat_empty"), empty)),
        null: Some(Answer::new(
            fixture!("chat_null"),
            Response { usage: usage(180, 1), ..of(Stop::Complete) },
        )),
        refused: Some(Answer::new(fixture!("chat_refused"), refused)),
        filtered: Some(Answer::new(fixture!("chat_filtered"), filtered)),
        sparse: Some(Answer::new(fixture!("chat_sparse"), sparse)),
        more: vec![Answer::new(fixture!("chat_audio"), sound)],
    }
}

fn failures() -> Vec<Failure> {
    use vision_core::ErrorKind::{
        Auth, InvalidRequest, QuotaExhausted, RateLimited, Refused, TooLarge, Unavailable,
    };
    vec![
        Failure::new(400, fixture!("error_parameter"), InvalidRequest).says("max_completion_tokens"),
        Failure::new(400, fixture!("error_value"), InvalidRequest).says("temperature"),
        Failure::new(400, fixture!("error_context"), TooLarge).says("128000"),
        Failure::new(400, fixture!("error_image_url"), InvalidRequest).says("https://example.com/b.jpg"),
        Failure::new(400, fixture!("error_image_format"), InvalidRequest),
        Failure::new(400, fixture!("error_policy"), Refused).says("because of its content"),
        Failure::new(401, fixture!("error_key"), Auth).says("key rejected by api.openai.com"),
        Failure::new(403, fixture!("error_country"), Auth).says("territory not supported"),
        Failure::new(404, fixture!("error_model"), InvalidRequest).says("model not found at api.openai.com"),
        Failure::new(413, fixture!("error_too_large"), TooLarge),
        Failure::new(429, fixture!("error_rate"), RateLimited)
            .header("retry-after-ms", "2000")
            .after(Duration::from_secs(2)),
        Failure::new(429, fixture!("error_quota"), QuotaExhausted).says("no credit or quota left"),
        Failure::new(429, fixture!("error_credit"), QuotaExhausted),
        Failure::new(500, fixture!("error_server"), Unavailable),
        Failure::new(503, fixture!("error_overloaded"), Unavailable),
        Failure::new(503, fixture!("error_slow_down"), RateLimited),
    ]
}

fn responses_subject() -> Subject {
    let success =
        Reply::json_text(200, fixture!("responses_success")).with_header("x-request-id", "req_hand1");
    let response = Response {
        text: "CAFÉ 東京: 12.50 €".to_owned(),
        usage: Usage { cached: Some(1024), cache_write: Some(128), reasoning: Some(32), ..usage(1310, 48) },
        service_tier: Some("default".to_owned()),
        request_id: Some("req_hand1".to_owned()),
        ..answer("", Stop::Complete)
    };
    Subject {
        request_schema: Some("openai.responses.request"),
        response_schema: Some("openai.responses.response"),
        error_schema: Some("openai.error"),
        places: Places {
            text: Some("/input/0/content/*/text"),
            system: Some("/instructions"),
            image: Some("/input/0/content/*/image_url"),
            pdf: Some("/input/0/content/*/file_data"),
            schema: Some("/text/format/schema"),
            cap: Some("/max_output_tokens"),
            temperature: Some("/temperature"),
            effort: Some("/reasoning/effort"),
            detail: Some("/input/0/content/*/detail"),
            stop: Some("/status"),
            ..Places::default()
        },
        answers: responses_answers(),
        failures: failures().into_iter().chain(failures_inside_a_success()).collect(),
        ..Subject::new(
            |key, transport| build(key, transport, "gpt-5.6-luna", Some(Api::Responses)),
            success,
            response,
        )
    }
}

fn responses_answers() -> Answers {
    let of = |stop, cached| Response {
        usage: Usage { cached, cache_write: cached, reasoning: cached, ..usage(180, 512) },
        ..answer("resp_hand1", stop)
    };
    let counted = |stop, output| {
        let response = of(stop, Some(0));
        Response { usage: Usage { output: Some(output), ..response.usage }, ..response }
    };
    let truncated = Response { text: "{\"store\":\"CAF".to_owned(), ..of(Stop::Length, Some(0)) };
    let thought = of(Stop::Length, Some(0));
    let empty = Response { usage: Usage { reasoning: Some(512), ..thought.usage }, ..thought };
    let refused =
        Response { refusal: Some("I can't help with that.".to_owned()), ..counted(Stop::Refused, 12) };
    let sparse = Response {
        text: "12.50".to_owned(),
        usage: Usage::default(),
        ..answer("resp_hand1", Stop::Complete)
    };
    let two = Response { text: "TOTAL 12.50".to_owned(), ..counted(Stop::Complete, 9) };
    Answers {
        truncated: Some(Answer::new(fixture!("responses_truncated"), truncated)),
        empty: Some(Answer::new(fixture!("responses_empty"), empty)),
        null: Some(Answer::new(fixture!("responses_null"), counted(Stop::Complete, 1))),
        refused: Some(Answer::new(fixture!("responses_refused"), refused)),
        filtered: Some(Answer::new(fixture!("responses_filtered"), counted(Stop::Filtered(None), 1))),
        sparse: Some(Answer::new(fixture!("responses_sparse"), sparse)),
        more: vec![Answer::new(fixture!("responses_two_messages"), two)],
    }
}

fn failures_inside_a_success() -> Vec<Failure> {
    use vision_core::ErrorKind::{InvalidRequest, RateLimited, Refused, TooLarge, Unavailable};
    vec![
        Failure::new(200, fixture!("responses_failed_image"), TooLarge),
        Failure::new(200, fixture!("responses_failed_rate"), RateLimited),
        Failure::new(200, fixture!("responses_failed_server"), Unavailable),
        Failure::new(200, fixture!("responses_failed_policy"), Refused),
        Failure::new(200, fixture!("responses_failed_download"), InvalidRequest).says("No such image"),
    ]
}

fn transcription_subject() -> Subject {
    let success =
        Reply::json_text(200, fixture!("transcription_tokens")).with_header("x-request-id", "req_hand1");
    let response = Response {
        text: "Guten Tag, 東京.".to_owned(),
        stop: Stop::Complete,
        usage: Usage { audio: Some(14), ..usage(14, 5) },
        request_id: Some("req_hand1".to_owned()),
        ..Response::default()
    };
    let silence = Response { stop: Stop::Complete, ..Response::default() };
    let seconds = Response {
        text: "Guten Tag.".to_owned(),
        usage: Usage { audio_seconds: Some(3), ..Usage::default() },
        ..silence.clone()
    };
    const NO_ROOM: &str = "a transcript says neither why it ended nor that anything was withheld";
    Subject {
        response_schema: Some("openai.transcription.response"),
        error_schema: Some("openai.error"),
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
            ("sends_or_drops_the_temperature", "it is a field of a form, and tested beside the suite"),
        ],
        ..Subject::new(|key, transport| build(key, transport, "gpt-4o-transcribe", None), success, response)
    }
}
