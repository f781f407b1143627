#![doc = include_str!("../README.md")]

use std::sync::Arc;

use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, MediaKind, Modality, Output, Provider, ProviderId, Request,
    Response, Result, Secret, Surcharge,
};
use vision_http::{Auth, Call, Extra, HttpProvider, Reply, Transport, Wire, host, join};

mod answer;
mod batches;
mod body;
mod failure;
mod image_tokens;
mod list;
mod models;
mod stream;

pub use batches::batches;
pub use list::{decode_models, models_call};
pub use models::end_of_life;

use body::Body;
use models::Facts;

/// Where the service is.
pub const BASE_URL: &str = "https://api.anthropic.com";

/// A cheap model that sees images.
pub const DEFAULT_MODEL: &str = "claude-haiku-5-5";

/// Variables that may hold the key, best first. They are read by the command line, not here.
pub const KEY_VARIABLES: &[&str] = &["ANTHROPIC_API_KEY"];

/// Where to get a key.
pub const KEY_PAGE: &str = "https://platform.claude.com/settings/keys";

/// Everything this provider needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Without the `/v1`.
    pub base_url: String,
    /// `claude-haiku-5-5`, say.
    pub model: String,
    /// The key.
    pub key: Secret,
    /// The header in which the key goes.
    pub key_header: KeyHeader,
    /// The version of the API.
    pub version: Version,
    /// What the service shall do with images over the model's size; its default is to scale them silently.
    pub oversized_image: Option<OversizedImage>,
    /// Further fields of every request body, as the documentation names them.
    pub extra: Extra,
    /// The provider's name in ids and reports.
    pub name: &'static str,
    /// What opens the door instead of the key: clouds give out tokens.
    pub auth: Option<Auth>,
    /// Whose house the model lives in.
    pub door: Door,
    /// Whether it is asked in one region, which costs more than wherever there is room.
    pub regional: bool,
}

impl Config {
    /// The service itself, its newest version, its defaults.
    pub fn new(model: impl Into<String>, key: Secret) -> Self {
        Self {
            base_url: BASE_URL.to_owned(),
            model: model.into(),
            key,
            key_header: KeyHeader::default(),
            version: Version::default(),
            oversized_image: None,
            extra: Extra::default(),
            name: "anthropic",
            auth: None,
            door: Door::default(),
            regional: false,
        }
    }
}

/// Whose house the model lives in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Door {
    /// The vendor's own API, or one that is just like it.
    #[default]
    Own,
    /// Google's: the model stands in the address, which is this below the base URL, and the version in the body. Links
    /// are not taken.
    Vertex(String),
}

/// The header in which the key goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyHeader {
    /// `x-api-key: KEY`.
    #[default]
    ApiKey,
    /// `authorization: Bearer KEY`, which gateways tend to want.
    Bearer,
}

/// A version of the API. Both are live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// `2023-06-01`: older models still take a temperature.
    V20230601,
    /// `2026-10-21`: no model takes sampling parameters.
    #[default]
    V20261021,
}

/// What the service does with an image over the model's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OversizedImage {
    /// It scales the image and says nothing.
    Downsize,
    /// It refuses the request and names the sizes.
    Error,
}

impl Version {
    /// What goes in the `anthropic-version` header.
    pub fn name(self) -> &'static str {
        match self {
            Self::V20230601 => "2023-06-01",
            Self::V20261021 => "2026-10-21",
        }
    }
}

/// A provider that asks one of Anthropic's models.
pub fn provider(config: Config, transport: Arc<dyn Transport>) -> Result<Provider> {
    let key = if config.auth.is_some() { "a token" } else { config.key.expose() };
    for (setting, value) in [("key", key), ("model", &config.model), ("base URL", &config.base_url)] {
        if value.is_empty() {
            let message = format!("the {setting} for {} is empty", config.name);
            return Err(Error::new(ErrorKind::Config, message));
        }
    }
    Ok(Arc::new(HttpProvider::new(Messages::new(config), transport)))
}

/// The wire format.
#[derive(Debug)]
struct Messages {
    id: ProviderId,
    capabilities: Capabilities,
    facts: &'static Facts,
    config: Config,
}

impl Messages {
    fn new(config: Config) -> Self {
        let facts = models::facts(&config.model);
        Self {
            id: ProviderId::new(config.name, &config.model),
            capabilities: capabilities(&config, facts),
            facts,
            config,
        }
    }
}

