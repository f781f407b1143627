use std::fmt;

use serde::{Deserialize, Serialize};

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each is the format of that name")]
pub enum MediaKind {
    Png,
    Jpeg,
    Webp,
    Gif,
    Bmp,
    Tiff,
    Heic,
    Avif,
    Pdf,
    Wav,
    Mp3,
    Flac,
    Ogg,
    Aac,
    Aiff,
    M4a,
    Mp4,
    Mov,
    Webm,
}

/// How a model takes a medium in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Modality {
    /// A still picture.
    Image,
    /// Pages.
    Pdf,
    /// Sound.
    Audio,
    /// Film.
    Video,
}

impl MediaKind {
    /// The format of these bytes, judged by their content.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        // Some writers put a few blanks, a byte-order mark or a comment before "%PDF"; readers allow 1,024 bytes.
        if bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-") {
            return Some(Self::Pdf);
        }
        let Some(known) = infer::get(bytes) else { return rarer_frame(bytes) };
        let kind = match known.mime_type() {
            "image/png" => Self::Png,
            "image/jpeg" => Self::Jpeg,
            "image/webp" => Self::Webp,
            "image/gif" => Self::Gif,
            "image/bmp" => Self::Bmp,
            "image/tiff" => Self::Tiff,
            "image/heif" | "image/heic" => Self::Heic,
            "image/avif" => Self::Avif,
            "audio/x-wav" => Self::Wav,
            "audio/mpeg" => Self::Mp3,
            "audio/x-flac" => Self::Flac,
            "audio/ogg" | "audio/opus" => Self::Ogg,
            "audio/aac" => Self::Aac,
            "audio/x-aiff" => Self::Aiff,
            "audio/m4a" => Self::M4a,
            "video/mp4" | "video/x-m4v" => Self::Mp4,
            "video/quicktime" => Self::Mov,
            "video/webm" => Self::Webm,
            _ => return None,
        };
        Some(kind)
    }

    /// The MIME type that APIs expect.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
            Self::Pdf => "application/pdf",
            Self::Wav => "audio/wav",
            Self::Mp3 => "audio/mp3",
            Self::Flac => "audio/flac",
            Self::Ogg => "audio/ogg",
            Self::Aac => "audio/aac",
            Self::Aiff => "audio/aiff",
            Self::M4a => "audio/mp4",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::Webm => "video/webm",
        }
    }

    /// The usual file extension, without its dot. Some APIs judge an upload by it.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Pdf => "pdf",
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
            Self::Flac => "flac",
            Self::Ogg => "ogg",
            Self::Aac => "aac",
            Self::Aiff => "aiff",
            Self::M4a => "m4a",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Webm => "webm",
        }
    }

    /// The format a file extension or the end of a URL promises. Only for media that are never read here.
    pub fn from_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_ascii_lowercase();
        let kind = match extension.as_str() {
            "jpeg" => Self::Jpeg,
            "tif" => Self::Tiff,
            "heif" => Self::Heic,
            "aif" => Self::Aiff,
            "oga" | "opus" => Self::Ogg,
            other => return Self::ALL.into_iter().find(|kind| kind.extension() == other),
        };
        Some(kind)
    }

    /// Image, PDF, sound or film.
    pub fn modality(self) -> Modality {
        match self {
            Self::Png
            | Self::Jpeg
            | Self::Webp
            | Self::Gif
            | Self::Bmp
            | Self::Tiff
            | Self::Heic
            | Self::Avif => Modality::Image,
            Self::Pdf => Modality::Pdf,
            Self::Wav | Self::Mp3 | Self::Flac | Self::Ogg | Self::Aac | Self::Aiff | Self::M4a => {
                Modality::Audio
            }
            Self::Mp4 | Self::Mov | Self::Webm => Modality::Video,
        }
    }

    /// Every format.
    pub const ALL: [Self; 19] = [
        Self::Png,
        Self::Jpeg,
        Self::Webp,
        Self::Gif,
        Self::Bmp,
        Self::Tiff,
        Self::Heic,
        Self::Avif,
        Self::Pdf,
        Self::Wav,
        Self::Mp3,
        Self::Flac,
        Self::Ogg,
        Self::Aac,
        Self::Aiff,
        Self::M4a,
        Self::Mp4,
        Self::Mov,
        Self::Webm,
    ];
}

