use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use vision_core::{
    Detail, Effort, ErrorKind, Facts, Media, MediaKind, Modality, Output, Part, Request, Response, Result,
    Schema, Secret, Stop, Task, Usage,
};
use vision_http::{Call, Extra, ModelInfo, Reply, Wire};

use crate::{Config, KeyHeader, Messages, OversizedImage, Version, decode_models, models_call, provider};

const NEW: &str = "claude-haiku-5-5";
const ALWAYS: &str = "claude-sonnet-5-5";
const OLDER: &str = "claude-sonnet-4-6";
const BUDGET: &str = "claude-haiku-4-5";
const NO_SCHEMA: &str = "claude-sonnet-4-20250514";

fn config(model: &str) -> Config {
    Config::new(model, Secret::new("key"))
}

fn wire(model: &str) -> Messages {
    Messages::new(config(model))
}

fn older_version(model: &str) -> Messages {
    Messages::new(Config { version: Version::V20230601, ..config(model) })
}

fn request(parts: Vec<Part>) -> Request {
    Request::new(Task::Text, parts, NonZeroU32::new(4096).unwrap())
}

fn question() -> Request {
    request(vec![Part::Text("How much?".to_owned())])
}

fn png(width: u32, height: u32) -> Part {
    let facts = Facts { width: Some(width), height: Some(height), ..Facts::default() };
    Part::Media(Media::new("a.png", &b"\x89PNG\r\n\x1a\n"[..], facts).unwrap())
}

fn pdf() -> Part {
    Part::Media(Media::new("a.pdf", &b"%PDF-1.7"[..], Facts::default()).unwrap())
}

fn schema() -> Output {
    let schema = json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false});
    Output::Schema(Schema { name: "receipt".into(), schema: Arc::new(schema), strict: true })
}

fn body(call: &Call) -> Value {
    serde_json::from_slice(&call.body.bytes()).unwrap()
}

/// What a body holds at a pointer, and what was dropped.
#[track_caller]
fn sends(wire: &Messages, request: &Request, pointer: &str, expected: Value, dropped: &[&str]) {
    let call = wire.encode(request).unwrap();
    let schema = format!("anthropic.messages.request.{}.core", wire.config.version.name());
    assert_eq!(vision_testkit::validate(&schema, &body(&call)), Ok(()));
    assert_eq!(body(&call).pointer(pointer).unwrap_or(&Value::Null), &expected, "{pointer}");
    assert_eq!(call.dropped, dropped);
}

#[test]
fn the_version_is_a_setting() {
    let version = |wire: Messages| wire.encode(&question()).unwrap().headers;
    assert_eq!(version(wire(NEW)), [("anthropic-version", "2026-10-21".to_owned())]);
    assert_eq!(version(older_version(NEW)), [("anthropic-version", "2023-06-01".to_owned())]);
}

#[test]
fn the_header_of_the_key_is_a_setting() {
    let auth = |key_header| {
        let wire = Messages::new(Config { key_header, ..config(NEW) });
        wire.encode(&question()).unwrap().auth.map(|auth| auth.place()).unwrap()
    };
    assert_eq!(auth(KeyHeader::ApiKey), ("x-api-key", ""));
    assert_eq!(auth(KeyHeader::Bearer), ("authorization", "Bearer "));
}

#[test]
fn a_temperature_is_sent_only_where_version_and_model_take_it() {
    let request = Request { temperature: Some(0.5), ..question() };
    sends(&older_version(OLDER), &request, "/temperature", json!(0.5), &[]);
    sends(&older_version(NEW), &request, "/temperature", Value::Null, &["temperature"]);
    sends(&wire(OLDER), &request, "/temperature", Value::Null, &["temperature"]);
    assert!(older_version(OLDER).capabilities().temperature);
    assert!(!wire(OLDER).capabilities().temperature && !older_version(NEW).capabilities().temperature);
}

#[test]
fn a_model_that_thinks_takes_no_temperature() {
    let request = |effort| Request { temperature: Some(0.5), effort: Some(effort), ..question() };
    sends(&older_version(OLDER), &request(Effort::Low), "/temperature", Value::Null, &["temperature"]);
    sends(&older_version(OLDER), &request(Effort::None), "/temperature", json!(0.5), &[]);
}

#[test]
fn seed_and_detail_have_no_place() {
    let request = Request { seed: Some(7), detail: Some(Detail::High), ..question() };
    sends(&wire(NEW), &request, "/seed", Value::Null, &["seed", "detail"]);
}

