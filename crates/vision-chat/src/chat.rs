use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, Modality, Provider, ProviderId, Request, Response, Result,
    Secret, Surcharge,
};
use vision_http::{Auth, Call, Extra, HttpProvider, Reply, Transport, Wire};

use crate::answer::Answer;
use crate::body::Body;
use crate::failure::Failures;
use crate::host::{AuthStyle, Host, PdfShape};
use crate::image_tokens::{self, ImageTokens};
use crate::params::Params;
use crate::stream::fold;
use crate::{Api, ModelFacts, Transcriber};

/// What differs between two users of one host. Its `Debug` output holds nothing private.
#[derive(Clone)]
pub struct Target {
    /// The provider's name in ids and reports; the host's own unless set otherwise.
    pub provider: String,
    /// The root of the API; the host's own unless set otherwise.
    pub base_url: String,
    /// What follows the root for questions; the host's own unless set otherwise.
    pub path: String,
    /// The model, as people call it.
    pub model: String,
    /// What is sent instead of the model's name, where that holds private pieces; list those in `private`, too.
    /// The whole of it is not scrubbed from replies, because the model's name is a part of it.
    pub alias: Option<Secret>,
    /// The key, where the host wants one.
    pub key: Option<Secret>,
    /// What opens the door instead of the key: clouds give out tokens.
    pub auth: Option<Auth>,
    /// Further headers, with lower-case names.
    pub headers: Vec<(&'static str, String)>,
    /// Private pieces other than the key that must not reach a record.
    pub private: Vec<Secret>,
    /// Further fields of every request body, as the host's documentation names them.
    pub extra: Extra,
    /// What is spoken, for speech to text: `en`, `de`.
    pub language: Option<String>,
    /// Whether the host answers in one region, which may have a price of its own.
    pub regional: bool,
}

impl Target {
    /// What the tier that is asked for and the place make dearer.
    pub fn surcharge(&self) -> Option<Surcharge> {
        match (self.extra.text("service_tier") == Some("priority"), self.regional) {
            (true, true) => Some(Surcharge::PriorityRegional),
            (true, false) => Some(Surcharge::Priority),
            (false, true) => Some(Surcharge::Regional),
            (false, false) => None,
        }
    }

    /// An answer with what the place made dearer. The host itself says the tier.
    pub fn served(&self, response: Response) -> Response {
        if self.regional { response.served(Surcharge::Regional) } else { response }
    }

    /// A model of `host`, with nothing else set.
    pub fn new(host: &Host, model: impl Into<String>, key: Option<Secret>) -> Self {
        Self {
            provider: host.name.to_owned(),
            base_url: host.base_url.to_owned(),
            path: host.path.to_owned(),
            model: model.into(),
            alias: None,
            key,
            auth: None,
            headers: Vec::new(),
            private: Vec::new(),
            extra: Extra::default(),
            language: None,
            regional: false,
        }
    }

    /// Finds the first setting that cannot work.
    pub fn check(&self) -> Result<()> {
        let mistake = |message: String| Err(Error::new(ErrorKind::Config, message));
        if self.model.trim().is_empty() {
            return mistake("the model has no name".to_owned());
        }
        if !self.base_url.starts_with("https://") && !self.base_url.starts_with("http://") {
            return mistake(format!(
                "the base URL `{}` starts with neither https:// nor http://",
                self.base_url
            ));
        }
        if self.key.as_ref().is_some_and(|key| key.expose().is_empty()) {
            return mistake(format!("the key for {} is empty", vision_http::host(&self.base_url)));
        }
        Ok(())
    }

    /// The host's address as a person knows it.
    pub fn address(&self) -> &str {
        vision_http::host(&self.base_url)
    }

    /// `call` with everything that every call to this target carries.
    pub fn dress(&self, host: &Host, mut call: Call) -> Call {
        let by_key = self.key.clone().map(|key| match host.auth {
            AuthStyle::Bearer => Auth::bearer(key),
            AuthStyle::ApiKey => Auth::Header { name: "authorization", prefix: "Api-Key ", key },
            AuthStyle::Header(name) => Auth::header(name, key),
        });
        call.auth = self.auth.clone().or(by_key);
        call.headers.extend(host.headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
        call.headers.extend(self.headers.iter().cloned());
        call.private.extend(self.private.iter().cloned());
        call
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Target")
            .field("base_url", &self.base_url)
            .field("model", &self.model)
            .field("key", &self.key)
            .field("headers", &headers)
            .finish_non_exhaustive()
    }
}

/// The chat-completions dialect as one host and model speak it.
#[derive(Debug)]
pub struct Chat {
    id: ProviderId,
    capabilities: Capabilities,
    host: Host,
    target: Target,
    image_tokens: Option<&'static ImageTokens>,
}

/// A provider that asks `target` in the dialect of `host`. `facts` is what is known of the model, if anything;
/// they may say that it is a model for speech to text.
pub fn provider(
    host: Host,
    target: Target,
    facts: Option<&'static ModelFacts>,
    transport: Arc<dyn Transport>,
) -> Result<Provider> {
    if facts.is_some_and(|facts| facts.api == Api::Transcription) {
        return Ok(Arc::new(HttpProvider::new(Transcriber::new(host, target)?, transport)));
    }
    Ok(Arc::new(HttpProvider::new(Chat::new(host, target, facts)?, transport)))
}

impl Chat {
    /// Joins host, target and what is known of the model.
    pub fn new(host: Host, target: Target, facts: Option<&'static ModelFacts>) -> Result<Self> {
        target.check()?;
        let host = facts.map_or(host, |facts| host.narrowed(facts));
        Ok(Self {
            id: ProviderId::new(&target.provider, &target.model),
            capabilities: capabilities(&host, facts),
            image_tokens: facts.and_then(|facts| facts.image_tokens.as_ref()),
            host,
            target,
        })
    }

