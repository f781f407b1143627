//! What can be set about this provider, and how a list of providers shows it.

use serde::Deserialize;
use serde_json::{Map, Value};
use vision_http::Descriptor;

use crate::{DEFAULT_MODEL, KEY_PAGE, KEY_VARIABLES};

/// The provider, as a list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "aimlapi",
    keys: KEY_VARIABLES,
    sources: "",
    key_page: KEY_PAGE,
    base_url_variable: "AIMLAPI_BASE_URL",
    example: DEFAULT_MODEL,
    concurrency: 4,
};

/// The table `settings` of a `[[provider]]` in `eval.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Use `/chat/completions` instead of `/v1/chat/completions`.
    pub bare_path: bool,
    /// Put the system prompt before the question, for models without a system role.
    pub fold_system: bool,
    /// Additional fields of every request body.
    pub extra: Map<String, Value>,
}
