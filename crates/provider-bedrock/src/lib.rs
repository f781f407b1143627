#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Modality, Output, Provider, ProviderId, Request,
    Response, Result, Surcharge,
};
use vision_http::{Auth, Call, Descriptor, Extra, HttpProvider, Reply, Transport, Wire, host, join};

mod answer;
mod body;
mod failure;
mod list;
mod models;

pub use list::{decode_models, models_call};

use body::Body;

/// The service, as the list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "bedrock",
    keys: &["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"],
    sources: "a profile of ~/.aws",
    key_page: "https://console.aws.amazon.com/bedrock/home#/api-keys",
    base_url_variable: "BEDROCK_BASE_URL",
    example: "amazon.nova-lite-v1:0",
    concurrency: 4,
};

/// The variable that holds a Bedrock key.
pub const KEY_VARIABLE: &str = "AWS_BEARER_TOKEN_BEDROCK";

/// The name under which the service signs.
pub const SERVICE: &str = "bedrock";

/// What can be set about it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The door: `converse` if unset, `openai` or `anthropic`.
    pub api: Option<String>,
    /// `us-east-1`; unset, what Amazon's own variables and files say.
    pub region: Option<String>,
    /// The profile of Amazon's shared files that holds the keys.
    pub profile: Option<String>,
    /// `default`, `priority`, `flex` or `reserved`.
    pub service_tier: Option<String>,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Map<String, Value>,
}

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Without the `/model`.
    pub base_url: String,
    /// Where the list of models is.
    pub control_url: String,
    /// A base id, an inference profile or an ARN.
    pub model: String,
    /// A Bedrock key, or keys that sign.
    pub auth: Auth,
    /// `default`, `priority`, `flex` or `reserved`; the service's own default if unset.
    pub service_tier: Option<String>,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Extra,
}

impl Config {
    /// The service in one region, with its defaults.
    pub fn new(region: &str, model: impl Into<String>, auth: Auth) -> Self {
        Self {
            base_url: format!("https://bedrock-runtime.{region}.amazonaws.com"),
            control_url: format!("https://bedrock.{region}.amazonaws.com"),
            model: model.into(),
            auth,
            service_tier: None,
            extra: Extra::default(),
        }
    }
}

/// Where the dialects of others are spoken: OpenAI's below its path, Anthropic's below `/anthropic`.
pub fn mantle_url(region: &str) -> String {
    format!("https://bedrock-mantle.{region}.api.aws")
}

pub use models::{is_gpt, openai_path};

/// A provider that asks one of the service's models.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    for (setting, value) in [("model", &config.model), ("base URL", &config.base_url)] {
        if value.is_empty() {
            return Err(Error::new(ErrorKind::Config, format!("the {setting} for bedrock is empty")));
        }
    }
    Ok(Arc::new(HttpProvider::new(Converse::new(config), transport)))
}

/// The wire format.
#[derive(Debug)]
struct Converse {
    id: ProviderId,
    capabilities: Capabilities,
    config: Config,
}

/// What the reference of the service says for every model. Makers may allow more, and none of them less.
const MOST_IMAGES: usize = 20;
/// 3.75 MB, which are 5 MB as Base64.
const LARGEST_IMAGE: usize = 15 * 1024 * 1024 / 4;
const LARGEST_REQUEST: usize = 25 * 1024 * 1024;

impl Converse {
    fn new(config: Config) -> Self {
        let capabilities = Capabilities {
            prompt: true,
            formats: vec![MediaKind::Png, MediaKind::Jpeg, MediaKind::Webp, MediaKind::Gif, MediaKind::Pdf],
            max_images: Some(MOST_IMAGES),
            max_image_bytes: Some(LARGEST_IMAGE),
            max_image_side: Some(8_000),
            max_request_bytes: Some(LARGEST_REQUEST),
            json_schema: true,
            closed_schemas: models::is_claude(&config.model),
            system: true,
            temperature: models::takes_temperature(&config.model),
            effort: true,
            usage: true,
            ..Capabilities::default()
        };
        Self { id: ProviderId::new(DESCRIPTOR.name, &config.model), capabilities, config }
    }
}

impl Wire for Converse {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Every maker counts pictures in its own way, so that their tokens are only known to be below a ceiling.
    fn estimate(&self, request: &Request) -> Estimate {
        let none = |modality| request.media_of(modality).next().is_none().then_some(0);
        Estimate {
            text: text_tokens(request),
            image: none(Modality::Image),
            pdf: none(Modality::Pdf),
            audio: Some(0),
            surcharge: (self.config.service_tier.as_deref() == Some("priority"))
                .then_some(Surcharge::Priority),
            ..Estimate::default()
        }
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        let (body, dropped) = Body::new(&self.config, request)?;
        let path = format!("model/{}/converse", encoded(&self.config.model));
        let call = Call::post_json(join(&self.config.base_url, &path), self.config.extra.json(&body)?);
        Ok(Call { dropped, ..call.with_auth(self.config.auth.clone()) })
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        let host = host(&self.config.base_url);
        if reply.is_success() {
            answer::decode(reply, host, &self.config.model)
        } else {
            Err(failure::decode(reply, host, &self.config.model))
        }
    }
}

/// A model is one segment of the path: an ARN has colons and slashes.
fn encoded(model: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    model
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn text_tokens(request: &Request) -> u64 {
    let schema = match &request.output {
        Output::Schema(schema) => Estimate::text_tokens(&schema.schema.to_string()),
        Output::Text | Output::Json => 0,
    };
    let texts = request.system.iter().map(String::as_str).chain(request.texts());
    texts.map(Estimate::text_tokens).sum::<u64>() + schema
}

#[cfg(test)]
mod tests;
