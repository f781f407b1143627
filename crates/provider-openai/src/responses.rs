//! The Responses API: the same rules about parameters and failures, another form of question and answer.

use serde_json::{Map, Value};
use vision_chat::{Failures, Host, ImageTokens, ModelFacts, Params, Target};
use vision_core::{
    Capabilities, Error, ErrorKind, Estimate, Modality, ProviderId, Request, Response, Result,
};
use vision_http::{Call, Reply, Wire};

mod answer;
mod body;

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
        vision_chat::estimate(self.image_tokens, request)
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        let params = Params::new(&self.host, request);
        let body = Body::new(&self.target.model, &params, request);
        let url = vision_http::join(&self.target.base_url, "/responses");
        let mut call = Call::post_json(url, self.target.extra.json(&body)?);
        call.dropped = params.dropped;
        Ok(self.target.dress(&self.host, call))
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
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
        let response = answer.into_response();
        let request_id = reply.request_id().map(str::to_owned).or(response.request_id);
        Ok(Response { request_id, limits: reply.limits(), ..response })
    }
}

impl Responses {
    fn failed_without_reason(&self, reply: &Reply, answer: &Answer) -> Error {
        let message = format!("{} says that the model failed, and not why", self.target.address());
        let mut error = reply.error(ErrorKind::Unavailable, message);
        error.details.usage = answer.usage();
        error
    }
}
