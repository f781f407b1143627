#![doc = include_str!("../README.md")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Modality, Output, Provider, ProviderId, Request,
    Response, Result, Secret, Surcharge, Timing, VisionProvider,
};
use vision_http::{Auth, Call, Extra, Reply, Transport, host, join};

mod answer;
mod batches;
mod body;
mod failure;
mod files;
mod list;
mod media_tokens;
mod models;
mod stream;

pub use batches::batches;
pub use list::{decode_models, models_call};
pub use models::end_of_life;
pub use vision_http::Pause;

pub mod vertex;

use body::Body;
use files::{Files, Stored, too_large_to_send};
use media_tokens::media_tokens;
use models::Facts;

/// Where the service is.
pub const BASE_URL: &str = "https://generativelanguage.googleapis.com";

/// A cheap model that sees images.
pub const DEFAULT_MODEL: &str = "gemini-3.7-flash";

/// Variables that may hold the key, best first. They are read by the command line, not here.
pub const KEY_VARIABLES: &[&str] = &["GEMINI_API_KEY", "GOOGLE_API_KEY"];

/// Where to get a key.
pub const KEY_PAGE: &str = "https://aistudio.google.com/apikey";

/// The most bytes of Base64 that are sent inside a request; what is over goes through the Files API. The
/// service takes 100 MB in all, and the text needs some of it.
pub const INLINE_LIMIT: usize = 95_000_000;

/// The same for one PDF.
pub const PDF_INLINE_LIMIT: usize = 50_000_000;

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Without the `/v1beta`.
    pub base_url: String,
    /// `gemini-3.7-flash`, say.
    pub model: String,
    /// The key. It goes in a header, never in an address.
    pub key: Secret,
    /// What the service's adjustable filters do.
    pub safety: Safety,
    /// Thresholds of single filters (`HARM_CATEGORY_JAILBREAK`: `BLOCK_NONE`), which outrank `safety`.
    pub thresholds: BTreeMap<String, String>,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Extra,
    /// The most bytes of Base64 inside a request.
    pub inline_limit: usize,
    /// How to wait for an uploaded file.
    pub pause: Pause,
    /// How long to wait between two looks at an uploaded file.
    pub look_every: Duration,
    /// How long to wait for an uploaded file in all.
    pub longest_wait: Duration,
    /// The provider's name in ids and reports.
    pub name: &'static str,
    /// What opens the door instead of the key: clouds give out tokens.
    pub auth: Option<Auth>,
    /// What stands between the base URL and `/models`.
    pub path: String,
    /// Whether large media can be uploaded; where they cannot, they are refused.
    pub uploads: bool,
    /// Whether it is asked in one region, which costs more than wherever there is room.
    pub regional: bool,
}

impl Config {
    /// The service itself, with its defaults. `pause` is `Pause::new(tokio::time::sleep)` nearly everywhere.
    pub fn new(model: impl Into<String>, key: Secret, pause: Pause) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            model: model.into(),
            key,
            safety: Safety::default(),
            thresholds: BTreeMap::new(),
            extra: Extra::default(),
            inline_limit: INLINE_LIMIT,
            pause,
            look_every: Duration::from_secs(2),
            longest_wait: Duration::from_secs(300),
            name: "gemini",
            auth: None,
            path: "v1beta".to_owned(),
            uploads: true,
            regional: false,
        }
    }
}

/// What the service's adjustable filters do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Safety {
    /// Whatever the service does by itself.
    #[default]
    AsProvider,
    /// Nothing. Filters that cannot be adjusted stay.
    Off,
}

/// A provider that asks one of Google's models.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    let model = config.model.strip_prefix("models/").unwrap_or(&config.model).to_owned();
    let config = Config { model, ..config };
    let key = if config.auth.is_some() { "a token" } else { config.key.expose() };
    for (setting, value) in [("key", key), ("model", &config.model), ("base URL", &config.base_url)] {
        if value.is_empty() {
            let message = format!("the {setting} for {} is empty", config.name);
            return Err(Error::new(ErrorKind::Config, message));
        }
    }
    // The model's name becomes part of an address.
    if config.model.contains(|letter: char| !letter.is_ascii_alphanumeric() && !"-._/".contains(letter)) {
        let message = format!("`{}` is no model of {}", config.model, config.name);
        return Err(Error::new(ErrorKind::Config, message));
    }
    Ok(Arc::new(Gemini::new(config, transport)))
}

/// Several calls may make one answer, so that this is a provider of its own and not a wire format.
#[derive(Debug)]
struct Gemini {
    id: ProviderId,
    capabilities: Capabilities,
    facts: &'static Facts,
    config: Config,
    transport: Arc<dyn Transport>,
}

