use bytes::Bytes;
use serde::{Serialize, Serializer};
use vision_core::{Error, ErrorKind, Media, Request, Result};

/// Writes a request body straight into one buffer that already has room for the media of `request`.
///
/// The wire types borrow the Base64 text from [`Media`], so an image is copied once: into this buffer.
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
            None => serializer.collect_str(&format_args!(
                "data:{};base64,{}",
                self.0.kind().mime(),
                self.0.base64()
            )),
        }
    }
}
