use serde::Serialize;
use serde_json::Value;
use vision_core::{Error, ErrorKind, Media, Modality, Output, Request, Result, Schema, Task};
use vision_document::only_medium;
use vision_http::DataUrl;

/// The body of a request. Field order is the order on the wire.
#[derive(Serialize)]
pub(crate) struct Body<'a> {
    model: &'a str,
    document: Document<'a>,
    /// The service's own default is to draw boxes around everything.
    include_blocks: bool,
    include_image_base64: bool,
    confidence_scores_granularity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_annotation_format: Option<Format<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document_annotation_prompt: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Document<'a> {
    ImageUrl { image_url: DataUrl<'a> },
    DocumentUrl { document_url: DataUrl<'a> },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Format<'a> {
    JsonSchema { json_schema: Wrapper<'a> },
}

#[derive(Serialize)]
struct Wrapper<'a> {
    name: &'a str,
    strict: bool,
    schema: &'a Value,
}

impl<'a> Body<'a> {
    pub(crate) fn new(model: &'a str, request: &'a Request) -> Result<Self> {
        let format = match (&request.output, request.task) {
            (Output::Schema(schema), _) => Some(format(schema)),
            (_, Task::Text) => None,
            (_, task) => {
                let message = format!("it answers `{task}` by a schema only, and this dataset has none");
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
        };
        let texts: Vec<&str> = request.system.iter().map(String::as_str).chain(request.texts()).collect();
        let prompt = Some(texts.join("\n\n")).filter(|text| format.is_some() && !text.is_empty());
        Ok(Self {
            model,
            document: document(only_medium(request)?),
            include_blocks: false,
            include_image_base64: false,
            confidence_scores_granularity: "page",
            document_annotation_format: format,
            document_annotation_prompt: prompt,
        })
    }
}

fn document(media: &Media) -> Document<'_> {
    match media.modality() {
        Modality::Pdf => Document::DocumentUrl { document_url: DataUrl(media) },
        _ => Document::ImageUrl { image_url: DataUrl(media) },
    }
}

fn format(schema: &Schema) -> Format<'_> {
    let Schema { name, schema, strict } = schema;
    Format::JsonSchema { json_schema: Wrapper { name, strict: *strict, schema } }
}
