//! A dataset of a thousand photos' worth of noise.

use std::fs;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

/// How many different images there are; further cases show them again.
pub const IMAGES: usize = 1_000;

/// Sizes in KB, 320 on average.
const SIZES: [usize; 8] = [64, 128, 192, 256, 320, 448, 512, 640];

pub fn path(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{}.jpg", number % IMAGES))
}

/// Writes the dataset with this many cases, and returns how many bytes an image has on average.
pub fn write(folder: &Path, cases: usize) -> f64 {
    let templates: Vec<Vec<u8>> = SIZES.iter().map(|&size| photo(size * 1000)).collect();
    let mut total = 0;
    for number in 0..IMAGES {
        let image = with_comment(&templates[number % templates.len()], number);
        total += image.len();
        fs::write(path(folder, number), image).expect("room for an image");
    }
    let manifest = r#"
        name = "noise"
        version = "1"
        licence = "CC0-1.0"
        provenance = "made by a bench"
        [tasks.classify]
        prompt = "What is it?"
        metric = "classify"
        max_output_tokens = 50
        [tasks.classify.settings]
        labels = ["chart", "photo"]
    "#;
    fs::write(folder.join("dataset.toml"), manifest).expect("room for a manifest");
    let line = |number| {
        let file = number % IMAGES;
        format!("{{\"id\":\"c{number}\",\"media\":[\"{file}.jpg\"],\"expected\":{{\"label\":\"chart\"}}}}\n")
    };
    fs::write(folder.join("cases.jsonl"), (0..cases).map(line).collect::<String>()).expect("room for cases");
    total as f64 / IMAGES as f64
}

/// A JPEG of about this many bytes: noise takes much the same room everywhere.
fn photo(bytes: usize) -> Vec<u8> {
    let trial = noise(256);
    let side = 256.0 * (bytes as f64 / trial.len() as f64).sqrt();
    noise(side as u32)
}

fn noise(side: u32) -> Vec<u8> {
    let mut state = 0x2545_F491_u32;
    let pixels: Vec<u8> = (0..side * side * 3)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[0]
        })
        .collect();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 75)
        .write_image(&pixels, side, side, ExtendedColorType::Rgb8)
        .expect("noise is a picture");
    jpeg
}

/// The same picture with other bytes, so that no two files are alike.
fn with_comment(jpeg: &[u8], number: usize) -> Vec<u8> {
    let text = format!("{number:08}");
    let length = u16::try_from(text.len() + 2).expect("a short text").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xFE], &length, text.as_bytes(), &jpeg[2..]].concat()
}
