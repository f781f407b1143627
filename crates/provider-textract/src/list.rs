use serde_json::json;
use vision_core::Result;
use vision_http::{Body, Call, Method, ModelInfo, Reply, host, join};

use crate::{Config, Model, failure};

/// Asks whether the keys are good. The service has no list; a document of one byte is refused only after the keys were
/// looked at, and is not billed.
pub fn models_call(config: &Config) -> Call {
    let body = json!({"Document": {"Bytes": "AA=="}}).to_string();
    let content_type = "application/x-amz-json-1.1".to_owned();
    let body = Body::Raw { content_type, bytes: body.into() };
    let mut call = Call::new(Method::Post, join(&config.base_url, ""), body);
    call.headers.push(("x-amz-target", "Textract.DetectDocumentText".to_owned()));
    call.with_auth(config.auth.clone())
}

/// What there is, if the keys are good.
pub fn decode_models(config: &Config, reply: &Reply) -> Result<Vec<ModelInfo>> {
    let about_the_document =
        ["UnsupportedDocumentException", "BadDocumentException", "InvalidParameterException"];
    if !reply.is_success() && !about_the_document.contains(&reply.aws_failure().name.as_str()) {
        return Err(failure::decode(reply, host(&config.base_url)));
    }
    let info = |model: Model| ModelInfo { id: model.name().to_owned(), ..ModelInfo::default() };
    Ok(Model::ALL.into_iter().map(info).collect())
}
