//! Requests and replies that the tests of this crate share.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::num::NonZeroU32;
use std::sync::Arc;

use vision_chat::{Chat, Host, Target};
use vision_core::{Error, Facts, Media, MediaKind, Output, Part, Request, Response, Schema, Secret, Task};
use vision_http::{Call, Reply, Wire};

pub const HOST: Host = Host {
    name: "acme",
    base_url: "https://api.acme.test/v1",
    formats: &[MediaKind::Png, MediaKind::Jpeg, MediaKind::Pdf, MediaKind::Wav],
    url_input: true,
    ..Host::PLAIN
};

pub fn chat(host: Host) -> Chat {
    let target = Target::new(&host, "acme-1", Some(Secret::new("acme-key-0123456789")));
    Chat::new(host, target, None).unwrap()
}

pub fn png() -> Part {
    media("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
}

pub fn media(name: &str, bytes: &'static [u8]) -> Part {
    Part::Media(Media::new(name, bytes, Facts::default()).unwrap())
}

pub fn link(url: &str, kind: MediaKind) -> Part {
    Part::Media(Media::from_url(url, kind, Facts::default()))
}

pub fn text(words: &str) -> Part {
    Part::Text(words.to_owned())
}

pub fn request(parts: Vec<Part>) -> Request {
    Request::new(Task::Text, parts, NonZeroU32::new(64).unwrap())
}

pub fn schema() -> Output {
    let schema = serde_json::json!({
        "type": "object",
        "properties": {"total": {"type": "number"}},
        "required": ["total"],
        "additionalProperties": false,
    });
    Output::Schema(Schema { name: "receipt".into(), schema: Arc::new(schema), strict: true })
}

pub fn encode(host: Host, request: &Request) -> Call {
    chat(host).encode(request).unwrap()
}

pub fn body(host: Host, request: &Request) -> serde_json::Value {
    serde_json::from_slice(&encode(host, request).body.bytes()).unwrap()
}

pub fn answer(body: &str) -> Response {
    chat(HOST).decode(&Reply::json_text(200, body.to_owned())).unwrap()
}

pub fn failure(host: Host, status: u16, body: &str) -> Error {
    chat(host).decode(&Reply::json_text(status, body.to_owned())).unwrap_err()
}
