//! A dataset whose labels were corrected becomes another version of itself.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use serde_json::json;

use crate::{Dataset, Problem, Result, files, write_sums};

impl Dataset {
    /// Writes its cases and the number of the new version, and adds what people decided to `labels.jsonl`.
    ///
    /// # Errors
    /// If one of the files cannot be written, or the manifest has no line with the version.
    pub fn write_version(&self, version: &str, cases: &str, events: &str) -> Result<()> {
        let manifest = self.with_version(version)?;
        append(&self.folder.join("labels.jsonl"), events)?;
        write(&self.cases_path(), cases)?;
        write(&self.folder.join("dataset.toml"), &manifest)?;
        if self.folder.join("SHA256SUMS").exists() {
            write_sums(&self.folder)?;
        }
        Ok(())
    }

    /// The manifest with another version; everything else stays as it is written.
    fn with_version(&self, version: &str) -> Result<String> {
        let text = files::read_text(&self.folder, "dataset.toml")?;
        let is_version = |line: &&str| line.split('=').next().is_some_and(|key| key.trim() == "version");
        let line = text.lines().find(is_version).ok_or_else(|| {
            Problem::new(self.folder.join("dataset.toml"), "there is no line with the version")
        })?;
        Ok(text.replacen(line, &format!("version = {}", json!(version)), 1))
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    vision_files::check_target(path).map_err(|refused| Problem::new(path, refused.to_string()))?;
    // A reader never sees half of it.
    let draft = path.with_extension("draft");
    fs::write(&draft, text)
        .and_then(|()| fs::rename(&draft, path))
        .map_err(|error| Problem::unwritable(path, &error))
}

fn append(path: &Path, text: &str) -> Result<()> {
    vision_files::check_target(path).map_err(|refused| Problem::new(path, refused.to_string()))?;
    let file = fs::File::options().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Problem::unwritable(path, &error))
}