impl Wire for Messages {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, request: &Request) -> Estimate {
        let pages = request.media_of(Modality::Pdf).next().is_some();
        Estimate {
            text: text_tokens(request),
            image: image_tokens(self.facts, request),
            // A page costs its text as well as its picture, and neither size is known beforehand.
            pdf: (!pages).then_some(0),
            audio: Some(0),
            surcharge: self.config.regional.then_some(Surcharge::Regional),
            ..Estimate::default()
        }
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        check_many(request)?;
        let (body, dropped) = Body::new(&self.config, self.facts, request);
        let json = self.config.extra.json(&body)?;
        let path = match &self.config.door {
            Door::Own => "v1/messages".to_owned(),
            Door::Vertex(path) if request.stream => path.replace(":rawPredict", ":streamRawPredict"),
            Door::Vertex(path) => path.clone(),
        };
        let mut call = headed(&self.config, Call::post_json(join(&self.config.base_url, &path), json));
        call.dropped = dropped;
        Ok(call)
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        if reply.is_success() {
            let host = host(&self.config.base_url);
            let response =
                reply.decode_whole(host, stream::fold, |reply| answer::decode(reply, host, self.facts))?;
            Ok(match self.config.regional {
                true => response.served(Surcharge::Regional),
                false => response,
            })
        } else {
            Err(failure::decode(reply, host(&self.config.base_url)))
        }
    }
}

/// The same call with key and version.
fn headed(config: &Config, call: Call) -> Call {
    let key = config.key.clone();
    let auth = match (&config.auth, config.key_header) {
        (Some(auth), _) => auth.clone(),
        (None, KeyHeader::ApiKey) => Auth::header("x-api-key", key),
        (None, KeyHeader::Bearer) => Auth::bearer(key),
    };
    let mut call = call.with_auth(auth);
    if config.door == Door::Own {
        call.headers.push(("anthropic-version", config.version.name().to_owned()));
    }
    call
}

/// Models with a small context take fewer images and pages.
const SMALL_CONTEXT: u64 = 200_000;

const MIB: usize = 1024 * 1024;

fn capabilities(config: &Config, facts: &Facts) -> Capabilities {
    let small = facts.context <= SMALL_CONTEXT;
    Capabilities {
        prompt: true,
        formats: vec![MediaKind::Png, MediaKind::Jpeg, MediaKind::Webp, MediaKind::Gif, MediaKind::Pdf],
        url_input: config.door == Door::Own,
        max_images: Some(if small { 100 } else { 600 }),
        // The limit is 10 MiB of Base64.
        max_image_bytes: Some(10 * MIB / 4 * 3),
        max_image_side: Some(8000),
        max_request_bytes: Some(32 * MIB),
        max_pdf_pages: Some(if small { 100 } else { 600 }),
        json: false,
        json_schema: true,
        // A tool takes any schema.
        closed_schemas: facts.structured,
        system: true,
        detail: false,
        temperature: facts.sampling && config.version == Version::V20230601,
        seed: false,
        effort: true,
        usage: true,
        stream: true,
        ..Capabilities::default()
    }
}

/// With more than this many images and documents in a request, each image must be smaller.
const MANY: usize = 20;
const MANY_SIDE: u32 = 2000;

fn check_many(request: &Request) -> Result<()> {
    if request.media().count() <= MANY {
        return Ok(());
    }
    for media in request.media_of(Modality::Image) {
        let side = media.facts().width.max(media.facts().height).unwrap_or(0);
        if side > MANY_SIDE {
            let message = format!(
                "{} is {side} pixels long, above the limit of {MANY_SIDE} in requests of more than {MANY} media",
                media.name()
            );
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    Ok(())
}

fn text_tokens(request: &Request) -> u64 {
    let schema = match &request.output {
        Output::Schema(schema) => Estimate::text_tokens(&schema.schema.to_string()),
        Output::Text | Output::Json => 0,
    };
    let texts = request.system.iter().map(String::as_str).chain(request.texts());
    texts.map(Estimate::text_tokens).sum::<u64>() + schema
}

fn image_tokens(facts: &Facts, request: &Request) -> Option<u64> {
    let tokens = |size: vision_core::Facts| image_tokens::image_tokens(facts, size.width?, size.height?);
    request.media_of(Modality::Image).map(|media| tokens(media.facts())).sum()
}

mod settings;
#[cfg(test)]
mod tests;

pub use settings::{DESCRIPTOR, Settings};
