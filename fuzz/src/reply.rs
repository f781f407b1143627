//! Replies of any host, decoded by every provider as in a run.

use std::sync::Arc;

use async_trait::async_trait;
use provider_gemini::Pause;
use vision_core::{Part, Provider, Request, Response, Result, Secret, Task};
use vision_http::{Call, Reply, Transport};

pub(crate) const KEY: &str = "sk-fuzz-Qz7Wv3Xk9Jp2Ry6T";

/// The first byte chooses the provider, the second the status; then come header lines, an empty line and the body.
///
/// # Panics
/// If a provider does, or if its words hold the key.
pub fn reply(bytes: &[u8]) {
    let [which, status, rest @ ..] = bytes else { return };
    let transport = Arc::new(Echo(read(*status, rest)));
    let providers = providers(&(transport as Arc<dyn Transport>));
    let provider = &providers[usize::from(*which) % providers.len()];
    let parts = vec![Part::Text("What is the total?".to_owned())];
    let request = Request::new(Task::Receipt, parts, 100.try_into().expect("not zero"));
    if let Err(error) = analyze(provider, &request) {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(KEY), "the key is in {shown}");
    }
}

/// Asks a provider whose transport waits for nothing.
pub(crate) fn analyze(provider: &Provider, request: &Request) -> Result<Response> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime without I/O can always be made").block_on(provider.analyze(request))
}

/// One of each. What a provider refuses to be built from is missing here, so a mistake in this list panics.
pub(crate) fn providers(transport: &Arc<dyn Transport>) -> Vec<Provider> {
    let key = || Secret::new(KEY);
    let open = |api| provider_openai::Config {
        api: Some(api),
        ..provider_openai::Config::new("gpt-5.6-luna", key())
    };
    let preset = |name| {
        let preset = provider_compatible::preset(name).expect("the preset is known");
        provider_compatible::Config::new(preset, "vision-1", Some(key()))
    };
    let to = || transport.clone();
    let built = [
        provider_openai::provider(open(provider_openai::Api::Chat), to()),
        provider_openai::provider(open(provider_openai::Api::Responses), to()),
        provider_anthropic::provider(provider_anthropic::Config::new("claude-haiku-5-5", key()), to()),
        provider_gemini::provider(
            provider_gemini::Config::new("gemini-3.7-flash", key(), Pause::new(|_| async {})),
            to(),
        ),
        provider_deepinfra::provider(
            provider_deepinfra::Config::new("Qwen/Qwen3-VL-30B-A3B-Instruct", key()),
            to(),
        ),
        provider_aimlapi::provider(provider_aimlapi::Config::new("gpt-4o", key()), to()),
        provider_yandex::provider(
            provider_yandex::Config::new("gemma-3-27b-it", key(), Secret::new("b1gfuzzfolder")),
            to(),
        ),
        provider_tsystems::provider(provider_tsystems::Config::new("gpt-4.1", key()), to()),
        provider_compatible::provider(preset("ollama"), to()),
        provider_compatible::provider(preset("openrouter"), to()),
        provider_compatible::provider(preset("mistral"), to()),
        provider_compatible::provider(preset("vllm"), to()),
        provider_compatible::provider(preset("groq"), to()),
    ];
    built.into_iter().map(|provider| provider.expect("the settings are whole")).collect()
}

/// Every status from 100 to 599 can be reached, the commonest by the smallest bytes.
fn status(byte: u8) -> u16 {
    const COMMON: [u16; 12] = [200, 400, 401, 402, 403, 404, 408, 413, 429, 500, 503, 529];
    let byte = usize::from(byte);
    COMMON.get(byte).copied().unwrap_or_else(|| 100 + (byte as u16 - 12) * 2)
}

pub(crate) fn read(code: u8, rest: &[u8]) -> Reply {
    let end = rest.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((&rest[..0], rest), |end| (&rest[..end], &rest[end + 2..]));
    let mut reply = Reply::json_text(status(code), body.to_vec());
    for line in String::from_utf8_lossy(head).lines() {
        if let Some((name, value)) = line.split_once(':') {
            reply = reply.with_header(&name.to_lowercase(), value);
        }
    }
    reply
}

/// Answers every call with the same reply, as a host that quotes the key would.
#[derive(Debug)]
pub(crate) struct Echo(pub(crate) Reply);

#[async_trait]
impl Transport for Echo {
    async fn send(&self, _: Call) -> Result<Reply> {
        Ok(self.0.clone())
    }
}
