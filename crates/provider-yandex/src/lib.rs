#![doc = include_str!("../README.md")]

use std::sync::{Arc, LazyLock};

use vision_chat::{AuthStyle, Chat, Failures, Help, Host, ModelTable, SchemaShape, StreamOptions, Target};
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, Provider, ProviderId, Request, Response, Result, Secret,
};
use vision_http::{Call, Extra, HttpProvider, ModelInfo, Reply, Transport, Wire};

mod settings;

pub use settings::{DESCRIPTOR, Settings};

/// Where the service is.
pub const BASE_URL: &str = "https://ai.api.cloud.yandex.net/v1";

/// Variables that may hold the key, best first. They are read by the command line, not here.
pub const KEY_VARIABLES: &[&str] = &["YANDEX_API_KEY", "YC_API_KEY"];

/// Variables that may hold the folder, best first.
pub const FOLDER_VARIABLES: &[&str] = &["YANDEX_FOLDER_ID", "YC_FOLDER_ID"];

/// Where to get a key.
pub const KEY_PAGE: &str = "https://yandex.cloud/en/docs/iam/operations/api-key/create";

/// A model to start with.
pub const DEFAULT_MODEL: &str = "gemma-3-27b-it";

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The root of the API, version included.
    pub base_url: String,
    /// `gemma-3-27b-it`, with or without a version: `gemma-3-27b-it/rc`.
    pub model: String,
    /// The key of a service account, or an IAM token.
    pub key: Secret,
    /// The folder that pays. It is private: it reaches no report.
    pub folder: Secret,
    /// How the key travels.
    pub key_style: KeyStyle,
    /// How a JSON Schema is written.
    pub schema_shape: SchemaForm,
    /// The version of a model whose name states none; `None` or nothing sends the bare name.
    pub version: Option<String>,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Extra,
}

impl Config {
    /// The service itself, with its defaults.
    pub fn new(model: impl Into<String>, key: Secret, folder: Secret) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            model: model.into(),
            key,
            folder,
            key_style: KeyStyle::default(),
            schema_shape: SchemaForm::default(),
            version: Some("latest".to_owned()),
            extra: Extra::default(),
        }
    }

    fn host(&self) -> Host {
        let auth = match self.key_style {
            KeyStyle::Bearer => AuthStyle::Bearer,
            KeyStyle::ApiKey => AuthStyle::ApiKey,
        };
        let schema = match self.schema_shape {
            SchemaForm::Bare => SchemaShape::Bare,
            SchemaForm::Named => SchemaShape::Named,
        };
        Host { auth, schema: Some(schema), ..HOST }
    }

    fn target(&self) -> Target {
        Target {
            base_url: self.base_url.clone(),
            alias: Some(self.model_uri()),
            headers: vec![("openai-project", self.folder.expose().to_owned())],
            private: vec![self.folder.clone()],
            extra: self.extra.clone(),
            ..Target::new(&HOST, &self.model, Some(self.key.clone()))
        }
    }

    /// `gpt://FOLDER/MODEL/VERSION`
    fn model_uri(&self) -> Secret {
        let version = self.version.as_deref().filter(|version| !version.is_empty());
        let version = version.filter(|_| !self.model.contains('/'));
        let version = version.map(|version| format!("/{version}")).unwrap_or_default();
        Secret::new(format!("gpt://{}/{}{version}", self.folder.expose(), self.model))
    }
}

/// How the key travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyStyle {
    /// `authorization: Bearer KEY`: as OpenAI's libraries send it, and the only way for IAM tokens.
    #[default]
    Bearer,
    /// `authorization: Api-Key KEY`: as the service's other APIs want it.
    ApiKey,
}

/// How a JSON Schema is written. The documentation shows one way, and programs in use the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SchemaForm {
    /// `"json_schema": <the schema itself>`, as documented.
    #[default]
    Bare,
    /// `"json_schema": {"name": …, "schema": …}`, as OpenAI has it.
    Named,
}

/// The service as its documentation describes it: no seed, no effort, no detail, no links.
const HOST: Host = Host {
    name: "yandex",
    base_url: BASE_URL,
    schema: Some(SchemaShape::Bare),
    seed: None,
    stream: StreamOptions::None,
    help: &[
        Help { status: Some(401), words: "", kind: None, advice: ACCESS },
        Help { status: Some(403), words: "", kind: None, advice: ACCESS },
        Help {
            status: Some(404),
            words: "",
            kind: None,
            advice: "does this folder have {model}? list what it has",
        },
    ],
    ..Host::PLAIN
};

const ACCESS: &str =
    "the account of the key needs the role ai.languageModels.user, and the folder must be its own";

static MODELS: LazyLock<ModelTable> = LazyLock::new(|| ModelTable::parse(include_str!("../models.toml")));

/// A provider that asks one of the models of a folder.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    if config.folder.expose().is_empty() {
        return Err(Error::new(ErrorKind::Config, "the folder for yandex is empty"));
    }
    let facts = MODELS.find(model_name(&config.model));
    let chat = Chat::new(config.host(), config.target(), facts)?;
    Ok(Arc::new(HttpProvider::new(Folder { chat }, transport)))
}

/// The dialect, with the folder taken out of the models that replies name.
#[derive(Debug)]
struct Folder {
    chat: Chat,
}

impl Wire for Folder {
    fn id(&self) -> &ProviderId {
        self.chat.id()
    }

    fn capabilities(&self) -> &Capabilities {
        self.chat.capabilities()
    }

    fn estimate(&self, request: &Request) -> Estimate {
        self.chat.estimate(request)
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        self.chat.encode(request)
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        let response = self.chat.decode(reply)?;
        let model = response.model.map(|model| without_folder(&model).to_owned());
        Ok(Response { model, ..response })
    }
}

/// Asks for the folder's models.
pub fn models_call(config: &Config) -> Call {
    vision_chat::models_call(&config.host(), &config.target())
}

/// Reads that list, without the folder in each name.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    let target = config.target();
    let failures = Failures { host: &HOST, address: target.address(), model: &config.model };
    let models = vision_chat::decode_models(failures, None, reply)?;
    Ok(models.into_iter().map(known).collect())
}

fn known(model: ModelInfo) -> ModelInfo {
    let id = without_folder(&model.id).to_owned();
    let facts = MODELS.find(model_name(&id));
    ModelInfo {
        modalities: model.modalities.or_else(|| facts?.input.clone()),
        context: model.context.or_else(|| facts?.context),
        id,
        ..model
    }
}

/// `gemma-3-27b-it/latest` in `gpt://FOLDER/gemma-3-27b-it/latest`.
fn without_folder(uri: &str) -> &str {
    let path = uri.split_once("://").and_then(|(_, path)| path.split_once('/'));
    path.map_or(uri, |(_, model)| model)
}

/// `gemma-3-27b-it` in `gemma-3-27b-it/latest`.
fn model_name(model: &str) -> &str {
    model.split_once('/').map_or(model, |(name, _)| name)
}

/// The day on which a model is shut down, if that is known.
pub fn end_of_life(model: &str) -> Option<&'static str> {
    MODELS.find(model_name(model))?.end_of_life.as_deref()
}
