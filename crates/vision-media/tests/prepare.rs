//! What each policy does to media, and what the ledger says of it.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::PathBuf;

use image::{DynamicImage, Rgb};
use vision_core::{Capabilities, MediaKind, Modality};
use vision_media::{
    Entry, Limits, Original, Pixels, Policy, Prepared, Settings, Source, Step, Transport, load,
};

const RED: Rgb<u8> = Rgb([254, 0, 0]);
const BLUE: Rgb<u8> = Rgb([0, 0, 254]);

fn original(name: &str) -> Original {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "corpus", name].iter().collect();
    load(&Source::File { name: name.to_owned(), path }, &Limits::default()).unwrap()
}

fn takes(formats: &[MediaKind]) -> Capabilities {
    Capabilities { formats: formats.to_vec(), ..Capabilities::default() }
}

fn usual() -> Capabilities {
    takes(&[MediaKind::Png, MediaKind::Jpeg, MediaKind::Webp])
}

fn fit(name: &str, target: &Capabilities) -> Prepared {
    fit_with(name, target, &Settings::default())
}

fn fit_with(name: &str, target: &Capabilities, settings: &Settings) -> Prepared {
    let mut prepared = original(name).prepare(Policy::Fit, &[target], settings).unwrap();
    assert_eq!(prepared.len(), 1);
    prepared.pop().unwrap()
}

fn decoded(prepared: &Prepared) -> DynamicImage {
    image::load_from_memory(prepared.media.bytes().unwrap()).unwrap()
}

#[track_caller]
fn pixel(image: &DynamicImage, x: u32, y: u32, expected: Rgb<u8>) {
    let found = *image.to_rgb8().get_pixel(x, y);
    let close = found.0.iter().zip(expected.0).all(|(a, b)| a.abs_diff(b) < 24);
    assert!(close, "{found:?} is not {expected:?}");
}

const SIZE: Pixels = Pixels { width: 40, height: 20 };

#[test]
fn as_is_changes_nothing_whatever_the_target() {
    for name in ["rotated.jpg", "animated.gif", "picture.tiff", "two_pages.pdf", "cmyk.jpg", "sound.wav"] {
        let original = original(name);
        let prepared = original.prepare(Policy::AsIs, &[&takes(&[])], &Settings::default()).unwrap();
        let entry = &prepared[0].entry();
        assert_eq!(entry.source_sha256, entry.sent_sha256);
        assert!(entry.steps.is_empty() && entry.sent == entry.sniffed, "{entry:?}");
    }
}

#[test]
fn what_fits_is_shared_and_its_base64_made_once() {
    let original = original("picture.jpg");
    let settings = Settings::default();
    let (one, other) = (usual(), takes(&[MediaKind::Jpeg]));
    let one = original.prepare(Policy::Fit, &[&one], &settings).unwrap();
    let other = original.prepare(Policy::Fit, &[&other], &settings).unwrap();
    assert_eq!(one[0].media.base64().as_ptr(), other[0].media.base64().as_ptr());
    assert_eq!(one[0].media.base64().as_ptr(), original.as_is().media.base64().as_ptr());
}

#[test]
fn a_picture_on_its_side_is_turned() {
    let prepared = fit("rotated.jpg", &usual());
    let upright = Pixels { width: 20, height: 40 };
    let steps = [
        Step::Oriented { exif: 6 },
        Step::Encoded { from: MediaKind::Jpeg, to: MediaKind::Jpeg, quality: Some(90) },
    ];
    assert_eq!(prepared.entry().steps, steps);
    assert_eq!((prepared.entry().source_pixels, prepared.entry().sent_pixels), (Some(SIZE), Some(upright)));
    assert_ne!(prepared.entry().source_sha256, prepared.entry().sent_sha256);
    let image = decoded(&prepared);
    assert_eq!((image.width(), image.height()), (20, 40));
    // Turned clockwise, what was left is now above.
    pixel(&image, 10, 5, RED);
    pixel(&image, 10, 35, BLUE);
}

#[test]
fn formats_that_are_not_taken_become_exact_pngs() {
    for (name, from) in
        [("still.gif", MediaKind::Gif), ("picture.bmp", MediaKind::Bmp), ("picture.tiff", MediaKind::Tiff)]
    {
        let prepared = fit(name, &usual());
        assert_eq!(
            prepared.entry().steps,
            [Step::Encoded { from, to: MediaKind::Png, quality: None }],
            "{name}"
        );
        assert_eq!((prepared.media.kind(), prepared.entry().sent), (MediaKind::Png, MediaKind::Png));
        let image = decoded(&prepared);
        assert_eq!(image.to_rgb8().get_pixel(0, 0), &Rgb([255, 0, 0]), "{name}");
        assert_eq!(image.to_rgb8().get_pixel(39, 19), &Rgb([0, 0, 255]), "{name}");
    }
}

#[test]
fn a_format_that_is_taken_is_left_alone() {
    assert!(fit("still.gif", &takes(&[MediaKind::Gif])).entry().steps.is_empty());
    assert!(fit("sixteen_bit.png", &usual()).entry().steps.is_empty());
    assert!(fit("cmyk.jpg", &usual()).entry().steps.is_empty());
}

