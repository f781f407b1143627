//! What can be set about this provider, and how a list of providers shows it.

use serde::Deserialize;
use serde_json::{Map, Value};
use vision_http::Descriptor;

use crate::{Api, DEFAULT_MODEL, KEY_PAGE, KEY_VARIABLES};

/// The provider, as a list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "openai",
    keys: KEY_VARIABLES,
    sources: "",
    key_page: KEY_PAGE,
    base_url_variable: "OPENAI_BASE_URL",
    example: DEFAULT_MODEL,
    concurrency: 8,
};

/// The table `settings` of a `[[provider]]` in `eval.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `chat` or `responses`; unset, the API that serves the model.
    pub api: Option<Api>,
    /// The billed organization.
    pub organisation: Option<String>,
    /// The billed project.
    pub project: Option<String>,
    /// Spoken language, for transcription.
    pub language: Option<String>,
    /// `low`, `medium` or `high`.
    pub verbosity: Option<String>,
    /// `auto`, `default`, `flex` or `priority`.
    pub service_tier: Option<String>,
    /// Additional fields of every request body.
    pub extra: Map<String, Value>,
}
