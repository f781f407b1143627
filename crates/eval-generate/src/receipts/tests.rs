use std::{collections::BTreeSet, fs, path::Path};

use super::*;
use crate::{Kind, generate};

fn recipe(seed: u64, count: usize) -> Recipe {
    Recipe { kind: Kind::Receipts, seed, count, difficulty: Difficulty::Normal }
}

fn made(seed: u64, count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    generate(&recipe(seed, count), folder.path()).unwrap();
    folder
}

fn lines(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn same_seed_same_bytes_and_another_seed_other_ones() {
    let sums = |seed| fs::read_to_string(made(seed, 1).path().join("SHA256SUMS")).unwrap();
    assert_eq!(sums(4), sums(4));
    assert_ne!(sums(4), sums(5));
}

#[test]
fn labels_obey_the_schema_that_answers_must_obey() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for index in 0..200 {
        let label = Receipt::invent(&recipe(3, 200), index).printout.label;
        assert!(validator.is_valid(&label), "{label:#}");
    }
}

#[test]
fn two_looks_of_one_receipt_share_source_and_label() {
    let folder = made(6, 1);
    let cases = lines(folder.path());
    assert_eq!(cases.len(), 2);
    assert_eq!(cases[0]["source"], cases[1]["source"]);
    assert_eq!(cases[0]["expected"], cases[1]["expected"]);
    assert_ne!(cases[0]["tags"]["look"], cases[1]["tags"]["look"]);
}

#[test]
fn every_country_comes_in_turn() {
    let count = CATALOGUE.country.len();
    let recipe = recipe(9, count);
    let seen: BTreeSet<String> =
        (0..count).map(|index| Receipt::invent(&recipe, index).sale.country.code.clone()).collect();
    assert_eq!(seen.len(), count);
}

#[test]
fn every_look_can_be_sampled() {
    for look in [Look::Clean, Look::Scanned, Look::Photo, Look::Rotated(90)] {
        let picture = sample_image(&mut Rng::new(&["sample", look.name()]), look).unwrap();
        image::load_from_memory(&picture.bytes).unwrap();
    }
}
