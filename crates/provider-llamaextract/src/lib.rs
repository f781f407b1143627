#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Modality, Provider, ProviderId, Request, Response,
    Result, Secret, Task, Timing, VisionProvider,
};
use vision_document::Patience;
use vision_http::{Auth, Call, Descriptor, ModelInfo, Pause, Reply, Transport, host, join};

mod answer;
mod body;
mod failure;
mod work;

use work::Work;

/// The service, as the list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "llamaextract",
    keys: &["LLAMA_CLOUD_API_KEY"],
    sources: "",
    key_page: "https://cloud.llamaindex.ai",
    base_url_variable: "LLAMA_CLOUD_BASE_URL",
    example: "agentic",
    concurrency: 4,
};

/// Where the service is.
pub const BASE_URL: &str = "https://api.cloud.llamaindex.ai";

/// The tiers, with the most credits that a page costs: those of extracting and those of parsing before it.
const TIERS: [(&str, u64); 4] =
    [("cost_effective", 5 + 3), ("agentic", 15 + 10), ("turbo", 35), ("agentic_plus", 50 + 45)];

/// What can be set about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `2.5`, or a date: the version of the engine; the newest if unset.
    pub version: Option<String>,
    /// `1-3,5`: the pages to read; all if unset.
    pub pages: Option<String>,
    /// Whether to delete job and file after the answer was read.
    pub delete: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { version: None, pages: None, delete: true }
    }
}

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the service is.
    pub base_url: String,
    /// The tier: `agentic`, say.
    pub model: String,
    /// The key.
    pub key: Secret,
    /// The version of the engine; the newest if unset.
    pub version: Option<String>,
    /// The pages to read; all if unset.
    pub pages: Option<String>,
    /// Whether to delete job and file after the answer was read.
    pub delete: bool,
    /// How to wait for an answer.
    pub patience: Patience,
}

impl Config {
    /// The service itself, with its defaults. `pause` is `Pause::new(tokio::time::sleep)` nearly everywhere.
    pub fn new(model: impl Into<String>, key: Secret, pause: Pause) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            model: model.into(),
            key,
            version: None,
            pages: None,
            delete: true,
            patience: Patience { pause, longest: Duration::from_secs(600) },
        }
    }

    fn auth(&self) -> Auth {
        Auth::bearer(self.key.clone())
    }
}

/// A provider that reads documents.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    for (setting, value) in
        [("key", config.key.expose()), ("model", &config.model), ("base URL", &config.base_url)]
    {
        if value.is_empty() {
            return Err(Error::new(ErrorKind::Config, format!("the {setting} for llamaextract is empty")));
        }
    }
    if TIERS.iter().all(|(name, _)| *name != config.model) {
        let known: Vec<_> = TIERS.iter().map(|(name, _)| *name).collect();
        let message = format!("`{}` is no tier of llamaextract (tiers: {})", config.model, known.join(", "));
        return Err(Error::new(ErrorKind::Config, message));
    }
    let id = ProviderId::new(DESCRIPTOR.name, &config.model);
    Ok(Arc::new(Reader { id, capabilities: capabilities(), config, transport }))
}

/// Asks for the jobs, because the service has no list of tiers: the reply shows whether the key is good.
pub fn models_call(config: &Config) -> Call {
    Call::get(join(&config.base_url, "api/v2/extract?page_size=1")).with_auth(config.auth())
}

/// The tiers, if the service took the key.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    match reply.is_success() {
        true => {
            let info = |(name, _)| ModelInfo { id: String::from(name), ..ModelInfo::default() };
            Ok(TIERS.into_iter().map(info).collect())
        }
        false => Err(failure::decode(reply, host(&config.base_url))),
    }
}

fn capabilities() -> Capabilities {
    use MediaKind::{Jpeg, Pdf, Png, Webp};
    Capabilities {
        tasks: vec![Task::Receipt, Task::Document, Task::Extract],
        formats: vec![Png, Jpeg, Webp, Pdf],
        max_images: Some(1),
        max_image_bytes: Some(300 * 1024 * 1024),
        json_schema: true,
        usage: true,
        ..Capabilities::default()
    }
}

/// One answer takes several calls, so that this is a provider of its own and not a wire format.
#[derive(Debug)]
struct Reader {
    id: ProviderId,
    capabilities: Capabilities,
    config: Config,
    transport: Arc<dyn Transport>,
}

#[async_trait]
impl VisionProvider for Reader {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Pages are billed, in credits.
    fn estimate(&self, request: &Request) -> Estimate {
        let is_image = request.media_of(Modality::Pdf).next().is_none();
        let tier = TIERS.iter().find(|(name, _)| *name == self.config.model);
        Estimate {
            pages: is_image.then_some(1),
            credits: tier.filter(|_| is_image).map(|(_, credits)| *credits),
            ..Estimate::without_tokens()
        }
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.capabilities.check(request)?;
        let body = body::Body::of(&self.config, request);
        let mut work = Work::hand_in(&self.config, self.transport.as_ref(), request).await?;
        let outcome = work.result(&body, vision_document::schema(request).is_some()).await;
        let total = work.elapsed();
        if self.config.delete {
            work.delete().await;
        }
        let dropped_params = vision_document::dropped(request).into_iter().map(str::to_owned).collect();
        outcome.map(|response| Response {
            model: Some(self.config.model.clone()),
            dropped_params,
            timing: Timing { total, ..Timing::default() },
            ..response
        })
    }
}
