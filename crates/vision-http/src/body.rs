use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use vision_core::{Error, ErrorKind, Media, Request, Result};

/// Writes a request body straight into one buffer that already has room for the media of `request`.
///
/// The wire types borrow the Base64 text from [`Media`]; no tree of values ever holds an image.
pub fn json<T: Serialize>(body: &T, request: &Request) -> Result<Bytes> {
    let media: usize = request.media().map(Media::base64_len).sum();
    let mut buffer = Vec::with_capacity(media + TEXT_ROOM);
    serde_json::to_writer(&mut buffer, body).map_err(|source| {
        Error::new(ErrorKind::InvalidRequest, "cannot write the request as JSON").with_source(source)
    })?;
    Ok(Bytes::from(buffer))
}

/// Enough for prompt, schema and punctuation of nearly every request.
const TEXT_ROOM: usize = 8 * 1024;

/// A medium as `data:image/png;base64,…`, or as its address.
#[derive(Debug, Clone, Copy)]
pub struct DataUrl<'a>(pub &'a Media);

impl Serialize for DataUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0.url() {
            Some(url) => serializer.serialize_str(url),
            None => quoted(&format!("data:{};base64,", self.0.kind().mime()), self.0).serialize(serializer),
        }
    }
}

/// A medium as bare Base64.
#[derive(Debug, Clone, Copy)]
pub struct Base64<'a>(pub &'a Media);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        quoted("", self.0).serialize(serializer)
    }
}

/// JSON that is written as it is: looking at each letter of an image for what must be escaped takes longer than
/// copying it twice.
fn quoted(before: &str, media: &Media) -> Box<RawValue> {
    RawValue::from_string(format!("\"{before}{}\"", media.base64())).expect("neither part needs an escape")
}
