use std::num::NonZeroU32;

use vision_core::{Effort, ErrorKind, Output, Part, Request, Schema, Secret, Task};
use vision_http::{Auth, Call, Extra, Reply, Wire};

use super::{Config, Converse, decode_models, encoded, models_call};

fn config(model: &str) -> Config {
    Config::new("eu-west-1", model, Auth::Bearer(Secret::new("a-key")))
}

fn asked(model: &str, effort: Effort) -> (Call, serde_json::Value) {
    let request = Request::new(Task::Text, vec![Part::Text("hi".to_owned())], NonZeroU32::MIN);
    let request = Request { temperature: Some(0.5), effort: Some(effort), ..request };
    let call = Converse::new(config(model)).encode(&request).unwrap();
    let body = serde_json::from_slice(&call.body.bytes()).unwrap();
    (call, body)
}

#[test]
fn a_model_is_one_segment_of_the_path() {
    let arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2";
    let (call, _) = asked(arn, Effort::Low);
    let path = "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fa1b2";
    assert_eq!(call.url, format!("https://bedrock-runtime.eu-west-1.amazonaws.com/model/{path}/converse"));
    assert_eq!(encoded("us.amazon.nova-lite-v1:0"), "us.amazon.nova-lite-v1%3A0");
}

#[test]
fn images_that_the_service_refuses_are_not_sent() {
    let capabilities = Converse::new(config("amazon.nova-lite-v1:0")).capabilities;
    let image = |width, height| Part::Media(vision_testkit::media::png("a.png", width, height, 1));
    let check = |parts| capabilities.check(&Request::new(Task::Text, parts, NonZeroU32::MIN));
    check(vec![image(1, 1); 20]).unwrap();
    for (parts, words) in [
        (vec![image(1, 1); 21], "at most 20 images in a request, not 21"),
        (vec![image(8_001, 1)], "8001 pixels long, above the limit of 8000"),
        (vec![image(1_200, 1_200)], "above the limit of 3932160"),
    ] {
        let error = check(parts).unwrap_err();
        assert!(error.kind() == ErrorKind::Unsupported && error.message().contains(words), "{error}");
    }
}

#[test]
fn claude_models_are_asked_in_their_own_way() {
    let (call, body) = asked("global.anthropic.claude-haiku-5-5", Effort::None);
    assert_eq!(body["additionalModelRequestFields"]["thinking"]["type"], "disabled");
    assert!(body["inferenceConfig"].get("temperature").is_none());
    assert_eq!(call.dropped, ["temperature"]);
    let (call, body) = asked("anthropic.claude-opus-5-5", Effort::None);
    assert!(body.get("additionalModelRequestFields").is_none());
    assert_eq!(call.dropped, ["temperature", "effort"]);
    let (call, body) = asked("arn:aws:bedrock:us-east-1:1:application-inference-profile/a", Effort::Max);
    assert_eq!((&body["outputConfig"]["effort"], call.dropped.len()), (&"max".into(), 0));
    let (call, body) = asked("anthropic.claude-opus-4-6-v1", Effort::Max);
    assert_eq!(body["additionalModelRequestFields"]["thinking"]["type"], "adaptive");
    assert_eq!((&body["outputConfig"]["effort"], call.dropped), (&"max".into(), vec!["temperature"]));
    let (call, body) = asked("us.openai.gpt-6-luna", Effort::Low);
    assert_eq!(body["additionalModelRequestFields"]["reasoning"]["effort"], "low");
    assert_eq!((body.get("outputConfig"), call.dropped), (None, vec!["temperature"]));
    let (call, body) = asked("amazon.nova-lite-v1:0", Effort::Minimal);
    assert_eq!((body.get("outputConfig"), call.dropped), (None, vec!["effort"]));
}

#[test]
fn extra_fields_do_not_lift_the_cap() {
    for text in
        [r#"{"inferenceConfig":{"maxTokens":9}}"#, r#"{"additionalModelRequestFields":{"max_tokens":9}}"#]
    {
        Extra::new(serde_json::from_str(text).unwrap()).unwrap_err();
    }
}

#[test]
fn a_model_that_needs_a_profile_says_which() {
    let wire = Converse::new(config("amazon.nova-2-lite-v1:0"));
    let body = r#"{"message":"Invocation of model ID amazon.nova-2-lite-v1:0 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model."}"#;
    let reply = Reply::json_text(400, body).with_header("x-amzn-errortype", "ValidationException:http://x/");
    let error = wire.decode(&reply).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error.message().ends_with("`eu.amazon.nova-2-lite-v1:0` or `global.amazon.nova-2-lite-v1:0`"),
        "{error}"
    );
}

#[test]
fn the_list_says_who_sees() {
    let config = config("m");
    let call = models_call(&config);
    assert_eq!(call.url, "https://bedrock.eu-west-1.amazonaws.com/foundation-models?byOutputModality=TEXT");
    let body = r#"{"modelSummaries":[
        {"modelId":"amazon.nova-lite-v1:0","inputModalities":["TEXT","IMAGE","VIDEO"],"modelLifecycle":{"status":"ACTIVE"}},
        {"modelId":"amazon.titan-text","inputModalities":["TEXT"],"modelLifecycle":{"status":"LEGACY"}}]}"#;
    let models = decode_models(&config, &Reply::json_text(200, body)).unwrap();
    assert_eq!(models[0].modalities.as_deref(), Some(&[vision_core::Modality::Image][..]));
    assert_eq!(
        (models[1].modalities.as_deref(), models[1].end_of_life.as_deref()),
        (Some(&[][..]), Some("legacy"))
    );
}

#[test]
fn claude_is_held_to_what_it_takes_of_a_schema() {
    let schema =
        serde_json::json!({"type": "object", "properties": {"rate": {"type": "number", "minimum": 0}}});
    let sent = |model: &str| {
        let output =
            Output::Schema(Schema { name: "a".into(), schema: schema.clone().into(), strict: false });
        let request = Request::new(Task::Extract, vec![Part::Text("hi".to_owned())], NonZeroU32::MIN);
        let call = Converse::new(config(model)).encode(&Request { output, ..request }).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&call.body.bytes()).unwrap();
        body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"].as_str().unwrap().to_owned()
    };
    let claude = sent("us.anthropic.claude-haiku-5-5");
    assert!(
        claude.contains("(minimum: 0)") && claude.contains(r#""additionalProperties":false"#),
        "{claude}"
    );
    assert_eq!(sent("amazon.nova-2-lite-v1:0"), schema.to_string());
}

#[test]
fn the_place_of_a_profile_is_not_put_before_another() {
    let wire = Converse::new(config("us.amazon.nova-2-lite-v1:0"));
    let body = r#"{"message":"Retry with an inference profile that contains this model."}"#;
    let reply = Reply::json_text(400, body).with_header("x-amzn-errortype", "ValidationException:http://x/");
    let error = wire.decode(&reply).unwrap_err();
    assert!(error.message().contains("`us.amazon.nova-2-lite-v1:0`, `eu.amazon"), "{error}");
}
