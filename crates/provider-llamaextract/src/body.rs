use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Value, json};
use vision_core::Request;
use vision_document::schema;

use crate::Config;

/// How a document is to be read. Field order is the order on the wire.
#[derive(Serialize)]
pub(crate) struct Body<'a> {
    tier: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_pages: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_prompt: Option<String>,
    data_schema: Cow<'a, Value>,
}

/// The only field where a dataset has no schema.
pub(crate) const ANSWER: &str = "answer";

/// The body of the call that begins a job.
#[derive(Serialize)]
pub(crate) struct Begin<'a> {
    pub file_input: &'a str,
    pub configuration: &'a Body<'a>,
}

impl<'a> Body<'a> {
    pub(crate) fn of(config: &'a Config, request: &'a Request) -> Self {
        let one_field = || json!({"type": "object", "properties": {ANSWER: {"type": "string"}}});
        let texts: Vec<&str> = request.system.iter().map(String::as_str).chain(request.texts()).collect();
        Self {
            tier: &config.model,
            version: config.version.as_deref(),
            target_pages: config.pages.as_deref(),
            system_prompt: Some(texts.join("\n\n")).filter(|text| !text.is_empty()),
            data_schema: schema(request).map_or_else(|| Cow::Owned(one_field()), Cow::Borrowed),
        }
    }
}
