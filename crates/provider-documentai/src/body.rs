use serde::Serialize;
use vision_core::{Request, Result};
use vision_document::{dropped, only_medium};
use vision_http::{Base64, Call, join};

use crate::{Config, Kind};

/// The body of a request. Field order is the order on the wire.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    raw_document: Document<'a>,
    skip_human_review: bool,
    /// What comes back: without it, pictures of all pages do.
    field_mask: &'static str,
    imageless_mode: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    mime_type: &'static str,
    content: Base64<'a>,
}

pub(crate) fn call(config: &Config, request: &Request) -> Result<Call> {
    let media = only_medium(request)?;
    let body = Body {
        raw_document: Document { mime_type: media.kind().mime(), content: Base64(media) },
        skip_human_review: true,
        field_mask: match config.kind {
            Kind::Expense | Kind::Invoice | Kind::Custom => "text,error,entities,pages.pageNumber",
            Kind::Form => "text,error,pages.pageNumber,pages.layout,pages.tables,pages.formFields",
            Kind::Ocr => "text,error,pages.pageNumber,pages.layout",
        },
        imageless_mode: true,
    };
    let version = config.version.iter().map(|version| format!("/processorVersions/{version}"));
    let path = format!("{}/{}{}:process", config.processors(), config.processor, version.collect::<String>());
    let call = Call::post_json(join(&config.base_url, &path), vision_http::json(&body)?);
    Ok(Call { dropped: dropped(request), ..call.with_auth(config.auth.clone()) })
}
