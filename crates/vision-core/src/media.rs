use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::{Error, ErrorKind, Result};

mod kind;

pub use kind::{MediaKind, Modality};

/// An image, a PDF, sound or film, as it will be sent. Cheap to clone.
///
/// Its kind comes from its bytes and never from a file name. Its Base64 text is made once, however many
/// providers and repeats ask for it.
#[derive(Clone)]
pub struct Media(Arc<Inner>);

struct Inner {
    name: String,
    kind: MediaKind,
    content: Content,
    facts: Facts,
    base64: OnceLock<String>,
}

enum Content {
    Inline(Bytes),
    Url(String),
}

/// What is known of a medium without decoding it whole. Billing rules need these.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Facts {
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Pages of a document.
    pub pages: Option<u32>,
    /// Length of sound or film in seconds.
    pub seconds: Option<f64>,
}

impl Media {
    /// Media from bytes. `name` is for messages and for the file name some APIs ask for.
    pub fn new(name: impl Into<String>, bytes: impl Into<Bytes>, facts: Facts) -> Result<Self> {
        let (name, bytes) = (name.into(), bytes.into());
        if bytes.is_empty() {
            return Err(Error::new(ErrorKind::InvalidRequest, format!("{name} is empty")));
        }
        let kind = MediaKind::sniff(&bytes).ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidRequest,
                format!("{name} is neither an image, a PDF, sound nor film that is known here"),
            )
        })?;
        Ok(Self::from_content(name, kind, Content::Inline(bytes), facts))
    }

    /// Media that the provider shall fetch from `url` itself. Its kind is what the caller says it is.
    pub fn from_url(url: impl Into<String>, kind: MediaKind, facts: Facts) -> Self {
        let url = url.into();
        Self::from_content(url.clone(), kind, Content::Url(url), facts)
    }

    fn from_content(name: String, kind: MediaKind, content: Content, facts: Facts) -> Self {
        Self(Arc::new(Inner { name, kind, content, facts, base64: OnceLock::new() }))
    }

    /// The name given by the caller.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What the bytes are.
    pub fn kind(&self) -> MediaKind {
        self.0.kind
    }

    /// Image, PDF, sound or film.
    pub fn modality(&self) -> Modality {
        self.0.kind.modality()
    }

    /// The bytes, unless the provider shall fetch them.
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.0.content {
            Content::Inline(bytes) => Some(bytes),
            Content::Url(_) => None,
        }
    }

    /// The address, if the provider shall fetch it.
    pub fn url(&self) -> Option<&str> {
        match &self.0.content {
            Content::Inline(_) => None,
            Content::Url(url) => Some(url),
        }
    }

    /// The bytes as Base64 without any prefix, made on first use; empty for a URL.
    pub fn base64(&self) -> &str {
        self.0.base64.get_or_init(|| {
            self.bytes().map(|bytes| base64_simd::STANDARD.encode_to_string(bytes)).unwrap_or_default()
        })
    }

    /// How many bytes `base64` has, without making it.
    pub fn base64_len(&self) -> usize {
        self.bytes().map_or(0, |bytes| bytes.len().div_ceil(3) * 4)
    }

    /// Sizes, pages, seconds.
    pub fn facts(&self) -> Facts {
        self.0.facts
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Media");
        out.field("name", &self.0.name).field("kind", &self.0.kind);
        match &self.0.content {
            Content::Inline(bytes) => out.field("bytes", &bytes.len()),
            Content::Url(url) => out.field("url", url),
        };
        out.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, Media, MediaKind, Modality};

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn the_bytes_decide_and_not_the_name() {
        let media = Media::new("photo.jpg", PNG, Facts::default()).unwrap();
        assert_eq!((media.kind(), media.modality()), (MediaKind::Png, Modality::Image));
    }

    #[test]
    fn nothing_and_nonsense_are_refused_by_name() {
        let empty = Media::new("a.png", &b""[..], Facts::default()).unwrap_err();
        assert_eq!(empty.to_string(), "a.png is empty");
        let text = Media::new("b.png", &b"hello, world"[..], Facts::default()).unwrap_err();
        assert!(text.to_string().starts_with("b.png is neither"), "{text}");
    }

    #[test]
    fn base64_is_made_once() {
        let media = Media::new("a.png", PNG, Facts::default()).unwrap();
        let twin = media.clone();
        assert_eq!(media.base64().as_ptr(), twin.base64().as_ptr());
        assert_eq!(media.base64().len(), media.base64_len());
        assert!(media.base64().starts_with("iVBOR"));
    }

    #[test]
    fn debug_does_not_print_the_bytes() {
        let media = Media::new("a.png", PNG, Facts::default()).unwrap();
        assert_eq!(format!("{media:?}"), r#"Media { name: "a.png", kind: Png, bytes: 16, .. }"#);
    }
}
