//! Counts the provider crates: each must have a README, and each that speaks to a host the shared suite.

use std::fs;
use std::path::{Path, PathBuf};

/// A folder `crates/provider-…`.
pub struct Provider {
    pub name: String,
    folder: PathBuf,
}

impl Provider {
    /// Whether it runs the shared suite.
    pub fn has_suite(&self) -> bool {
        let suite = fs::read_to_string(self.folder.join("tests/conformance.rs")).unwrap_or_default();
        suite.contains("conformance!")
    }

    /// A provider without a wire (the reader on this machine) has nothing that the suite could send to.
    fn has_wire(&self) -> bool {
        let manifest = fs::read_to_string(self.folder.join("Cargo.toml")).unwrap_or_default();
        manifest.contains("vision-http") || manifest.contains("vision-chat")
    }

    fn complaints(&self, registry: &str) -> Vec<String> {
        let mut complaints = Vec::new();
        let mut check = |is_well: bool, complaint: &str| {
            if !is_well {
                complaints.push(format!("{}: {complaint}", self.name));
            }
        };
        let read = |file: &str| fs::read_to_string(self.folder.join(file)).unwrap_or_default();
        let readme = read("README.md");
        check(readme.contains("```"), "README.md has no example");
        check(
            read("src/lib.rs").contains("README.md"),
            "src/lib.rs does not show README.md as its documentation",
        );
        check(
            self.has_suite() || !self.has_wire(),
            "tests/conformance.rs does not run vision_testkit::conformance!",
        );
        check(registry.contains(&self.name.replace('-', "_")), "crates/cli/src/registry.rs does not name it");
        complaints
    }
}

/// Every provider crate of the workspace, by name.
pub fn providers() -> Result<Vec<Provider>, String> {
    let crates = workspace().join("crates");
    let entries =
        fs::read_dir(&crates).map_err(|error| format!("{} cannot be read: {error}", crates.display()))?;
    let mut providers: Vec<Provider> = entries
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            let name = folder.file_name()?.to_str()?.to_owned();
            (name.starts_with("provider-") && folder.join("Cargo.toml").is_file())
                .then_some(Provider { name, folder })
        })
        .collect();
    providers.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(providers)
}

/// Fails if a provider crate lacks something.
pub fn check() -> Result<(), u8> {
    match complaints() {
        Ok(complaints) if complaints.is_empty() => Ok(()),
        Ok(complaints) => {
            eprintln!("{}", complaints.join("\n"));
            Err(1)
        }
        Err(message) => {
            eprintln!("{message}");
            Err(1)
        }
    }
}

fn complaints() -> Result<Vec<String>, String> {
    let mut registry = String::new();
    let cli = workspace().join("crates/cli/src");
    for path in ["registry.rs", "registry/hosts.rs", "registry/kinds.rs"].map(|path| cli.join(path)) {
        registry += &fs::read_to_string(path).unwrap_or_default();
    }
    Ok(providers()?.iter().flat_map(|provider| provider.complaints(&registry)).collect())
}

pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_provider_crate_has_its_suite_its_readme_and_its_line_in_the_registry() {
        assert!(super::providers().unwrap().len() >= 9, "the census sees the crates");
        assert_eq!(super::complaints(), Ok(vec![]));
    }
}
