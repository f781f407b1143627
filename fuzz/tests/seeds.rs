//! Every seed, and seeded mutations of it, through its target.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::{Path, PathBuf};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds no seed", folder.display());
    files
}

fn seeds(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    files(&folder).iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Flips, cuts, doubles and splices, always the same ones.
fn mutate(seed: &[u8], others: &[Vec<u8>], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.next_u32() % 4 {
        let mut at = |length: usize| random.next_u32() as usize % (length + 1);
        let (from, to) = (at(bytes.len()), at(bytes.len()));
        let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 64));
        match at(4) {
            0 if from < bytes.len() => bytes[from] ^= 1 << at(7),
            1 => drop(bytes.drain(from..to)),
            2 => {
                let part = bytes[from..to].to_vec();
                bytes.splice(from..from, part);
            }
            3 => {
                let other = &others[at(others.len() - 1)];
                let start = at(other.len());
                bytes.splice(from..to, other[start..other.len().min(start + 64)].to_vec());
            }
            _ => bytes.truncate(from.max(1)),
        }
    }
    bytes
}

fn survive(target: fn(&[u8]), seeds: &[Vec<u8>], rounds: usize) {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    for seed in seeds {
        target(seed);
        for _ in 0..rounds {
            target(&mutate(seed, seeds, &mut random));
        }
    }
}

#[test]
fn answers() {
    survive(fuzz::answer, &seeds("seeds/answer"), 200);
}

#[test]
fn replies() {
    let mut all = seeds("seeds/reply");
    // Each fixture of each provider, as a reply to each of them, in and out of place.
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut providers: Vec<PathBuf> =
        fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path().join("tests/fixtures")).collect();
    providers.sort();
    for folder in providers.iter().filter(|folder| folder.is_dir()) {
        for path in files(folder).iter().filter(|path| path.extension().is_some_and(|end| end != "png")) {
            let body = fs::read(path).unwrap();
            all.extend((0..13).map(|which| [&[which, which % 12][..], &body].concat()));
        }
    }
    survive(fuzz::reply, &all, 3);
}

#[test]
fn streams() {
    // Each stream to each provider, in and out of place.
    let seeds = seeds("seeds/stream");
    let to_each = |seed: &Vec<u8>| (0..13).map(|which| [&[which], &seed[1..]].concat()).collect::<Vec<_>>();
    survive(fuzz::stream, &seeds.iter().flat_map(to_each).collect::<Vec<_>>(), 20);
}

#[test]
fn batches() {
    // Each reply to each host.
    let seeds = seeds("seeds/batch");
    let to_each = |seed: &Vec<u8>| (0..5).map(|which| [&[which], &seed[1..]].concat()).collect::<Vec<_>>();
    survive(fuzz::batch, &seeds.iter().flat_map(to_each).collect::<Vec<_>>(), 20);
}

#[test]
fn documents() {
    let mut all = seeds("seeds/documents");
    // Each fixture of each engine to each of them, as the reply to its first, second and third call.
    const TAKEN: &[u8] =
        b"\0operation-location: https://fuzz.test/1\n\n{\"id\": \"f1\", \"JobId\": \"j1\"}\n---\n";
    for name in ["azure-di", "bedrock", "documentai", "llamaextract", "mistral-ocr", "textract"] {
        for body in seeds(&format!("../crates/provider-{name}/tests/fixtures")) {
            for which in 0..fuzz::ENGINES {
                all.extend(
                    (0..3).map(|before| [&[which, which][..], &TAKEN.repeat(before), b"\0", &body].concat()),
                );
            }
        }
    }
    survive(fuzz::documents, &all, 1);
}

#[test]
fn messages() {
    survive(fuzz::messages, &seeds("seeds/messages"), 200);
}

#[test]
fn requests_of_the_studio() {
    survive(fuzz::studio, &seeds("seeds/studio"), 20);
}

#[test]
fn schemas() {
    survive(fuzz::schema, &seeds("seeds/schema"), 100);
}

#[test]
fn tables() {
    survive(fuzz::table, &seeds("seeds/table"), 30);
}

#[test]
fn datasets() {
    survive(fuzz::dataset, &seeds("seeds/dataset"), 40);
}

#[test]
fn records() {
    survive(fuzz::record, &seeds("seeds/record"), 40);
}

#[test]
fn layouts() {
    survive(fuzz::layout, &seeds("seeds/layout"), 100);
}

#[test]
fn media() {
    survive(fuzz::media, &seeds("../crates/vision-media/tests/corpus"), 10);
}
