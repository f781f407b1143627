use serde::Serialize;
use sha2::{Digest, Sha256};
use vision_core::{MediaKind, Modality};

/// What the server understood of a request, whatever its dialect.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The model asked for.
    pub model: String,
    /// The system text.
    pub system: String,
    /// The texts of the question, in order.
    pub texts: Vec<String>,
    /// The media, in order.
    pub media: Vec<SeenMedium>,
    /// The schema the answer must satisfy.
    pub schema: Option<serde_json::Value>,
    /// The cap on output tokens.
    pub cap: Option<u64>,
    /// Whether it asks how sure the model is of its tokens.
    pub token_probabilities: bool,
}

/// A medium as it arrived.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SeenMedium {
    /// The format of its bytes.
    pub kind: Option<MediaKind>,
    /// The type the request claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<String>,
    /// How many bytes arrived.
    pub bytes: usize,
    /// Their hash.
    pub sha256: String,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<usize>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<usize>,
    /// Whether the end of the file is there.
    pub whole: bool,
    /// The address, if that is all that came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl SeenMedium {
    /// Looks at Base64 text.
    pub(super) fn base64(declared: Option<&str>, text: &str) -> Result<Self, String> {
        let bytes =
            base64_simd::STANDARD.decode_to_vec(text).map_err(|_| "the Base64 is not valid".to_owned())?;
        Self::bytes(declared, &bytes)
    }

    /// Looks at bytes. A claim that they contradict is refused, as vendors do.
    pub(super) fn bytes(declared: Option<&str>, bytes: &[u8]) -> Result<Self, String> {
        let kind = MediaKind::sniff(bytes).ok_or("the file is of no known format")?;
        if let Some(declared) = declared.filter(|declared| !agrees(kind, declared)) {
            return Err(format!("the file is {kind} and not {declared}"));
        }
        let size = imagesize::blob_size(bytes).ok().filter(|_| kind.modality() == Modality::Image);
        Ok(Self {
            kind: Some(kind),
            declared: declared.map(str::to_owned),
            bytes: bytes.len(),
            sha256: hex(bytes),
            width: size.map(|size| size.width),
            height: size.map(|size| size.height),
            whole: is_whole(kind, bytes),
            url: None,
        })
    }

    /// Looks at a `data:` URL, or notes an address.
    pub(super) fn url(url: &str) -> Result<Self, String> {
        let Some(data) = url.strip_prefix("data:") else {
            let whole = ["https://", "http://", "gs://"].iter().any(|scheme| url.starts_with(scheme));
            return if whole { Ok(Self::address(url)) } else { Err(format!("`{url:.40}` is no address")) };
        };
        let (declared, text) = data.split_once(";base64,").ok_or("a data URL without `;base64,`")?;
        Self::base64(Some(declared), text)
    }

    pub(super) fn address(url: &str) -> Self {
        Self { url: Some(url.to_owned()), whole: true, ..Self::default() }
    }

    /// Tokens a vendor might bill for it.
    pub(super) fn tokens(&self) -> u64 {
        match (self.width, self.height) {
            (Some(width), Some(height)) => (width.div_ceil(32) * height.div_ceil(32)).min(2_500) as u64,
            _ => 258,
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn agrees(kind: MediaKind, declared: &str) -> bool {
    let aliases = match kind {
        MediaKind::Jpeg => "image/jpg",
        MediaKind::Wav => "audio/x-wav",
        MediaKind::Mp3 => "audio/mpeg",
        MediaKind::M4a => "audio/m4a",
        _ => "",
    };
    declared == kind.mime() || declared == aliases || declared.is_empty()
}

/// Whether the last bytes are those with which such a file ends, where the format says how.
fn is_whole(kind: MediaKind, bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(1024)..];
    let holds = |mark: &[u8]| tail.windows(mark.len()).any(|window| window == mark);
    match kind {
        MediaKind::Png => bytes.ends_with(b"IEND\xaeB`\x82"),
        MediaKind::Jpeg => holds(b"\xff\xd9"),
        MediaKind::Gif => bytes.ends_with(b";"),
        MediaKind::Pdf => holds(b"%%EOF"),
        MediaKind::Webp | MediaKind::Wav => {
            let size: Option<[u8; 4]> = bytes.get(4..8).and_then(|size| size.try_into().ok());
            size.is_some_and(|size| bytes.len() >= u32::from_le_bytes(size) as usize + 8)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::SeenMedium;
    use crate::media;

    #[test]
    fn measures_what_arrived() {
        let png = media::png("a.png", 33, 7, 1);
        let seen = SeenMedium::base64(Some("image/png"), png.base64()).unwrap();
        assert_eq!((seen.width, seen.height, seen.whole), (Some(33), Some(7), true));
        assert_eq!(seen.tokens(), 2);
    }

    #[test]
    fn sees_what_is_missing_or_wrong() {
        let png = media::png("a.png", 9, 9, 1);
        let cut = png.bytes().unwrap().slice(..60);
        assert!(!SeenMedium::bytes(None, &cut).unwrap().whole);
        assert_eq!(
            SeenMedium::base64(Some("image/jpeg"), png.base64()).unwrap_err(),
            "the file is png and not image/jpeg"
        );
        assert!(SeenMedium::base64(None, "!").unwrap_err().contains("Base64"));
        assert!(SeenMedium::url("data:image/png,abc").is_err());
        assert!(SeenMedium::url("file:///etc/passwd").is_err());
        assert_eq!(
            SeenMedium::url("https://a.test/b.png").unwrap().url.as_deref(),
            Some("https://a.test/b.png")
        );
    }

    #[test]
    fn knows_where_files_end() {
        for medium in [media::pdf("a.pdf"), media::wav("a.wav")] {
            let bytes = medium.bytes().unwrap();
            assert!(SeenMedium::bytes(None, bytes).unwrap().whole);
            assert!(!SeenMedium::bytes(None, &bytes.slice(..bytes.len() - 8)).unwrap().whole, "{medium:?}");
        }
    }
}