impl Gemini {
    fn new(config: Config, transport: Arc<dyn Transport>) -> Self {
        let facts = models::facts(&config.model);
        Self {
            id: ProviderId::new(config.name, &config.model),
            capabilities: Capabilities {
                max_request_bytes: (!config.uploads).then_some(config.inline_limit),
                // A house without uploads is the one that has the storage.
                storage_links: !config.uploads,
                ..capabilities(facts)
            },
            facts,
            config,
            transport,
        }
    }

    fn encode(&self, request: &Request, stored: &[Stored]) -> Result<Call> {
        let (body, dropped) = Body::new(self.facts, &self.config, request, stored);
        let json = self.config.extra.json(&body)?;
        let method = if request.stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
        let path = format!("{}/models/{}:{method}", self.config.path, self.config.model);
        let mut call = headed(&self.config, Call::post_json(join(&self.config.base_url, &path), json));
        call.dropped = dropped;
        Ok(call)
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        let host = host(&self.config.base_url);
        if !reply.is_success() {
            return Err(failure::decode(reply, host));
        }
        let response = reply.decode_whole(host, stream::fold, |reply| answer::decode(reply, host))?;
        Ok(match self.surcharge() {
            Some(surcharge) => response.served(surcharge),
            None => response,
        })
    }

    fn surcharge(&self) -> Option<Surcharge> {
        self.config.regional.then_some(Surcharge::Regional)
    }

    async fn ask(&self, request: &Request, files: &mut Files<'_>) -> Result<Response> {
        let places = match self.config.uploads {
            true => too_large_to_send(request, self.config.inline_limit, PDF_INLINE_LIMIT),
            false => Vec::new(),
        };
        files.store(request, &places).await?;
        let call = self.encode(request, files.stored())?;
        let response = vision_http::ask(self.transport.as_ref(), call, |reply| self.decode(reply)).await?;
        Ok(Response { timing: after(files.elapsed(), response.timing), ..response })
    }
}

#[async_trait]
impl VisionProvider for Gemini {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, request: &Request) -> Estimate {
        let tokens = |modality| media_tokens(self.facts, request, modality);
        Estimate {
            text: text_tokens(request),
            // Film is billed like pictures; only sound has a price of its own.
            image: tokens(Modality::Image).zip(tokens(Modality::Video)).map(|(image, film)| image + film),
            pdf: tokens(Modality::Pdf),
            audio: tokens(Modality::Audio),
            surcharge: self.surcharge(),
            ..Estimate::default()
        }
    }

    async fn analyze(&self, request: &Request) -> Result<Response> {
        self.capabilities.check(request)?;
        let mut files = Files::new(&self.config, self.transport.as_ref());
        let outcome = self.ask(request, &mut files).await;
        files.delete().await;
        outcome
    }
}

/// The same call with the key.
fn headed(config: &Config, call: Call) -> Call {
    let key = || Auth::header("x-goog-api-key", config.key.clone());
    call.with_auth(config.auth.clone().unwrap_or_else(key))
}

/// The time of the whole: what came before is the provider's time too.
fn after(before: Duration, timing: Timing) -> Timing {
    Timing {
        first_token: timing.first_token.map(|first| before + first),
        first_text: timing.first_text.map(|first| before + first),
        total: before + timing.total,
    }
}

const FORMATS: [MediaKind; 14] = [
    MediaKind::Png,
    MediaKind::Jpeg,
    MediaKind::Webp,
    MediaKind::Heic,
    MediaKind::Pdf,
    MediaKind::Wav,
    MediaKind::Mp3,
    MediaKind::Aiff,
    MediaKind::Aac,
    MediaKind::Ogg,
    MediaKind::Flac,
    MediaKind::Mp4,
    MediaKind::Mov,
    MediaKind::Webm,
];

fn capabilities(facts: &Facts) -> Capabilities {
    Capabilities {
        prompt: true,
        formats: FORMATS.into_iter().filter(|kind| facts.input.contains(&kind.modality())).collect(),
        url_input: true,
        max_images: Some(3600),
        max_pdf_pages: Some(1000),
        json: true,
        json_schema: true,
        system: facts.system,
        detail: facts.resolution != models::Resolution::None,
        temperature: facts.sampling,
        seed: true,
        effort: !facts.efforts.is_empty(),
        usage: true,
        stream: true,
        token_probabilities: true,
        ..Capabilities::default()
    }
}

fn text_tokens(request: &Request) -> u64 {
    let schema = match &request.output {
        Output::Schema(schema) => Estimate::text_tokens(&schema.schema.to_string()),
        Output::Text | Output::Json => 0,
    };
    let texts = request.system.iter().map(String::as_str).chain(request.texts());
    texts.map(Estimate::text_tokens).sum::<u64>() + schema
}

mod settings;
#[cfg(test)]
mod tests;

pub use settings::{DESCRIPTOR, Settings};
