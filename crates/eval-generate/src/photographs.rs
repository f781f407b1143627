//! Real photographs, each free of rights; `photos/SOURCES.md` says where each comes from.

use image::{RgbImage, codecs::jpeg::JpegEncoder, imageops};
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, options::DecoderOptions},
};

use crate::{
    error::{Error, Result},
    rng::Rng,
};

const PHOTOS: &[(&str, &[u8])] = &[
    ("astronaut", include_bytes!("../photos/astronaut.jpg")),
    ("brick", include_bytes!("../photos/brick.jpg")),
    ("camera", include_bytes!("../photos/camera.jpg")),
    ("cat", include_bytes!("../photos/cat.jpg")),
    ("coffee", include_bytes!("../photos/coffee.jpg")),
    ("grass", include_bytes!("../photos/grass.jpg")),
    ("gravel", include_bytes!("../photos/gravel.jpg")),
    ("hubble", include_bytes!("../photos/hubble.jpg")),
    ("retina", include_bytes!("../photos/retina.jpg")),
    ("rocket", include_bytes!("../photos/rocket.jpg")),
    ("seeding", include_bytes!("../photos/seeding.jpg")),
];

/// The statement of source and licence of every photograph.
pub const SOURCES: &str = include_str!("../photos/SOURCES.md");

/// How many photographs there are before one comes a second time.
pub const COUNT: usize = PHOTOS.len();

/// A crop of one of the photographs as JPEG, and which one it is.
///
/// `order` goes through all photographs in an order that depends on the seed only.
pub fn crop(seed: u64, order: usize, rng: &mut Rng) -> Result<(&'static str, Vec<u8>)> {
    let mut shuffled: Vec<&(&str, &[u8])> = PHOTOS.iter().collect();
    Rng::new(&["photos", &seed.to_string()]).shuffle(&mut shuffled);
    let (name, bytes) = shuffled[order % COUNT];
    let photo = decode(name, bytes)?;
    let share = rng.between(0.78, 1.0);
    let [width, height] = [photo.width(), photo.height()].map(|side| scaled(side, share));
    let x = scaled(photo.width() - width, rng.unit());
    let y = scaled(photo.height() - height, rng.unit());
    let mut part = imageops::crop_imm(&photo, x, y, width, height).to_image();
    if rng.chance(50) {
        part = imageops::flip_horizontal(&part);
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 86)
        .encode_image(&part)
        .map_err(|source| Error::because(format!("cannot encode {name}"), source))?;
    Ok((name, jpeg))
}

fn scaled(side: u32, share: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small number")]
    let part = (f64::from(side) * share) as u32;
    part
}

/// Decodes without processor-specific code, whose rounding may differ between machines.
fn decode(name: &str, bytes: &[u8]) -> Result<RgbImage> {
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), DecoderOptions::new_safe());
    let pixels =
        decoder.decode().map_err(|source| Error::because(format!("cannot decode {name}"), source))?;
    let (width, height) = decoder.dimensions().ok_or("a photograph has no size")?;
    let side = |length: usize| u32::try_from(length).expect("photographs are at most 640 pixels wide");
    RgbImage::from_raw(side(width), side(height), pixels)
        .ok_or_else(|| format!("{name} is not a colour image").into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_photograph_comes_before_one_comes_again() {
        let mut rng = Rng::new(&["test"]);
        let seen: BTreeSet<&str> = (0..COUNT).map(|order| crop(3, order, &mut rng).unwrap().0).collect();
        assert_eq!(seen.len(), COUNT);
    }

    #[test]
    fn every_photograph_has_its_source_and_hash_on_record() {
        use sha2::{Digest as _, Sha256};
        for (name, bytes) in PHOTOS {
            let section =
                SOURCES.split("## ").find(|section| section.starts_with(&format!("{name}.jpg"))).unwrap();
            let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(section.contains(&format!("this file: sha256 `{hash}`")), "{name}");
            assert!(
                section.contains("licence: CC0-1.0") || section.contains("licence: public domain"),
                "{name}"
            );
            assert!(bytes.len() <= 100_000, "{name}");
        }
    }
}
