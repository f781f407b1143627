#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Provider, ProviderId, Request, Response, Result,
    Task, VisionProvider,
};

use vision_http::{Auth, AwsFailure, Call, Descriptor, Reply, Transport, host};

mod answer;
mod blocks;
mod body;
mod expense;
mod failure;

/// The service, as the list of providers shows it.
pub const DESCRIPTOR: Descriptor = Descriptor {
    name: "textract",
    keys: &["AWS_ACCESS_KEY_ID"],
    sources: "a profile of ~/.aws",
    key_page: "https://console.aws.amazon.com/iam/home#/security_credentials",
    base_url_variable: "TEXTRACT_BASE_URL",
    example: "expense",
    concurrency: 2,
};

/// The name under which the service signs.
pub const SERVICE: &str = "textract";

/// What can be set about it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `us-east-1`; unset, what Amazon's own variables and files say.
    pub region: Option<String>,
    /// The profile of Amazon's shared files that holds the keys.
    pub profile: Option<String>,
}

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the service is.
    pub base_url: String,
    /// `expense`, `text`, `tables`, `forms` or `queries`.
    pub model: String,
    /// Keys that sign.
    pub auth: Auth,
}

impl Config {
    /// The service in one region.
    pub fn new(region: &str, model: impl Into<String>, auth: Auth) -> Self {
        Self { base_url: format!("https://textract.{region}.amazonaws.com"), model: model.into(), auth }
    }
}

/// What the service does, each in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Receipts and invoices.
    Expense,
    /// Text.
    Text,
    /// Tables.
    Tables,
    /// Labels and what stands beside them.
    Forms,
    /// Questions.
    Queries,
}

impl Model {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Expense, Self::Text, Self::Tables, Self::Forms, Self::Queries];

    /// The name after the slash.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expense => "expense",
            Self::Text => "text",
            Self::Tables => "tables",
            Self::Forms => "forms",
            Self::Queries => "queries",
        }
    }

    fn task(self) -> Task {
        match self {
            Self::Expense => Task::Receipt,
            Self::Text => Task::Text,
            Self::Tables => Task::ChartTable,
            Self::Forms | Self::Queries => Task::Document,
        }
    }
}

/// A provider that reads documents.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    let wrong = |message| Err(Error::new(ErrorKind::Config, message));
    let Some(model) = Model::ALL.into_iter().find(|model| model.name() == config.model) else {
        let known: Vec<_> = Model::ALL.iter().map(|model| model.name()).collect();
        return wrong(format!("textract has no `{}` (it has: {})", config.model, known.join(", ")));
    };
    if config.base_url.is_empty() {
        return wrong("the base URL for textract is empty".to_owned());
    }
    let id = ProviderId::new(DESCRIPTOR.name, model.name());
    Ok(Arc::new(Textract { id, capabilities: capabilities(model), model, config, transport }))
}

fn capabilities(model: Model) -> Capabilities {
    const LARGEST: usize = 10 * 1024 * 1024;
    Capabilities {
        tasks: vec![model.task()],
        formats: vec![MediaKind::Png, MediaKind::Jpeg, MediaKind::Tiff, MediaKind::Pdf],
        max_images: Some(1),
        max_image_bytes: Some(LARGEST),
        max_image_side: Some(10_000),
        max_request_bytes: Some(LARGEST / 3 * 4 + 4),
        // The synchronous operations read one page.
        max_pdf_pages: Some(1),
        json: true,
        json_schema: true,
        usage: true,
        ..Capabilities::default()
    }
}

/// What a reply means depends on the schema of the question, so that this is a provider and not a wire format.
#[derive(Debug)]
struct Textract {
    id: ProviderId,
    capabilities: Capabilities,
    model: Model,
    config: Config,
    transport: Arc<dyn Transport>,
}

impl Textract {
    fn encode(&self, request: &Request) -> Result<Call> {
        let call = body::call(&self.config.base_url, self.model, request)?;
        Ok(Call { dropped: vision_document::dropped(request), ..call.with_auth(self.config.auth.clone()) })
    }

    fn decode(&self, request: &Request, reply: &Reply) -> Result<Response> {
        match reply.is_success() {
            // A failure inside of a success has no answer beside it.
            true if reply.aws_failure() == AwsFailure::default() => {
                answer::decode(self.model, request, reply)
            }
            _ => Err(failure::decode(reply, host(&self.config.base_url))),
        }
    }
}

#[async_trait]
impl VisionProvider for Textract {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// One page is billed.
    fn estimate(&self, _request: &Request) -> Estimate {
        Estimate { pages: Some(1), ..Estimate::without_tokens() }
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.capabilities.check(request)?;
        let call = self.encode(request)?;
        vision_http::ask(self.transport.as_ref(), call, |reply| self.decode(request, reply)).await
    }
}
