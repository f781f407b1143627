use std::cell::RefCell;
use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use bytes::Bytes;
use serde::{Serialize, Serializer};
use vision_core::{Error, ErrorKind, Media, Result};

use crate::Pieces;

/// Writes a request body. The Base64 text of its media is neither looked at nor copied: it is made once per medium, and
/// goes into the body as a piece that all requests share.
///
/// The wire types hold media as [`DataUrl`] or [`Base64`]; no tree of values ever holds an image.
pub fn json<T: Serialize>(body: &T) -> Result<Pieces> {
    let (text, media) = apart(body)?;
    Ok(together(text, media.into()))
}

/// The text of a body with a gap for each medium, and the media in the order of their gaps.
pub(crate) fn apart<T: Serialize>(body: &T) -> Result<(String, Vec<Media>)> {
    let outer = ASIDE.replace(Some(Vec::new()));
    let written = serde_json::to_string(body);
    let media = ASIDE.replace(outer).unwrap_or_default();
    let text = written.map_err(|source| {
        Error::new(ErrorKind::InvalidRequest, "cannot write the request as JSON").with_source(source)
    })?;
    Ok((text, media))
}

/// The body, with each medium in its gap.
pub(crate) fn together(text: String, mut media: VecDeque<Media>) -> Pieces {
    if media.is_empty() {
        return text.into();
    }
    let gaps: Vec<usize> = text.match_indices(GAP.as_str()).map(|(at, _)| at).collect();
    debug_assert_eq!(gaps.len(), media.len(), "each medium leaves one gap");
    let (text, mut pieces, mut begin) = (Bytes::from(text), Pieces::default(), 0);
    for at in gaps {
        let Some(medium) = media.pop_front() else { break };
        pieces.push(text.slice(begin..at));
        pieces.push(Bytes::from_owner(Text(medium)));
        begin = at + GAP.len();
    }
    pieces.push(text.slice(begin..));
    pieces
}

thread_local! {
    /// The media that were left out of what `json` is writing on this thread, in the order of their gaps.
    static ASIDE: RefCell<Option<Vec<Media>>> = const { RefCell::new(None) };
}

/// Stands where a medium was left out. No prompt holds it: it is 128 bits of chance, and new in every process.
static GAP: LazyLock<String> = LazyLock::new(|| {
    let chance = || RandomState::new().hash_one("gap");
    format!("{:016x}{:016x}", chance(), chance())
});

/// The Base64 of a medium, kept alive by it.
struct Text(Media);

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.0.base64().as_bytes()
    }
}

/// A medium as `data:image/png;base64,…`, or as its address.
#[derive(Debug, Clone, Copy)]
pub struct DataUrl<'a>(pub &'a Media);

impl Serialize for DataUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.0.url() {
            Some(url) => serializer.serialize_str(url),
            None => write(&format!("data:{};base64,", self.0.kind().mime()), self.0, serializer),
        }
    }
}

/// A medium as bare Base64.
#[derive(Debug, Clone, Copy)]
pub struct Base64<'a>(pub &'a Media);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        write("", self.0, serializer)
    }
}

fn write<S: Serializer>(before: &str, media: &Media, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    let left_out =
        ASIDE.with_borrow_mut(|aside| aside.as_mut().map(|aside| aside.push(media.clone())).is_some());
    let text = if left_out { GAP.as_str() } else { media.base64() };
    serializer.serialize_str(&format!("{before}{text}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use vision_core::{Facts, Media};

    use super::{Base64, DataUrl, json};

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";

    fn medium(bytes: &'static [u8]) -> Media {
        Media::new("a", bytes, Facts::default()).unwrap()
    }

    #[test]
    fn media_stand_in_their_places() {
        let (png, jpeg) = (medium(PNG), medium(JPEG));
        let body = (DataUrl(&png), "text", Base64(&jpeg), DataUrl(&png));
        let read: Value = serde_json::from_slice(&json(&body).unwrap().whole()).unwrap();
        let url = format!("data:image/png;base64,{}", png.base64());
        assert_eq!(read, json!([url, "text", jpeg.base64(), url]));
    }

    #[test]
    fn bodies_share_the_text_of_a_medium() {
        let png = medium(PNG);
        let pieces = json(&[Base64(&png)]).unwrap();
        assert!(pieces.iter().any(|piece| piece.as_ptr() == png.base64().as_ptr()));
    }

    #[test]
    fn a_tree_of_values_holds_the_whole_text() {
        let png = medium(PNG);
        let tree = json!({"image": serde_json::to_value(Base64(&png)).unwrap()});
        let read: Value = serde_json::from_slice(&json(&tree).unwrap().whole()).unwrap();
        assert_eq!(read, json!({"image": png.base64()}));
    }
}
