//! Reads the skeletons of files: whether all of a file is there, and what only a walk through it tells.
//! Every reader takes any bytes, allocates nothing and never goes back.

use vision_core::MediaKind;

mod adts;
mod aiff;
mod bmp;
mod boxes;
mod flac;
mod gif;
mod jpeg;
mod mp3;
mod ogg;
mod pdf;
mod png;
mod riff;
mod tiff;

/// What a walk through a whole file tells.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Structure {
    /// Length of sound or film.
    pub seconds: Option<f64>,
    /// Frames of an animation; zero where that is not known or makes no sense.
    pub frames: u32,
    /// How many bytes come before the picture, where that is known: the header is in them.
    pub head: Option<usize>,
}

/// Walks through a file. `None`: its end is missing.
pub(crate) fn read(kind: MediaKind, bytes: &[u8]) -> Option<Structure> {
    match kind {
        MediaKind::Png => png::read(bytes),
        MediaKind::Jpeg => jpeg::read(bytes),
        MediaKind::Gif => gif::read(bytes),
        MediaKind::Webp => riff::webp(bytes),
        MediaKind::Bmp => bmp::read(bytes),
        MediaKind::Tiff => tiff::read(bytes),
        MediaKind::Pdf => pdf::read(bytes),
        MediaKind::Wav => riff::wav(bytes),
        MediaKind::Flac => flac::read(bytes),
        MediaKind::Mp3 => mp3::read(bytes),
        MediaKind::Ogg => ogg::read(bytes),
        MediaKind::Aac => adts::read(bytes),
        MediaKind::Aiff => aiff::read(bytes),
        MediaKind::Heic | MediaKind::Avif | MediaKind::M4a | MediaKind::Mp4 | MediaKind::Mov => {
            boxes::read(bytes)
        }
        // Written for streaming: its end is wherever it is.
        MediaKind::Webm => Some(Structure::default()),
    }
}

impl Structure {
    fn still(frames: u32) -> Self {
        Self { frames, ..Self::default() }
    }

    fn lasting(seconds: Option<f64>) -> Self {
        let seconds = seconds.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
        Self { seconds, ..Self::default() }
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_be_bytes)
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// A length from a file, as a length in memory.
fn size(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
