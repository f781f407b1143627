#![doc = include_str!("../README.md")]

use std::sync::{Arc, LazyLock};

use vision_chat::{Failures, Help, Host, ModelTable, SchemaShape, Target};
use vision_core::{Effort, MediaKind, Provider, Result, Secret};
use vision_http::{Call, Extra, ModelInfo, Reply, Transport};

mod settings;

pub use settings::{DESCRIPTOR, Settings};

/// Where the service is.
pub const BASE_URL: &str = "https://api.deepinfra.com/v1/openai";

/// Variables that may hold the key, best first. They are read by the command line, not here.
pub const KEY_VARIABLES: &[&str] = &["DEEPINFRA_API_KEY", "DEEPINFRA_TOKEN"];

/// Where to get a key.
pub const KEY_PAGE: &str = "https://deepinfra.com/dash/api_keys";

/// A model to start with.
pub const DEFAULT_MODEL: &str = "Qwen/Qwen3-VL-30B-A3B-Instruct";

/// How many requests one account may have under way at a model. There is no limit by the minute.
pub const MAX_CONCURRENT: usize = 200;

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The root of the API, version included.
    pub base_url: String,
    /// `Qwen/Qwen3-VL-30B-A3B-Instruct`, say.
    pub model: String,
    /// The key.
    pub key: Secret,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Extra,
}

impl Config {
    /// The service itself.
    pub fn new(model: impl Into<String>, key: Secret) -> Self {
        Self { base_url: BASE_URL.to_owned(), model: model.into(), key, extra: Extra::default() }
    }

    fn target(&self) -> Target {
        let target = Target::new(&HOST, &self.model, Some(self.key.clone()));
        Target { base_url: self.base_url.clone(), extra: self.extra.clone(), ..target }
    }
}

/// The service as its documentation describes it; models narrow it.
const HOST: Host = Host {
    name: "deepinfra",
    base_url: BASE_URL,
    formats: &[MediaKind::Jpeg, MediaKind::Png, MediaKind::Webp],
    url_input: true,
    max_image_bytes: Some(20 << 20),
    schema: Some(SchemaShape::Named),
    efforts: &[Effort::None, Effort::Low, Effort::Medium, Effort::High],
    cost: Some("estimated_cost"),
    help: &[Help {
        status: Some(429),
        words: "",
        kind: None,
        advice: "it limits how many requests run at once, 200 a model; the model itself may be busy, too",
    }],
    ..Host::PLAIN
};

static MODELS: LazyLock<ModelTable> = LazyLock::new(|| ModelTable::parse(include_str!("../models.toml")));

/// A provider that asks one of DeepInfra's models.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    vision_chat::provider(HOST, config.target(), MODELS.find(&config.model), transport)
}

/// Asks for the service's models.
pub fn models_call(config: &Config) -> Call {
    vision_chat::models_call(&HOST, &config.target())
}

/// Reads that list.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    let target = config.target();
    let failures = Failures { host: &HOST, address: target.address(), model: &config.model };
    vision_chat::decode_models(failures, Some(&MODELS), reply)
}

/// The day on which a model is shut down, if that is known.
pub fn end_of_life(model: &str) -> Option<&'static str> {
    MODELS.find(model)?.end_of_life.as_deref()
}
