//! How each provider is built out of its entry in the configuration.

use std::collections::BTreeMap;

use eval::SetupError;
use serde::Deserialize;
use serde_json::{Map, Value};
use vision_http::Extra;

use super::{Ingredients, ModelList, Ready, wrong};

/// Ends a builder: a config with `base_url`, and a crate with `provider`, `models_call` and `decode_models`.
macro_rules! ready {
    ($it:ident, $krate:ident, $config:ident) => {{
        let mut config = $config;
        let own_url = config.base_url.clone();
        config.base_url = $it.base_url.clone().unwrap_or(config.base_url);
        let (call, listed) = ($krate::models_call(&config), config.clone());
        let decode = Box::new(move |reply: &_| $krate::decode_models(&listed, reply));
        let base_url = Some(config.base_url.clone());
        let provider = $krate::provider(config, $it.transport.clone()).map_err(|error| $it.failed(&error))?;
        Ok(Ready { provider, base_url, own_url, models: Some(ModelList { call, decode }), about: "" })
    }};
}

pub(super) use ready;

/// Further fields of every request body, as the host's documentation names them.
pub(super) fn extra(it: &Ingredients<'_>, fields: Map<String, Value>) -> Result<Extra, SetupError> {
    Extra::new(fields).map_err(|error| it.failed(&error))
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoSettings {}

pub(super) fn local(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let NoSettings {} = it.settings()?;
    let model = provider_local::Model::named(&it.config.model).ok_or_else(|| {
        let known: Vec<_> = provider_local::Model::ALL.iter().map(|model| model.name()).collect();
        let near = eval_datasets::nearest(&it.config.model, known.iter().copied());
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let (model, known) = (&it.config.model, known.join(", "));
        wrong(it.config, format!("there is no local reader `{model}`{hint} (there are: {known})"))
    })?;
    if !model.is_installed() {
        return Err(wrong(it.config, "the program `tesseract` is not installed"));
    }
    let about = match model {
        provider_local::Model::Tesseract => "local reader (tesseract + layout rules)",
        _ => "local reader (OCR + layout rules)",
    };
    Ok(Ready {
        provider: provider_local::provider(model),
        base_url: None,
        own_url: String::new(),
        models: None,
        about,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OpenAiSettings {
    /// `chat` or `responses`; unset, the door that the model stands behind.
    api: Option<OpenAiApi>,
    organisation: Option<String>,
    project: Option<String>,
    /// What is spoken, for transcription.
    language: Option<String>,
    /// `low`, `medium` or `high`.
    verbosity: Option<String>,
    /// `auto`, `default`, `flex` or `priority`.
    service_tier: Option<String>,
    extra: Map<String, Value>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OpenAiApi {
    Chat,
    Responses,
}

pub(super) fn openai(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_openai::{Api, Config};
    let settings: OpenAiSettings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?);
    config.api = settings.api.map(|api| match api {
        OpenAiApi::Chat => Api::Chat,
        OpenAiApi::Responses => Api::Responses,
    });
    config.organisation = settings.organisation.or_else(|| it.variable(&["OPENAI_ORGANIZATION"]));
    config.project = settings.project.or_else(|| it.variable(&["OPENAI_PROJECT"]));
    config.language = settings.language;
    config.verbosity = settings.verbosity;
    config.service_tier = settings.service_tier;
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_openai, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AnthropicSettings {
    version: Option<String>,
    bearer: bool,
    oversized_image: Option<String>,
    extra: Map<String, Value>,
}

pub(super) fn anthropic(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_anthropic::{Config, KeyHeader, OversizedImage, Version};
    let settings: AnthropicSettings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?);
    config.version = match settings.version.as_deref() {
        None => config.version,
        Some("2023-06-01") => Version::V20230601,
        Some("2026-10-21") => Version::V20261021,
        Some(other) => {
            return Err(wrong(it.config, format!("version `{other}` is neither 2023-06-01 nor 2026-10-21")));
        }
    };
    config.oversized_image = match settings.oversized_image.as_deref() {
        None => None,
        Some("downsize") => Some(OversizedImage::Downsize),
        Some("error") => Some(OversizedImage::Error),
        Some(other) => {
            return Err(wrong(it.config, format!("oversized_image `{other}` is neither downsize nor error")));
        }
    };
    if settings.bearer {
        config.key_header = KeyHeader::Bearer;
    }
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_anthropic, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GeminiSettings {
    safety_off: bool,
    /// Thresholds of single filters: `{ jailbreak = "BLOCK_NONE" }`.
    safety: BTreeMap<String, String>,
    extra: Map<String, Value>,
    /// The most bytes of Base64 inside a request; larger media are uploaded.
    inline_limit: Option<usize>,
}

pub(super) fn gemini(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_gemini::{Config, Pause, Safety};
    let settings: GeminiSettings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?, Pause::new(tokio::time::sleep));
    if settings.safety_off {
        config.safety = Safety::Off;
    }
    config.thresholds = settings.safety;
    config.extra = extra(it, settings.extra)?;
    config.inline_limit = settings.inline_limit.unwrap_or(config.inline_limit);
    ready!(it, provider_gemini, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DeepinfraSettings {
    extra: Map<String, Value>,
}

pub(super) fn deepinfra(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let settings: DeepinfraSettings = it.settings()?;
    let mut config = provider_deepinfra::Config::new(&it.config.model, it.secret()?);
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_deepinfra, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AimlapiSettings {
    /// Use `/chat/completions` instead of `/v1/chat/completions`.
    bare_path: bool,
    /// Put the system text before the question, for models that refuse the role.
    fold_system: bool,
    extra: Map<String, Value>,
}

pub(super) fn aimlapi(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_aimlapi::{Config, Path};
    let settings: AimlapiSettings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?);
    config.path = if settings.bare_path { Path::Bare } else { Path::Versioned };
    config.fold_system = settings.fold_system;
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_aimlapi, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct YandexSettings {
    /// Send the key as `Api-Key` instead of `Bearer`.
    api_key_header: bool,
    /// Write a schema as OpenAI has it, in a wrapper with a name.
    named_schema: bool,
    /// The version of the model: `latest` if unset, none if empty.
    version: Option<String>,
    extra: Map<String, Value>,
}

pub(super) fn yandex(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_yandex::{Config, FOLDER_VARIABLES, KeyStyle, SchemaForm};
    let settings: YandexSettings = it.settings()?;
    let key = it.secret()?;
    // Private, so it comes from where keys come from and not from the configuration.
    let folder =
        it.variable(FOLDER_VARIABLES).unwrap_or_else(|| if it.needs_keys { "" } else { "folder" }.to_owned());
    if folder.is_empty() {
        return Err(wrong(it.config, format!("no folder: set {}", FOLDER_VARIABLES.join(" or "))));
    }
    let mut config = Config::new(&it.config.model, key, vision_core::Secret::new(folder));
    if settings.api_key_header {
        config.key_style = KeyStyle::ApiKey;
    }
    if settings.named_schema {
        config.schema_shape = SchemaForm::Named;
    }
    config.version = settings.version.or(config.version);
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_yandex, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TsystemsSettings {
    /// What is spoken, for transcription.
    language: Option<String>,
    extra: Map<String, Value>,
}

pub(super) fn tsystems(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let settings: TsystemsSettings = it.settings()?;
    let mut config = provider_tsystems::Config::new(&it.config.model, it.secret()?);
    config.language = settings.language;
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_tsystems, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CompatibleSettings {
    /// What follows the base URL: `/chat/completions` if unset.
    path: Option<String>,
    extra: Map<String, Value>,
    /// What is spoken, for transcription.
    language: Option<String>,
    /// Whether to ask Entra for a token instead of using a key, where the host is Azure.
    pub(super) entra: bool,
}

impl CompatibleSettings {
    pub(super) fn apply(
        self,
        it: &Ingredients<'_>,
        mut config: provider_compatible::Config,
    ) -> Result<Ready, SetupError> {
        config.path = self.path.unwrap_or(config.path);
        config.extra = extra(it, self.extra)?;
        config.language = self.language;
        ready!(it, provider_compatible, config)
    }
}

pub(super) fn compatible(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let settings: CompatibleSettings = it.settings()?;
    let preset = provider_compatible::preset(it.kind.name).expect("every kind built here is a preset");
    let key = if it.kind.keyless { it.key.clone() } else { Some(it.secret()?) };
    let mut config = provider_compatible::Config::new(preset, &it.config.model, key);
    if !it.needs_keys && config.base_url.is_empty() {
        // Only to be looked at, as by `providers list`.
        config.base_url = "http://localhost:8000/v1".to_owned();
    }
    settings.apply(it, config)
}
