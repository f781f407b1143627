//! Whatever the bytes are: an answer or an error, never a crash.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::PathBuf;
use std::sync::LazyLock;

use proptest::prelude::*;
use vision_core::{Capabilities, MediaKind};
use vision_media::{Limits, Policy, Settings, Source, load};

static CORPUS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "corpus"].iter().collect();
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
});

/// Little memory, so that a broken length cannot take much.
const LIMITS: Limits = Limits { bytes: 1 << 20, pixels: 1 << 16 };

fn swallow(name: &str, bytes: Vec<u8>) {
    let source = Source::Bytes { name: name.to_owned(), bytes: bytes.into() };
    let Ok(original) = load(&source, &LIMITS) else { return };
    let target = Capabilities {
        formats: vec![MediaKind::Png, MediaKind::Jpeg, MediaKind::Pdf],
        max_image_side: Some(16),
        ..Capabilities::default()
    };
    let _ = original.prepare(Policy::Fit, &[&target], &Settings::default());
}

#[test]
fn every_beginning_of_every_file_is_survived() {
    for (name, bytes) in CORPUS.iter() {
        let step = bytes.len() / 200 + 1;
        for length in (0..bytes.len()).step_by(step) {
            swallow(name, bytes[..length].to_vec());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn changed_files_are_survived(
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let (name, bytes) = &CORPUS[file.index(CORPUS.len())];
        let mut bytes = bytes.clone();
        for (place, byte) in changes {
            let place = place.index(bytes.len().min(512));
            bytes[place] = byte;
        }
        swallow(name, bytes);
    }

    #[test]
    fn noise_after_any_signature_is_survived(
        signature in prop::sample::select(SIGNATURES),
        noise in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        swallow("noise", [signature, &noise].concat());
    }
}

const SIGNATURES: &[&[u8]] = &[
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0\0\x10JFIF",
    b"GIF89a",
    b"RIFF\x10\0\0\0WEBPVP8 ",
    b"RIFF\x10\0\0\0WAVEfmt \x10\0\0\0",
    b"BM",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"%PDF-1.7\n",
    b"fLaC\0\0\0\x22",
    b"OggS\0\x02",
    b"ID3\x04\0\0\0\0\0\0\xff\xfb",
    b"\xff\xf1\x50\x80",
    b"FORM\0\0\0\x40AIFFCOMM",
    b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    b"\x1a\x45\xdf\xa3",
];
