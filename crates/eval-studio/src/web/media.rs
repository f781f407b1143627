//! Documents as a browser can show them.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use vision_core::{MediaKind, Modality};
use vision_media::{PreviewSettings, previews};

use crate::documents::documents;
use crate::{Result, StudioError};

/// Pages are drawn so large that small print can be read.
const PAGES: PreviewSettings =
    PreviewSettings { side: 2_200, bytes: 4 << 20, quality: 88, pages: 40, pixels: 200_000_000 };

/// Documents whose pages are kept, because the next page is asked for soon.
const KEPT: usize = 4;

/// One page of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// For the browser.
    pub content_type: &'static str,
    /// The bytes.
    pub bytes: Bytes,
    /// How many pages there are.
    pub pages: usize,
}

/// Pages that were drawn, by the name and a hash of the document.
#[derive(Debug, Default)]
pub struct Drawn(Mutex<Vec<(String, u64, Vec<Bytes>)>>);

impl Drawn {
    /// A page of a document, from 1. What a browser shows itself is sent as it is.
    ///
    /// # Errors
    /// If the document is not below the folder, or cannot be shown.
    pub fn page(&self, root: &Path, document: &str, page: usize) -> Result<Shown> {
        if !documents(root)?.paths.iter().any(|path| path == document) {
            return Err(StudioError::not_found(format!("there is no document `{document}`")));
        }
        let refused = |what: vision_files::Refused| StudioError::not_found(format!("{document} {what}"));
        let path = vision_files::below(root, document).map_err(refused)?;
        let bytes = Bytes::from(vision_files::read(&path, vision_files::MEDIUM).map_err(refused)?);
        self.of(document, bytes, page)
    }

    /// A page of a medium that was read, from 1.
    ///
    /// # Errors
    /// If it cannot be shown.
    pub fn of(&self, document: &str, bytes: Bytes, page: usize) -> Result<Shown> {
        let Some(kind) = MediaKind::sniff(&bytes) else {
            return Err(StudioError::invalid(format!("{document} is of no known media type")));
        };
        if let Some(content_type) = plain(kind) {
            return Ok(Shown { content_type, bytes, pages: 1 });
        }
        let pages = self.drawn(document, &bytes);
        let found = page.checked_sub(1).and_then(|at| pages.get(at)).cloned();
        found
            .map(|bytes| Shown { content_type: "image/jpeg", bytes, pages: pages.len() })
            .ok_or_else(|| StudioError::invalid(format!("page {page} of {document} cannot be shown")))
    }

    fn drawn(&self, document: &str, bytes: &Bytes) -> Vec<Bytes> {
        let length = bytes.len() as u64;
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., pages)) = known().iter().find(|(name, size, _)| name == document && *size == length)
        {
            return pages.clone();
        }
        let pages: Vec<Bytes> = previews(bytes, &PAGES).into_iter().map(Bytes::from).collect();
        let mut kept = known();
        kept.retain(|(name, ..)| name != document);
        kept.push((document.to_owned(), length, pages.clone()));
        if kept.len() > KEPT {
            kept.remove(0);
        }
        pages
    }
}

/// The type of what every browser shows.
fn plain(kind: MediaKind) -> Option<&'static str> {
    match kind {
        MediaKind::Png => Some("image/png"),
        MediaKind::Jpeg => Some("image/jpeg"),
        MediaKind::Webp => Some("image/webp"),
        MediaKind::Gif => Some("image/gif"),
        MediaKind::Wav => Some("audio/wav"),
        MediaKind::Mp3 => Some("audio/mpeg"),
        MediaKind::Flac => Some("audio/flac"),
        MediaKind::Ogg => Some("audio/ogg"),
        MediaKind::Aac => Some("audio/aac"),
        MediaKind::M4a => Some("audio/mp4"),
        other if other.modality() == Modality::Audio => Some("application/octet-stream"),
        _ => None,
    }
}
