//! What is peculiar to single servers, beside the shared suite.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::Arc;

use provider_compatible::{Config, KeyNeed, PRESETS, decode_models, models_call, preset, provider};
use serde_json::{Value, json};
use vision_chat::{AuthStyle, SchemaShape};
use vision_core::{
    Effort, ErrorKind, Facts, Media, MediaKind, Modality, Output, Part, Provider, Request, Result, Schema,
    Secret, Task,
};
use vision_http::{Call, Reply};
use vision_testkit::{Scripted, Step, media};

fn config(name: &str, model: &str) -> Config {
    let preset = preset(name).unwrap();
    let key = (preset.key_need == KeyNeed::Required).then(|| Secret::new("key-0123456789abcdef"));
    let mut config = Config::new(preset, model, key);
    if config.base_url.is_empty() {
        config.base_url = "https://vision.example.test/v1".to_owned();
    }
    config
}

fn build(config: Config) -> Result<Provider> {
    provider(config, Arc::new(Scripted::default()))
}

fn request(parts: Vec<Part>) -> Request {
    Request::new(Task::Text, parts, NonZeroU32::new(64).unwrap())
}

async fn call(config: Config, request: &Request) -> Call {
    let transport = Scripted::always(Reply::json_text(500, ""));
    provider(config, transport.clone()).unwrap().analyze(request).await.unwrap_err();
    transport.calls().remove(0)
}

fn body(call: &Call) -> Value {
    serde_json::from_slice(&call.body.bytes()).unwrap()
}

#[test]
fn every_preset_has_a_name_of_its_own_and_can_be_built() {
    let names: HashSet<_> = PRESETS.iter().map(|preset| preset.host.name).collect();
    assert_eq!(names.len(), PRESETS.len());
    for preset in PRESETS {
        let provider = build(config(preset.host.name, "vision-1")).unwrap();
        assert_eq!(provider.id().as_str(), format!("{}/vision-1", preset.host.name));
        assert!(provider.capabilities().takes(Modality::Image), "{provider:?}");
        assert!(preset.key_need == KeyNeed::Optional || preset.key_page.starts_with("https://"));
    }
    assert!(preset("unheard-of").is_none());
}

#[tokio::test]
async fn a_server_at_home_needs_no_key() {
    let question = request(vec![Part::Text("hi".to_owned())]);
    let call = call(config("ollama", "gemma3:12b"), &question).await;
    assert!(call.auth.is_none());
    assert_eq!(call.url, "http://localhost:11434/v1/chat/completions");
}