#[test]
fn an_animation_becomes_its_first_frame_even_where_its_format_is_taken() {
    let takes_all = takes(&[MediaKind::Gif, MediaKind::Webp, MediaKind::Png]);
    for name in ["animated.gif", "animated.webp"] {
        let prepared = fit(name, &takes_all);
        assert_eq!(prepared.entry().steps[0], Step::FirstFrame { frames: 3 }, "{name}");
        assert_eq!(decoded(&prepared).to_rgb8().get_pixel(20, 10), &Rgb([255, 0, 0]), "{name}");
    }
}

#[test]
fn a_long_side_is_reduced() {
    let to = Pixels { width: 30, height: 15 };
    let by_target = fit("picture.jpg", &Capabilities { max_image_side: Some(30), ..usual() });
    assert_eq!(by_target.entry().steps[0], Step::Resized { from: SIZE, to });
    assert_eq!(by_target.entry().sent_pixels, Some(to));
    assert_eq!((by_target.media.facts().width, by_target.media.facts().height), (Some(30), Some(15)));
    let settings = Settings { long_side: Some(30), ..Settings::default() };
    assert_eq!(fit_with("picture.jpg", &usual(), &settings).entry().sent_pixels, Some(to));
    let smaller = Capabilities { max_image_side: Some(10), ..usual() };
    let sent = fit_with("picture.jpg", &smaller, &settings).entry().sent_pixels;
    assert_eq!(sent, Some(Pixels { width: 10, height: 5 }));
    assert!(
        fit("picture.jpg", &Capabilities { max_image_side: Some(40), ..usual() }).entry().steps.is_empty()
    );
}

#[test]
fn too_many_pixels_become_as_many_as_are_taken() {
    let at_most =
        |most| fit("picture.jpg", &Capabilities { max_image_pixels: Some(most), ..usual() }).entry();
    assert!(at_most(SIZE.count()).steps.is_empty());
    for most in [1, 2, 7, 100, 450, SIZE.count() - 1] {
        let sent = at_most(most).sent_pixels.unwrap();
        assert!(sent.count() <= most, "{sent:?} for {most}");
    }
    assert_eq!(at_most(450).sent_pixels, Some(Pixels { width: 30, height: 15 }));
}

#[test]
fn too_many_squares_become_as_many_as_are_taken() {
    let at_most =
        |most| fit("picture.jpg", &Capabilities { max_image_patches: Some(most), ..usual() }).entry();
    // 40 × 20 pixels are two squares of 32.
    assert!(at_most(2).steps.is_empty());
    assert_eq!(at_most(1).sent_pixels, Some(Pixels { width: 32, height: 16 }));
}

#[test]
fn the_quality_is_a_setting() {
    let worse = Settings { jpeg_quality: 20, ..Settings::default() };
    let (good, bad) = (fit("rotated.jpg", &usual()), fit_with("rotated.jpg", &usual(), &worse));
    assert!(bad.entry().sent_bytes < good.entry().sent_bytes);
    let encoded = Step::Encoded { from: MediaKind::Jpeg, to: MediaKind::Jpeg, quality: Some(20) };
    assert_eq!(bad.entry().steps.last(), Some(&encoded));
}

#[test]
fn too_many_bytes_cost_the_format_first_and_then_pixels() {
    let target = Capabilities { max_image_bytes: Some(700), ..usual() };
    let prepared = fit("picture.bmp", &target);
    assert!(prepared.entry().sent_bytes <= Some(700), "{:?}", prepared.entry());
    let target = Capabilities { max_image_bytes: Some(60), ..takes(&[MediaKind::Png]) };
    let tiny = fit("picture.jpg", &Capabilities { max_image_bytes: Some(100), ..target });
    assert!(tiny.entry().sent_bytes <= Some(100), "{:?}", tiny.entry());
    assert!(tiny.entry().sent_pixels.unwrap().width < 40, "{:?}", tiny.entry());
    let whole = Capabilities { max_request_bytes: Some(800), ..usual() };
    assert!(fit("picture.bmp", &whole).media.base64_len() <= 800);
}

#[test]
fn transparent_parts_are_put_on_white_only_where_they_must() {
    assert!(fit("alpha.png", &usual()).entry().steps.is_empty());
    let prepared = fit("alpha.png", &takes(&[MediaKind::Jpeg]));
    let encoded = Step::Encoded { from: MediaKind::Png, to: MediaKind::Jpeg, quality: Some(90) };
    assert_eq!(prepared.entry().steps, [Step::Flattened, encoded]);
}

#[test]
fn odd_colours_are_written_as_ordinary_ones() {
    let only_png = takes(&[MediaKind::Png]);
    let image = decoded(&fit("cmyk.jpg", &only_png));
    pixel(&image, 2, 2, RED);
    pixel(&image, 37, 17, BLUE);
    assert_eq!(decoded(&fit("sixteen_bit.png", &takes(&[MediaKind::Jpeg]))).width(), 8);
    assert!(!decoded(&fit("grey.jpg", &only_png)).color().has_color());
}

