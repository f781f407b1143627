//! How each provider is built out of its entry in the configuration.

use eval::SetupError;
use serde::Deserialize;
use serde_json::{Map, Value};
use vision_http::Extra;

use super::{Ingredients, Ready, wrong};

/// Ends a builder: a config with `base_url`, and a crate with `provider`, `models_call` and `decode_models`; with
/// `next_models_call`, too, where the list comes in pages.
macro_rules! ready {
    ($it:ident, $krate:ident, $config:ident) => {
        ready!($it, $krate, $config, |_, _| None)
    };
    ($it:ident, $krate:ident, $config:ident, $next:expr) => {{
        let mut config = $config;
        let own_url = config.base_url.clone();
        config.base_url = $it.base_url.clone().unwrap_or(config.base_url);
        let (call, listed, paged) = ($krate::models_call(&config), config.clone(), config.clone());
        let decode = Box::new(move |reply: &_| $krate::decode_models(&listed, reply));
        let next_call: fn(&_, &vision_http::Reply) -> Option<vision_http::Call> = $next;
        let next = Box::new(move |reply: &_| next_call(&paged, reply));
        let models = Some(super::ModelList { call, decode, next });
        let base_url = Some(config.base_url.clone());
        let provider = $krate::provider(config, $it.transport.clone()).map_err(|error| $it.failed(&error))?;
        Ok(Ready { provider, base_url, own_url, models, about: "", credentials: None })
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
        credentials: None,
    })
}

pub(super) fn openai(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_openai::Config;
    let settings: provider_openai::Settings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?);
    config.api = settings.api;
    config.organisation = settings.organisation.or_else(|| it.variable(&["OPENAI_ORGANIZATION"]));
    config.project = settings.project.or_else(|| it.variable(&["OPENAI_PROJECT"]));
    config.language = settings.language;
    config.verbosity = settings.verbosity;
    config.service_tier = settings.service_tier;
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_openai, config)
}

pub(super) fn anthropic(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_anthropic::{Config, KeyHeader, OversizedImage, Version};
    let settings: provider_anthropic::Settings = it.settings()?;
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

pub(super) fn gemini(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_gemini::{Config, Pause, Safety};
    let settings: provider_gemini::Settings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?, Pause::new(tokio::time::sleep));
    if settings.safety_off {
        config.safety = Safety::Off;
    }
    config.thresholds = settings.safety;
    config.extra = extra(it, settings.extra)?;
    config.inline_limit = settings.inline_limit.unwrap_or(config.inline_limit);
    ready!(it, provider_gemini, config)
}

pub(super) fn deepinfra(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let settings: provider_deepinfra::Settings = it.settings()?;
    let mut config = provider_deepinfra::Config::new(&it.config.model, it.secret()?);
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_deepinfra, config)
}

pub(super) fn aimlapi(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_aimlapi::{Config, Path};
    let settings: provider_aimlapi::Settings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?);
    config.path = if settings.bare_path { Path::Bare } else { Path::Versioned };
    config.fold_system = settings.fold_system;
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_aimlapi, config)
}

pub(super) fn yandex(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_yandex::{Config, FOLDER_VARIABLES, KeyStyle, SchemaForm};
    let settings: provider_yandex::Settings = it.settings()?;
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

pub(super) fn tsystems(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let settings: provider_tsystems::Settings = it.settings()?;
    let mut config = provider_tsystems::Config::new(&it.config.model, it.secret()?);
    config.language = settings.language;
    config.extra = extra(it, settings.extra)?;
    ready!(it, provider_tsystems, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CompatibleSettings {
    /// What follows the base URL: `/chat/completions` if unset.
    pub(super) path: Option<String>,
    pub(super) extra: Map<String, Value>,
    /// What is spoken, for transcription.
    pub(super) language: Option<String>,
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