#[test]
fn what_is_missing_is_named_before_anything_is_sent() {
    let groq = Config::new(preset("groq").unwrap(), "qwen/qwen3.8-27b", None);
    let error = build(groq).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.message(), "the key for groq is missing; get one at https://console.groq.com/keys");
    let azure = Config::new(preset("azure").unwrap(), "gpt-4o", Some(Secret::new("k")));
    let error = build(azure).unwrap_err();
    assert!(error.message().contains("https://RESOURCE.openai.azure.com/openai/v1"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_says_how_to_start_it() {
    for (name, words) in
        [("ollama", "ollama serve"), ("llama.cpp", "llama-server -m"), ("vllm", "vllm serve llava")]
    {
        let step = Step::Fail(ErrorKind::Unavailable, "cannot connect to localhost");
        let provider = provider(config(name, "llava"), Scripted::new([step])).unwrap();
        let error = provider.analyze(&request(vec![Part::Text("hi".to_owned())])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert!(error.message().contains(words), "{error}");
        assert!(error.is_transient());
    }
    let reply = Reply::json_text(503, "{}");
    let provider = provider(config("ollama", "llava"), Scripted::always(reply)).unwrap();
    let error = provider.analyze(&request(vec![Part::Text("hi".to_owned())])).await.unwrap_err();
    assert!(!error.message().contains("ollama serve"), "{error}");
}

#[tokio::test]
async fn llama_cpp_reads_a_schema_in_the_wrapper_only() {
    let schema = json!({"type": "object", "properties": {"total": {"type": "number"}}});
    let output = Schema { name: "receipt".into(), schema: Arc::new(schema.clone()), strict: true };
    let request = Request { output: Output::Schema(output), ..request(vec![Part::Text("hi".to_owned())]) };
    let body = body(&call(config("llama.cpp", "default"), &request).await);
    assert_eq!(body["response_format"]["type"], "json_schema");
    assert_eq!(body["response_format"]["json_schema"]["schema"], schema);
    assert_eq!(body["response_format"]["schema"], Value::Null);
}

#[tokio::test]
async fn ollama_takes_no_links_and_no_gif() {
    let provider = build(config("ollama", "gemma3:12b")).unwrap();
    for (url, kind) in
        [("https://example.test/a.png", MediaKind::Png), ("https://example.test/a.gif", MediaKind::Gif)]
    {
        let link = Media::from_url(url, kind, Facts::default());
        let error = provider.analyze(&request(vec![Part::Media(link)])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}

#[tokio::test]
async fn what_a_status_hides_is_told_by_the_words() {
    use ErrorKind::{Auth, QuotaExhausted, RateLimited, Refused, TooLarge};
    let policy = r#"{"code":"The caller does not have permission to execute the specified operation","error":"Content violates usage guidelines. Team: t, API key ID: k, Model: grok-4.3, Failed check: SAFETY_CHECK_TYPE_BIO"}"#;
    let rights = r#"{"code":"permission-denied","error":"Access to the chat endpoint is denied"}"#;
    let balance = r#"{"error":{"code":"1113","message":"Insufficient balance or no resource package. Please recharge."}}"#;
    let busy = r#"{"error":{"code":"1302","message":"High concurrency usage of this API"}}"#;
    let minute = r#"{"error":{"message":"Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 12328","type":"tokens","code":"rate_limit_exceeded"}}"#;
    for (name, status, body, kind, words) in [
        ("xai", 403, policy, Refused, "blocked the request because of its content"),
        ("xai", 403, rights, Auth, "denies access"),
        ("zai", 429, balance, QuotaExhausted, "no credit or quota left"),
        ("zai", 429, busy, RateLimited, "fewer requests"),
        ("groq", 413, minute, TooLarge, "tokens per minute of your tier"),
        ("groq", 413, "{}", TooLarge, "4 MB as Base64"),
    ] {
        let reader = provider(config(name, "m"), Scripted::always(Reply::json_text(status, body))).unwrap();
        let error = reader.analyze(&request(vec![Part::Text("hi".to_owned())])).await.unwrap_err();
        assert!(error.kind() == kind && error.message().contains(words), "{name}: {error}");
    }
}

#[test]
fn groq_has_room_for_five_images_and_four_megabytes() {
    let able = build(config("groq", "qwen/qwen3.8-27b")).unwrap().capabilities().clone();
    assert_eq!((able.max_images, able.max_request_bytes), (Some(5), Some(4 * 1024 * 1024)));
}

#[tokio::test]
async fn mistral_names_the_seed_and_bounds_the_temperature_in_its_own_way() {
    let asked = |temperature| Request {
        seed: Some(7),
        temperature: Some(temperature),
        effort: Some(Effort::High),
        ..request(vec![Part::Text("hi".to_owned())])
    };
    let warm = call(config("mistral", "mistral-small-latest"), &asked(1.5)).await;
    assert!(warm.dropped.is_empty());
    assert_eq!((&body(&warm)["random_seed"], &body(&warm)["reasoning_effort"]), (&json!(7), &json!("high")));
    assert_eq!(call(config("mistral", "mistral-small-latest"), &asked(1.6)).await.dropped, ["temperature"]);
    assert_eq!(call(config("mistral", "mistral-large-2512"), &asked(1.0)).await.dropped, ["effort"]);
}

#[tokio::test]
async fn mistral_hears_through_a_model_of_its_own() {
    let sound = request(vec![Part::Media(media::wav("a.wav")), Part::Text("What is said?".to_owned())]);
    let call = call(config("mistral", "voxtral-small-2507"), &sound).await;
    let piece = &body(&call)["messages"][0]["content"][0];
    assert!(piece["input_audio"].as_str().unwrap().starts_with("UklGR"), "{piece}");
    vision_testkit::validate("mistral.chat.request", &body(&call)).unwrap();
    assert!(!build(config("mistral", "voxtral-small-2507")).unwrap().capabilities().takes(Modality::Image));
}

#[tokio::test]
async fn openrouter_can_be_pinned_to_one_provider_and_reads_pdfs_through_an_engine() {
    let mut config = config("openrouter", "qwen/qwen3-vl-30b-a3b-instruct");
    config.extra.set(&["provider"], Some(json!({"order": ["deepinfra"], "allow_fallbacks": false})));
    let plugin = json!([{"id": "file-parser", "pdf": {"engine": "mistral-ocr"}}]);
    config.extra.set(&["plugins"], Some(plugin.clone()));
    let call = call(config, &request(vec![Part::Media(media::pdf("a.pdf"))])).await;
    let body = body(&call);
    assert_eq!((&body["provider"]["allow_fallbacks"], &body["plugins"]), (&json!(false), &plugin));
    assert!(body["messages"][0]["content"][0]["file"]["file_data"].is_string());
    assert!(call.headers.contains(&("x-title", "vision-eval".to_owned())));
}

#[tokio::test]
async fn azure_is_reached_by_either_address() {
    let question = request(vec![Part::Text("hi".to_owned())]);
    let new = call(config("azure", "gpt-4o-eu"), &question).await;
    assert_eq!(new.auth.as_ref().unwrap().place(), ("api-key", ""));
    let mut old = config("azure", "gpt-4o-eu");
    old.base_url = "https://hand.openai.azure.com/openai".to_owned();
    old.path = "/deployments/{model}/chat/completions?api-version=2024-10-21".to_owned();
    old.host.auth = AuthStyle::Bearer;
    let old = call(old, &question).await;
    let url =
        "https://hand.openai.azure.com/openai/deployments/gpt-4o-eu/chat/completions?api-version=2024-10-21";
    assert_eq!((old.url.as_str(), old.auth.unwrap().place().1), (url, "Bearer "));
}

#[tokio::test]
async fn azure_deployments_that_reason_take_no_temperature_meanwhile() {
    let asked = Request { temperature: Some(0.0), ..request(vec![Part::Text("hi".to_owned())]) };
    assert_eq!(call(config("azure", "gpt-5.6-sol"), &asked).await.dropped, ["temperature"]);
    assert!(call(config("azure", "my-deployment"), &asked).await.dropped.is_empty());
}

#[tokio::test]
async fn a_server_nobody_has_heard_of_can_be_described() {
    let mut config = config("compatible", "llava");
    config.name = "mine".to_owned();
    config.host.max_images = Some(1);
    config.host.schema = Some(SchemaShape::Bare);
    let provider = build(config).unwrap();
    assert_eq!(provider.id().as_str(), "mine/llava");
    let two = vec![Part::Media(media::png("a.png", 1, 1, 1)), Part::Media(media::png("b.png", 1, 1, 2))];
    let error = provider.analyze(&request(two)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn speech_models_stand_behind_another_path() {
    let transport = Scripted::always(Reply::json_text(200, r#"{"text":"hello","x_groq":{"id":"req_1"}}"#));
    let provider = provider(config("groq", "whisper-large-v3"), transport.clone()).unwrap();
    let asked = Request { task: Task::Transcribe, ..request(vec![Part::Media(media::wav("a.wav"))]) };
    assert_eq!(provider.analyze(&asked).await.unwrap().text, "hello");
    assert_eq!(transport.calls()[0].url, "https://api.groq.com/openai/v1/audio/transcriptions");
}

#[test]
fn reads_the_model_lists_of_every_kind_of_server() {
    let list = |name, fixture: &'static str| {
        let config = config(name, "x");
        (models_call(&config).url, decode_models(&config, &Reply::json_text(200, fixture)).unwrap())
    };
    insta::assert_json_snapshot!([
        list("llama.cpp", include_str!("fixtures/handmade_models_llama_cpp.json")),
        list("openrouter", include_str!("fixtures/handmade_models_openrouter.json")),
        list("mistral", include_str!("fixtures/handmade_models_mistral.json")),
        list("together", include_str!("fixtures/handmade_models_together.json")),
    ]);
}
