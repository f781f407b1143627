use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{Capabilities, Estimate, Request, Response, Result};

/// Something that answers a request about images, documents or sound.
///
/// A provider makes one attempt. It does not retry, cache, sleep, log or read the environment:
/// all of that goes around it, in layers that are providers too.
#[async_trait]
pub trait VisionProvider: fmt::Debug + Send + Sync {
    /// What reports print.
    fn id(&self) -> &ProviderId;

    /// What it can do, checked before anything is sent.
    fn capabilities(&self) -> &Capabilities;

    /// Tokens this request will be billed. Pure, and never more than arithmetic.
    fn estimate(&self, request: &Request) -> Estimate;

    /// Asks once.
    async fn analyze(&self, request: &Request) -> Result<Response>;
}

/// The only form in which a provider crosses crates.
pub type Provider = Arc<dyn VisionProvider>;

/// A provider's name and a model's, written `openai/gpt-5.6-luna`.
///
/// The model's own name may hold slashes: only the first one separates.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderId {
    text: Arc<str>,
    slash: usize,
}

impl ProviderId {
    /// Joins the two names.
    pub fn new(provider: &str, model: &str) -> Self {
        Self { text: format!("{provider}/{model}").into(), slash: provider.len() }
    }

    /// `openai` in `openai/gpt-5.6-luna`.
    pub fn provider(&self) -> &str {
        &self.text[..self.slash]
    }

    /// `gpt-5.6-luna` in `openai/gpt-5.6-luna`.
    pub fn model(&self) -> &str {
        &self.text[self.slash + 1..]
    }

    /// The whole of it.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl FromStr for ProviderId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('/') {
            Some((provider, model)) if !provider.is_empty() && !model.is_empty() => {
                Ok(Self::new(provider, model))
            }
            _ => Err(format!("`{text}` is not of the form PROVIDER/MODEL")),
        }
    }
}

impl TryFrom<String> for ProviderId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ProviderId> for String {
    fn from(id: ProviderId) -> Self {
        id.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::ProviderId;

    #[test]
    fn a_model_name_may_hold_slashes() {
        let id: ProviderId = "deepinfra/google/gemma-3-27b-it".parse().unwrap();
        assert_eq!((id.provider(), id.model()), ("deepinfra", "google/gemma-3-27b-it"));
        assert_eq!(id.to_string(), "deepinfra/google/gemma-3-27b-it");
    }

    #[test]
    fn half_an_id_is_refused() {
        assert!("openai".parse::<ProviderId>().is_err());
        assert!("openai/".parse::<ProviderId>().is_err());
    }
}
