use serde::Serialize;
use vision_core::{Media, Request, Result, Task};
use vision_document::only_medium;
use vision_http::{Body, Call, Method, join};

use crate::Config;

/// Where a document is that is not sent along.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Address<'a> {
    url_source: &'a str,
}

/// The call that hands a document in: its bytes as they are, or its address.
pub(crate) fn call(config: &Config, request: &Request) -> Result<Call> {
    let media = only_medium(request)?;
    let call = Call::new(Method::Post, address(config, request.task), body(media)?);
    Ok(call.with_auth(config.auth.clone()))
}

fn body(media: &Media) -> Result<Body> {
    Ok(match (media.url(), media.bytes()) {
        (Some(url), _) => Body::Json(vision_http::json(&Address { url_source: url })?),
        (None, bytes) => Body::Raw {
            content_type: "application/octet-stream".to_owned(),
            bytes: bytes.cloned().unwrap_or_default().into(),
        },
    })
}

fn address(config: &Config, task: Task) -> String {
    let path = format!("documentintelligence/documentModels/{}:analyze", config.model);
    // Offsets are not used; whoever counts anyhow counts as we do.
    let mut query = format!("api-version={}&stringIndexType=unicodeCodePoint", config.api_version);
    for (name, value) in [("locale", &config.locale), ("pages", &config.pages)] {
        if let Some(value) = value {
            query.push_str(&format!("&{name}={}", value.replace(' ', "")));
        }
    }
    if config.model == "prebuilt-layout" && matches!(task, Task::Document | Task::Extract) {
        query.push_str("&features=keyValuePairs");
    }
    join(&config.base_url, &format!("{path}?{query}"))
}
