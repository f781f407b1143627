//! What is peculiar to this vendor, beside the shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;
use std::sync::Arc;

use provider_openai::{Api, Config, decode_models, end_of_life, models_call, provider};
use serde_json::{Value, json};
use vision_core::{
    Capabilities, Detail, Effort, ErrorKind, Facts, Media, MediaKind, Modality, Part, Provider, Request,
    Secret, Stop, Task,
};
use vision_http::{Call, Extra, Reply};
use vision_testkit::{Scripted, media};

fn config(model: &str) -> Config {
    Config::new(model, Secret::new("sk-0123456789abcdef"))
}

fn build(config: Config) -> Provider {
    provider(config, Arc::new(Scripted::default())).unwrap()
}

fn request(parts: Vec<Part>) -> Request {
    Request::new(Task::Text, parts, NonZeroU32::new(256).unwrap())
}

fn asked(parts: Vec<Part>) -> Request {
    Request {
        temperature: Some(0.0),
        seed: Some(7),
        effort: None,
        detail: Some(Detail::Original),
        ..request(parts)
    }
}

fn image(width: u32, height: u32) -> Part {
    let facts = Facts { width: Some(width), height: Some(height), ..Facts::default() };
    Part::Media(Media::new("a.png", &b"\x89PNG\r\n\x1a\n"[..], facts).unwrap())
}

/// The call that a question makes, and what was dropped from it.
async fn call(config: Config, request: &Request) -> Call {
    let transport = Scripted::always(Reply::json_text(500, ""));
    let provider = provider(config, transport.clone()).unwrap();
    provider.analyze(request).await.unwrap_err();
    transport.calls().remove(0)
}

fn body(call: &Call) -> Value {
    serde_json::from_slice(&call.body.bytes()).unwrap()
}

/// What the Responses API says, read.
async fn said(body: &str) -> vision_core::Result<vision_core::Response> {
    let transport = Scripted::always(Reply::json_text(200, body.to_owned()));
    let config = Config { api: Some(Api::Responses), ..config("gpt-6-luna") };
    provider(config, transport).unwrap().analyze(&request(vec![Part::Text("hi".to_owned())])).await
}

