//! Writing small PNG files whose bytes depend on this code alone.
//!
//! The usual encoders compress with whatever deflate backend the whole build selected,
//! so the same picture could get other bytes in another build. Here it is always the same one.

use std::io::Write as _;

use image::RgbImage;

use crate::palette::{Indexed, reduce};

/// The strongest and slowest of the compressor's levels: files are written once and kept for years.
const LEVEL: u8 = 10;

/// The picture as a PNG with at most 256 colours.
///
/// Large flat areas keep their exact colour; only rare shades, such as the soft edges of letters, move
/// to a neighbour that is hardly distinguishable.
pub fn encode(image: &RgbImage) -> Vec<u8> {
    let Indexed { palette, pixels } = reduce(image);
    let depth = match palette.len() {
        0..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        _ => 8_u8,
    };
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::with_capacity(13);
    header.extend(image.width().to_be_bytes());
    header.extend(image.height().to_be_bytes());
    header.extend([depth, 3, 0, 0, 0]);
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"PLTE", &palette.concat());
    let rows = pack(&pixels, image.width() as usize, depth);
    chunk(&mut file, b"IDAT", &miniz_oxide::deflate::compress_to_vec_zlib(&rows, LEVEL));
    chunk(&mut file, b"IEND", &[]);
    file
}

/// Rows of packed palette indices, each after its filter byte (0: indices do not gain from filters).
fn pack(pixels: &[u8], width: usize, depth: u8) -> Vec<u8> {
    let per_byte = usize::from(8 / depth);
    let mut rows = Vec::new();
    for row in pixels.chunks(width) {
        rows.push(0);
        for group in row.chunks(per_byte) {
            let byte = group.iter().fold(0_u16, |byte, index| byte << depth | u16::from(*index));
            let missing = (per_byte - group.len()) * usize::from(depth);
            rows.push(u8::try_from(byte << missing).expect("the group fills one byte"));
        }
    }
    rows
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).expect("a generated picture is far below 4 GB");
    let mut sum = crc32fast::Hasher::new();
    sum.update(name);
    sum.update(data);
    file.extend(length.to_be_bytes());
    file.write_all(name).expect("writing to memory cannot fail");
    file.extend(data);
    file.extend(sum.finalize().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb};

    use super::*;

    #[track_caller]
    fn survives(colours: u32, width: u32) {
        let image = RgbImage::from_fn(width, 7, |x, y| {
            let shade = u8::try_from((x + 3 * y) % colours).unwrap();
            Rgb([shade, 255 - shade, 7])
        });
        let read = image::load_from_memory_with_format(&encode(&image), ImageFormat::Png).unwrap();
        assert_eq!(read.to_rgb8(), image);
    }

    #[test]
    fn other_decoders_read_back_every_depth() {
        survives(1, 5);
        survives(2, 13);
        survives(4, 7);
        survives(16, 33);
        survives(40, 50);
    }
}
