use serde_json::Value;
use vision_core::{Error, ErrorKind, Media, Output, Request, Result};

/// The only medium of a request, for engines that read one document at a time.
pub fn only_medium(request: &Request) -> Result<&Media> {
    let mut media = request.media();
    match (media.next(), media.next()) {
        (Some(medium), None) => Ok(medium),
        (None, _) => Err(Error::new(ErrorKind::Unsupported, "there is no document to read")),
        (Some(_), Some(_)) => Err(Error::new(ErrorKind::Unsupported, "it takes one document in a request")),
    }
}

/// The schema of the answer, if it has one.
pub fn schema(request: &Request) -> Option<&Value> {
    match &request.output {
        Output::Schema(schema) => Some(&schema.schema),
        Output::Text | Output::Json => None,
    }
}

/// The parameters that an engine has no place for, as far as they are set.
pub fn dropped(request: &Request) -> Vec<&'static str> {
    let set = [
        ("temperature", request.temperature.is_some()),
        ("seed", request.seed.is_some()),
        ("effort", request.effort.is_some()),
        ("detail", request.detail.is_some()),
    ];
    set.into_iter().filter(|(_, set)| *set).map(|(name, _)| name).collect()
}
