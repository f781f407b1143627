//! Models in Microsoft's house: those of OpenAI and Claude.

use eval::SetupError;
use serde::Deserialize;
use serde_json::{Map, Value};
use vision_auth::azure as microsoft;
use vision_core::Secret;

use super::super::both::both;
use super::super::hosts::{CompatibleSettings, extra};
use super::super::{Ingredients, Ready, wrong};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AzureSettings {
    /// The dialect: `openai` if unset, or `anthropic` for Claude.
    api: Option<String>,
    /// Whether to ask Entra for a token instead of using a key.
    entra: bool,
    /// What follows the base URL: `/chat/completions` if unset.
    path: Option<String>,
    extra: Map<String, Value>,
    /// What is spoken, for transcription.
    language: Option<String>,
}

/// A deployment of Azure's: with a key as any other preset, without one by a token of Entra.
pub(in crate::registry) fn azure(it: &Ingredients<'_>) -> Result<Ready, SetupError> {
    let AzureSettings { api, entra, path, extra, language } = it.settings()?;
    match api.as_deref() {
        None | Some("openai") => {}
        Some("anthropic") => return azure_claude(it, entra, extra),
        Some(other) => {
            return Err(wrong(it.config, format!("api `{other}` is neither openai nor anthropic")));
        }
    }
    let preset = provider_compatible::preset(it.kind.name).expect("every kind built here is a preset");
    let mut config = provider_compatible::Config::new(preset, &it.config.model, it.key.clone());
    if it.key.is_none() || entra {
        config.auth = Some(it.entra(microsoft::COGNITIVE_SERVICES, entra)?);
    }
    if !it.needs_keys && config.base_url.is_empty() {
        config.base_url = "https://resource.openai.azure.com/openai/v1".to_owned();
    }
    CompatibleSettings { path, extra, language }.apply(it, config)
}

/// Claude in Microsoft's house, in Anthropic's own dialect.
fn azure_claude(it: &Ingredients<'_>, entra: bool, fields: Map<String, Value>) -> Result<Ready, SetupError> {
    use provider_anthropic::{Config, provider};
    let key = it.key.clone().filter(|_| !entra);
    let auth = key.is_none().then(|| it.entra(microsoft::FOUNDRY, entra)).transpose();
    let placeholder = || (!it.needs_keys).then(|| "https://resource.services.ai.azure.com".to_owned());
    let base_url = it.base_url.clone().or_else(placeholder).ok_or_else(|| {
        let variable = it.kind.base_url_variable;
        wrong(
            it.config,
            format!("no address: set {variable}, such as https://RESOURCE.services.ai.azure.com"),
        )
    });
    let (auth, base_url) = both(auth, base_url)?;
    let mut config = Config::new(&it.config.model, key.unwrap_or_else(|| Secret::new("")));
    (config.name, config.auth) = (it.kind.name, auth);
    // The same resource, whichever of its dialects its address was copied for.
    let resource =
        base_url.trim_end_matches('/').trim_end_matches("/openai/v1").trim_end_matches("/anthropic");
    config.base_url = format!("{resource}/anthropic");
    config.extra = extra(it, fields)?;
    let base_url = Some(config.base_url.clone());
    let provider = provider(config, it.transport.clone()).map_err(|error| it.failed(&error))?;
    Ok(Ready { provider, base_url, own_url: String::new(), models: None, about: "", credentials: None })
}
