//! What can be set about this provider, and how a list of providers shows it.

use serde::Deserialize;
use serde_json::{Map, Value};
use vision_http::Descriptor;

use crate::{DEFAULT_MODEL, KEY_PAGE, KEY_VARIABLES};

/// The provider, as a list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "deepinfra",
    keys: KEY_VARIABLES,
    sources: "",
    key_page: KEY_PAGE,
    base_url_variable: "DEEPINFRA_BASE_URL",
    example: DEFAULT_MODEL,
    concurrency: 16,
};

/// The table `settings` of a `[[provider]]` in `eval.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Additional fields of every request body.
    pub extra: Map<String, Value>,
}
