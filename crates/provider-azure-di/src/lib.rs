#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Modality, Provider, ProviderId, Request, Response,
    Result, Task, Timing, VisionProvider,
};
use vision_document::Patience;
use vision_http::{Auth, Call, Descriptor, ModelInfo, Pause, Reply, Transport, at_host_of, host, join};

mod answer;
mod body;
mod failure;
mod fields;
mod operation;
mod sheets;

use operation::Operation;

/// The service, as the list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "azure-di",
    keys: &["DOCUMENTINTELLIGENCE_API_KEY", "AZURE_DOCUMENT_INTELLIGENCE_KEY"],
    sources: "Entra",
    key_page: "https://portal.azure.com",
    base_url_variable: "DOCUMENTINTELLIGENCE_ENDPOINT",
    example: "prebuilt-receipt",
    concurrency: 8,
};

/// The header that carries a key.
pub const KEY_HEADER: &str = "ocp-apim-subscription-key";

/// What can be set about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `2024-11-30` if unset.
    pub api_version: Option<String>,
    /// `en-US`: the language, where the engine should not guess it.
    pub locale: Option<String>,
    /// `1-3,5`: the pages to read; all if unset.
    pub pages: Option<String>,
    /// Whether to delete the result after it was read.
    pub delete: bool,
    /// Whether to ask Entra for a token instead of using a key: always if there is none.
    pub entra: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { api_version: None, locale: None, pages: None, delete: true, entra: false }
    }
}

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// The endpoint of the resource.
    pub base_url: String,
    /// `prebuilt-receipt`, or the id of a model of your own.
    pub model: String,
    /// A key in its header, or tokens of Entra.
    pub auth: Auth,
    /// The version of the API.
    pub api_version: String,
    /// The language, where the engine should not guess it.
    pub locale: Option<String>,
    /// The pages to read; all if unset.
    pub pages: Option<String>,
    /// Whether to delete the result after it was read.
    pub delete: bool,
    /// How to wait for a result.
    pub patience: Patience,
}

impl Config {
    /// One resource, with its defaults. `pause` is `Pause::new(tokio::time::sleep)` nearly everywhere.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>, auth: Auth, pause: Pause) -> Self {
        Self {
            base_url: base_url.into(),
            model: model.into(),
            auth,
            api_version: "2024-11-30".to_owned(),
            locale: None,
            pages: None,
            delete: true,
            patience: Patience { pause, longest: Duration::from_secs(300) },
        }
    }
}

/// A provider that reads documents.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    for (setting, value) in [("model", &config.model), ("endpoint", &config.base_url)] {
        if value.is_empty() {
            return Err(Error::new(ErrorKind::Config, format!("the {setting} for azure-di is empty")));
        }
    }
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~".contains(letter);
    if !config.model.chars().all(plain) {
        return Err(Error::new(ErrorKind::Config, format!("`{}` is no model id of azure-di", config.model)));
    }
    let capabilities = capabilities(&config.model);
    let id = ProviderId::new(DESCRIPTOR.name, &config.model);
    Ok(Arc::new(Reader { id, capabilities, config, transport }))
}

/// Asks for the models of the resource.
pub fn models_call(config: &Config) -> Call {
    let path = format!("documentintelligence/documentModels?api-version={}", config.api_version);
    Call::get(join(&config.base_url, &path)).with_auth(config.auth.clone())
}

/// Asks for what follows a part of that list. The key goes to the host of the endpoint, whichever one the link names.
pub fn next_models_call(config: &Config, reply: &Reply) -> Option<Call> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Page {
        next_link: Option<String>,
    }
    let link = reply.json::<Page>().ok()?.next_link.filter(|link| !link.is_empty())?;
    Some(Call::get(at_host_of(&config.base_url, &link)).with_auth(config.auth.clone()))
}

/// Reads that list.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    #[derive(Deserialize)]
    struct Page {
        value: Vec<Model>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Model {
        model_id: String,
        #[serde(default)]
        expiration_date_time: Option<String>,
    }
    if !reply.is_success() {
        return Err(failure::decode(reply, host(&config.base_url)));
    }
    let page: Page = reply.json()?;
    let info = |model: Model| ModelInfo {
        id: model.model_id,
        end_of_life: model.expiration_date_time,
        ..ModelInfo::default()
    };
    Ok(page.value.into_iter().map(info).collect())
}

/// What a model is asked for.
fn tasks(model: &str) -> Vec<Task> {
    match model {
        "prebuilt-read" => vec![Task::Text],
        "prebuilt-layout" => vec![Task::Text, Task::ChartTable, Task::Document, Task::Extract],
        "prebuilt-receipt" => vec![Task::Receipt],
        "prebuilt-invoice" => vec![Task::Document, Task::Extract, Task::Receipt],
        _ => vec![Task::Document, Task::Extract],
    }
}

fn capabilities(model: &str) -> Capabilities {
    use MediaKind::{Bmp, Heic, Jpeg, Pdf, Png, Tiff};
    Capabilities {
        tasks: tasks(model),
        formats: vec![Png, Jpeg, Bmp, Tiff, Heic, Pdf],
        url_input: true,
        max_images: Some(1),
        max_image_bytes: Some(500 * 1024 * 1024),
        max_image_side: Some(10_000),
        max_pdf_pages: Some(2000),
        json: true,
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

    /// Pages are billed.
    fn estimate(&self, request: &Request) -> Estimate {
        let is_image = request.media_of(Modality::Pdf).next().is_none();
        Estimate { pages: is_image.then_some(1), ..Estimate::without_tokens() }
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.capabilities.check(request)?;
        let call = body::call(&self.config, request)?;
        let mut operation = Operation::submit(&self.config, self.transport.as_ref(), call).await?;
        let outcome =
            operation.result(|reply| answer::decode(reply, request, host(&self.config.base_url))).await;
        let total = operation.elapsed();
        if self.config.delete {
            operation.delete().await;
        }
        let dropped_params = vision_document::dropped(request).into_iter().map(str::to_owned).collect();
        outcome.map(|response| Response {
            dropped_params,
            timing: Timing { total, ..Timing::default() },
            ..response
        })
    }
}