#[test]
fn effort_is_said_in_the_model_s_own_way() {
    let effort = |effort| Request { effort: Some(effort), ..question() };
    sends(&wire(NEW), &effort(Effort::Low), "/output_config/effort", json!("low"), &[]);
    sends(&wire(NEW), &effort(Effort::Low), "/thinking", json!({"type": "adaptive"}), &[]);
    sends(&wire(NEW), &effort(Effort::None), "/thinking", json!({"type": "disabled"}), &[]);
    sends(&wire(NEW), &effort(Effort::Minimal), "/thinking", Value::Null, &["effort"]);
    sends(&wire(OLDER), &effort(Effort::Xhigh), "/output_config", Value::Null, &["effort"]);
    let budget = json!({"type": "enabled", "budget_tokens": 2048});
    sends(&wire(BUDGET), &effort(Effort::Medium), "/thinking", budget, &[]);
}

#[test]
fn a_model_that_always_thinks_cannot_be_told_not_to() {
    let none = Request { effort: Some(Effort::None), ..question() };
    sends(&wire(ALWAYS), &none, "/thinking", Value::Null, &["effort"]);
    let high = Request { effort: Some(Effort::High), ..question() };
    sends(&wire(ALWAYS), &high, "/thinking", Value::Null, &[]);
}

#[test]
fn a_thinking_budget_leaves_room_for_the_answer() {
    let most = |most| Request {
        effort: Some(Effort::Max),
        temperature: Some(0.5),
        max_output_tokens: NonZeroU32::new(most).unwrap(),
        ..question()
    };
    let wire = older_version(BUDGET);
    sends(&wire, &most(4000), "/thinking/budget_tokens", json!(3000), &["temperature"]);
    sends(&wire, &most(1200), "/thinking", Value::Null, &["effort"]);
}

#[test]
fn a_schema_is_an_output_format() {
    let request = Request { output: schema(), ..question() };
    let call = wire(NEW).encode(&request).unwrap();
    let format = &body(&call)["output_config"]["format"];
    assert_eq!(format["type"], "json_schema");
    assert_eq!(format["schema"]["type"], "object");
    assert!(format.get("name").is_none() && format.get("strict").is_none());
}

#[test]
fn a_model_without_output_formats_is_made_to_use_a_tool() {
    let request = Request { output: schema(), effort: Some(Effort::High), ..question() };
    let wire = wire(NO_SCHEMA);
    sends(&wire, &request, "/tool_choice", json!({"type": "tool", "name": "receipt"}), &["effort"]);
    sends(&wire, &request, "/tools/0/input_schema/type", json!("object"), &["effort"]);
    sends(&wire, &request, "/output_config", Value::Null, &["effort"]);
}

#[test]
fn media_are_sent_in_order_as_base64_or_link() {
    let link = |url: &str, kind| Part::Media(Media::from_url(url, kind, Facts::default()));
    let request = request(vec![
        png(1, 1),
        link("https://example.com/b.jpg", MediaKind::Jpeg),
        pdf(),
        link("https://example.com/c.pdf", MediaKind::Pdf),
        Part::Text("What?".to_owned()),
    ]);
    let expected = json!([
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}},
        {"type": "image", "source": {"type": "url", "url": "https://example.com/b.jpg"}},
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0xLjc="}},
        {"type": "document", "source": {"type": "url", "url": "https://example.com/c.pdf"}},
        {"type": "text", "text": "What?"},
    ]);
    sends(&wire(NEW), &request, "/messages/0/content", expected, &[]);
}

#[test]
fn silent_scaling_can_be_forbidden() {
    let config = Config { oversized_image: Some(OversizedImage::Error), ..config(NEW) };
    let expected = json!({"oversized_image": "error"});
    sends(
        &Messages::new(config),
        &request(vec![png(1, 1)]),
        "/messages/0/content/0/transformations",
        expected,
        &[],
    );
}

#[test]
fn many_images_must_be_smaller() {
    let wire = wire(NEW);
    let images = |count, side| request((0..count).map(|_| png(side, 1)).collect());
    wire.encode(&images(20, 2001)).unwrap();
    wire.encode(&images(21, 2000)).unwrap();
    let error = wire.encode(&images(21, 2001)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().starts_with("a.png is 2001 pixels long"), "{error}");
}

#[test]
fn limits_follow_the_context() {
    let limits = |model| {
        let wire = wire(model);
        (wire.capabilities().max_images, wire.capabilities().max_pdf_pages)
    };
    assert_eq!(limits(BUDGET), (Some(100), Some(100)));
    assert_eq!(limits(NEW), (Some(600), Some(600)));
}