#[tokio::test]
async fn what_is_not_completed_is_no_answer() {
    for status in ["queued", "in_progress", "cancelled"] {
        let body =
            format!(r#"{{"status":"{status}","output":[],"usage":{{"input_tokens":9,"output_tokens":2}}}}"#);
        let error = said(&body).await.unwrap_err();
        assert_eq!((error.kind(), error.details.usage.input), (ErrorKind::Malformed, Some(9)));
        assert!(error.message().contains(status) && error.details.maybe_billed, "{error}");
    }
}

#[tokio::test]
async fn the_detail_of_a_document_is_said_or_listed_as_left_out() {
    let pdf = || Part::Media(media::pages("a.pdf", 2));
    let asked = |parts, detail| Request { detail: Some(detail), ..request(parts) };
    let responses = || Config { api: Some(Api::Responses), ..config("gpt-5.6-luna") };
    let sent = call(responses(), &asked(vec![pdf()], Detail::Low)).await;
    assert_eq!((&body(&sent)["input"][0]["content"][0]["detail"], sent.dropped.len()), (&json!("low"), 0));
    let sent = call(responses(), &asked(vec![pdf(), image(9, 9)], Detail::Original)).await;
    let content = &body(&sent)["input"][0]["content"];
    assert_eq!((content[0].get("detail"), &content[1]["detail"]), (None, &json!("original")));
    assert_eq!(sent.dropped, ["detail"]);
    // Chat completions has no place for it.
    let sent = call(config("gpt-5.6-luna"), &asked(vec![pdf()], Detail::Low)).await;
    assert_eq!(sent.dropped, ["detail"]);
}

#[tokio::test]
async fn models_with_rules_of_their_own_are_not_asked_by_those_of_their_family() {
    for model in ["gpt-6-rosalind", "gpt-6-astra-law"] {
        let asked = Request {
            effort: Some(Effort::None),
            temperature: Some(0.0),
            ..request(vec![Part::Text("hi".to_owned())])
        };
        assert_eq!(call(config(model), &asked).await.dropped, ["temperature", "effort"], "{model}");
    }
    let sent = call(config("o1-pro"), &request(vec![Part::Text("hi".to_owned())])).await;
    assert!(sent.url.ends_with("/responses"), "{}", sent.url);
}

#[tokio::test]
async fn a_call_of_a_function_is_no_answer() {
    let call = r#"{"type":"function_call","name":"f","arguments":"{}"}"#;
    let response = said(&format!(r#"{{"status":"completed","output":[{call}]}}"#)).await.unwrap();
    assert_eq!(response.stop, Stop::ToolUse);
    let words = r#"{"type":"message","content":[{"type":"output_text","text":"12.50"}]}"#;
    let response = said(&format!(r#"{{"status":"completed","output":[{call},{words}]}}"#)).await.unwrap();
    assert_eq!((response.stop, response.text.as_str()), (Stop::Complete, "12.50"));
}

#[track_caller]
fn tokens(model: &str, (width, height): (u32, u32), detail: Option<Detail>, tokens: Option<u64>) {
    let request = Request { detail, ..request(vec![image(width, height)]) };
    assert_eq!(build(config(model)).estimate(&request).image, tokens, "{model} {detail:?}");
}

#[test]
fn patch_models_count_squares_of_32_pixels() {
    tokens("gpt-5.4-mini", (1024, 1024), None, Some(1659)); // 1024 × 1.62
    // Scaled to 1536 × 2048, which is 48 × 64 squares.
    tokens("gpt-5.2", (1800, 2400), None, Some(3687)); // 3072 × 1.2
    tokens("gpt-4.1-mini", (1800, 2400), None, Some(4977)); // 3072 × 1.62
    tokens("gpt-5-nano", (1800, 2400), None, Some(7558)); // 3072 × 2.46
}

#[test]
fn newer_models_look_at_every_pixel_unless_told_otherwise() {
    tokens("gpt-5.6-luna", (4096, 4096), None, Some(19_661)); // 16,384 × 1.2
    tokens("gpt-5.6-luna", (4096, 4096), Some(Detail::Auto), Some(19_661));
    tokens("gpt-5.6-luna", (4096, 4096), Some(Detail::High), Some(3000)); // 2500 × 1.2
    tokens("gpt-5.5", (3200, 3200), None, Some(12_000)); // 10,000 × 1.2
    tokens("gpt-5.5", (8000, 8000), None, Some(12_000));
    tokens("gpt-5.4", (3200, 3200), None, Some(3000));
    tokens("gpt-5.4", (3200, 3200), Some(Detail::Original), Some(12_000));
    tokens("gpt-6-luna", (4096, 4096), None, Some(19_661));
    tokens("gpt-6.2-astra", (4096, 4096), None, Some(19_661));
}

/// A user's bill for one picture and the words around it was 11,930 tokens.
#[test]
fn a_picture_costs_what_it_was_seen_to_cost() {
    tokens("gpt-5.6-sol", (4000, 2500), None, Some(11_850));
}

#[tokio::test]
async fn an_image_of_more_squares_than_the_host_takes_is_refused_before_sending() {
    let large = |detail| Request { detail, ..request(vec![image(6048, 6048)]) };
    for model in ["gpt-5.6-terra", "gpt-6-luna"] {
        let error = build(config(model)).analyze(&large(None)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.message().contains("35721 squares of 32 pixels, above the limit of 30000"), "{error}");
        build(config(model)).capabilities().check(&large(Some(Detail::High))).unwrap();
    }
    build(config("gpt-5.5")).capabilities().check(&large(None)).unwrap();
}

#[test]
fn tile_models_count_squares_of_512_pixels() {
    tokens("gpt-4o", (1024, 1024), Some(Detail::High), Some(765));
    tokens("gpt-4o", (2048, 4096), Some(Detail::High), Some(1105));
    tokens("gpt-4o", (4096, 8192), Some(Detail::Low), Some(85));
    tokens("gpt-5", (1024, 1024), None, Some(70 + 4 * 140));
    tokens("gpt-4o-mini", (1024, 1024), None, Some(2833 + 4 * 5667));
    tokens("o3", (1024, 1024), Some(Detail::Low), Some(75));
}

#[test]
fn a_rule_that_is_not_published_is_unknown() {
    tokens("gpt-5.6-luna", (64, 64), Some(Detail::Low), None);
    tokens("brand-new", (64, 64), None, None);
}

#[test]
fn both_doors_estimate_alike() {
    let request = request(vec![image(1800, 2400), Part::Text("Read.".to_owned())]);
    let chat = build(config("gpt-5.2")).estimate(&request);
    let responses = build(Config { api: Some(Api::Responses), ..config("gpt-5.2") }).estimate(&request);
    assert_eq!((chat, chat.input()), (responses, Some(3689)));
}

#[test]
fn a_page_and_a_second_of_sound_have_no_published_price() {
    let estimate = |model, medium| build(config(model)).estimate(&request(vec![Part::Media(medium)]));
    assert_eq!(estimate("gpt-5.6-luna", media::pdf("a.pdf")).pdf, None);
    assert_eq!(estimate("gpt-audio-1.5", media::wav("a.wav")).audio, None);
}

#[tokio::test]
async fn a_temperature_is_sent_only_where_the_model_does_not_reason() {
    let dropped = async |model: &str, effort| {
        let request = Request { effort, ..asked(vec![Part::Text("hi".to_owned())]) };
        call(config(model), &request).await.dropped
    };
    assert!(dropped("gpt-5.6-luna", Some(Effort::None)).await.is_empty());
    assert_eq!(dropped("gpt-5.6-luna", Some(Effort::Low)).await, ["temperature"]);
    assert_eq!(dropped("gpt-5.6-luna", None).await, ["temperature"]);
    assert!(dropped("gpt-5.4", None).await.is_empty());
    for model in ["gpt-6.1-sol", "gpt-6.2-sol", "gpt-6.2-astra", "gpt-6.2-astra-2026-11-20"] {
        assert_eq!(dropped(model, Some(Effort::None)).await, ["temperature", "effort"]);
    }
    assert_eq!(dropped("o3", None).await, ["temperature"]);
    assert!(dropped("gpt-4.1-2025-04-14", None).await.is_empty());
    assert!(dropped("brand-new", Some(Effort::Max)).await.is_empty());
}

#[tokio::test]
async fn older_models_know_no_original_detail() {
    let request = asked(vec![image(9, 9)]);
    assert_eq!(call(config("gpt-4.1"), &request).await.dropped, ["detail"]);
    let call = call(Config { api: Some(Api::Responses), ..config("gpt-5.4") }, &request).await;
    assert_eq!(call.dropped, ["seed"]);
    assert_eq!(body(&call)["input"][0]["content"][0]["detail"], "original");
}

#[tokio::test]
async fn nothing_is_stored_at_either_door() {
    let request = request(vec![Part::Text("hi".to_owned())]);
    for api in [Api::Chat, Api::Responses] {
        let call = call(Config { api: Some(api), ..config("gpt-5.4") }, &request).await;
        assert_eq!(body(&call)["store"], json!(false), "{api:?}");
    }
}

#[tokio::test]
async fn wishes_and_further_fields_reach_both_doors() {
    let request = request(vec![Part::Text("hi".to_owned())]);
    let fields = json!({"top_p": 0.5, "text": {"more": 1}, "store": true});
    let wishes = |api| Config {
        api: Some(api),
        verbosity: Some("low".to_owned()),
        service_tier: Some("flex".to_owned()),
        extra: Extra::new(fields.as_object().unwrap().clone()).unwrap(),
        ..config("gpt-5.4")
    };
    let chat = body(&call(wishes(Api::Chat), &request).await);
    assert_eq!((&chat["verbosity"], &chat["service_tier"]), (&json!("low"), &json!("flex")));
    assert_eq!((&chat["top_p"], &chat["store"]), (&json!(0.5), &json!(true)));
    let responses = body(&call(wishes(Api::Responses), &request).await);
    assert_eq!(responses["text"], json!({"verbosity": "low", "more": 1}));
    assert_eq!((&responses["service_tier"], &responses["store"]), (&json!("flex"), &json!(true)));
}

#[tokio::test]
async fn what_a_model_says_on_its_way_is_not_its_answer() {
    let message = |phase: &str, text: &str| json!({"type": "message", "phase": phase, "content": [{"type": "output_text", "text": text}]});
    let output = json!([message("commentary", "Let me look."), message("final_answer", "42")]);
    let reply = Reply::json_text(200, json!({"status": "completed", "output": output}).to_string());
    let config = Config { api: Some(Api::Responses), ..config("gpt-5.4") };
    let provider = provider(config, Scripted::always(reply)).unwrap();
    let response = provider.analyze(&request(vec![Part::Text("hi".to_owned())])).await.unwrap();
    assert_eq!(response.text, "42");
}

#[tokio::test]
async fn counters_that_cannot_be_are_unknown_and_the_answer_stays() {
    let answer = json!([{"type": "message", "content": [{"type": "output_text", "text": "42"}, 7]}]);
    for usage in [
        json!({"input_tokens": 0, "output_tokens": 0}),
        json!({"input_tokens": -4, "output_tokens": "12"}),
        json!({"input_tokens": 1e300, "output_tokens": u64::MAX}),
        json!("none"),
    ] {
        let body = json!({"status": "completed", "output": answer, "usage": usage});
        let config = Config { api: Some(Api::Responses), ..config("gpt-5.4") };
        let provider = provider(config, Scripted::always(Reply::json_text(200, body.to_string()))).unwrap();
        let response = provider.analyze(&request(vec![Part::Text("hi".to_owned())])).await.unwrap();
        assert_eq!((response.text.as_str(), response.usage.is_known()), ("42", false), "{usage}");
    }
}

#[tokio::test]
async fn a_tiny_cap_is_raised_to_what_the_responses_door_takes() {
    let request =
        Request { max_output_tokens: NonZeroU32::MIN, ..request(vec![Part::Text("hi".to_owned())]) };
    let call = call(Config { api: Some(Api::Responses), ..config("gpt-5.4") }, &request).await;
    assert_eq!(body(&call)["max_output_tokens"], json!(16));
}

#[tokio::test]
async fn each_model_stands_behind_its_door() {
    let request = request(vec![Part::Text("hi".to_owned())]);
    let url = async |config| call(config, &request).await.url;
    assert_eq!(url(config("gpt-5.6-luna")).await, "https://api.openai.com/v1/chat/completions");
    assert_eq!(url(config("gpt-5.2-pro-2025-12-11")).await, "https://api.openai.com/v1/responses");
    let chat = Config { api: Some(Api::Chat), ..config("gpt-5.2-pro") };
    let error = provider(chat, Arc::new(Scripted::default())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.message().contains("Responses API only"), "{error}");
}

#[tokio::test]
async fn whoever_is_billed_is_named_in_headers() {
    let config = Config {
        organisation: Some("org-hand".to_owned()),
        project: Some("proj_hand".to_owned()),
        ..config("gpt-5.4")
    };
    let call = call(config, &request(vec![Part::Text("hi".to_owned())])).await;
    let expected = [("openai-organization", "org-hand".into()), ("openai-project", "proj_hand".into())];
    assert_eq!(call.headers, expected);
    assert_eq!(call.secrets().count(), 3);
}

#[tokio::test]
async fn pdfs_by_address_go_through_one_door_only() {
    let link = Media::from_url("https://example.test/a.pdf", MediaKind::Pdf, Facts::default());
    let request = request(vec![Part::Media(link)]);
    let error = build(config("gpt-5.4")).analyze(&request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let call = call(Config { api: Some(Api::Responses), ..config("gpt-5.4") }, &request).await;
    let piece = json!({"type": "input_file", "file_url": "https://example.test/a.pdf"});
    assert_eq!(body(&call)["input"][0]["content"][0], piece);
}

#[test]
fn sound_and_images_do_not_mix() {
    let takes = |model| build(config(model)).capabilities().clone();
    let modalities = |able: &Capabilities| (able.takes(Modality::Image), able.takes(Modality::Audio));
    assert_eq!(modalities(&takes("gpt-audio-1.5")), (false, true));
    assert_eq!(modalities(&takes("gpt-5.6-luna")), (true, false));
    assert_eq!(modalities(&takes("brand-new")), (true, true));
    assert!(!takes("gpt-audio-1.5").json_schema);
}

#[tokio::test]
async fn a_transcription_is_a_form() {
    let recording = Part::Media(media::wav("talks/monday.wave"));
    let request = Request { temperature: Some(0.5), seed: Some(7), ..request(vec![recording]) };
    let request = Request { task: Task::Transcribe, ..request };
    let call = call(Config { language: Some("de".to_owned()), ..config("whisper-1") }, &request).await;
    assert_eq!(call.url, "https://api.openai.com/v1/audio/transcriptions");
    assert_eq!(call.dropped, ["seed"]);
    let text = String::from_utf8_lossy(&call.body.bytes()).into_owned();
    for field in [
        "name=\"model\"\r\n\r\nwhisper-1\r\n",
        "name=\"response_format\"\r\n\r\njson\r\n",
        "name=\"language\"\r\n\r\nde\r\n",
        "name=\"temperature\"\r\n\r\n0.5\r\n",
        "name=\"file\"; filename=\"monday.wav\"\r\ncontent-type: audio/wav\r\n\r\nRIFF",
    ] {
        assert!(text.contains(field), "{field} in {text}");
    }
}

#[tokio::test]
async fn a_transcription_takes_one_recording_and_no_question() {
    let whisper = build(config("whisper-1"));
    let two = vec![Part::Media(media::wav("a.wav")), Part::Media(media::wav("b.wav"))];
    for (task, parts) in [(Task::Transcribe, two), (Task::Receipt, vec![])] {
        let error = whisper.analyze(&Request { task, ..request(parts) }).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    }
}

#[test]
fn a_transcription_is_billed_by_the_second() {
    let facts = Facts { seconds: Some(3.2), ..Facts::default() };
    let bytes = media::wav("a.wav").bytes().unwrap().clone();
    let recording = Media::new("a.wav", bytes, facts).unwrap();
    let estimate = build(config("whisper-1")).estimate(&request(vec![Part::Media(recording)]));
    assert_eq!((estimate.audio_seconds, estimate.input()), (Some(4), Some(0)));
}

#[test]
fn the_model_list_is_completed_from_our_table() {
    let config = config("gpt-5.6-luna");
    assert_eq!(models_call(&config).url, "https://api.openai.com/v1/models");
    let reply = Reply::json_text(200, include_str!("fixtures/handmade_models.json"));
    insta::assert_json_snapshot!(decode_models(&config, &reply).unwrap());
    let error = decode_models(&config, &Reply::json_text(401, "{}")).unwrap_err();
    assert_eq!(error.message(), "key rejected by api.openai.com");
}

#[test]
fn ends_of_life_are_known_by_alias_and_date() {
    assert_eq!(end_of_life("gpt-5"), Some("2026-12-11"));
    assert_eq!(end_of_life("gpt-5-mini-2025-08-07"), Some("2026-12-11"));
    assert_eq!(end_of_life("whisper-1"), Some("2027-02-26"));
    assert_eq!(end_of_life("gpt-5.6-luna"), None);
}

#[test]
fn an_empty_key_is_named_before_anything_is_sent() {
    let error = provider(Config::new("gpt-5.4", Secret::new("")), Arc::new(Scripted::default())).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Config, "the key for api.openai.com is empty"));
}

#[tokio::test]
async fn an_unheard_of_state_is_kept() {
    let reply = Reply::json_text(
        200,
        r#"{"status":"incomplete","incomplete_details":{"reason":"tired"},"output":[]}"#,
    );
    let config = Config { api: Some(Api::Responses), ..config("gpt-5.4") };
    let provider = provider(config, Scripted::always(reply)).unwrap();
    let response = provider.analyze(&request(vec![Part::Text("hi".to_owned())])).await.unwrap();
    assert_eq!(response.stop, Stop::Other("tired".to_owned()));
}
