#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Modality, Provider, ProviderId, Request, Response,
    Result, Task, VisionProvider,
};

use vision_http::{Auth, AwsFailure, Call, Descriptor, Reply, Transport, host};

mod answer;
mod blocks;
mod body;
mod bucket;
mod expense;
mod failure;
mod job;
mod list;

pub use bucket::{Bucket, STORAGE_SERVICE};
pub use list::{decode_models, models_call};

use answer::Answer;

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
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// `us-east-1`; unset, what Amazon's own variables and files say.
    pub region: Option<String>,
    /// The profile of Amazon's shared files that holds the keys.
    pub profile: Option<String>,
    /// The bucket that documents of several pages are read from; without one they are refused.
    pub bucket: Option<String>,
    /// What stands before the names of objects in the bucket: `vision-eval/` if unset.
    pub prefix: Option<String>,
    /// Whether objects are deleted from the bucket after they were read.
    pub delete: bool,
    /// Whether documents of one page go through the bucket, too.
    pub single_pages: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let (region, profile, bucket, prefix) = (None, None, None, None);
        Self { region, profile, bucket, prefix, delete: true, single_pages: false }
    }
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
    /// Where documents of several pages are put; without it they are refused.
    pub bucket: Option<Bucket>,
}

impl Config {
    /// The service in one region.
    pub fn new(region: &str, model: impl Into<String>, auth: Auth) -> Self {
        let base_url = format!("https://textract.{region}.amazonaws.com");
        Self { base_url, model: model.into(), auth, bucket: None }
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

    fn tasks(self) -> Vec<Task> {
        match self {
            Self::Expense => vec![Task::Receipt],
            Self::Text => vec![Task::Text],
            Self::Tables => vec![Task::ChartTable],
            Self::Forms | Self::Queries => vec![Task::Document, Task::Extract],
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
    config.bucket.as_ref().map_or(Ok(()), Bucket::check)?;
    let id = ProviderId::new(DESCRIPTOR.name, model.name());
    let capabilities = capabilities(model, config.bucket.is_some());
    Ok(Arc::new(Textract { id, capabilities, model, config, transport }))
}

/// The most bytes of what is sent along.
const LARGEST: usize = 10 * 1024 * 1024;

/// The most bytes of what lies in a bucket.
const LARGEST_OBJECT: usize = 500 * 1024 * 1024;

fn capabilities(model: Model, has_bucket: bool) -> Capabilities {
    let largest = if has_bucket { LARGEST_OBJECT } else { LARGEST };
    Capabilities {
        tasks: model.tasks(),
        formats: vec![MediaKind::Png, MediaKind::Jpeg, MediaKind::Tiff, MediaKind::Pdf],
        max_images: Some(1),
        max_image_bytes: Some(LARGEST),
        max_image_side: Some(10_000),
        max_request_bytes: Some(largest / 3 * 4 + 4),
        // The synchronous operations read one page.
        max_pdf_pages: Some(if has_bucket { 3_000 } else { 1 }),
        for_more_pages: if has_bucket { "" } else { "set `bucket` in its settings to read longer documents" },
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
    /// The bucket, for what has to go through one. A document whose pages were not counted may have several.
    fn bucket_for(&self, request: &Request) -> Option<&Bucket> {
        let bucket = self.config.bucket.as_ref()?;
        let media = request.media().next()?;
        let may_have_pages = matches!(media.kind(), MediaKind::Pdf | MediaKind::Tiff);
        let is_long = may_have_pages && media.facts().pages != Some(1);
        let is_large = media.bytes().is_some_and(|bytes| bytes.len() > LARGEST);
        (is_long || is_large || bucket.single_pages).then_some(bucket)
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        let call = body::call(&self.config.base_url, self.model, request)?;
        Ok(Call { dropped: vision_document::dropped(request), ..call.with_auth(self.config.auth.clone()) })
    }

    fn decode(&self, request: &Request, reply: &Reply) -> Result<Response> {
        match reply.is_success() {
            // A failure inside of a success has no answer beside it.
            true if reply.aws_failure() == AwsFailure::default() => {
                reply.json::<Answer>()?.response(self.model, request, reply)
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

    /// Pages are billed.
    fn estimate(&self, request: &Request) -> Estimate {
        let is_page = self.config.bucket.is_none() || request.media_of(Modality::Pdf).next().is_none();
        Estimate { pages: is_page.then_some(1), ..Estimate::without_tokens() }
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.capabilities.check(request)?;
        if let Some(bucket) = self.bucket_for(request) {
            return job::read(&self.config, bucket, self.model, self.transport.as_ref(), request).await;
        }
        let call = self.encode(request)?;
        vision_http::ask(self.transport.as_ref(), call, |reply| self.decode(request, reply)).await
    }
}