    fn failures(&self) -> Failures<'_> {
        Failures { host: &self.host, address: self.target.address(), model: &self.target.model }
    }

    fn url(&self) -> String {
        vision_http::join(&self.target.base_url, &self.target.path.replace("{model}", &self.target.model))
    }

    /// What the dialect cannot carry, whatever the host could do with it.
    fn check(&self, request: &Request) -> Result<()> {
        let needs_bytes = |modality| match modality {
            Modality::Image => false,
            Modality::Pdf => self.host.pdf == PdfShape::File,
            Modality::Audio | Modality::Video => true,
        };
        match request.media().find(|media| media.url().is_some() && needs_bytes(media.modality())) {
            Some(media) => Err(Error::new(
                ErrorKind::Unsupported,
                format!("{} input by URL not supported ({})", media.modality(), media.name()),
            )),
            None => Ok(()),
        }
    }
}

impl Wire for Chat {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, request: &Request) -> Estimate {
        let estimate = image_tokens::estimate(self.image_tokens, request);
        Estimate { surcharge: self.target.surcharge(), ..estimate }
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        self.check(request)?;
        let params = Params::new(&self.host, request);
        let model = self.target.alias.as_ref().map_or(self.target.model.as_str(), Secret::expose);
        let body = Body::new(&self.host, model, &params, request);
        let mut call = Call::post_json(self.url(), self.target.extra.json(&body)?);
        call.dropped = params.dropped;
        Ok(self.target.dress(&self.host, call))
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        reply.decode_whole(self.target.address(), fold, |reply| self.decode_answer(reply))
    }
}

impl Chat {
    fn decode_answer(&self, reply: &Reply) -> Result<Response> {
        let failures = self.failures();
        if !reply.is_success() {
            return Err(failures.read(reply));
        }
        if reply.status == 202 {
            return Err(self.not_yet(reply));
        }
        let body: Value = reply.json()?;
        if let Some(error) = failures.within(reply, &body) {
            return Err(error);
        }
        let answer: Answer = serde_json::from_value(body).map_err(|source| {
            let message = format!("the reply of {} is not an answer", self.target.address());
            reply.malformed(message).with_source(source)
        })?;
        self.failed_choice(reply, &answer)?;
        let usage = answer.usage.as_ref().map(|counts| counts.usage(false)).unwrap_or_default();
        let Some(response) = answer.into_response(self.host.cost) else {
            let mut error = reply.malformed(format!("the reply of {} has no choices", self.target.address()));
            error.details.usage = usage;
            return Err(error);
        };
        let request_id = reply.request_id().map(str::to_owned).or(response.request_id);
        Ok(self.target.served(Response { request_id, limits: reply.limits(), ..response }))
    }

    /// A host that has taken the question and will have its answer elsewhere, as NVIDIA's has while a model starts. That
    /// place is not asked: a later attempt finds the model running.
    fn not_yet(&self, reply: &Reply) -> Error {
        let (at, model) = (self.target.address(), &self.target.model);
        let number =
            reply.header("nvcf-reqid").map(|number| format!(" (request {number})")).unwrap_or_default();
        let message = format!("{at} has no answer of {model} yet{number}: it may be starting");
        reply.error(ErrorKind::Unavailable, message)
    }

    /// A failure that stands where the answer should be.
    fn failed_choice(&self, reply: &Reply, answer: &Answer) -> Result<()> {
        let Some(choice) = answer.choices.first() else { return Ok(()) };
        let error = match &choice.error {
            Some(error) => self.failures().within(reply, &serde_json::json!({ "error": error })),
            None => choice.failed().then(|| {
                let message = format!("{} broke off with an error of its own", self.target.address());
                reply.error(ErrorKind::Unavailable, message)
            }),
        };
        error.map_or(Ok(()), |mut error| {
            error.details.usage = answer.usage.as_ref().map(|counts| counts.usage(false)).unwrap_or_default();
            Err(error)
        })
    }
}

/// What a model of `host` can do, by what is known of it, if anything.
pub fn capabilities(host: &Host, facts: Option<&ModelFacts>) -> Capabilities {
    Capabilities {
        prompt: true,
        formats: host.formats_of(facts.and_then(|facts| facts.input.as_deref())),
        url_input: host.url_input,
        max_images: host.max_images,
        max_image_bytes: host.max_image_bytes,
        max_image_pixels: host.max_image_pixels,
        max_image_patches: facts.and_then(|facts| facts.most_patches),
        max_request_bytes: host.max_request_bytes,
        json: host.json,
        json_schema: host.schema.is_some(),
        system: true,
        detail: !host.details.is_empty(),
        temperature: host.temperature != crate::Temperature::Never,
        seed: host.seed.is_some(),
        effort: !host.efforts.is_empty(),
        usage: true,
        stream: true,
        token_probabilities: host.logprobs && host.temperature != crate::Temperature::Never,
        ..Capabilities::default()
    }
}
