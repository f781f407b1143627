//! What a recipe promises: the same bytes for the same seed, valid cases, complete checksums.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeMap, fs, path::Path};

use eval_generate::{Difficulty, Kind, Recipe, generate};
use serde_json::Value;

/// What this build can draw on any machine: documents need the feature `pdf`, and clips need programs
/// whose versions decide their bytes.
fn drawn() -> impl Iterator<Item = Kind> {
    let able = |kind: &Kind| *kind != Kind::Audio && (*kind != Kind::Documents || cfg!(feature = "pdf"));
    Kind::ALL.iter().copied().filter(able)
}

fn small(kind: Kind, seed: u64) -> Recipe {
    Recipe { kind, seed, count: 6, difficulty: Difficulty::Normal }
}

fn files(recipe: &Recipe) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let cases = generate(recipe, folder.path()).unwrap();
    assert!(cases >= recipe.count, "{recipe:?}");
    let mut files = BTreeMap::new();
    collect(folder.path(), folder.path(), &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}

#[test]
fn same_seed_same_bytes_however_many_and_another_seed_others() {
    for kind in drawn() {
        let few = files(&small(kind, 11));
        let many = files(&Recipe { count: 7, ..small(kind, 11) });
        for (name, bytes) in few.iter().filter(|(name, _)| name.starts_with("media/")) {
            assert!(many[name] == *bytes, "{kind} {name} differs between two runs");
        }
        let cases = str::from_utf8(&few["cases.jsonl"]).unwrap();
        assert!(str::from_utf8(&many["cases.jsonl"]).unwrap().starts_with(cases), "{kind}");
        assert!(few["cases.jsonl"] != files(&small(kind, 12))["cases.jsonl"], "{kind} ignores its seed");
    }
}

#[test]
fn every_expected_answer_fits_its_schema_and_every_file_is_listed() {
    for kind in drawn() {
        let files = files(&small(kind, 14));
        let manifest: toml::Table = toml::from_str(str::from_utf8(&files["dataset.toml"]).unwrap()).unwrap();
        let tasks = manifest["tasks"].as_table().unwrap();
        let sums = str::from_utf8(&files["SHA256SUMS"]).unwrap();
        assert_eq!(sums.lines().count(), files.len() - 1, "{kind}");
        for line in str::from_utf8(&files["cases.jsonl"]).unwrap().lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            for media in case["media"].as_array().unwrap() {
                assert!(files.contains_key(media.as_str().unwrap()), "{line}");
            }
            let task = case["task"].as_str().unwrap_or_else(|| tasks.keys().next().unwrap());
            let Some(schema) = tasks[task].get("schema") else { continue };
            // A question's answer is one field of its expected value.
            if task == "chart-question" {
                continue;
            }
            let schema: Value = serde_json::from_slice(&files[schema.as_str().unwrap()]).unwrap();
            let validator = jsonschema::validator_for(&schema).unwrap();
            assert!(validator.is_valid(&case["expected"]), "{line}");
        }
    }
}
