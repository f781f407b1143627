//! No provider crate gets by without the suite.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::{Path, PathBuf};

/// Providers without a wire, each with its reason.
const EXEMPT: &[(&str, &str)] = &[("provider-local", "it reads on this machine, and nothing is sent")];

fn crates() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut crates: Vec<PathBuf> = entries.filter(|path| name(path).starts_with("provider-")).collect();
    crates.sort();
    crates
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn read(path: &Path, file: &str) -> String {
    fs::read_to_string(path.join(file)).unwrap_or_default()
}

#[test]
fn every_provider_brings_the_suite() {
    let exempt = |path: &PathBuf| EXEMPT.iter().any(|(exempt, _)| *exempt == name(path));
    let (exempt, tested): (Vec<_>, Vec<_>) = crates().into_iter().partition(exempt);
    assert!(tested.len() >= 8 && exempt.len() == EXEMPT.len(), "{tested:?} {exempt:?}");
    let without: Vec<_> =
        tested.iter().filter(|path| !read(path, "tests/conformance.rs").contains("conformance!(")).collect();
    assert!(without.is_empty(), "no conformance suite in tests/conformance.rs of {without:?}");
}

#[test]
fn every_provider_explains_itself() {
    for path in crates() {
        let readme = read(&path, "README.md");
        assert!(
            readme.len() > 300 && readme.contains("```"),
            "{} needs a README with an example",
            name(&path)
        );
        let lib = read(&path, "src/lib.rs");
        assert!(lib.contains("README.md"), "{} does not show its README as documentation", name(&path));
    }
}
