//! What can be set about this provider, and how a list of providers shows it.

use serde::Deserialize;
use serde_json::{Map, Value};
use vision_http::Descriptor;

use crate::{DEFAULT_MODEL, KEY_PAGE, KEY_VARIABLES};

/// The provider, as a list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "yandex",
    keys: KEY_VARIABLES,
    sources: "",
    key_page: KEY_PAGE,
    base_url_variable: "YANDEX_BASE_URL",
    example: DEFAULT_MODEL,
    concurrency: 4,
};

/// The table `settings` of a `[[provider]]` in `eval.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Send the key as `Api-Key` instead of `Bearer`.
    pub api_key_header: bool,
    /// Wrap a schema with a name, as OpenAI does.
    pub named_schema: bool,
    /// Model version: `latest` if unset, none if empty.
    pub version: Option<String>,
    /// Additional fields of every request body.
    pub extra: Map<String, Value>,
}
