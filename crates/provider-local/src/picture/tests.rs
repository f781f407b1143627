use super::*;
use image::{ImageFormat, Rgba, RgbaImage};

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn red() -> DynamicImage {
    RgbImage::from_pixel(9, 5, Rgb([250, 0, 0])).into()
}

#[test]
fn decodes_every_format_it_promises() {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
    for format in [Png, Jpeg, WebP, Gif, Bmp, Tiff] {
        let picture = decode(&encoded(&red(), format)).unwrap();
        assert_eq!(picture.dimensions(), (9, 5), "{format:?}");
        assert!(picture.get_pixel(4, 2).0[0] > 240, "{format:?}");
    }
}

#[test]
fn sixteen_bit_and_grey_become_eight_bit_colour() {
    let deep = red().to_rgb16();
    let picture = decode(&encoded(&deep.into(), ImageFormat::Png)).unwrap();
    assert_eq!(picture.get_pixel(0, 0).0, [250, 0, 0]);
    let grey = red().to_luma_alpha16();
    assert!(decode(&encoded(&grey.into(), ImageFormat::Png)).is_ok());
}

#[test]
fn transparent_pixels_are_white() {
    let clear = RgbaImage::from_pixel(2, 2, Rgba([0, 0, 0, 0]));
    let picture = decode(&encoded(&clear.into(), ImageFormat::Png)).unwrap();
    assert_eq!(picture.get_pixel(1, 1).0, [255; 3]);
}

#[test]
fn only_the_first_frame_of_an_animation_counts() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for shade in [0, 255] {
        let frame = RgbaImage::from_pixel(4, 4, Rgba([shade, shade, shade, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    assert_eq!(decode(&bytes).unwrap().get_pixel(0, 0).0, [0; 3]);
}

#[test]
fn refuses_a_huge_picture_from_its_header_alone() {
    for (width, height) in [(20_001u32, 10u32), (20_000, 20_000)] {
        let mut bytes = encoded(&red(), ImageFormat::Bmp);
        bytes[18..22].copy_from_slice(&width.to_le_bytes());
        bytes[22..26].copy_from_slice(&height.to_le_bytes());
        let failure = decode(&bytes).unwrap_err();
        assert!(matches!(failure, Failure::TooLarge(_)), "{failure:?}");
        assert!(failure.to_string().contains("pixels"), "{failure}");
    }
}

#[test]
fn broken_bytes_are_an_error_and_no_panic() {
    assert!(matches!(decode(b""), Err(Failure::Unreadable(_))));
    assert!(matches!(decode(b"%PDF-1.7"), Err(Failure::Unreadable(_))));
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = encoded(&red(), format);
        for length in 0..whole.len() {
            // A decoder may make something of a torn picture; it must only not panic.
            let _ = decode(&whole[..length]);
        }
    }
}
