//! A made-up API and its provider.

use serde_json::{Value, json};
use vision_core::{
    Capabilities, ErrorKind, Estimate, MediaKind, Output, Part, ProviderId, Request, Response, Result,
    Secret, Stop, Usage,
};
use vision_http::{Auth, Call, DataUrl, Reply, Wire};

pub const SUCCESS: &str = r#"{"answer":"TOTAL 12.50","why":"done","tokens":{"in":90,"reused":10,"out":4}}"#;

#[derive(Debug)]
pub struct Acme {
    id: ProviderId,
    capabilities: Capabilities,
    key: Secret,
}

impl Acme {
    pub fn new(key: Secret) -> Self {
        let capabilities = Capabilities {
            prompt: true,
            formats: vec![MediaKind::Png, MediaKind::Jpeg, MediaKind::Pdf],
            url_input: true,
            max_images: Some(20),
            json: false,
            json_schema: true,
            system: true,
            temperature: true,
            usage: true,
            ..Capabilities::default()
        };
        Self { id: ProviderId::new("acme", "reader"), capabilities, key }
    }
}

impl Wire for Acme {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn estimate(&self, _request: &Request) -> Estimate {
        Estimate::default()
    }

    fn encode(&self, request: &Request) -> Result<Call> {
        let question: Vec<Value> = request
            .parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => json!({"text": text}),
                Part::Media(media) => {
                    json!({"image": serde_json::to_value(DataUrl(media)).expect("a string")})
                }
            })
            .collect();
        let mut body = json!({"question": question, "most_tokens": request.max_output_tokens});
        if let Some(system) = &request.system {
            body["rules"] = json!(system);
        }
        if let Output::Schema(schema) = &request.output {
            body["form"] = (*schema.schema).clone();
        }
        if let Some(temperature) = request.temperature {
            body["warmth"] = json!(temperature);
        }
        let set = [
            ("seed", request.seed.is_some()),
            ("effort", request.effort.is_some()),
            ("detail", request.detail.is_some()),
        ];
        let call = Call::post_json("https://api.acme.test/v1/read", vision_http::json(&body)?)
            .with_auth(Auth::bearer(self.key.clone()));
        Ok(Call { dropped: set.iter().filter(|(_, set)| *set).map(|(name, _)| *name).collect(), ..call })
    }

    fn decode(&self, reply: &Reply) -> Result<Response> {
        let body: Value = match reply.json() {
            Ok(body) => body,
            Err(error) if reply.is_success() => return Err(error),
            Err(_) => return Err(failure(reply, &Value::Null)),
        };
        if !reply.is_success() || !body["error"].is_null() {
            return Err(failure(reply, &body));
        }
        let Some(why) = body["why"].as_str() else { return Err(reply.malformed("there is no `why`")) };
        Ok(Response {
            text: body["answer"].as_str().unwrap_or_default().to_owned(),
            stop: match why {
                "done" => Stop::Complete,
                "limit" => Stop::Length,
                "declined" => Stop::Refused,
                "filter" => Stop::Filtered(None),
                other => Stop::Other(other.to_owned()),
            },
            usage: Usage {
                input: body["tokens"]["in"].as_u64(),
                cached: body["tokens"]["reused"].as_u64(),
                output: body["tokens"]["out"].as_u64(),
                ..Usage::default()
            },
            request_id: reply.request_id().map(str::to_owned),
            ..Response::default()
        })
    }
}

fn failure(reply: &Reply, body: &Value) -> vision_core::Error {
    if reply.is_success() {
        return reply.malformed("api.acme.test put an error into an answer");
    }
    let kind = match body["error"]["reason"].as_str() {
        Some("credit") => ErrorKind::QuotaExhausted,
        _ => reply.kind(),
    };
    match body["error"]["message"].as_str() {
        Some(message) => reply.error(kind, format!("api.acme.test: {message}")),
        None => reply.bare_error("api.acme.test"),
    }
}
