//! The request as it is written on the wire. Everything is borrowed: an image is copied once, into the body.

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::Value;
use vision_core::{Detail, Media, Modality, Output, Part, Request, Schema};
use vision_http::{Base64, DataUrl};

use crate::file_name::file_name;
use crate::host::{AudioShape, Host, ImageShape, PdfShape, SchemaShape, StreamOptions, SystemRole};
use crate::params::Params;

#[derive(Serialize)]
pub struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(flatten)]
    params: &'a Params,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Format<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<Options>,
}

/// What is said about a stream.
#[derive(Serialize)]
struct Options {
    include_usage: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    include_obfuscation: Option<bool>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Content<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(&'a str),
    Parts(Parts<'a>),
}

impl<'a> Body<'a> {
    pub fn new(host: &'a Host, model: &'a str, params: &'a Params, request: &'a Request) -> Self {
        Self {
            model,
            messages: messages(host, params.detail, request),
            params,
            response_format: format(host, &request.output),
            stream: request.stream,
            stream_options: options(host.stream).filter(|_| request.stream),
        }
    }
}

fn options(wanted: StreamOptions) -> Option<Options> {
    match wanted {
        StreamOptions::None => None,
        StreamOptions::Usage => Some(Options { include_usage: true, include_obfuscation: None }),
        StreamOptions::UsageUnpadded => {
            Some(Options { include_usage: true, include_obfuscation: Some(false) })
        }
    }
}

fn messages<'a>(host: &'a Host, detail: Option<Detail>, request: &'a Request) -> Vec<Message<'a>> {
    let system = request.system.as_deref();
    let message = |role, text| Message { role, content: Content::Text(text) };
    let (above, first) = match host.system {
        SystemRole::System => (system.map(|text| message("system", text)), None),
        SystemRole::Developer => (system.map(|text| message("developer", text)), None),
        SystemRole::User => (None, system),
    };
    let content = match (&request.parts[..], first) {
        // Servers of text models know no parts.
        ([Part::Text(text)], None) => Content::Text(text),
        (parts, first) => Content::Parts(Parts { host, detail, first, parts }),
    };
    above.into_iter().chain([Message { role: "user", content }]).collect()
}

/// The pieces of a message in the order of the request.
struct Parts<'a> {
    host: &'a Host,
    detail: Option<Detail>,
    first: Option<&'a str>,
    parts: &'a [Part],
}

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        if let Some(text) = self.first {
            list.serialize_element(&Piece::Text { text })?;
        }
        for part in self.parts {
            list.serialize_element(&match part {
                Part::Text(text) => Piece::Text { text },
                Part::Media(media) => Piece::of(self.host, self.detail, media),
            })?;
        }
        list.end()
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Piece<'a> {
    Text { text: &'a str },
    ImageUrl { image_url: ImageUrl<'a> },
    File { file: File<'a> },
    DocumentUrl { document_url: DataUrl<'a> },
    InputAudio { input_audio: InputAudio<'a> },
}

#[derive(Serialize)]
#[serde(untagged)]
enum ImageUrl<'a> {
    Object {
        url: DataUrl<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<Detail>,
    },
    Text(DataUrl<'a>),
}

#[derive(Serialize)]
struct File<'a> {
    filename: String,
    file_data: DataUrl<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum InputAudio<'a> {
    Object { data: Base64<'a>, format: &'static str },
    Text(Base64<'a>),
}

impl<'a> Piece<'a> {
    fn of(host: &Host, detail: Option<Detail>, media: &'a Media) -> Self {
        let url = DataUrl(media);
        match (media.modality(), host.pdf, host.audio) {
            (Modality::Pdf, PdfShape::File, _) => {
                Self::File { file: File { filename: file_name(media), file_data: url } }
            }
            (Modality::Pdf, PdfShape::DocumentUrl, _) => Self::DocumentUrl { document_url: url },
            (Modality::Audio, _, AudioShape::Object) => {
                let (data, format) = (Base64(media), media.kind().extension());
                Self::InputAudio { input_audio: InputAudio::Object { data, format } }
            }
            (Modality::Audio, _, AudioShape::Text) => {
                Self::InputAudio { input_audio: InputAudio::Text(Base64(media)) }
            }
            // Film is in no host's formats, so it never comes this far.
            (Modality::Image | Modality::Video, ..) => Self::ImageUrl {
                image_url: match host.image {
                    ImageShape::Object => ImageUrl::Object { url, detail },
                    ImageShape::Text => ImageUrl::Text(url),
                },
            },
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Format<'a> {
    JsonObject,
    JsonSchema { json_schema: JsonSchema<'a> },
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonSchema<'a> {
    Named { name: &'a str, schema: &'a Value, strict: bool },
    Bare(&'a Value),
}

fn format<'a>(host: &Host, output: &'a Output) -> Option<Format<'a>> {
    match output {
        Output::Text => None,
        Output::Json => Some(Format::JsonObject),
        Output::Schema(schema) => Some(schema_format(host.schema?, schema)),
    }
}

fn schema_format(shape: SchemaShape, wanted: &Schema) -> Format<'_> {
    let schema = wanted.schema.as_ref();
    let json_schema = match shape {
        SchemaShape::Named => JsonSchema::Named { name: &wanted.name, schema, strict: wanted.strict },
        SchemaShape::Bare => JsonSchema::Bare(schema),
    };
    Format::JsonSchema { json_schema }
}
