//! What is read, what is refused, and what is said about it.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::PathBuf;

use vision_core::{Error, ErrorKind, MediaKind, Result};
use vision_media::{Limits, Original, Source, Transport, load};

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "corpus", name].iter().collect()
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

fn read(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Original> {
    let source = Source::Bytes { name: name.to_owned(), bytes: bytes.into().into() };
    load(&source, &Limits::default())
}

fn corpus(name: &str) -> Result<Original> {
    load(&Source::File { name: name.to_owned(), path: path(name) }, &Limits::default())
}

#[track_caller]
fn picture(name: &str, kind: MediaKind, width: u32, height: u32) {
    let original = corpus(name).unwrap();
    let facts = original.facts();
    assert_eq!((original.kind(), facts.width, facts.height), (kind, Some(width), Some(height)), "{name}");
}

#[test]
fn knows_the_size_of_every_picture() {
    picture("picture.jpg", MediaKind::Jpeg, 40, 20);
    picture("progressive.jpg", MediaKind::Jpeg, 40, 20);
    picture("cmyk.jpg", MediaKind::Jpeg, 40, 20);
    picture("grey.jpg", MediaKind::Jpeg, 40, 20);
    picture("sixteen_bit.png", MediaKind::Png, 8, 6);
    picture("alpha.png", MediaKind::Png, 40, 20);
    picture("one_pixel.png", MediaKind::Png, 1, 1);
    picture("animated.gif", MediaKind::Gif, 40, 20);
    picture("picture.webp", MediaKind::Webp, 40, 20);
    picture("animated.webp", MediaKind::Webp, 40, 20);
    picture("picture.bmp", MediaKind::Bmp, 40, 20);
    picture("two_pages.tiff", MediaKind::Tiff, 40, 20);
}

#[test]
fn a_picture_lying_on_its_side_is_as_large_as_it_is_seen() {
    picture("rotated.jpg", MediaKind::Jpeg, 20, 40);
    let stored = corpus("rotated.jpg").unwrap().as_is().entry().source_pixels.unwrap();
    assert_eq!((stored.width, stored.height), (40, 20));
}

#[track_caller]
fn sound(name: &str, kind: MediaKind, seconds: f64) {
    let original = corpus(name).unwrap();
    let found = original.facts().seconds.unwrap();
    assert_eq!(original.kind(), kind);
    assert!((found - seconds).abs() < 0.001, "{name} lasts {found} and not {seconds}");
}

#[test]
fn knows_how_long_every_sound_lasts() {
    sound("sound.wav", MediaKind::Wav, 1.5);
    sound("sound.flac", MediaKind::Flac, 1.5);
    sound("sound.aiff", MediaKind::Aiff, 1.5);
    sound("sound.ogg", MediaKind::Ogg, 1.5);
    sound("sound.opus", MediaKind::Ogg, 1.5);
    // Encoders put silence before and after.
    sound("vbr.mp3", MediaKind::Mp3, 1.584);
    sound("no_index.mp3", MediaKind::Mp3, 1.584);
}

#[test]
fn knows_how_many_pages_a_document_has() {
    assert_eq!(corpus("two_pages.pdf").unwrap().facts().pages, Some(2));
    assert_eq!(corpus("compressed.pdf").unwrap().facts().pages, Some(1));
}

#[test]
fn hundreds_of_pages_are_counted() {
    let kids: String = (0..500).map(|page| format!("{} 0 R ", page + 3)).collect();
    let mut objects =
        vec!["<</Type/Catalog/Pages 2 0 R>>".to_owned(), format!("<</Type/Pages/Count 500/Kids[{kids}]>>")];
    objects.extend((0..500).map(|_| "<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>".to_owned()));
    let (mut file, mut table) = ("%PDF-1.7\n".to_owned(), String::new());
    for (at, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj{object}endobj\n", at + 1);
    }
    let (size, start) = (objects.len() + 1, file.len());
    file += &format!(
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    );
    assert_eq!(read("long.pdf", file).unwrap().facts().pages, Some(500));
}

#[test]
fn a_picture_that_cannot_be_decoded_here_passes_without_a_size() {
    let original = corpus("picture.avif").unwrap();
    assert_eq!((original.kind(), original.facts().width), (MediaKind::Avif, None));
}

#[track_caller]
fn refused(result: Result<Original>, kind: ErrorKind, message: &str) {
    let error: Error = result.unwrap_err();
    assert_eq!((error.kind(), error.message()), (kind, message), "{}", error.chain());
}

#[test]
fn nothing_is_refused() {
    refused(read("a.png", []), ErrorKind::InvalidRequest, "a.png is empty");
}

#[test]
fn a_wrong_type_is_refused() {
    let unknown = "is neither an image, a PDF, sound nor film that is known here";
    refused(corpus("drawing.svg"), ErrorKind::InvalidRequest, &format!("drawing.svg {unknown}"));
    refused(read("a.jpg", "hello"), ErrorKind::InvalidRequest, &format!("a.jpg {unknown}"));
    let document = "a.png is of type pdf, which is PDF and not image as its name says";
    refused(read("a.png", bytes("two_pages.pdf")), ErrorKind::InvalidRequest, document);
}

#[test]
fn a_slip_in_the_name_is_noted_and_no_more() {
    let entry = read("a.png", bytes("picture.jpg")).unwrap().as_is().entry();
    assert_eq!((entry.declared, entry.sniffed), (Some(MediaKind::Png), MediaKind::Jpeg));
    assert_eq!(read("scan", bytes("picture.jpg")).unwrap().as_is().entry().declared, None);
}

#[test]
fn a_file_of_two_types_is_what_readers_take_it_for() {
    let mut polyglot = bytes("picture.jpg");
    let comment = [&b"\xff\xfe\0\x0b%PDF-1.7\n"[..], b"\xff"].concat();
    polyglot.splice(2..3, comment);
    let error = read("a.jpg", polyglot).unwrap_err();
    assert!(error.message().starts_with("a.jpg is of type pdf"), "{error}");
}

#[test]
fn half_a_file_is_refused() {
    for name in [
        "picture.jpg",
        "progressive.jpg",
        "sixteen_bit.png",
        "animated.gif",
        "animated.webp",
        "picture.webp",
        "picture.bmp",
        "picture.tiff",
        "two_pages.pdf",
        "picture.avif",
        "sound.wav",
        "sound.flac",
        "sound.aiff",
        "sound.ogg",
        "sound.opus",
        "vbr.mp3",
    ] {
        let whole = bytes(name);
        let error = read(name, &whole[..whole.len() / 2]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name}");
        assert!(error.message().starts_with(&format!("{name} is cut off")), "{error}");
    }
}

#[test]
fn trailing_bytes_are_no_reason_to_refuse() {
    for name in
        ["picture.jpg", "sixteen_bit.png", "animated.gif", "two_pages.pdf", "picture.webp", "sound.wav"]
    {
        let mut longer = bytes(name);
        longer.extend_from_slice(&[0; 64]);
        read(name, longer).unwrap();
    }
}

#[test]
fn a_recording_from_a_pipe_has_no_length_in_its_header() {
    let mut endless = bytes("sound.wav");
    endless[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(read("a.wav", endless).unwrap().facts().seconds, Some(1.5));
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    let message = "bomb.png promises 20000×20000 pixels, above the limit of 100000000";
    refused(corpus("bomb.png"), ErrorKind::TooLarge, message);
    let limits = Limits { pixels: 800, ..Limits::default() };
    let source = Source::File { name: "picture.png".to_owned(), path: path("alpha.png") };
    load(&source, &limits).unwrap();
    assert_eq!(load(&source, &Limits { pixels: 799, ..limits }).unwrap_err().kind(), ErrorKind::TooLarge);
}

#[test]
fn a_file_over_the_limit_is_refused() {
    let limits = Limits { bytes: 100, ..Limits::default() };
    let source = Source::File { name: "a.jpg".to_owned(), path: path("picture.jpg") };
    refused(load(&source, &limits), ErrorKind::TooLarge, "a.jpg has 804 bytes, and at most 100 are read");
    let source = Source::Bytes { name: "a.jpg".to_owned(), bytes: bytes("picture.jpg").into() };
    assert_eq!(load(&source, &limits).unwrap_err().kind(), ErrorKind::TooLarge);
}

#[test]
fn locked_and_empty_documents_are_refused() {
    for name in ["owner_password.pdf", "user_password.pdf"] {
        refused(corpus(name), ErrorKind::InvalidRequest, &format!("{name} is a PDF that is encrypted"));
    }
    refused(corpus("no_pages.pdf"), ErrorKind::InvalidRequest, "no_pages.pdf is a PDF without pages");
    let nonsense = corpus_of(b"%PDF-1.7\nnothing\n%%EOF");
    refused(nonsense, ErrorKind::InvalidRequest, "a.pdf is a PDF that cannot be read");
}

fn corpus_of(bytes: &[u8]) -> Result<Original> {
    read("a.pdf", bytes)
}

#[test]
fn an_unreadable_path_is_named_with_its_reason() {
    let error = load(&Source::file("no/such/file.png"), &Limits::default()).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Config, "cannot read no/such/file.png"));
    assert!(error.chain().contains("No such file"), "{}", error.chain());
    let folder = load(&Source::File { name: "corpus".to_owned(), path: path("") }, &Limits::default());
    refused(folder, ErrorKind::Config, "corpus is not a regular file");
}

#[test]
fn an_address_is_passed_on_as_it_is() {
    let from = |url: &str, kind| load(&Source::Url { url: url.to_owned(), kind }, &Limits::default());
    let prepared = from("https://example.com/a.PNG?x=1.pdf", None).unwrap().as_is();
    assert_eq!(prepared.media.url(), Some("https://example.com/a.PNG?x=1.pdf"));
    assert_eq!((prepared.entry().transport, prepared.entry().sniffed), (Transport::Url, MediaKind::Png));
    assert_eq!((prepared.entry().source_sha256, prepared.entry().sent_bytes), (None, None));
    assert_eq!(from("https://example.com/a", Some(MediaKind::Pdf)).unwrap().kind(), MediaKind::Pdf);
    assert_eq!(from("https://example.com/a", None).unwrap_err().kind(), ErrorKind::Config);
}
