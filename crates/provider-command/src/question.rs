use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use vision_core::{Detail, Effort, Error, ErrorKind, Media, Output, Part, Request, Result, Task};

/// A question as it is written to stdin, with the files that it names. They go when it is dropped.
pub(crate) struct Question<'a> {
    body: Body<'a>,
    _folder: tempfile::TempDir,
}

/// Field order is the order on the wire.
#[derive(Serialize)]
struct Body<'a> {
    protocol: u32,
    model: &'a str,
    task: Task,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    parts: Vec<Piece<'a>>,
    output: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a Value>,
    max_output_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<Effort>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Detail>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Piece<'a> {
    Text { text: &'a str },
    File { file: String, mime: &'static str },
    Url { url: &'a str, mime: &'static str },
}

impl<'a> Question<'a> {
    /// Writes the media to a folder that only this user can read.
    pub(crate) fn new(model: &'a str, request: &'a Request) -> Result<Self> {
        let unwritable = |source| {
            Error::new(ErrorKind::Config, "cannot write the media for the program").with_source(source)
        };
        let folder = tempfile::tempdir().map_err(unwritable)?;
        let mut parts = Vec::new();
        for part in &request.parts {
            parts.push(match part {
                Part::Text(text) => Piece::Text { text },
                Part::Media(media) => piece(media, folder.path(), parts.len() + 1).map_err(unwritable)?,
            });
        }
        let (output, schema) = match &request.output {
            Output::Text => ("text", None),
            Output::Json => ("json", None),
            Output::Schema(schema) => ("schema", Some(&*schema.schema)),
        };
        let body = Body {
            protocol: 1,
            model,
            task: request.task,
            system: request.system.as_deref(),
            parts,
            output,
            schema,
            max_output_tokens: request.max_output_tokens.get(),
            temperature: request.temperature,
            seed: request.seed,
            effort: request.effort,
            detail: request.detail,
        };
        Ok(Self { body, _folder: folder })
    }

    pub(crate) fn text(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(&self.body).map_err(|source| {
            Error::new(ErrorKind::InvalidRequest, "cannot write the question as JSON").with_source(source)
        })
    }
}

/// Its own name could tell the answer, so that it gets a number.
fn piece<'a>(media: &'a Media, folder: &Path, number: usize) -> std::io::Result<Piece<'a>> {
    let mime = media.kind().mime();
    if let Some(url) = media.url() {
        return Ok(Piece::Url { url, mime });
    }
    let path = folder.join(format!("{number}.{}", media.kind()));
    std::fs::write(&path, media.bytes().map_or(&[][..], |bytes| bytes))?;
    Ok(Piece::File { file: path.display().to_string(), mime })
}
