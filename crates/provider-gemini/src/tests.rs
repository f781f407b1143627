use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use vision_core::{
    Detail, Effort, ErrorKind, Facts, Media, MediaKind, Modality, Output, Part, Request, Response, Result,
    Schema, Secret, Stop, Task, VisionProvider,
};
use vision_http::{Extra, ModelInfo, Reply};
use vision_testkit::Scripted;

use crate::{Config, Gemini, Pause, Safety, decode_models, models_call, provider};

const NEW: &str = "gemini-3.7-flash";
const OLDER: &str = "gemini-2.5-flash";
const PRO: &str = "gemini-2.5-pro";
const OPEN: &str = "gemma-3-27b-it";

fn config(model: &str) -> Config {
    Config::new(model, Secret::new("key"), Pause::new(|_| std::future::ready(())))
}

fn gemini(model: &str) -> Gemini {
    Gemini::new(config(model), Scripted::always(Reply::default()))
}

fn request(parts: Vec<Part>) -> Request {
    Request::new(Task::Text, parts, NonZeroU32::new(512).unwrap())
}

fn question() -> Request {
    request(vec![Part::Text("How much?".to_owned())])
}

fn png() -> Part {
    let facts = Facts { width: Some(960), height: Some(540), ..Facts::default() };
    Part::Media(Media::new("a.png", &b"\x89PNG\r\n\x1a\n"[..], facts).unwrap())
}

fn link(kind: MediaKind) -> Part {
    Part::Media(Media::from_url(format!("https://example.com/a.{kind}"), kind, Facts::default()))
}

/// What a valid body holds at a pointer, and what was dropped.
#[track_caller]
fn sends(model: &str, request: &Request, pointer: &str, expected: Value, dropped: &[&str]) {
    sent_by(&gemini(model), request, pointer, expected, dropped);
}

#[track_caller]
fn sent_by(gemini: &Gemini, request: &Request, pointer: &str, expected: Value, dropped: &[&str]) {
    let call = gemini.encode(request, &[]).unwrap();
    let body: Value = serde_json::from_slice(&call.body.bytes()).unwrap();
    assert_eq!(vision_testkit::validate("gemini.generate_content.request", &body), Ok(()));
    assert_eq!(body.pointer(pointer).unwrap_or(&Value::Null), &expected, "{pointer} in {body:#}");
    assert_eq!(call.dropped, dropped);
}

#[test]
fn the_key_is_in_the_header_and_not_in_the_address() {
    let call = gemini("models/gemini-3.7-flash").encode(&question(), &[]).unwrap();
    assert_eq!(call.auth.map(|auth| auth.place()), Some(("x-goog-api-key", "")));
    assert!(!call.url.contains('?'), "{}", call.url);
}

#[test]
fn newer_models_take_no_temperature_but_a_seed() {
    let request = Request { temperature: Some(0.5), seed: Some(7), ..question() };
    sends(NEW, &request, "/generationConfig/temperature", Value::Null, &["temperature"]);
    sends(NEW, &request, "/generationConfig/seed", json!(7), &["temperature"]);
    sends(OLDER, &request, "/generationConfig/temperature", json!(0.5), &[]);
}

#[test]
fn a_seed_beyond_the_wire_s_integer_is_dropped() {
    let request = Request { seed: Some(1 << 31), ..question() };
    sends(NEW, &request, "/generationConfig/seed", Value::Null, &["seed"]);
}

#[test]
fn effort_is_a_level_or_a_budget_and_never_both() {
    let effort = |effort| Request { effort: Some(effort), ..question() };
    let at = "/generationConfig/thinkingConfig";
    sends(NEW, &effort(Effort::Low), at, json!({"thinkingLevel": "LOW"}), &[]);
    sends(OLDER, &effort(Effort::Low), at, json!({"thinkingBudget": 384}), &[]);
    sends("gemini-9", &effort(Effort::Xhigh), at, json!({"thinkingLevel": "XHIGH"}), &[]);
}

#[test]
fn only_some_models_can_do_without_thinking() {
    let none = Request { effort: Some(Effort::None), ..question() };
    let at = "/generationConfig/thinkingConfig";
    sends(OLDER, &none, at, json!({"thinkingBudget": 0}), &[]);
    sends(PRO, &none, at, Value::Null, &["effort"]);
    sends(NEW, &none, at, Value::Null, &["effort"]);
    sends(OPEN, &none, at, Value::Null, &["effort"]);
}

