//! The committed datasets are what their recipes say.
//!
//! `cargo test -p eval-generate --features pdf --test bundled -- --include-ignored --show-output` redraws them all.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use eval_generate::{BUNDLED, Kind, Recipe, generate};
use tempfile::TempDir;

/// The committed dataset, and the same made anew.
fn old_and_new(recipe: &Recipe) -> (PathBuf, TempDir) {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets").join(recipe.kind.name());
    let folder = tempfile::tempdir().unwrap();
    generate(recipe, folder.path()).unwrap();
    (committed, folder)
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// Compares checksums: they cover every other file of a dataset.
fn is_the_same(recipe: &Recipe, old: &Path, new: &Path) {
    let (old, new) = (read(old, "SHA256SUMS"), read(new, "SHA256SUMS"));
    let changed: Vec<&str> = new.lines().filter(|line| !old.contains(*line)).collect();
    assert!(old == new, "{} is not what `{}` makes: {changed:#?}", recipe.kind, recipe.command());
}

fn is_reproduced(recipe: &Recipe) {
    let (old, new) = old_and_new(recipe);
    is_the_same(recipe, &old, new.path());
}

#[test]
fn drawn_datasets_are_reproduced_from_their_seed() {
    for recipe in BUNDLED.iter().filter(|recipe| [Kind::Charts, Kind::Compare].contains(&recipe.kind)) {
        is_reproduced(recipe);
    }
}

#[test]
#[ignore = "photographing paper takes a minute or two: cargo test -p eval-generate --features pdf --test bundled -- --ignored"]
fn photographed_datasets_are_reproduced_from_their_seed() {
    let photographed = [Kind::Classify, Kind::Receipts];
    for recipe in BUNDLED.iter().filter(|recipe| photographed.contains(&recipe.kind)) {
        is_reproduced(recipe);
    }
}

#[test]
#[cfg(feature = "pdf")]
#[ignore = "photographing paper takes a minute or two: cargo test -p eval-generate --features pdf --test bundled -- --ignored"]
fn documents_are_reproduced_from_their_seed() {
    for recipe in BUNDLED.iter().filter(|recipe| recipe.kind == Kind::Documents) {
        is_reproduced(recipe);
    }
}

/// The programs that made a dataset of sounds, as its card names them.
fn programs(folder: &Path) -> String {
    read(folder, "README.md").split("The programs that made these bytes:").nth(1).unwrap().trim().to_owned()
}

/// What a sound file says of itself: `-r` is its rate, `-D` its seconds, `-t` its format.
fn sound(file: &Path, what: &str) -> String {
    let output = Command::new("sox").args(["--i", what]).arg(file).output().unwrap();
    assert!(output.status.success(), "sox cannot read {}", file.display());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Other programs say the same words, in about the same time.
fn sounds_alike(old: &Path, new: &Path) {
    for name in ["dataset.toml", "cases.jsonl"] {
        assert_eq!(read(old, name), read(new, name), "{name}");
    }
    let files = |folder: &Path| {
        let files = fs::read_dir(folder.join("media")).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(files(old), files(new));
    for name in files(old) {
        let (old, new) = (old.join("media").join(&name), new.join("media").join(&name));
        for what in ["-t", "-r"] {
            assert_eq!(sound(&old, what), sound(&new, what), "{}", name.display());
        }
        let [old, new] = [old, new].map(|file| sound(&file, "-D").parse::<f64>().unwrap());
        assert!((old / new - 1.0).abs() < 0.2, "{}: {old} s, and now {new} s", name.display());
    }
}

#[test]
#[ignore = "needs the programs espeak-ng and sox: cargo test -p eval-generate --test bundled -- --ignored --show-output"]
fn spoken_datasets_are_reproduced_where_the_programs_are_those_of_the_card() {
    for recipe in BUNDLED.iter().filter(|recipe| recipe.kind == Kind::Audio) {
        let (old, new) = old_and_new(recipe);
        let (theirs, ours) = (programs(&old), programs(new.path()));
        if theirs == ours {
            is_the_same(recipe, &old, new.path());
            println!("audio: every byte is the same, by\n{ours}");
        } else {
            println!("audio: bytes were NOT compared, for they were made by\n{theirs}\nand here are\n{ours}");
            sounds_alike(&old, new.path());
        }
    }
}
