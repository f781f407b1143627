use serde::Deserialize;
use vision_core::Result;
use vision_http::{Call, ModelInfo, Reply, host, join};

use crate::models::{end_of_life, facts, is_known};
use crate::{Config, failure, headed};

#[derive(Deserialize)]
struct Page {
    models: Vec<Model>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Model {
    name: String,
    input_token_limit: Option<u64>,
    supported_generation_methods: Option<Vec<String>>,
}

/// Asks for the vendor's list of models.
pub fn models_call(config: &Config) -> Call {
    headed(config, Call::get(join(&config.base_url, "v1beta/models?pageSize=1000")))
}

/// Reads the vendor's list of models: those that can be asked here.
///
/// The list says nothing of modalities and ends of life; what this crate knows of a model stands in for it.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    if !reply.is_success() {
        return Err(failure::decode(reply, host(&config.base_url)));
    }
    let page: Page = reply.json()?;
    Ok(page.models.into_iter().filter(Model::answers).map(Model::info).collect())
}

impl Model {
    fn answers(&self) -> bool {
        let methods = self.supported_generation_methods.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "generateContent"))
    }

    fn info(self) -> ModelInfo {
        let id = self.name.strip_prefix("models/").unwrap_or(&self.name).to_owned();
        ModelInfo {
            end_of_life: end_of_life(&id).map(str::to_owned),
            modalities: is_known(&id).then(|| facts(&id).input.clone()),
            context: self.input_token_limit,
            id,
        }
    }
}