#[test]
fn detail_is_said_for_each_image_or_once() {
    let detail = |detail| Request { detail: Some(detail), ..request(vec![png(), link(MediaKind::Pdf)]) };
    let (part, whole) = ("/contents/0/parts/0/mediaResolution/level", "/generationConfig/mediaResolution");
    sends(NEW, &detail(Detail::Original), part, json!("MEDIA_RESOLUTION_ULTRA_HIGH"), &["detail"]);
    sends(NEW, &detail(Detail::Low), whole, Value::Null, &[]);
    let page = "/contents/0/parts/1/mediaResolution";
    sends(NEW, &detail(Detail::Low), page, json!({"level": "MEDIA_RESOLUTION_LOW"}), &[]);
    sends(NEW, &detail(Detail::Original), page, Value::Null, &["detail"]);
    sends(NEW, &detail(Detail::Auto), part, Value::Null, &[]);
    sends(OLDER, &detail(Detail::Low), whole, json!("MEDIA_RESOLUTION_LOW"), &[]);
    sends(OLDER, &detail(Detail::Low), part, Value::Null, &[]);
    sends(OLDER, &detail(Detail::Original), whole, Value::Null, &["detail"]);
    sends(OLDER, &detail(Detail::Auto), whole, Value::Null, &[]);
}

#[test]
fn vertex_reads_its_own_storage_as_closely_as_it_is_told() {
    let medium = Media::from_url("gs://bucket/a.png", MediaKind::Png, Facts::default());
    let request = Request { detail: Some(Detail::High), ..request(vec![Part::Media(medium)]) };
    gemini(NEW).capabilities.check(&request).unwrap_err();
    let vertex = Gemini::new(Config { uploads: false, ..config(NEW) }, Arc::new(Scripted::default()));
    vertex.capabilities.check(&request).unwrap();
    sent_by(&vertex, &request, "/contents/0/parts/0/fileData/fileUri", json!("gs://bucket/a.png"), &[]);
    let part = "/contents/0/parts/0/mediaResolution/level";
    sent_by(&vertex, &request, part, json!("MEDIA_RESOLUTION_HIGH"), &[]);
}

#[test]
fn a_model_without_system_instruction_reads_it_first() {
    let request = Request { system: Some("You read receipts.".to_owned()), ..question() };
    sends(OPEN, &request, "/contents/0/parts/0/text", json!("You read receipts."), &[]);
    sends(OPEN, &request, "/systemInstruction", Value::Null, &[]);
    sends(NEW, &request, "/systemInstruction", json!({"parts": [{"text": "You read receipts."}]}), &[]);
}

#[test]
fn json_is_a_mime_type_and_perhaps_a_schema() {
    let schema = json!({"type": "object", "properties": {}, "required": []});
    let schema = Schema { name: "receipt".into(), schema: Arc::new(schema), strict: true };
    let with = |output| Request { output, ..question() };
    let (mime, at) = ("/generationConfig/responseMimeType", "/generationConfig/responseJsonSchema");
    sends(NEW, &with(Output::Schema(schema.clone())), mime, json!("application/json"), &[]);
    sends(NEW, &with(Output::Schema(schema.clone())), at, (*schema.schema).clone(), &[]);
    sends(NEW, &with(Output::Json), mime, json!("application/json"), &[]);
    sends(NEW, &with(Output::Json), at, Value::Null, &[]);
    sends(NEW, &question(), mime, Value::Null, &[]);
}

#[test]
fn every_format_has_the_type_the_vendor_names() {
    for (kind, mime) in [
        (MediaKind::Wav, "audio/wav"),
        (MediaKind::Mp3, "audio/mp3"),
        (MediaKind::Aiff, "audio/aiff"),
        (MediaKind::Aac, "audio/aac"),
        (MediaKind::Ogg, "audio/ogg"),
        (MediaKind::Flac, "audio/flac"),
        (MediaKind::Pdf, "application/pdf"),
        (MediaKind::Heic, "image/heic"),
        (MediaKind::Mp4, "video/mp4"),
    ] {
        assert!(gemini(NEW).capabilities().accepts(kind), "{kind}");
        let file = json!({"mimeType": mime, "fileUri": format!("https://example.com/a.{kind}")});
        sends(NEW, &request(vec![link(kind)]), "/contents/0/parts/0/fileData", file, &[]);
    }
    assert!(!gemini(NEW).capabilities().accepts(MediaKind::Gif));
    assert!(!gemini(OPEN).capabilities().accepts(MediaKind::Pdf));
}

