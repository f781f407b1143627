//! Every file of the media corpus, whole, torn and bent: a page or a refusal that says why, never a crash.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::path::{Path, PathBuf};

use provider_local::{Effort, Failure, decode, read};

fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vision-media/tests/corpus");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

#[test]
fn pictures_are_read_and_the_rest_is_refused() {
    let mut read_here = Vec::new();
    for (name, bytes) in corpus() {
        match decode(&bytes) {
            Ok(picture) => {
                assert!(read(picture, Effort::Fast).unwrap().lines.is_empty(), "{name}");
                read_here.push(name);
            }
            Err(failure) => {
                assert!(matches!(failure, Failure::Unreadable(_) | Failure::TooLarge(_)), "{name}");
            }
        }
    }
    let wanted = [
        "alpha.png",
        "animated.gif",
        "animated.webp",
        "cmyk.jpg",
        "grey.jpg",
        "one_pixel.png",
        "palette.png",
        "picture.bmp",
        "picture.jpg",
        "picture.tiff",
        "picture.webp",
        "profiled.png",
        "progressive.jpg",
        "rotated.jpg",
        "sixteen_bit.png",
        "still.gif",
        "two_pages.tiff",
    ];
    assert_eq!(read_here, wanted);
}

#[test]
fn a_picture_that_is_also_something_else_is_the_picture() {
    let (_, jpeg) = corpus().into_iter().find(|(name, _)| name == "picture.jpg").unwrap();
    let polyglot = [&jpeg, &b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"[..]].concat();
    assert_eq!(decode(&polyglot).unwrap().dimensions(), (40, 20));
}

#[test]
fn torn_and_bent_files_are_survived() {
    for (name, bytes) in corpus() {
        let step = bytes.len() / 60 + 1;
        for length in (0..bytes.len()).step_by(step) {
            let _ = decode(&bytes[..length]);
            // The start holds the sizes; a bent one must not be believed.
            let mut bent = bytes.clone();
            bent[length] ^= 0xa5;
            if let Ok(picture) = decode(&bent) {
                assert!(picture.width().max(picture.height()) <= 4096, "{name}");
            }
        }
    }
}