#[test]
fn estimates_follow_the_published_rule() {
    let estimate = |model, parts| wire(model).estimate(&request(parts));
    assert_eq!(estimate(OLDER, vec![png(1920, 1080), png(200, 200)]).image, Some(1560 + 64));
    assert_eq!(estimate(ALWAYS, vec![png(3840, 2160)]).image, Some(4784));
    assert_eq!(estimate("claude-next", vec![png(10, 10)]).image, None);
    let unsized_link = Media::from_url("https://example.com/a.png", MediaKind::Png, Facts::default());
    assert_eq!(estimate(NEW, vec![Part::Media(unsized_link)]).image, None);
    assert_eq!((estimate(NEW, vec![]).pdf, estimate(NEW, vec![pdf()]).pdf), (Some(0), None));
    let full = Request { system: Some("12345678".to_owned()), output: schema(), ..question() };
    let text = wire(NEW).estimate(&full).text;
    assert_eq!(
        text,
        2 + 3
            + serde_json::to_string(
                &json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false})
            )
            .unwrap()
            .len()
            .div_ceil(4) as u64
    );
}

#[test]
fn an_empty_setting_is_named() {
    let transport = vision_testkit::Scripted::always(Reply::default());
    let error = provider(Config { model: String::new(), ..config(NEW) }, transport).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Config, "the model for anthropic is empty"));
}

fn decode(body: &'static str) -> Result<Response> {
    wire(NEW).decode(&Reply::json_text(200, body))
}

#[test]
fn the_three_input_counters_add_up() {
    let usage = decode(include_str!("../tests/fixtures/handmade_success.json")).unwrap().usage;
    let expected = Usage {
        input: Some(180 + 300 + 1024),
        cached: Some(1024),
        cache_write: Some(200),
        cache_write_long: Some(100),
        output: Some(40),
        reasoning: Some(24),
        ..Usage::default()
    };
    assert_eq!(usage, expected);
}

