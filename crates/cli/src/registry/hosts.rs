//! How each provider is built out of its entry in the configuration.

use eval::SetupError;
use serde::Deserialize;

use super::{Ingredients, Kind, ModelList, Ready, wrong};

/// Every kind there is, in the order of `providers list`.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "local",
        keys: &[],
        key_page: "",
        base_url_variable: "",
        example: "accurate",
        concurrency: 1,
        keyless: true,
        build: local,
    },
    Kind {
        name: "openai",
        keys: provider_openai::KEY_VARIABLES,
        key_page: provider_openai::KEY_PAGE,
        base_url_variable: "OPENAI_BASE_URL",
        example: provider_openai::DEFAULT_MODEL,
        concurrency: 8,
        keyless: false,
        build: openai,
    },
    Kind {
        name: "anthropic",
        keys: provider_anthropic::KEY_VARIABLES,
        key_page: provider_anthropic::KEY_PAGE,
        base_url_variable: "ANTHROPIC_BASE_URL",
        example: "claude-haiku-5-5",
        concurrency: 8,
        keyless: false,
        build: anthropic,
    },
    Kind {
        name: "gemini",
        keys: provider_gemini::KEY_VARIABLES,
        key_page: provider_gemini::KEY_PAGE,
        base_url_variable: "GEMINI_BASE_URL",
        example: "gemini-3.7-flash",
        concurrency: 8,
        keyless: false,
        build: gemini,
    },
    Kind {
        name: "deepinfra",
        keys: provider_deepinfra::KEY_VARIABLES,
        key_page: provider_deepinfra::KEY_PAGE,
        base_url_variable: "DEEPINFRA_BASE_URL",
        example: provider_deepinfra::DEFAULT_MODEL,
        concurrency: 16,
        keyless: false,
        build: deepinfra,
    },
    Kind {
        name: "aimlapi",
        keys: provider_aimlapi::KEY_VARIABLES,
        key_page: provider_aimlapi::KEY_PAGE,
        base_url_variable: "AIMLAPI_BASE_URL",
        example: provider_aimlapi::DEFAULT_MODEL,
        concurrency: 4,
        keyless: false,
        build: aimlapi,
    },
    Kind {
        name: "yandex",
        keys: provider_yandex::KEY_VARIABLES,
        key_page: provider_yandex::KEY_PAGE,
        base_url_variable: "YANDEX_BASE_URL",
        example: provider_yandex::DEFAULT_MODEL,
        concurrency: 4,
        keyless: false,
        build: yandex,
    },
    Kind {
        name: "tsystems",
        keys: provider_tsystems::KEY_VARIABLES,
        key_page: provider_tsystems::KEY_PAGE,
        base_url_variable: "TSYSTEMS_BASE_URL",
        example: provider_tsystems::DEFAULT_MODEL,
        concurrency: 4,
        keyless: false,
        build: tsystems,
    },
    Kind {
        name: "compatible",
        keys: provider_compatible::KEY_VARIABLES,
        key_page: provider_compatible::KEY_PAGE,
        base_url_variable: "COMPATIBLE_BASE_URL",
        example: "a-model",
        concurrency: 4,
        keyless: true,
        build: compatible,
    },
    Kind {
        name: "ollama",
        keys: provider_compatible::KEY_VARIABLES,
        key_page: "",
        base_url_variable: "OLLAMA_BASE_URL",
        example: "qwen3-vl",
        concurrency: 1,
        keyless: true,
        build: compatible,
    },
    Kind {
        name: "llama.cpp",
        keys: provider_compatible::KEY_VARIABLES,
        key_page: "",
        base_url_variable: "LLAMA_CPP_BASE_URL",
        example: "default",
        concurrency: 1,
        keyless: true,
        build: compatible,
    },
    Kind {
        name: "vllm",
        keys: provider_compatible::KEY_VARIABLES,
        key_page: "",
        base_url_variable: "VLLM_BASE_URL",
        example: "Qwen/Qwen3-VL-30B-A3B-Instruct",
        concurrency: 16,
        keyless: true,
        build: compatible,
    },
    Kind {
        name: "openrouter",
        keys: &["OPENROUTER_API_KEY"],
        key_page: "https://openrouter.ai/settings/keys",
        base_url_variable: "OPENROUTER_BASE_URL",
        example: "google/gemma-4-31b-it",
        concurrency: 8,
        keyless: false,
        build: compatible,
    },
    Kind {
        name: "mistral",
        keys: &["MISTRAL_API_KEY"],
        key_page: "https://console.mistral.ai/api-keys",
        base_url_variable: "MISTRAL_BASE_URL",
        example: "mistral-small-latest",
        concurrency: 4,
        keyless: false,
        build: compatible,
    },
    Kind {
        name: "groq",
        keys: &["GROQ_API_KEY"],
        key_page: "https://console.groq.com/keys",
        base_url_variable: "GROQ_BASE_URL",
        example: "qwen/qwen3.8-27b",
        concurrency: 4,
        keyless: false,
        build: compatible,
    },
    Kind {
        name: "together",
        keys: &["TOGETHER_API_KEY"],
        key_page: "https://api.together.ai/settings/api-keys",
        base_url_variable: "TOGETHER_BASE_URL",
        example: "Qwen/Qwen3.5-9B",
        concurrency: 8,
        keyless: false,
        build: compatible,
    },
    Kind {
        name: "fireworks",
        keys: &["FIREWORKS_API_KEY"],
        key_page: "https://fireworks.ai/account/api-keys",
        base_url_variable: "FIREWORKS_BASE_URL",
        example: "accounts/fireworks/models/qwen3p7-plus",
        concurrency: 8,
        keyless: false,
        build: compatible,
    },
    Kind {
        name: "azure",
        keys: &["AZURE_OPENAI_API_KEY"],
        key_page: "https://portal.azure.com",
        base_url_variable: "AZURE_OPENAI_BASE_URL",
        example: "my-deployment",
        concurrency: 8,
        keyless: false,
        build: compatible,
    },
];

