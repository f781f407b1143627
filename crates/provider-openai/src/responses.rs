//! The Responses API: the same rules about parameters and failures, another form of question and answer.

use serde_json::{Map, Value};
use vision_chat::{Failures, Host, ImageTokens, ModelFacts, Params, Target};
use vision_core::{
    Capabilities, Detail, Error, ErrorKind, Estimate, Modality, ProviderId, Request, Response, Result,
};
use vision_http::{Call, Reply, Wire};

mod answer;
mod body;
mod stream;

use answer::Answer;
use body::Body;

/// The smallest cap the API takes.
const LEAST_CAP: u32 = 16;

#[derive(Debug)]
pub struct Responses {
    id: ProviderId,
    capabilities: Capabilities,
    host: Host,
    target: Target,
    image_tokens: Option<&'static ImageTokens>,
}

impl Responses {
    pub fn new(host: Host, target: Target, facts: Option<&'static ModelFacts>) -> Result<Self> {
        target.check()?;
        // This door knows no seed.
        let host =
            Host { seed: None, path: "/responses", ..facts.map_or(host, |facts| host.narrowed(facts)) };
        let mut capabilities = vision_chat::capabilities(&host, facts);
        capabilities.formats.retain(|kind| kind.modality() != Modality::Audio);
        Ok(Self {
            id: ProviderId::new(&target.provider, &target.model),
            capabilities,
            image_tokens: facts.and_then(|facts| facts.image_tokens.as_ref()),
            host,
            target,
        })
    }

    fn failures(&self) -> Failures<'_> {
        Failures { host: &self.host, address: self.target.address(), model: &self.target.model }
    }
}

impl Wire for Responses {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, request: &Request) -> Estimate {
        let estimate = vision_chat::estimate(self.image_tokens, request);
        Estimate { surcharge: self.target.surcharge(), ..estimate }
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        let mut params = Params::new(&self.host, request);
        let page_detail = page_detail(request, &mut params.dropped);
        let body = Body::new(&self.target.model, &params, page_detail, request);
        let url = vision_http::join(&self.target.base_url, "/responses");
        let mut call = Call::post_json(url, self.target.extra.json(&body)?);
        call.dropped = params.dropped;
        Ok(self.target.dress(&self.host, call))
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        reply.decode_whole(self.target.address(), stream::fold, |reply| self.decode_answer(reply))
    }
}

impl Responses {
    fn decode_answer(&self, reply: &Reply) -> Result<Response> {
        let failures = self.failures();
        if !reply.is_success() {
            return Err(failures.read(reply));
        }
        let body: Map<String, Value> = reply.json()?;
        let body = Value::Object(body);
        let failure = failures.within(reply, &body);
        let answer: Result<Answer> = serde_json::from_value(body).map_err(|source| {
            let message = format!("the reply of {} is not an answer", self.target.address());
            reply.malformed(message).with_source(source)
        });
        if let Some(mut error) = failure {
            error.details.usage = answer.map(|answer| answer.usage()).unwrap_or_default();
            return Err(error);
        }
        let answer = answer?;
        if answer.failed() {
            return Err(self.failed_without_reason(reply, &answer));
        }
        if let Some(status) = answer.unfinished() {
            let message = format!("the answer of {} is `{status}`, not completed", self.target.address());
            let mut error = reply.malformed(message);
            error.details.usage = answer.usage();
            return Err(error);
        }
        let response = answer.into_response();
        let request_id = reply.request_id().map(str::to_owned).or(response.request_id);
        Ok(self.target.served(Response { request_id, limits: reply.limits(), ..response }))
    }

    fn failed_without_reason(&self, reply: &Reply, answer: &Answer) -> Error {
        let message = format!("{} says that the model failed, and not why", self.target.address());
        let mut error = reply.error(ErrorKind::Unavailable, message);
        error.details.usage = answer.usage();
        error
    }
}

/// How closely the pages of documents are looked at. What cannot be said joins what was left out.
fn page_detail(request: &Request, dropped: &mut Vec<&'static str>) -> Option<Detail> {
    let has = |modality| request.media_of(modality).next().is_some();
    let asked = request.detail.filter(|_| has(Modality::Pdf))?;
    let said = Some(asked).filter(|detail| [Detail::Auto, Detail::Low, Detail::High].contains(detail));
    match said {
        // Nothing is left out of a request that has no images beside its documents.
        Some(_) if !has(Modality::Image) => dropped.retain(|name| *name != "detail"),
        None if !dropped.contains(&"detail") => dropped.push("detail"),
        _ => {}
    }
    said
}