/// Headerless sound whose frames `infer` does not know: MP3 at low sampling rates (MPEG 2.5), and MP3 and AAC with
/// checksums. The third byte must make sense as well, because the first two are not rare in other data.
fn rarer_frame(bytes: &[u8]) -> Option<MediaKind> {
    let &[0xff, second, third, ..] = bytes else { return None };
    let (bitrate, mp3_sampling, aac_sampling) = (third >> 4, third >> 2 & 0b11, third >> 2 & 0b1111);
    match second {
        0xe2 | 0xe3 | 0xfa if (1..15).contains(&bitrate) && mp3_sampling < 3 => Some(MediaKind::Mp3),
        0xf0 | 0xf8 if aac_sampling < 13 => Some(MediaKind::Aac),
        _ => None,
    }
}

impl fmt::Display for MediaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.extension())
    }
}

impl Modality {
    /// The word used in messages and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Pdf => "PDF",
            Self::Audio => "audio",
            Self::Video => "video",
        }
    }
}

impl fmt::Display for Modality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::MediaKind;

    #[track_caller]
    fn check(bytes: &[u8], kind: Option<MediaKind>) {
        assert_eq!(MediaKind::sniff(bytes), kind);
    }

    #[test]
    fn knows_the_formats_by_their_first_bytes() {
        check(b"\x89PNG\r\n\x1a\n", Some(MediaKind::Png));
        check(b"\xff\xd8\xff\xe0\0\x10JFIF", Some(MediaKind::Jpeg));
        check(b"GIF89a\x01\0", Some(MediaKind::Gif));
        check(b"RIFF\x10\0\0\0WEBPVP8 ", Some(MediaKind::Webp));
        check(b"RIFF\x10\0\0\0WAVEfmt ", Some(MediaKind::Wav));
        check(b"fLaC\0\0\0\x22", Some(MediaKind::Flac));
        check(b"OggS\0\x02\0\0\0\0\0\0\0\0", Some(MediaKind::Ogg));
        check(b"ID3\x03\0\0\0\0", Some(MediaKind::Mp3));
        check(b"FORM\0\0\0\x10AIFFCOMM", Some(MediaKind::Aiff));
        check(b"BM\x3a\0\0\0\0\0", Some(MediaKind::Bmp));
        check(b"II*\0\x08\0\0\0\0\0", Some(MediaKind::Tiff));
    }

    #[test]
    fn knows_sound_without_a_header_by_its_first_frame() {
        for second in [0xe2, 0xe3, 0xf2, 0xf3, 0xfa, 0xfb] {
            check(&[0xff, second, 0x90, 0x64, 0], Some(MediaKind::Mp3));
        }
        for second in [0xf0, 0xf1, 0xf8, 0xf9] {
            check(&[0xff, second, 0x50, 0x80, 0], Some(MediaKind::Aac));
        }
    }

    #[test]
    fn a_frame_with_impossible_rates_is_no_sound() {
        check(&[0xff, 0xfa, 0xf0, 0x64], None);
        check(&[0xff, 0xfa, 0x00, 0x64], None);
        check(&[0xff, 0xe3, 0x9c, 0x64], None);
        check(&[0xff, 0xf0, 0x7c, 0x80], None);
        check(&[0xff, 0xfe, b'a', 0], None);
        check(&[0xff, 0xfa], None);
    }

    #[test]
    fn a_pdf_may_start_with_blanks() {
        check(b"%PDF-1.7\n", Some(MediaKind::Pdf));
        check(b"\xef\xbb\xbf\n%PDF-1.4\n", Some(MediaKind::Pdf));
    }

    #[test]
    fn text_is_no_medium() {
        check(b"id,name\n1,a\n", None);
        check(b"<svg xmlns='http://www.w3.org/2000/svg'/>", None);
        check(b"", None);
    }

    #[test]
    fn every_extension_leads_back_to_its_kind() {
        for kind in MediaKind::ALL {
            assert_eq!(MediaKind::from_extension(kind.extension()), Some(kind));
        }
        assert_eq!(MediaKind::from_extension("JPEG"), Some(MediaKind::Jpeg));
        assert_eq!(MediaKind::from_extension("exe"), None);
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = MediaKind::sniff(&bytes);
        }
    }
}
