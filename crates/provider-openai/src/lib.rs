#![doc = include_str!("../README.md")]

use std::sync::{Arc, LazyLock};

use serde_json::json;
use vision_chat::{
    Api as Door, Failures, Host, ModelFacts, ModelTable, SchemaShape, StreamOptions, SystemRole, Target,
    TokenCap,
};
use vision_core::{Detail, Effort, Error, ErrorKind, MediaKind, Provider, Result, Secret};
use vision_http::{Call, Extra, HttpProvider, ModelInfo, Reply, Transport};

mod responses;
mod settings;

pub use settings::{DESCRIPTOR, Settings};

use responses::Responses;

/// Where the service is.
pub const BASE_URL: &str = "https://api.openai.com/v1";

/// Variables that may hold the key, best first. They are read by the command line, not here.
pub const KEY_VARIABLES: &[&str] = &["OPENAI_API_KEY"];

/// Where to get a key.
pub const KEY_PAGE: &str = "https://platform.openai.com/api-keys";

/// A model to start with.
pub const DEFAULT_MODEL: &str = "gpt-5.6-luna";

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The root of the API, version included.
    pub base_url: String,
    /// `gpt-5.6-luna`, say.
    pub model: String,
    /// The key.
    pub key: Secret,
    /// The door to knock at; unset, the one the model stands behind.
    pub api: Option<Api>,
    /// Whom to bill, if the key belongs to several organisations.
    pub organisation: Option<String>,
    /// Which project to bill.
    pub project: Option<String>,
    /// What is spoken, for transcription: `en`, `de`.
    pub language: Option<String>,
    /// How wordy answers shall be: `low`, `medium` or `high`.
    pub verbosity: Option<String>,
    /// How fast and how dear: `auto`, `default`, `flex` or `priority`.
    pub service_tier: Option<String>,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Extra,
}

impl Config {
    /// The service itself, with its defaults.
    pub fn new(model: impl Into<String>, key: Secret) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            model: model.into(),
            key,
            api: None,
            organisation: None,
            project: None,
            language: None,
            verbosity: None,
            service_tier: None,
            extra: Extra::default(),
        }
    }

    fn target(&self) -> Target {
        let headers = [("openai-organization", &self.organisation), ("openai-project", &self.project)];
        let headers = headers.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        let private = [&self.organisation, &self.project].into_iter().flatten().map(Secret::new);
        Target {
            base_url: self.base_url.clone(),
            headers: headers.collect(),
            private: private.collect(),
            language: self.language.clone(),
            extra: self.extra.clone(),
            regional: is_regional(&self.base_url),
            ..Target::new(&HOST, &self.model, Some(self.key.clone()))
        }
    }
}

/// Whether an address keeps requests in a region: `https://eu.api.openai.com/v1`.
fn is_regional(base_url: &str) -> bool {
    vision_http::host(base_url).strip_suffix(".api.openai.com").is_some_and(|region| region.len() == 2)
}

/// The two APIs for questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// Chat completions: what everybody speaks, with a seed.
    Chat,
    /// Responses: the newer one, without a seed.
    Responses,
}

/// The service as its documentation describes it; models narrow it.
const HOST: Host = Host {
    name: "openai",
    base_url: BASE_URL,
    formats: &[
        MediaKind::Png,
        MediaKind::Jpeg,
        MediaKind::Webp,
        MediaKind::Gif,
        MediaKind::Pdf,
        MediaKind::Wav,
        MediaKind::Mp3,
    ],
    url_input: true,
    max_images: Some(1_500),
    max_request_bytes: Some(512 << 20),
    system: SystemRole::Developer,
    cap: TokenCap::MaxCompletionTokens,
    schema: Some(SchemaShape::Named),
    details: &[Detail::Auto, Detail::Low, Detail::High, Detail::Original],
    efforts: &[
        Effort::None,
        Effort::Minimal,
        Effort::Low,
        Effort::Medium,
        Effort::High,
        Effort::Xhigh,
        Effort::Max,
    ],
    stream: StreamOptions::UsageUnpadded,
    ..Host::PLAIN
};

static MODELS: LazyLock<ModelTable> = LazyLock::new(|| ModelTable::parse(include_str!("../models.toml")));

/// A provider that asks one of OpenAI's models.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    let facts = MODELS.find(&config.model);
    let mut target = config.target();
    let door = door(&config, facts)?;
    let verbosity: &[&str] = if door == Door::Responses { &["text", "verbosity"] } else { &["verbosity"] };
    target.extra.set(verbosity, config.verbosity.clone());
    target.extra.set(&["service_tier"], config.service_tier.clone());
    match door {
        Door::Responses => Ok(Arc::new(HttpProvider::new(Responses::new(HOST, target, facts)?, transport))),
        Door::Transcription => vision_chat::provider(HOST, target, facts, transport),
        Door::Chat => {
            // What is asked here is nobody's business later.
            target.extra.or_set("store", false);
            if takes_sound(facts) {
                target.extra.or_set("modalities", json!(["text"]));
            }
            vision_chat::provider(HOST, target, facts, transport)
        }
    }
}

fn door(config: &Config, facts: Option<&ModelFacts>) -> Result<Door> {
    let only = facts.map(|facts| facts.api).unwrap_or_default();
    match (config.api, only) {
        (Some(Api::Chat), Door::Responses) => {
            let message = format!("{} answers through the Responses API only", config.model);
            Err(Error::new(ErrorKind::Config, message))
        }
        (None, only) | (_, only @ Door::Transcription) => Ok(only),
        (Some(Api::Chat), _) => Ok(Door::Chat),
        (Some(Api::Responses), _) => Ok(Door::Responses),
    }
}

fn takes_sound(facts: Option<&ModelFacts>) -> bool {
    let input = facts.and_then(|facts| facts.input.as_deref());
    input.is_some_and(|input| input.contains(&vision_core::Modality::Audio))
}

/// The service's batches, for either API of questions.
pub fn batches(door: vision_batch::Door) -> Result<Arc<dyn vision_batch::BatchHost>> {
    vision_chat::FileBatches::open(door, vision_chat::BatchShape { prefix: "/v1", looks_over: false })
}

/// Asks for the models this key may use.
pub fn models_call(config: &Config) -> Call {
    vision_chat::models_call(&HOST, &config.target())
}

/// Reads that list; modalities and ends of life, which it lacks, come from our own table.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    let target = config.target();
    let failures = Failures { host: &HOST, address: target.address(), model: &config.model };
    vision_chat::decode_models(failures, Some(&MODELS), reply)
}

/// The day on which a model is shut down, if that is known.
pub fn end_of_life(model: &str) -> Option<&'static str> {
    MODELS.find(model)?.end_of_life.as_deref()
}
