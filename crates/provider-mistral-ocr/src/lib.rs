#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Modality, Output, Provider, ProviderId, Request,
    Response, Result, Secret, Task,
};
use vision_http::{
    Auth, Call, Descriptor, Extra, HttpProvider, ModelInfo, Reply, Transport, Wire, host, join,
};

mod answer;
mod body;
mod failure;
mod markdown;

use body::Body;

/// The service, as the list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "mistral-ocr",
    keys: &["MISTRAL_API_KEY"],
    sources: "",
    key_page: "https://console.mistral.ai/api-keys",
    base_url_variable: "MISTRAL_OCR_BASE_URL",
    example: "mistral-ocr-4-1",
    concurrency: 4,
};

/// Where the service is.
pub const BASE_URL: &str = "https://api.mistral.ai/v1";

/// What can be set about it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What follows the base URL: `/ocr` if unset.
    pub path: Option<String>,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Map<String, Value>,
}

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The root of the API, version included.
    pub base_url: String,
    /// What follows it.
    pub path: String,
    /// `mistral-ocr-4-1`, say.
    pub model: String,
    /// The key.
    pub key: Secret,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Extra,
}

impl Config {
    /// The service itself, with its defaults.
    pub fn new(model: impl Into<String>, key: Secret) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            path: "/ocr".to_owned(),
            model: model.into(),
            key,
            extra: Extra::default(),
        }
    }
}

/// A provider that reads documents.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    for (setting, value) in
        [("key", config.key.expose()), ("model", &config.model), ("base URL", &config.base_url)]
    {
        if value.is_empty() {
            return Err(Error::new(ErrorKind::Config, format!("the {setting} for mistral-ocr is empty")));
        }
    }
    Ok(Arc::new(HttpProvider::new(Ocr::new(config), transport)))
}

/// Asks for the host's models, of which few are OCR.
pub fn models_call(config: &Config) -> Call {
    Call::get(join(&config.base_url, "models")).with_auth(Auth::bearer(config.key.clone()))
}

/// Reads that list.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    #[derive(Deserialize)]
    struct Page {
        data: Vec<Model>,
    }
    #[derive(Deserialize)]
    struct Model {
        id: String,
    }
    if !reply.is_success() {
        return Err(failure::decode(reply, host(&config.base_url)));
    }
    let page: Page = reply.json()?;
    let ocr = page.data.into_iter().filter(|model| model.id.contains("ocr"));
    Ok(ocr.map(|model| ModelInfo { id: model.id, ..ModelInfo::default() }).collect())
}

/// The wire format.
#[derive(Debug)]
struct Ocr {
    id: ProviderId,
    capabilities: Capabilities,
    config: Config,
}

/// What a schema can be filled in for. Only text needs none.
const TASKS: [Task; 7] = [
    Task::Text,
    Task::Receipt,
    Task::Document,
    Task::Extract,
    Task::ChartTable,
    Task::ChartQuestion,
    Task::Classify,
];

const LARGEST: usize = 50 * 1024 * 1024;

impl Ocr {
    fn new(config: Config) -> Self {
        use MediaKind::{Avif, Bmp, Gif, Heic, Jpeg, Pdf, Png, Tiff, Webp};
        let capabilities = Capabilities {
            tasks: TASKS.to_vec(),
            formats: vec![Png, Jpeg, Webp, Gif, Bmp, Tiff, Heic, Avif, Pdf],
            url_input: true,
            max_images: Some(1),
            max_image_bytes: Some(LARGEST),
            max_request_bytes: Some(LARGEST / 3 * 4),
            max_pdf_pages: Some(1000),
            json_schema: true,
            usage: true,
            ..Capabilities::default()
        };
        Self { id: ProviderId::new(DESCRIPTOR.name, &config.model), capabilities, config }
    }
}

impl Wire for Ocr {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Pages are billed, and dearer ones where a schema is filled in.
    fn estimate(&self, request: &Request) -> Estimate {
        let plain = !matches!(request.output, Output::Schema(_));
        let is_image = request.media_of(Modality::Pdf).next().is_none();
        Estimate {
            pages: is_image.then_some(1),
            annotated_pages: plain.then_some(0),
            ..Estimate::without_tokens()
        }
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        let body = Body::new(&self.config.model, request)?;
        let url = join(&self.config.base_url, &self.config.path);
        let call = Call::post_json(url, self.config.extra.json(&body)?);
        let dropped = vision_document::dropped(request);
        Ok(Call { dropped, ..call.with_auth(Auth::bearer(self.config.key.clone())) })
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        let host = host(&self.config.base_url);
        if reply.is_success() { answer::decode(reply, host) } else { Err(failure::decode(reply, host)) }
    }
}