#[test]
fn a_colour_profile_goes_along() {
    let profile = |prepared: &Prepared| {
        use image::ImageDecoder;
        let bytes = prepared.media.bytes().unwrap().clone();
        let reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().unwrap();
        reader.into_decoder().unwrap().icc_profile().unwrap()
    };
    let target = Capabilities { max_image_side: Some(30), ..usual() };
    let kept = profile(&original("profiled.png").as_is());
    assert!(kept.is_some());
    assert_eq!(profile(&fit("profiled.png", &target)), kept);
    assert_eq!(profile(&fit("profiled.png", &takes(&[MediaKind::Jpeg]))), kept);
}

#[test]
fn the_same_pixels_go_to_all() {
    let large = takes(&[MediaKind::Png, MediaKind::Jpeg, MediaKind::Gif]);
    let small = Capabilities { max_image_side: Some(20), ..takes(&[MediaKind::Jpeg]) };
    let settings = Settings::default();
    let prepared = original("still.gif").prepare(Policy::Same, &[&large, &small], &settings).unwrap();
    assert_eq!(prepared[0].entry().sent_pixels, Some(Pixels { width: 20, height: 10 }));
    assert_eq!(prepared[0].media.kind(), MediaKind::Jpeg);
    let alone = original("still.gif").prepare(Policy::Same, &[&large], &settings).unwrap();
    assert!(alone[0].entry().steps.is_empty());
}

#[test]
fn what_cannot_be_changed_is_left_to_the_provider_to_refuse() {
    assert!(fit("picture.avif", &usual()).entry().steps.is_empty());
    assert!(fit("sound.ogg", &usual()).entry().steps.is_empty());
    assert!(fit("picture.jpg", &takes(&[MediaKind::Pdf])).entry().steps.is_empty());
    assert!(fit("two_pages.pdf", &takes(&[MediaKind::Wav])).entry().steps.is_empty());
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let target = Capabilities { max_image_side: Some(30), ..usual() };
    assert_eq!(fit("picture.jpg", &target).media.bytes(), fit("picture.jpg", &target).media.bytes());
}

#[test]
fn a_ledger_entry_is_read_back() {
    let entry = fit("rotated.jpg", &usual()).entry();
    let json = serde_json::to_string(&entry).unwrap();
    assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
    assert!(json.contains(r#""steps":[{"step":"oriented","exif":6},{"step":"encoded""#), "{json}");
    assert_eq!(entry.transport, Transport::Inline);
    assert_eq!((entry.source_bytes, entry.source_sha256.unwrap().len()), (Some(840), 64));
}

#[test]
fn a_policy_is_read_and_written_by_name() {
    for policy in Policy::ALL {
        assert_eq!(policy.name().parse(), Ok(policy));
        assert_eq!(serde_json::to_string(&policy).unwrap(), format!("\"{policy}\""));
    }
    let error = "stretch".parse::<Policy>().unwrap_err();
    assert_eq!(error, "unknown media policy `stretch` (known: as-is, fit, same)");
}

#[test]
fn a_document_stays_one_where_it_is_taken() {
    let prepared = fit("two_pages.pdf", &takes(&[MediaKind::Pdf, MediaKind::Png]));
    assert!(prepared.entry().steps.is_empty());
    assert_eq!(prepared.media.modality(), Modality::Pdf);
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_that_cannot_draw_pages_says_so() {
    let error =
        original("two_pages.pdf").prepare(Policy::Fit, &[&usual()], &Settings::default()).unwrap_err();
    assert_eq!(error.kind(), vision_core::ErrorKind::Unsupported);
    assert!(error.message().starts_with("two_pages.pdf is a PDF"), "{error}");
}

#[cfg(feature = "pdf")]
#[test]
fn a_document_becomes_an_image_a_page() {
    let settings = Settings { page_side: 400, ..Settings::default() };
    let prepared = original("two_pages.pdf").prepare(Policy::Fit, &[&usual()], &settings).unwrap();
    assert_eq!(prepared.len(), 2);
    for (page, prepared) in (1..).zip(&prepared) {
        assert_eq!(prepared.media.name(), format!("two_pages.pdf page {page}"));
        let encoded = Step::Encoded { from: MediaKind::Pdf, to: MediaKind::Png, quality: None };
        assert_eq!(prepared.entry().steps, [Step::Rasterised { page, pages: 2 }, encoded]);
        assert_eq!(prepared.entry().sent_pixels, Some(Pixels { width: 400, height: 200 }));
        let image = decoded(prepared);
        pixel(&image, 50, 100, Rgb([255, 0, 0]));
        pixel(&image, 350, 100, Rgb([0, 0, 255]));
    }
}

#[cfg(feature = "pdf")]
#[test]
fn a_page_is_reduced_like_any_image() {
    let target = Capabilities { max_image_side: Some(50), ..takes(&[MediaKind::Jpeg]) };
    let prepared = original("two_pages.pdf").prepare(Policy::Same, &[&target], &Settings::default()).unwrap();
    assert_eq!(prepared[1].entry().sent_pixels, Some(Pixels { width: 50, height: 25 }));
    assert_eq!(prepared[1].media.kind(), MediaKind::Jpeg);
}
