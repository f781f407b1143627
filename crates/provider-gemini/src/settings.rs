//! What can be set about this provider, and how a list of providers shows it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use vision_http::Descriptor;

use crate::{DEFAULT_MODEL, KEY_PAGE, KEY_VARIABLES};

/// The provider, as a list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "gemini",
    keys: KEY_VARIABLES,
    sources: "",
    key_page: KEY_PAGE,
    base_url_variable: "GEMINI_BASE_URL",
    example: DEFAULT_MODEL,
    concurrency: 8,
};

/// The table `settings` of a `[[provider]]` in `eval.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Turn all adjustable safety filters off.
    pub safety_off: bool,
    /// Thresholds of single filters: `{ jailbreak = "BLOCK_NONE" }`.
    pub safety: BTreeMap<String, String>,
    /// Maximum bytes of Base64 in a request; larger media are uploaded.
    pub inline_limit: Option<usize>,
    /// Additional fields of every request body.
    pub extra: Map<String, Value>,
}
