#![doc = include_str!("../README.md")]

use std::sync::{Arc, LazyLock};

use vision_chat::{Failures, Help, Host, ModelTable, SchemaShape, Seed, SystemRole, Target};
use vision_core::{Detail, Effort, ErrorKind, Provider, Result, Secret};
use vision_http::{Call, Extra, ModelInfo, Reply, Transport};

mod settings;

pub use settings::{DESCRIPTOR, Settings};

/// Where the service is, without the version.
pub const BASE_URL: &str = "https://api.aimlapi.com";

/// Variables that may hold the key, best first. They are read by the command line, not here.
pub const KEY_VARIABLES: &[&str] = &["AIMLAPI_API_KEY"];

/// Where to get a key.
pub const KEY_PAGE: &str = "https://aimlapi.com/app/keys";

/// A model to start with.
pub const DEFAULT_MODEL: &str = "google/gemma-3-27b-it";

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The root of the service, without the version.
    pub base_url: String,
    /// `google/gemma-3-27b-it`, say: the service has names of its own.
    pub model: String,
    /// The key.
    pub key: Secret,
    /// Which of the two documented paths to use.
    pub path: Path,
    /// Whether to put the system text before the question, for models that refuse the role.
    pub fold_system: bool,
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
            path: Path::default(),
            fold_system: false,
            extra: Extra::default(),
        }
    }

    fn target(&self) -> Target {
        let path = match self.path {
            Path::Versioned => "/v1/chat/completions",
            Path::Bare => "/chat/completions",
        };
        Target {
            base_url: self.base_url.clone(),
            path: path.to_owned(),
            extra: self.extra.clone(),
            ..Target::new(&HOST, &self.model, Some(self.key.clone()))
        }
    }

    fn host(&self) -> Host {
        Host { system: if self.fold_system { SystemRole::User } else { HOST.system }, ..HOST }
    }
}

/// The paths under which the service documents its chat completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Path {
    /// `/v1/chat/completions`
    #[default]
    Versioned,
    /// `/chat/completions`
    Bare,
}

/// The service as its documentation describes it; models narrow it.
///
/// Its cost and its count of output tokens were seen to be wrong, so the cost is not read.
const HOST: Host = Host {
    name: "aimlapi",
    base_url: BASE_URL,
    path: "/v1/chat/completions",
    models_path: "/v1/models",
    url_input: true,
    schema: Some(SchemaShape::Named),
    details: &[Detail::Auto, Detail::Low, Detail::High],
    efforts: &[Effort::Low, Effort::Medium, Effort::High],
    seed: Some(Seed { least: 1, ..Seed::ANY }),
    forbidden: ErrorKind::QuotaExhausted,
    help: &[
        Help {
            status: Some(400),
            words: "validation error",
            kind: None,
            advice: "it checks requests to {model} against a schema of that model's own",
        },
        Help {
            status: Some(400),
            words: "role 'system'",
            kind: None,
            advice: "this model takes no system role: set fold_system",
        },
    ],
    ..Host::PLAIN
};

static MODELS: LazyLock<ModelTable> = LazyLock::new(|| ModelTable::parse(include_str!("../models.toml")));

/// A provider that asks one of AI/ML API's models.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    vision_chat::provider(config.host(), config.target(), MODELS.find(&config.model), transport)
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
