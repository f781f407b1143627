use serde::Deserialize;
use vision_core::{Modality, Result};
use vision_http::{Call, ModelInfo, Reply, host, join};

use crate::{Config, failure, headed};

#[derive(Deserialize)]
struct Page {
    data: Vec<Model>,
}

#[derive(Deserialize)]
struct Model {
    id: String,
    lifecycle: Option<String>,
    retires_at: Option<String>,
    max_input_tokens: Option<u64>,
    capabilities: Option<Abilities>,
}

#[derive(Deserialize)]
struct Abilities {
    image_input: Option<Support>,
    pdf_input: Option<Support>,
}

#[derive(Deserialize)]
struct Support {
    #[serde(default)]
    supported: bool,
}

/// Asks for the vendor's list of models.
pub fn models_call(config: &Config) -> Call {
    headed(config, Call::get(join(&config.base_url, "v1/models?limit=1000")))
}

/// Reads the vendor's list of models.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    if !reply.is_success() {
        return Err(failure::decode(reply, host(&config.base_url)));
    }
    let page: Page = reply.json()?;
    Ok(page.data.into_iter().map(Model::info).collect())
}

impl Model {
    fn info(self) -> ModelInfo {
        let retired = self.lifecycle.filter(|stage| stage == "retired");
        ModelInfo {
            id: self.id,
            end_of_life: self.retires_at.or(retired),
            modalities: self.capabilities.map(Abilities::modalities),
            context: self.max_input_tokens,
        }
    }
}

impl Abilities {
    fn modalities(self) -> Vec<Modality> {
        let supported = |support: &Option<Support>| support.as_ref().is_some_and(|support| support.supported);
        let all = [(Modality::Image, self.image_input), (Modality::Pdf, self.pdf_input)];
        all.into_iter().filter(|(_, support)| supported(support)).map(|(modality, _)| modality).collect()
    }
}
