#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Modality, Provider, ProviderId, Request, Response,
    Result, Task, VisionProvider,
};
use vision_http::{Auth, Call, Descriptor, ModelInfo, Reply, Transport, host, join};

mod answer;
mod body;
mod entities;
mod failure;

/// The service, as the list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "documentai",
    keys: &["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_OAUTH_ACCESS_TOKEN"],
    sources: "gcloud",
    key_page: "https://cloud.google.com/docs/authentication/application-default-credentials",
    base_url_variable: "DOCUMENTAI_BASE_URL",
    example: "expense/PROCESSOR",
    concurrency: 8,
};

/// What can be set about it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Unset, what Google's own variables and credentials say.
    pub project: Option<String>,
    /// `us` or `eu`; `us` if unset.
    pub location: Option<String>,
    /// A version of the processor; its default if unset.
    pub version: Option<String>,
}

/// What a processor does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Receipts.
    Expense,
    /// Invoices.
    Invoice,
    /// Labels, tables and text.
    Form,
    /// Text.
    Ocr,
    /// An extractor of your own.
    Custom,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Expense, Self::Invoice, Self::Form, Self::Ocr, Self::Custom];

    /// The name before the processor's id.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expense => "expense",
            Self::Invoice => "invoice",
            Self::Form => "form",
            Self::Ocr => "ocr",
            Self::Custom => "custom",
        }
    }

    /// `expense/1a2b` taken apart.
    pub fn parse(model: &str) -> Result<(Self, &str)> {
        let parts = model.split_once('/').filter(|(_, id)| !id.is_empty());
        let kind =
            parts.and_then(|(name, id)| Some((Self::ALL.into_iter().find(|kind| kind.name() == name)?, id)));
        kind.ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|kind| kind.name()).collect();
            let message = format!(
                "`{model}` is not TYPE/PROCESSOR, such as expense/1a2b3c (types: {})",
                known.join(", ")
            );
            Error::new(ErrorKind::Config, message)
        })
    }

    fn tasks(self) -> Vec<Task> {
        match self {
            Self::Expense => vec![Task::Receipt],
            Self::Invoice => vec![Task::Document, Task::Extract, Task::Receipt],
            Self::Form => vec![Task::Text, Task::Document, Task::Extract, Task::ChartTable],
            Self::Ocr => vec![Task::Text],
            Self::Custom => vec![Task::Document, Task::Extract],
        }
    }
}

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the service is.
    pub base_url: String,
    /// The project that the processor is in.
    pub project: String,
    /// `us` or `eu`.
    pub location: String,
    /// What the processor does.
    pub kind: Kind,
    /// The processor's id.
    pub processor: String,
    /// One of its versions; its default if unset.
    pub version: Option<String>,
    /// A token.
    pub auth: Auth,
}

impl Config {
    /// A processor of a project, in its default version.
    pub fn new(project: &str, location: &str, kind: Kind, processor: &str, auth: Auth) -> Self {
        Self {
            base_url: format!("https://{location}-documentai.googleapis.com"),
            project: project.to_owned(),
            location: location.to_owned(),
            kind,
            processor: processor.to_owned(),
            version: None,
            auth,
        }
    }

    fn processors(&self) -> String {
        format!("v1/projects/{}/locations/{}/processors", self.project, self.location)
    }
}

/// A provider that reads documents.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    let version = config.version.clone().unwrap_or_else(|| "default".to_owned());
    for (setting, value) in [
        ("project", &config.project),
        ("location", &config.location),
        ("processor", &config.processor),
        ("version", &version),
    ] {
        // Each becomes part of an address.
        if value.is_empty() || !value.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._:".contains(&it)) {
            return Err(Error::new(ErrorKind::Config, format!("`{value}` is no {setting} of documentai")));
        }
    }
    let name = format!("{}/{}", config.kind.name(), config.processor);
    let id = ProviderId::new(DESCRIPTOR.name, &name);
    Ok(Arc::new(Processor { id, capabilities: capabilities(config.kind), config, transport }))
}

/// Asks for the processors of the project.
pub fn models_call(config: &Config) -> Call {
    Call::get(join(&config.base_url, &config.processors())).with_auth(config.auth.clone())
}

/// Asks for what follows a part of that list.
pub fn next_models_call(config: &Config, reply: &Reply) -> Option<Call> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Page {
        next_page_token: Option<String>,
    }
    let token = reply.json::<Page>().ok()?.next_page_token.filter(|token| !token.is_empty())?;
    let path = format!("{}?pageToken={}", config.processors(), in_a_query(&token));
    Some(Call::get(join(&config.base_url, &path)).with_auth(config.auth.clone()))
}

/// What comes from outside may end nothing in an address.
fn in_a_query(text: &str) -> String {
    let escaped = |byte: u8| match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(escaped).collect()
}

/// Reads that list.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    #[derive(Deserialize)]
    struct Page {
        #[serde(default)]
        processors: Vec<Listed>,
    }
    #[derive(Deserialize)]
    struct Listed {
        name: String,
        #[serde(rename = "type", default)]
        kind: String,
    }
    if !reply.is_success() {
        return Err(failure::decode(reply, host(&config.base_url)));
    }
    let page: Page = reply.json()?;
    let info = |listed: Listed| {
        let id = listed.name.rsplit('/').next().unwrap_or_default();
        let kind = match listed.kind.as_str() {
            "EXPENSE_PROCESSOR" => Kind::Expense,
            "INVOICE_PROCESSOR" => Kind::Invoice,
            "FORM_PARSER_PROCESSOR" => Kind::Form,
            "OCR_PROCESSOR" => Kind::Ocr,
            _ => Kind::Custom,
        };
        ModelInfo { id: format!("{}/{id}", kind.name()), ..ModelInfo::default() }
    };
    Ok(page.processors.into_iter().map(info).collect())
}

fn capabilities(kind: Kind) -> Capabilities {
    use MediaKind::{Bmp, Gif, Jpeg, Pdf, Png, Tiff, Webp};
    const LARGEST: usize = 40 * 1024 * 1024;
    Capabilities {
        tasks: kind.tasks(),
        formats: vec![Png, Jpeg, Gif, Bmp, Tiff, Webp, Pdf],
        max_images: Some(1),
        max_image_bytes: Some(LARGEST),
        max_image_pixels: Some(40_000_000),
        max_request_bytes: Some(LARGEST / 3 * 4 + 4),
        max_pdf_pages: Some(if kind == Kind::Expense { 10 } else { 15 }),
        json: true,
        json_schema: true,
        usage: true,
        ..Capabilities::default()
    }
}

/// What a reply means depends on the task and its schema, so that this is a provider and not a wire format.
#[derive(Debug)]
struct Processor {
    id: ProviderId,
    capabilities: Capabilities,
    config: Config,
    transport: Arc<dyn Transport>,
}

#[async_trait]
impl VisionProvider for Processor {
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
        let host = host(&self.config.base_url);
        let decode = |reply: &Reply| match reply.is_success() {
            true if !failure::is_failure(reply) => answer::decode(self.config.kind, request, reply, host),
            _ => Err(failure::decode(reply, host)),
        };
        vision_http::ask(self.transport.as_ref(), call, decode).await
    }
}
