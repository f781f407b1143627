use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vision_core::MediaKind;

use crate::Degradation;

/// What happened to one medium between the file and the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The name of the source, as the caller gave it.
    pub name: String,
    /// SHA-256 of the source in hexadecimal; not known for an address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source_sha256: Option<String>,
    /// SHA-256 of what is sent; not known for an address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sent_sha256: Option<String>,
    /// What the source is, by its bytes; for an address, by what was said of it.
    pub sniffed: MediaKind,
    /// What the name promises, by its extension.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub declared: Option<MediaKind>,
    /// What is sent.
    pub sent: MediaKind,
    /// Size of the source as it is stored, before any rotation it asks for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source_pixels: Option<Pixels>,
    /// Size of what is sent.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sent_pixels: Option<Pixels>,
    /// Bytes of the source.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source_bytes: Option<u64>,
    /// Bytes of what is sent, before Base64.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sent_bytes: Option<u64>,
    /// What was done, in order. Empty: it is sent as it is.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub steps: Vec<Step>,
    /// How it travels.
    pub transport: Transport,
}

/// A size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pixels {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// One thing that was done to a medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// It is a twin that is worse in one way.
    Degraded {
        /// In which.
        how: Degradation,
    },
    /// A page of a document became an image.
    Rasterised {
        /// The page, counted from one.
        page: u32,
        /// How many pages there are.
        pages: u32,
    },
    /// All frames of an animation but the first were left out.
    FirstFrame {
        /// How many frames there are.
        frames: u32,
    },
    /// The rotation or reflection that EXIF asks for was carried out.
    Oriented {
        /// The value of the EXIF tag, from 2 to 8.
        exif: u8,
    },
    /// The image was made smaller.
    Resized {
        /// The size before.
        from: Pixels,
        /// The size after.
        to: Pixels,
    },
    /// Transparent parts were put on white.
    Flattened,
    /// The image was written anew.
    Encoded {
        /// The format before.
        from: MediaKind,
        /// The format after.
        to: MediaKind,
        /// The quality, where the format has one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        quality: Option<u8>,
    },
}

/// How a medium travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Inside the request.
    Inline,
    /// As an address, for the provider to fetch.
    Url,
    /// Through the provider's own storage. Only a provider knows that it does this.
    Upload,
}

impl Pixels {
    /// The longer side.
    pub fn long_side(self) -> u32 {
        self.width.max(self.height)
    }

    /// The same shape with a long side of at most `side`.
    pub(crate) fn shrunk(self, side: u32) -> Self {
        let long = self.long_side();
        if side >= long {
            return self;
        }
        let scaled = |length: u32| {
            let length = (u64::from(length) * u64::from(side) + u64::from(long) / 2) / u64::from(long);
            u32::try_from(length).expect("no longer than before").max(1)
        };
        Self { width: scaled(self.width), height: scaled(self.height) }
    }

    /// How many there are.
    pub fn count(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("a string takes everything");
    }
    text
}
