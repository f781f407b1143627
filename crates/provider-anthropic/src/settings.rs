//! What can be set about this provider, and how a list of providers shows it.

use serde::Deserialize;
use serde_json::{Map, Value};
use vision_http::Descriptor;

use crate::{DEFAULT_MODEL, KEY_PAGE, KEY_VARIABLES};

/// The provider, as a list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "anthropic",
    keys: KEY_VARIABLES,
    sources: "",
    key_page: KEY_PAGE,
    base_url_variable: "ANTHROPIC_BASE_URL",
    example: DEFAULT_MODEL,
    concurrency: 8,
};

/// The table `settings` of a `[[provider]]` in `eval.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The version of the API: `2023-06-01` or `2026-10-21`.
    pub version: Option<String>,
    /// Send the key as `Authorization: Bearer` instead of `x-api-key`.
    pub bearer: bool,
    /// `downsize` or `error`.
    pub oversized_image: Option<String>,
    /// Additional fields of every request body.
    pub extra: Map<String, Value>,
}
