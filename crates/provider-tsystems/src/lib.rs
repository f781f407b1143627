#![doc = include_str!("../README.md")]

use std::sync::{Arc, LazyLock};

use vision_chat::{Failures, Help, Host, ModelTable, SchemaShape, Target, TokenCap};
use vision_core::{Detail, Effort, MediaKind, Provider, Result, Secret};
use vision_http::{Call, Extra, ModelInfo, Reply, Transport};

mod settings;

pub use settings::{DESCRIPTOR, Settings};

/// Where the service is.
pub const BASE_URL: &str = "https://llm-server.llmhub.t-systems.net/v2";

/// Variables that may hold the key, best first. They are read by the command line, not here.
pub const KEY_VARIABLES: &[&str] = &["TSYSTEMS_API_KEY"];

/// Where to get a key.
pub const KEY_PAGE: &str = "https://docs.llmhub.t-systems.net";

/// A model to start with.
pub const DEFAULT_MODEL: &str = "Qwen3-VL-30B-A3B-Instruct-FP8";

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The root of the API, version included.
    pub base_url: String,
    /// `Qwen3-VL-30B-A3B-Instruct-FP8`, say.
    pub model: String,
    /// The key.
    pub key: Secret,
    /// What is spoken, for transcription: `en`, `de`.
    pub language: Option<String>,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Extra,
}

impl Config {
    /// The service itself.
    pub fn new(model: impl Into<String>, key: Secret) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            model: model.into(),
            key,
            language: None,
            extra: Extra::default(),
        }
    }

    fn target(&self) -> Target {
        Target {
            base_url: self.base_url.clone(),
            language: self.language.clone(),
            extra: self.extra.clone(),
            ..Target::new(&HOST, &self.model, Some(self.key.clone()))
        }
    }
}

/// The service as its documentation describes it; models narrow it.
///
/// Behind one address stand servers in Germany and proxies to other clouds, which know different names of the
/// cap: both are sent, as in the documentation's examples.
const HOST: Host = Host {
    name: "tsystems",
    base_url: BASE_URL,
    formats: &[MediaKind::Png, MediaKind::Jpeg, MediaKind::Webp],
    url_input: true,
    cap: TokenCap::Both,
    schema: Some(SchemaShape::Named),
    details: &[Detail::Auto, Detail::Low, Detail::High],
    efforts: &[Effort::Low, Effort::Medium, Effort::High],
    help: &[Help {
        status: Some(404),
        words: "",
        kind: None,
        advice: "models here are retired often: list them with their end-of-life dates",
    }],
    ..Host::PLAIN
};

static MODELS: LazyLock<ModelTable> = LazyLock::new(|| ModelTable::parse(include_str!("../models.toml")));

/// A provider that asks one of the service's models.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    vision_chat::provider(HOST, config.target(), MODELS.find(&config.model), transport)
}

/// Asks for the service's models.
pub fn models_call(config: &Config) -> Call {
    vision_chat::models_call(&HOST, &config.target())
}

/// Reads that list, with ends of life and modalities where it states them.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    let target = config.target();
    let failures = Failures { host: &HOST, address: target.address(), model: &config.model };
    vision_chat::decode_models(failures, Some(&MODELS), reply)
}

/// The day on which a model is shut down, if that is known beforehand; the list knows better.
pub fn end_of_life(model: &str) -> Option<&'static str> {
    MODELS.find(model)?.end_of_life.as_deref()
}
