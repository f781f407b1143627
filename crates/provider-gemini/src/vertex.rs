//! The same models, and Claude, in Google's own house: Vertex AI. Only addresses and settings differ.

use serde::Deserialize;
use vision_http::Descriptor;

/// The service, as the list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "vertex",
    keys: &["VERTEX_API_KEY", "GOOGLE_OAUTH_ACCESS_TOKEN"],
    sources: "GOOGLE_APPLICATION_CREDENTIALS or gcloud",
    key_page: "https://cloud.google.com/docs/authentication/application-default-credentials",
    base_url_variable: "VERTEX_BASE_URL",
    example: "gemini-3.7-flash",
    concurrency: 8,
};

/// The variable that holds a key of express mode, which needs no project.
pub const KEY_VARIABLE: &str = "VERTEX_API_KEY";

/// What can be set about it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Unset, what Google's own variables and credentials say.
    pub project: Option<String>,
    /// `global`, `us`, `eu` or a region; `global` if unset.
    pub location: Option<String>,
    /// Turns the adjustable filters off.
    pub safety_off: bool,
    /// Further fields of every request body, as the documentation names them.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// The host of a location.
pub fn base_url(location: &str) -> String {
    match location {
        "global" => "https://aiplatform.googleapis.com".to_owned(),
        "us" | "eu" => format!("https://aiplatform.{location}.rep.googleapis.com"),
        region => format!("https://{region}-aiplatform.googleapis.com"),
    }
}

/// Where a publisher's models are below the host: `v1beta1/projects/P/locations/L/publishers/google`.
pub fn path(version: &str, project: &str, location: &str, publisher: &str) -> String {
    format!("{version}/projects/{project}/locations/{location}/publishers/{publisher}")
}

/// The same for a key, which knows its project.
pub fn express_path() -> String {
    "v1beta1/publishers/google".to_owned()
}

#[cfg(test)]
mod tests {
    use super::{base_url, path};

    #[test]
    fn each_location_has_its_host() {
        assert_eq!(base_url("global"), "https://aiplatform.googleapis.com");
        assert_eq!(base_url("eu"), "https://aiplatform.eu.rep.googleapis.com");
        assert_eq!(base_url("europe-west4"), "https://europe-west4-aiplatform.googleapis.com");
        assert_eq!(
            path("v1", "p", "global", "anthropic"),
            "v1/projects/p/locations/global/publishers/anthropic"
        );
    }
}
