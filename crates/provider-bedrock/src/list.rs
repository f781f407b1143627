use serde::Deserialize;
use vision_core::{Modality, Result};
use vision_http::tolerant::{items, lenient};
use vision_http::{Call, ModelInfo, Reply, host, join};

use crate::{Config, failure};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    model_summaries: Vec<Summary>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    model_id: String,
    #[serde(default, deserialize_with = "items")]
    input_modalities: Option<Vec<String>>,
    #[serde(default, deserialize_with = "lenient")]
    model_lifecycle: Option<Lifecycle>,
}

#[derive(Deserialize)]
struct Lifecycle {
    status: String,
}

/// Asks for the models that write text.
pub fn models_call(config: &Config) -> Call {
    let url = join(&config.control_url, "foundation-models?byOutputModality=TEXT");
    Call::get(url).with_auth(config.auth.clone())
}

/// Reads that list. A model that is on its way out says so, but not since when.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    if !reply.is_success() {
        return Err(failure::decode(reply, host(&config.control_url), &config.model));
    }
    let page: Page = reply.json()?;
    Ok(page.model_summaries.into_iter().map(Summary::info).collect())
}

impl Summary {
    fn info(self) -> ModelInfo {
        let sees = |modalities: Vec<String>| {
            let image = modalities.iter().any(|name| name == "IMAGE");
            if image { vec![Modality::Image] } else { Vec::new() }
        };
        let legacy = self.model_lifecycle.filter(|lifecycle| lifecycle.status == "LEGACY");
        ModelInfo {
            id: self.model_id,
            end_of_life: legacy.map(|_| "legacy".to_owned()),
            modalities: self.input_modalities.map(sees),
            context: None,
        }
    }
}