#[test]
fn filters_can_be_switched_off() {
    let wire = Gemini::new(Config { safety: Safety::Off, ..config(NEW) }, Scripted::always(Reply::default()));
    let expected = json!({"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "threshold": "BLOCK_NONE"});
    sent_by(&wire, &question(), "/safetySettings/3", expected, &[]);
    sends(NEW, &question(), "/safetySettings", Value::Null, &[]);
}

#[test]
fn single_filters_can_be_set() {
    let thresholds = [("jailbreak", "BLOCK_NONE"), ("HARM_CATEGORY_HARASSMENT", "BLOCK_ONLY_HIGH")];
    let thresholds = thresholds.map(|(name, threshold)| (name.to_owned(), threshold.to_owned())).into();
    let transport = Scripted::always(Reply::default());
    let wire = Gemini::new(Config { safety: Safety::Off, thresholds, ..config(NEW) }, transport);
    let call = wire.encode(&question(), &[]).unwrap();
    let body: Value = serde_json::from_slice(&call.body.bytes()).unwrap();
    assert_eq!(vision_testkit::validate("gemini.generate_content.request", &body), Ok(()));
    let settings = body["safetySettings"].as_array().unwrap();
    let threshold = |category: &str| {
        let mut all = settings.iter().filter(|setting| setting["category"] == category);
        let (Some(setting), None) = (all.next(), all.next()) else { panic!("{category} in {settings:?}") };
        setting["threshold"].clone()
    };
    assert_eq!(threshold("HARM_CATEGORY_JAILBREAK"), "BLOCK_NONE");
    assert_eq!(threshold("HARM_CATEGORY_HARASSMENT"), "BLOCK_ONLY_HIGH");
    assert_eq!(threshold("HARM_CATEGORY_HATE_SPEECH"), "BLOCK_NONE");
}

#[test]
fn further_fields_go_where_they_belong() {
    let fields = json!({"generationConfig": {"topK": 5}});
    let extra = Extra::new(fields.as_object().unwrap().clone()).unwrap();
    let wire = Gemini::new(Config { extra, ..config(NEW) }, Scripted::always(Reply::default()));
    sent_by(&wire, &question(), "/generationConfig", json!({"maxOutputTokens": 512, "topK": 5}), &[]);
}

#[test]
fn thinking_leaves_room_for_the_answer() {
    let budget = "/generationConfig/thinkingConfig/thinkingBudget";
    let effort = |effort, most| Request {
        effort: Some(effort),
        max_output_tokens: NonZeroU32::new(most).unwrap(),
        ..question()
    };
    sends(OLDER, &effort(Effort::High, 8000), budget, json!(4096), &[]);
    sends(OLDER, &effort(Effort::High, 2000), budget, json!(1500), &[]);
    sends(OLDER, &effort(Effort::None, 100), budget, json!(0), &[]);
    sends(PRO, &effort(Effort::Minimal, 172), budget, json!(128), &[]);
    sends(PRO, &effort(Effort::Max, 100), budget, Value::Null, &["effort"]);
}

#[test]
fn estimates_follow_the_published_rules() {
    let wav = Part::Media(Media::from_url(
        "https://example.com/a.wav",
        MediaKind::Wav,
        Facts { seconds: Some(2.0), ..Facts::default() },
    ));
    let asked = request(vec![png(), wav, Part::Text("12345678".to_owned())]);
    let estimate = gemini(OLDER).estimate(&asked);
    assert_eq!(
        (estimate.text, estimate.image, estimate.pdf, estimate.audio),
        (2, Some(1548), Some(0), Some(64))
    );
    assert_eq!(gemini(NEW).estimate(&asked).image, Some(1120));
    let facts = Facts { seconds: Some(10.0), ..Facts::default() };
    let film = Part::Media(Media::from_url("https://example.com/a.mp4", MediaKind::Mp4, facts));
    let asked = request(vec![film]);
    for (model, tokens) in [(OLDER, 2630), (NEW, 1020)] {
        let estimate = gemini(model).estimate(&asked);
        assert_eq!((estimate.image, estimate.audio), (Some(tokens), Some(0)), "{model}");
    }
    assert_eq!(gemini("gemini-9").estimate(&asked).input(), None);
}

#[test]
fn a_wrong_setting_is_named() {
    let error = |config| provider(config, Scripted::always(Reply::default())).unwrap_err();
    let empty = error(Config { key: Secret::new(""), ..config(NEW) });
    assert_eq!((empty.kind(), empty.message()), (ErrorKind::Config, "the key for gemini is empty"));
    let strange = error(config("gemini?key=1"));
    assert_eq!(
        (strange.kind(), strange.message()),
        (ErrorKind::Config, "`gemini?key=1` is no model of gemini")
    );
}

fn decode(body: &'static str) -> Result<Response> {
    gemini(NEW).decode(&Reply::json_text(200, body))
}

#[test]
fn a_tier_is_told_by_the_traffic_the_counts_or_a_header() {
    let answer = |counts: &str| {
        let candidate = r#"{"content":{"parts":[{"text":"p"}]},"finishReason":"STOP"}"#;
        Reply::json_text(200, format!(r#"{{"candidates":[{candidate}],"usageMetadata":{counts}}}"#))
    };
    let tier = |reply: &Reply| gemini(NEW).decode(reply).unwrap().service_tier;
    assert_eq!(tier(&answer(r#"{"trafficType":"ON_DEMAND"}"#)).as_deref(), Some("on_demand"));
    assert_eq!(tier(&answer(r#"{"trafficType":"ON_DEMAND_PRIORITY"}"#)).as_deref(), Some("priority"));
    assert_eq!(tier(&answer(r#"{"trafficType":"TRAFFIC_TYPE_UNSPECIFIED"}"#)), None);
    assert_eq!(tier(&answer(r#"{"serviceTier":"FLEX"}"#)).as_deref(), Some("flex"));
    let told = answer("{}").with_header("x-gemini-service-tier", "priority");
    assert_eq!(tier(&told).as_deref(), Some("priority"));
    let regional = Config { regional: true, ..config(NEW) };
    let regional = Gemini::new(regional, Scripted::always(Reply::default()));
    assert_eq!(regional.estimate(&question()).surcharge.map(|it| it.name()), Some("regional"));
    let response = regional.decode(&answer(r#"{"trafficType":"ON_DEMAND"}"#)).unwrap();
    assert_eq!(response.service_tier.as_deref(), Some("on_demand+regional"));
}

#[test]
fn sound_from_the_cache_is_told_apart() {
    let body = r#"{"candidates":[{"content":{"parts":[{"text":"p"}]},"finishReason":"STOP"}],"usageMetadata":{
        "promptTokenCount":1000,"candidatesTokenCount":10,"cachedContentTokenCount":500,
        "promptTokensDetails":[{"modality":"TEXT","tokenCount":100},{"modality":"AUDIO","tokenCount":900}],
        "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":500}]}}"#;
    let usage = decode(body).unwrap().usage;
    assert_eq!((usage.audio, usage.cached, usage.cached_audio), (Some(900), Some(500), Some(500)));
}

#[test]
fn a_call_of_a_function_is_no_answer() {
    let call = r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{}}}]},"finishReason":"STOP"}]}"#;
    assert_eq!(decode(call).unwrap().stop, Stop::ToolUse);
    let both = r#"{"candidates":[{"content":{"parts":[{"text":"a"},{"functionCall":{"name":"f"}}]},"finishReason":"STOP"}]}"#;
    assert_eq!(decode(both).unwrap().stop, Stop::Complete);
    let escalated = r#"{"candidates":[{"finishReason":"ESCALATION"}]}"#;
    assert_eq!(decode(escalated).unwrap().stop, Stop::Filtered(Some("ESCALATION".to_owned())));
}

#[test]
fn a_blocked_prompt_is_an_error_and_keeps_what_was_counted() {
    let error = decode(include_str!("../tests/fixtures/handmade_blocked.json")).unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Refused, false));
    assert_eq!((error.details.usage.input, error.details.usage.output), (Some(20), Some(0)));
    assert!(error.details.maybe_billed);
}

#[test]
fn nothing_at_all_is_malformed() {
    for body in ["{}", r#"{"candidates":[]}"#, r#"{"candidates":null,"promptFeedback":{}}"#] {
        assert_eq!(decode(body).unwrap_err().kind(), ErrorKind::Malformed, "{body}");
    }
}

#[test]
fn an_error_inside_a_success_is_an_error() {
    let error = decode(include_str!("../tests/fixtures/handmade_error_array.json")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[test]
fn thoughts_are_no_text_and_parts_are_joined() {
    let body = r#"{"candidates":[{"finishReason":"HOLOGRAM","content":{"parts":[{"text":"no","thought":true},
        {"text":"a"},{"inlineData":{"mimeType":"image/png","data":""}},{"text":"b","thought":false}]}}]}"#;
    let response = decode(body).unwrap();
    assert_eq!((response.text.as_str(), response.stop), ("ab", Stop::Other("HOLOGRAM".to_owned())));
}

#[test]
fn an_answer_in_a_list_is_an_answer() {
    let one =
        decode(r#"[{"candidates":[{"content":{"parts":[{"text":"42"}]},"finishReason":"STOP"}]}]"#).unwrap();
    assert_eq!((one.text.as_str(), one.stop), ("42", Stop::Complete));
    let pieces = decode(
        r#"[{"candidates":[{"content":{"parts":[{"text":"4"}]}}],"modelVersion":"m"},
            {"candidates":[{"content":{"parts":[{"text":"2"}]},"finishReason":"STOP"}],
             "usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2}}]"#,
    );
    let pieces = pieces.unwrap();
    assert_eq!(
        (pieces.text.as_str(), pieces.stop, pieces.model.as_deref()),
        ("42", Stop::Complete, Some("m"))
    );
    assert_eq!((pieces.usage.input, pieces.usage.output), (Some(9), Some(2)));
    assert_eq!(decode("[]").unwrap_err().kind(), ErrorKind::Malformed);
}

#[test]
fn counters_that_cannot_be_are_unknown_and_the_answer_stays() {
    for counters in [
        r#"{"promptTokenCount":-1,"candidatesTokenCount":-5}"#,
        r#"{"promptTokenCount":"90","candidatesTokenCount":"4"}"#,
        r#"{"promptTokenCount":0,"candidatesTokenCount":0}"#,
        r#"{"promptTokenCount":18446744073709551615,"candidatesTokenCount":18446744073709551615,"thoughtsTokenCount":9}"#,
    ] {
        let body = format!(
            r#"{{"candidates":[{{"content":{{"parts":[{{"text":"42"}}]}},"finishReason":"STOP"}}],"usageMetadata":{counters}}}"#
        );
        let response = gemini(NEW).decode(&Reply::json_text(200, body)).unwrap();
        assert_eq!((response.text.as_str(), response.usage.input), ("42", None), "{counters}");
        assert_eq!(response.usage.output, None, "{counters}");
    }
}

#[test]
fn a_daily_quota_is_final_although_it_names_a_delay() {
    let reply = Reply::json_text(429, include_str!("../tests/fixtures/handmade_error_day.json"));
    let error = gemini(NEW).decode(&reply).unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::QuotaExhausted, false));
    assert_eq!(error.details.retry_after, Some(Duration::from_secs(37)));
}

#[test]
fn a_long_message_is_cut() {
    let message = "quota ".repeat(200);
    let body = format!(
        r#"{{"error":{{"code":400,"message":"{message}","status":"INVALID_ARGUMENT","details":null}}}}"#
    );
    let error = gemini(NEW).decode(&Reply::json_text(400, body)).unwrap_err();
    assert!(error.message().len() < 400 && error.message().ends_with('…'), "{error}");
}

#[test]
fn the_list_of_models_is_read() {
    let call = models_call(&config(NEW));
    assert_eq!(call.url, "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000");
    let reply = Reply::json_text(200, include_str!("../tests/fixtures/handmade_models.json"));
    let models = decode_models(&config(NEW), &reply).unwrap();
    let known = ModelInfo {
        id: "gemini-3.1-flash-lite".to_owned(),
        end_of_life: Some("2027-05-07".to_owned()),
        modalities: Some(vec![Modality::Image, Modality::Pdf, Modality::Audio, Modality::Video]),
        context: Some(1_048_576),
    };
    assert_eq!(models, [known, ModelInfo { id: "brand-new".to_owned(), ..ModelInfo::default() }]);
    let refused = Reply::json_text(400, include_str!("../tests/fixtures/handmade_error_key.json"));
    assert_eq!(decode_models(&config(NEW), &refused).unwrap_err().kind(), ErrorKind::Auth);
}