#[test]
fn without_a_split_cache_writes_are_short() {
    let usage = |counters: &str| {
        let body = format!(r#"{{"content":[],"usage":{counters}}}"#);
        wire(NEW).decode(&Reply::json_text(200, body)).unwrap().usage
    };
    let plain = usage(r#"{"input_tokens":1,"cache_creation_input_tokens":20,"output_tokens":2}"#);
    assert_eq!((plain.input, plain.cache_write, plain.cache_write_long), (Some(21), Some(20), None));
    let split = usage(r#"{"input_tokens":1,"cache_creation":{"ephemeral_1h_input_tokens":7}}"#);
    assert_eq!((split.input, split.cache_write, split.cache_write_long), (Some(8), Some(0), Some(7)));
    assert_eq!(usage("null"), Usage::default());
}

#[test]
fn a_forced_tool_s_input_is_the_answer_to_the_letter() {
    let reply = Reply::json_text(200, include_str!("../tests/fixtures/handmade_forced_tool.json"));
    let response = wire(NO_SCHEMA).decode(&reply).unwrap();
    assert_eq!(response.text, r#"{"total":12.50,"store":"CAFÉ"}"#);
    assert_eq!(response.stop, Stop::Complete);
}

#[test]
fn a_tool_that_nobody_offered_is_not_the_answer() {
    let response = decode(include_str!("../tests/fixtures/handmade_forced_tool.json")).unwrap();
    assert_eq!((response.text.as_str(), response.stop), ("Here it is.", Stop::ToolUse));
}

#[test]
fn a_paid_answer_survives_whatever_stands_beside_it() {
    for body in [
        r#"{"content":"42","stop_reason":"end_turn","usage":{"input_tokens":"180","output_tokens":"4"}}"#,
        r#"{"content":[{"type":"text","text":"42"}],"stop_reason":"end_turn","usage":{"input_tokens":-1,"output_tokens":-1}}"#,
        r#"{"content":[7,{"type":"text","text":["no"]},{"type":"text","text":"42"}],"stop_reason":"end_turn","usage":"none","model":7}"#,
        r#"{"content":[{"type":"text","text":"42"}],"stop_reason":"end_turn","usage":{"input_tokens":0,"output_tokens":0}}"#,
    ] {
        let response = decode(body).unwrap();
        assert_eq!((response.text.as_str(), response.stop), ("42", Stop::Complete), "{body}");
        assert!(!response.usage.is_known(), "{body}: {:?}", response.usage);
    }
}

#[test]
fn further_fields_go_where_they_belong() {
    let fields = json!({"service_tier": "auto", "thinking": {"type": "between_tools"}});
    let extra = Extra::new(fields.as_object().unwrap().clone()).unwrap();
    let wire = Messages::new(Config { extra, ..config(ALWAYS) });
    sends(&wire, &question(), "/thinking", json!({"type": "between_tools"}), &[]);
    sends(&wire, &question(), "/service_tier", json!("auto"), &[]);
}

#[test]
fn an_image_with_too_long_sides_is_too_large() {
    let body = r#"{"type":"error","error":{"type":"invalid_request_error","message":"image dimensions",
        "details":{"error_code":"image_dimensions_too_large"}}}"#;
    assert_eq!(wire(NEW).decode(&Reply::json_text(400, body)).unwrap_err().kind(), ErrorKind::TooLarge);
}

#[test]
fn unknown_stops_and_blocks_are_kept_or_skipped() {
    let response = decode(
        r#"{"content":[{"type":"hologram","text":"no"},{"type":"text","text":"yes"}],"stop_reason":"pause_turn"}"#,
    );
    let response = response.unwrap();
    assert_eq!((response.text.as_str(), response.stop), ("yes", Stop::Other("pause_turn".to_owned())));
}

#[test]
fn an_answer_without_content_is_malformed() {
    let error = decode(r#"{"id":"msg_1","usage":{"input_tokens":1}}"#).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.chain().contains("content"), "{}", error.chain());
}

#[test]
fn an_error_inside_a_success_is_an_error() {
    let error = decode(include_str!("../tests/fixtures/handmade_error_overloaded.json")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.details.request_id.as_deref(), Some("req_01HandMade"));
}

#[test]
fn limits_are_read_from_the_headers() {
    let reply = Reply::json_text(200, r#"{"content":[]}"#)
        .with_header("date", "Sat, 21 Nov 2026 09:00:00 GMT")
        .with_header("request-id", "req_1")
        .with_header("anthropic-ratelimit-requests-remaining", "49")
        .with_header("anthropic-ratelimit-tokens-reset", "2026-11-21T09:00:30Z");
    let response = wire(NEW).decode(&reply).unwrap();
    assert_eq!(response.request_id.as_deref(), Some("req_1"));
    assert_eq!(response.limits.requests.unwrap().remaining, Some(49));
    assert_eq!(response.limits.tokens.unwrap().reset, Some(Duration::from_secs(30)));
}

#[test]
fn the_list_of_models_is_read() {
    let call = models_call(&config(NEW));
    assert_eq!(call.url, "https://api.anthropic.com/v1/models?limit=1000");
    let reply = Reply::json_text(200, include_str!("../tests/fixtures/handmade_models.json"));
    let models = decode_models(&config(NEW), &reply).unwrap();
    let first = ModelInfo {
        id: "claude-haiku-5-5".to_owned(),
        end_of_life: None,
        modalities: Some(vec![Modality::Image, Modality::Pdf]),
        context: Some(1_000_000),
    };
    assert_eq!(models[0], first);
    assert_eq!(models[1].end_of_life.as_deref(), Some("2026-11-30T00:00:00Z"));
    assert_eq!(models[1].modalities, Some(vec![Modality::Image]));
    assert_eq!(models[2], ModelInfo { id: "claude-text-1".to_owned(), ..ModelInfo::default() });
    assert_eq!(models[3].end_of_life.as_deref(), Some("retired"));
}

#[test]
fn a_refused_list_is_an_error() {
    let reply = Reply::json_text(401, include_str!("../tests/fixtures/handmade_error_key.json"));
    let error = decode_models(&config(NEW), &reply).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(error.message(), "key rejected by api.anthropic.com: invalid x-api-key");
}

#[test]
fn a_schema_is_sent_as_the_service_takes_it() {
    let wanted = |schema: Value| {
        Output::Schema(Schema { name: "bill".into(), schema: Arc::new(schema), strict: false })
    };
    let ordinary = json!({"type": "object", "properties": {"rate": {"type": "number", "minimum": 0}}, "required": ["rate"]});
    let request = Request { output: wanted(ordinary.clone()), ..question() };
    let held = json!({
        "type": "object", "additionalProperties": false, "required": ["rate"],
        "properties": {"rate": {"type": "number", "description": "(minimum: 0)"}},
    });
    sends(&wire(NEW), &request, "/output_config/format/schema", held, &[]);
    // A tool takes any schema.
    sends(&wire(NO_SCHEMA), &request, "/tools/0/input_schema", ordinary, &[]);
    let map = json!({"type": "object", "additionalProperties": {"type": "number"}});
    let error =
        wire(NEW).capabilities.check(&Request { output: wanted(map.clone()), ..question() }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("JSON schema not supported: it has an object"), "{error}");
    assert!(!wire(NEW).capabilities.takes_schema(&map) && wire(NO_SCHEMA).capabilities.takes_schema(&map));
}
