#![doc = include_str!("../README.md")]

use std::sync::{Arc, LazyLock};

use vision_chat::{Failures, Host, ModelTable, Target};
use vision_core::{Error, ErrorKind, Provider, Result, Secret};
use vision_http::{Auth, Call, Extra, ModelInfo, Reply, Transport};

mod batches;
mod local;
mod presets;

pub use batches::{azure_batches, mistral_batches};
pub use presets::{KeyNeed, PRESETS, Preset, preset};
pub use vision_chat::TokenCap;

/// Variables that may hold the key of a server without a preset. They are read by the command line, not here.
pub const KEY_VARIABLES: &[&str] = &["COMPATIBLE_API_KEY"];

/// Where to get a key.
pub const KEY_PAGE: &str = "the server's operator";

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// What kind of server it is.
    pub preset: &'static Preset,
    /// What is known of the server: the preset's, unless changed.
    pub host: Host,
    /// The provider's name in ids and reports: the preset's, unless changed.
    pub name: String,
    /// The root of the API, version included: the preset's, unless changed.
    pub base_url: String,
    /// What follows the root, with `{model}` for the model's name: the preset's, unless changed.
    pub path: String,
    /// The model, as the server calls it.
    pub model: String,
    /// The key, if the server wants one.
    pub key: Option<Secret>,
    /// What opens the door instead of the key: clouds give out tokens.
    pub auth: Option<Auth>,
    /// Further fields of every request body, as the server's documentation names them.
    pub extra: Extra,
    /// What is spoken, for transcription: `en`, `de`.
    pub language: Option<String>,
}

impl Config {
    /// A model at a server of this kind.
    pub fn new(preset: &'static Preset, model: impl Into<String>, key: Option<Secret>) -> Self {
        Self {
            preset,
            host: preset.host,
            name: preset.host.name.to_owned(),
            base_url: preset.host.base_url.to_owned(),
            path: preset.host.path.to_owned(),
            model: model.into(),
            key,
            auth: None,
            extra: Extra::default(),
            language: None,
        }
    }

    fn target(&self) -> Target {
        Target {
            provider: self.name.clone(),
            base_url: self.base_url.clone(),
            path: self.path.clone(),
            auth: self.auth.clone(),
            extra: self.extra.clone(),
            language: self.language.clone(),
            ..Target::new(&self.host, &self.model, self.key.clone())
        }
    }

    fn check(&self) -> Result<()> {
        let (name, preset) = (&self.name, self.preset);
        let mistake = |message| Err(Error::new(ErrorKind::Config, message));
        if self.base_url.is_empty() {
            return mistake(format!("the base URL for {name} is missing; {}", preset.base_url_hint));
        }
        if preset.key_need == KeyNeed::Required && self.key.is_none() && self.auth.is_none() {
            return mistake(format!("the key for {name} is missing; get one at {}", preset.key_page));
        }
        Ok(())
    }
}

static MODELS: LazyLock<ModelTable> = LazyLock::new(|| ModelTable::parse(include_str!("../models.toml")));

/// A provider that asks any chat-completions server.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    config.check()?;
    let facts = MODELS.find(&key(&config, &config.model));
    let provider = vision_chat::provider(config.host, config.target(), facts, transport)?;
    Ok(match config.preset.offline {
        Some(advice) => local::with_advice(provider, advice, &config.model),
        None => provider,
    })
}

/// Asks for the server's models.
pub fn models_call(config: &Config) -> Call {
    vision_chat::models_call(&config.host, &config.target())
}

/// Reads that list.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    let target = config.target();
    let failures = Failures { host: &config.host, address: target.address(), model: &config.model };
    let models = vision_chat::decode_models(failures, None, reply)?;
    Ok(models.into_iter().map(|model| known(config, model)).collect())
}

fn known(config: &Config, model: ModelInfo) -> ModelInfo {
    let facts = MODELS.find(&key(config, &model.id));
    ModelInfo {
        modalities: model.modalities.or_else(|| facts?.input.clone()),
        context: model.context.or_else(|| facts?.context),
        end_of_life: model.end_of_life.or_else(|| facts?.end_of_life.clone()),
        ..model
    }
}

/// One table for all presets: their names stand before those of the models.
fn key(config: &Config, model: &str) -> String {
    format!("{}/{model}", config.preset.host.name)
}
