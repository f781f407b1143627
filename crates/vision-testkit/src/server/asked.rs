//! A request as it came, and what is seen in it.

use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use hyper::HeaderMap;
use serde_json::{Value, json};

use super::dialect::Dialect;
use super::keys::text;
use super::route::parameter;
use super::sight::Seen;
use super::{azure_di, openai};
use crate::validate;

/// A request with its body read.
pub(super) struct Asked {
    pub origin: String,
    pub method: String,
    /// As it came, with the fault that stands in front.
    pub whole_path: String,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Asked {
    /// Tells whether another request is the same one.
    ///
    /// An object has a new name each time: it is known by what it holds, and its job by what it looks for.
    pub fn identity(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let target = text(&self.headers, "x-amz-target").unwrap_or_default();
        match self.method.as_str() {
            "PUT" => self.body.hash(&mut hasher),
            "DELETE" => self.method.hash(&mut hasher),
            _ if target.starts_with("Textract.Start") => target.hash(&mut hasher),
            _ => (&self.path, &self.body).hash(&mut hasher),
        }
        hasher.finish()
    }

    /// Reads it as a question in a dialect, which is held against its schema if that is strict.
    pub fn see(&self, dialect: Dialect, strict: bool) -> Result<Seen, String> {
        let content_type = text(&self.headers, "content-type").unwrap_or_default();
        if dialect == Dialect::Transcription {
            return openai::see_form(content_type, &self.body);
        }
        if dialect == Dialect::DocumentIntelligence {
            if parameter(&self.query, "api-version").is_none() {
                return Err("the parameter api-version is missing".to_owned());
            }
            return azure_di::see(content_type, &self.body, strict);
        }
        let amazon = matches!(dialect, Dialect::Textract(_));
        let wanted = if amazon { "application/x-amz-json-1.1" } else { "application/json" };
        if !content_type.starts_with(wanted) {
            return Err(format!("the content type is `{content_type}` and not JSON"));
        }
        let mut body: Value =
            serde_json::from_slice(&self.body).map_err(|error| format!("invalid JSON: {error}"))?;
        let version = text(&self.headers, "anthropic-version");
        if dialect == Dialect::Messages && !matches!(version, Some("2023-06-01" | "2026-10-21")) {
            return Err("anthropic-version: 2023-06-01 or 2026-10-21 is required".to_owned());
        }
        if dialect == Dialect::RawPredict {
            // The model stands in the address, and the version where the model would be.
            match body.as_object_mut().and_then(|fields| fields.shift_remove("anthropic_version")) {
                Some(version) if version == "vertex-2023-10-16" && body["model"].is_null() => {}
                _ => return Err("anthropic_version: vertex-2023-10-16 is required, and no model".to_owned()),
            }
            body["model"] = json!("in the address");
        }
        if matches!(dialect, Dialect::Messages | Dialect::RawPredict) && body["stream"] == true {
            // The published schema is that of requests for whole messages.
            body.as_object_mut().map(|fields| fields.shift_remove("stream"));
        }
        if let Some(schema) = dialect.schema(version).filter(|_| strict) {
            validate(schema, &body)?;
        }
        dialect.see(&body)
    }
}
