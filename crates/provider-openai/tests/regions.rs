//! Addresses that keep requests in a region, and what that does to the price.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::num::NonZeroU32;

use provider_openai::{Api, Config, provider};
use vision_core::{Part, Request, Response, Secret, Surcharge, Task};
use vision_http::Reply;
use vision_testkit::Scripted;

const CHAT: &str = r#"{"model":"gpt-5.6-luna","service_tier":"default","choices":[{"index":0,"message":{"role":"assistant","content":"12.50"},
    "finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}"#;
const RESPONSES: &str = r#"{"id":"resp_1","status":"completed","model":"gpt-5.6-luna","service_tier":"priority","output":[{"type":"message",
    "role":"assistant","content":[{"type":"output_text","text":"12.50"}]}],
    "usage":{"input_tokens":9,"output_tokens":3,"total_tokens":12}}"#;

fn request() -> Request {
    Request::new(Task::Text, vec![Part::Text("?".to_owned())], NonZeroU32::new(64).unwrap())
}

fn config(base_url: &str) -> Config {
    let key = Secret::new("sk-0123456789abcdef");
    Config { base_url: base_url.to_owned(), ..Config::new("gpt-5.6-luna", key) }
}

async fn ask(config: Config, body: &str) -> (Option<Surcharge>, Response) {
    let provider = provider(config, Scripted::always(Reply::json_text(200, body.to_owned()))).unwrap();
    (provider.estimate(&request()).surcharge, provider.analyze(&request()).await.unwrap())
}

#[tokio::test]
async fn a_region_is_seen_in_the_address() {
    for (url, is_regional) in [
        ("https://api.openai.com/v1", false),
        ("https://eu.api.openai.com/v1", true),
        ("https://us.api.openai.com/v1/", true),
        ("https://eu.api.openai.com.evil.test/v1", false),
        ("https://proxy.test/eu.api.openai.com/v1", false),
    ] {
        let (surcharge, response) = ask(config(url), CHAT).await;
        assert_eq!(surcharge, is_regional.then_some(Surcharge::Regional), "{url}");
        let tier = if is_regional { "default+regional" } else { "default" };
        assert_eq!(response.service_tier.as_deref(), Some(tier), "{url}");
    }
}

#[tokio::test]
async fn a_tier_and_a_region_both_make_dearer() {
    let config = Config {
        api: Some(Api::Responses),
        service_tier: Some("priority".to_owned()),
        ..config("https://eu.api.openai.com/v1")
    };
    let (surcharge, response) = ask(config, RESPONSES).await;
    assert_eq!(surcharge, Some(Surcharge::PriorityRegional));
    assert_eq!(response.service_tier.as_deref(), Some("priority+regional"));
}