/// Ends a builder: a config with `base_url`, and a crate with `provider`, `models_call` and `decode_models`.
macro_rules! ready {
    ($it:ident, $krate:ident, $config:ident) => {{
        let mut config = $config;
        config.base_url = $it.base_url.clone().unwrap_or(config.base_url);
        let (call, listed) = ($krate::models_call(&config), config.clone());
        let decode = Box::new(move |reply: &_| $krate::decode_models(&listed, reply));
        let base_url = Some(config.base_url.clone());
        let provider = $krate::provider(config, $it.transport.clone()).map_err(|error| $it.failed(&error))?;
        Ok(Ready { provider, base_url, models: Some(ModelList { call, decode }), about: "" })
    }};
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoSettings {}

fn local(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
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
    Ok(Ready { provider: provider_local::provider(model), base_url: None, models: None, about })
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
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OpenAiApi {
    Chat,
    Responses,
}

fn openai(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
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
    ready!(it, provider_openai, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AnthropicSettings {
    version: Option<String>,
    bearer: bool,
    oversized_image: Option<String>,
}

fn anthropic(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
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
    ready!(it, provider_anthropic, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GeminiSettings {
    safety_off: bool,
    /// The most bytes of Base64 inside a request; larger media are uploaded.
    inline_limit: Option<usize>,
}

fn gemini(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_gemini::{Config, Pause, Safety};
    let settings: GeminiSettings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?, Pause::new(tokio::time::sleep));
    if settings.safety_off {
        config.safety = Safety::Off;
    }
    config.inline_limit = settings.inline_limit.unwrap_or(config.inline_limit);
    ready!(it, provider_gemini, config)
}

fn deepinfra(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let NoSettings {} = it.settings()?;
    let config = provider_deepinfra::Config::new(&it.config.model, it.secret()?);
    ready!(it, provider_deepinfra, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AimlapiSettings {
    /// Use `/chat/completions` instead of `/v1/chat/completions`.
    bare_path: bool,
    /// Put the system text before the question, for models that refuse the role.
    fold_system: bool,
}

fn aimlapi(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    use provider_aimlapi::{Config, Path};
    let settings: AimlapiSettings = it.settings()?;
    let mut config = Config::new(&it.config.model, it.secret()?);
    config.path = if settings.bare_path { Path::Bare } else { Path::Versioned };
    config.fold_system = settings.fold_system;
    ready!(it, provider_aimlapi, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct YandexSettings {
    /// Send the key as `Api-Key` instead of `Bearer`.
    api_key_header: bool,
    /// Write a schema as OpenAI has it, in a wrapper with a name.
    named_schema: bool,
    /// The version of the model: `latest` if unset.
    version: Option<String>,
}

fn yandex(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
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
    ready!(it, provider_yandex, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LanguageSettings {
    /// What is spoken, for transcription.
    language: Option<String>,
}

fn tsystems(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let settings: LanguageSettings = it.settings()?;
    let mut config = provider_tsystems::Config::new(&it.config.model, it.secret()?);
    config.language = settings.language;
    ready!(it, provider_tsystems, config)
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CompatibleSettings {
    /// What follows the base URL: `/chat/completions` if unset.
    path: Option<String>,
    /// Further fields of every request body.
    extra: serde_json::Map<String, serde_json::Value>,
    /// What is spoken, for transcription.
    language: Option<String>,
}

fn compatible(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let settings: CompatibleSettings = it.settings()?;
    let preset = provider_compatible::preset(it.kind.name).expect("every kind built here is a preset");
    let key = if it.kind.keyless { it.key.clone() } else { Some(it.secret()?) };
    let mut config = provider_compatible::Config::new(preset, &it.config.model, key);
    if !it.needs_keys && config.base_url.is_empty() {
        // Only to be looked at, as by `providers list`.
        config.base_url = "http://localhost:8000/v1".to_owned();
    }
    config.path = settings.path.unwrap_or(config.path);
    config.extra = settings.extra;
    config.language = settings.language;
    ready!(it, provider_compatible, config)
}
