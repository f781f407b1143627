//! The committed datasets are what their recipes say.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

use eval_generate::{BUNDLED, Kind, Recipe, generate};

/// Compares checksums: they cover every other file of a dataset.
fn is_reproduced(recipe: &Recipe) {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets").join(recipe.kind.name());
    let folder = tempfile::tempdir().unwrap();
    generate(recipe, folder.path()).unwrap();
    let sums = |folder: &Path| fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let (old, new) = (sums(&committed), sums(folder.path()));
    let changed: Vec<&str> = new.lines().filter(|line| !old.contains(*line)).collect();
    assert!(old == new, "{} is not what `{}` makes: {changed:#?}", recipe.kind, recipe.command());
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
